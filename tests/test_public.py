"""What others build on: names, signatures and columns. A change is meant, or a mistake: `PMO_RECORD=1 pytest tests/test_public.py` writes it anew."""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from types import ModuleType

import pmo_lib
from pmo_lib.tables import TABLES, Findings, ProjectRecord
from pmo_lib.tables.dictionary import RESULTS

RECORD = Path(__file__).parent / "published" / "public.json"


def public() -> dict[str, object]:
    names: dict[str, str] = {}
    for name in pmo_lib.__all__:
        thing = getattr(pmo_lib, name)
        if isinstance(thing, ModuleType):
            names |= {f"{name}.{verb}": _signature(getattr(thing, verb)) for verb in getattr(thing, "__all__", [])}
        else:
            names[name] = _signature(thing)
    tables = {**TABLES, "project": ProjectRecord, "findings": Findings, **RESULTS}
    return {"names": dict(sorted(names.items())), "columns": {name: schema.column_names() for name, schema in tables.items()}}


def _signature(thing: object) -> str:
    if isinstance(thing, ModuleType):
        return "module"
    if not callable(thing):
        return type(thing).__name__
    plain = (int, float, str, bool, type(None), tuple)
    known = inspect.signature(thing).parameters.values()
    bare = [
        one.replace(annotation=one.empty, default=one.default if isinstance(one.default, plain) else one.empty if one.default is one.empty else ...)
        for one in known
    ]
    return str(inspect.Signature(bare))


def test_nothing_public_changed_by_accident() -> None:
    found = public()
    if os.environ.get("PMO_RECORD"):
        RECORD.write_text(json.dumps(found, indent=1) + "\n")
    recorded = json.loads(RECORD.read_text())
    assert found["columns"] == recorded["columns"]
    assert found["names"] == recorded["names"]

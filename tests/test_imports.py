"""What an import costs, held by what it loads: a list of modules does not depend on the machine as seconds do."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"numba", "panel", "holoviews", "bokeh", "papermill", "scipy.stats", "matplotlib", "sqlalchemy", "jpype", "dataframely", "hvplot", "datashader"}


def loaded(code: str) -> set[str]:
    """Modules in memory after running `code` in a fresh interpreter."""
    told = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def test_the_face_loads_nothing_heavy() -> None:
    assert loaded("import pmo_lib") & HEAVY == set()


def test_the_command_shows_its_help_without_the_engines() -> None:
    after = loaded("from pmo_lib.cli import app")
    assert after & (HEAVY | {"polars", "pandas", "numpy", "pyarrow"}) == set()


@pytest.mark.parametrize("room", ["schedule", "risk", "evm", "portfolio", "readers", "store", "office"])
def test_no_room_below_the_plots_draws(room: str) -> None:
    after = loaded(f"import pmo_lib.{room} as room\nfor name in room.__all__: getattr(room, name)")
    assert after & {"panel", "holoviews", "bokeh", "matplotlib", "papermill", "scipy.stats", "hvplot", "datashader"} == set()


def test_the_face_offers_what_it_names() -> None:
    import pmo_lib

    for name in pmo_lib.__all__:
        assert getattr(pmo_lib, name) is not None


@pytest.mark.parametrize("room", ["schedule", "risk", "evm", "portfolio", "store", "office", "reports"])
def test_a_verb_stays_a_verb_whichever_module_was_imported_first(room: str) -> None:
    """A module that shares its verb's name must not take the verb's place in the room's face."""
    code = f"""
import importlib, pathlib, types
import pmo_lib
folder = pathlib.Path(pmo_lib.__file__).parent / "{room}"
for file in sorted(folder.rglob("*.py")):
    if not file.stem.startswith("__") and "migrations" not in file.parts:  # those run under alembic alone
        importlib.import_module(".".join(["pmo_lib", "{room}", *file.relative_to(folder).with_suffix("").parts]))
face = importlib.import_module("pmo_lib.{room}")
wrong = [name for name in face.__all__ if isinstance(getattr(face, name), types.ModuleType)]
assert not wrong, wrong
"""
    subprocess.run([sys.executable, "-c", code], check=True)

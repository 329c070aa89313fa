"""`pmo export`: a file that both readers read, the losses beside it, and nothing overwritten unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.errors import InvalidInput
from pmo_lib.readers import read
from pmo_lib.writers import write


def test_a_file_and_a_snapshot(root: Path, tmp_path: Path, command: Any) -> None:
    file, folder, out = root / "data/demo/inbox/2026-06/kestrel-2026-06.xer", str(tmp_path / "ws"), tmp_path / "kestrel.xml"
    code, said, _ = command("export", str(file), "--format", "mspdi", "--out", str(out))
    assert code == 0
    assert "81 activities" in said
    assert "lags run on the successor's calendar" in " ".join(said.split())
    assert read(out).tables["relationships"].height == read(file).tables["relationships"].height
    code, _, err = command("export", str(file), "--out", str(out))
    assert code == 2
    assert "is there already" in err
    code, _, err = command("export", str(file), "--format", "xer", "--out", str(tmp_path / "x"))
    assert code == 2
    assert "no format 'xer'" in err
    code, _, err = command("export", str(out), "--force", "--out", str(out))
    assert code == 2
    assert "is the plan itself" in err
    command("init", folder)
    command("import", str(file), "--no-forecast", "-w", folder)
    told = json.loads(command("export", "KESTREL", "--out", str(tmp_path / "again.xml"), "-w", folder, "--json")[1])
    assert (told["schema"], told["format"]) == (1, "mspdi")
    assert {"severity", "code", "place", "message", "remedy"} == told["findings"][0].keys()
    assert (tmp_path / "again.xml").read_bytes() == out.read_bytes()


def test_a_notebook_writes_the_same_file(root: Path, tmp_path: Path) -> None:
    plan = read(root / "data/demo/inbox/2026-06/kestrel-2026-06.xer")
    lost = write(plan, tmp_path / "kestrel.xml")
    assert "rules-of-ms-project" in lost["code"].to_list()
    assert read(tmp_path / "kestrel.xml").tables["relationships"].height == plan.tables["relationships"].height
    with pytest.raises(InvalidInput, match="no format 'xer' to export to; there is mspdi"):
        write(plan, tmp_path / "kestrel.xer", kind="xer")
    with pytest.raises(InvalidInput, match="there is no folder"):
        write(plan, tmp_path / "absent" / "kestrel.xml")
    assert [file.name for file in tmp_path.iterdir()] == ["kestrel.xml"]

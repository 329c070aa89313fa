"""Ctrl-C in the midst of an import; a file measured against another; notebooks that a folder lacks; help without a programming language's types."""

from __future__ import annotations

import _thread
import json
import threading
from pathlib import Path

import pytest

from pmo_lib import cli, schedule
from pmo_lib.cli.serving import _bring
from pmo_lib.readers import read
from pmo_lib.shipped import shipped
from pmo_lib.store import init_workspace, open_workspace

JUNE, NOVEMBER = (f"data/demo/inbox/2026-{month}/saltmarsh-2026-{month}.xer" for month in ("06", "11"))


@pytest.fixture
def pmo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["pmo", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


def test_ctrl_c_is_one_sentence_and_leaves_nothing_half_written(pmo, root: Path, tmp_path: Path) -> None:
    init_workspace(tmp_path / "ws").close()
    threading.Timer(0.4, _thread.interrupt_main).start()
    code, _, err = pmo("import", str(root / "data/demo/inbox"), "--no-forecast", "-w", str(tmp_path / "ws"))
    assert (code, err) == (130, "pmo: stopped before it was done; what was finished is kept, and nothing is half-written\n")
    with open_workspace(tmp_path / "ws") as ws:
        kept = ws.projects()
        assert kept.height < 11
        assert all(ws.project(key).tables for key in kept["key"])
    assert not list((tmp_path / "ws").rglob(".new-*"))


def test_a_file_is_measured_against_another(pmo, root: Path) -> None:
    june, november = str(root / JUNE), str(root / NOVEMBER)
    told = json.loads(pmo("check", november, "--baseline", june, "--json")[1])
    expected = schedule.checks(read(november), baseline=read(june))
    shown = {row["check"]: row["value"] for row in told["checks"]}
    for check in ("missed_tasks", "cpli", "bei", "bei_start", "without_baseline"):
        assert shown[check] == expected.filter(check=check)["value"].item()
        assert shown[check] is not None
    assert told["project"]["baseline"] == "saltmarsh-2026-06.xer, 30 Jun 2026"
    code, _, err = pmo("check", november, "--baseline", str(root / "data/demo/inbox/2026-11/portal-2026-11"))
    assert (code, err) == (2, "pmo: portal-2026-11 is a board: a plan is measured against a plan\n")
    code, _, err = pmo("check", "SALTMARSH", "--baseline", june)
    assert code == 2
    assert "pmo baseline SALTMARSH FILE sets" in err


def test_new_tutorials_come_and_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "tutorials").mkdir()
    (tmp_path / "tutorials" / "01-first-plan.ipynb").write_text("mine")
    _bring(shipped("notebooks"), tmp_path)
    assert (tmp_path / "tutorials" / "01-first-plan.ipynb").read_text() == "mine"
    brought = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert brought == {str(file.relative_to(shipped("notebooks"))) for file in shipped("notebooks").glob("*/*.ipynb")}


@pytest.mark.parametrize("command", ["check", "import", "backup", "report"])
def test_help_names_no_type_of_a_programming_language(pmo, command: str) -> None:
    said = pmo(command, "--help")[1]
    assert not [word for word in ("<str>", "<path>", "<list", "<Path>") if word in said]

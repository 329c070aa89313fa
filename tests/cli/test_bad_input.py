"""Bad input is one sentence and exit code 2, and nothing is written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.store import init_workspace, open_workspace

XER = "ERMHDR\t20.12\t2026-01-31\tProject\tadmin\n%T\tPROJECT\n%F\tproj_id\tproj_short_name\n%R\t1\tX\n"


def bomb(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)


def entities(file: Path) -> None:
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Project xmlns="http://schemas.microsoft.com/project">&b;</Project>'
    )


MAKERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "wrong suffix": ("plan.mpp", lambda file: file.write_text("This is a letter, not a plan.\n" * 20)),
    "truncated xml": (
        "plan.xml",
        lambda file: file.write_text('<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><Tasks><Task><UID>1'),
    ),
    "empty": ("plan.xer", lambda file: file.write_bytes(b"")),
    "zip bomb": ("plan.xlsx", bomb),
    "entities": ("plan.xml", entities),
    "directory": ("folder.mpp", lambda file: file.mkdir()),
    "no such file": ("absent.xer", lambda file: None),
    "binary rubbish": ("plan.mpp", lambda file: file.write_bytes(bytes(range(256)) * 40)),
    "truncated mpp": ("plan.mpp", lambda file: file.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 900)),
}


@pytest.mark.parametrize("case", MAKERS)
def test_check_refuses_in_one_sentence(case: str, tmp_path: Path, command: Any) -> None:
    name, make = MAKERS[case]
    make(tmp_path / name)
    code, _, said = command("check", str(tmp_path / name))
    assert code == 2, said
    assert said.startswith("pmo: ")
    assert said.count("\n") == 1
    assert name in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("flag", "known"),
    [
        ("--contributions", "remove_one, shapley"),
        ("--constraints", "soften, keep"),
        ("--criticality", "longest_path, float"),
        ("--sampling", "latin_hypercube, plain"),
        ("--fields", "remaining, whole, off"),
    ],
)
def test_a_word_that_no_flag_knows(flag: str, known: str, command: Any) -> None:
    """Refused before the plan is looked at, risks or none."""
    code, _, said = command("forecast", "absent.xer", flag, "magic")
    assert code == 2
    assert f"'magic' is none of {known}" in said
    assert said.count("\n") == 1


@pytest.mark.real
def test_a_password_is_named(real_data: Path, command: Any) -> None:
    file = real_data / "schedules/mpxj-fixtures/misc/password-protected-mpp9.mpp"
    code, _, said = command("check", str(file))
    assert code == 2
    assert "password" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("case", ["wrong suffix", "empty", "zip bomb", "entities"])
def test_import_of_a_bad_file_writes_nothing(case: str, tmp_path: Path, command: Any) -> None:
    name, make = MAKERS[case]
    make(tmp_path / name)
    init_workspace(tmp_path / "ws")
    before = sorted(path.name for path in (tmp_path / "ws").rglob("*"))
    code, said, _ = command("import", str(tmp_path / name), "--workspace", str(tmp_path / "ws"))
    assert code == 2
    assert name in said
    with open_workspace(tmp_path / "ws") as ws:
        assert ws.projects().is_empty()
    after = sorted(path.name for path in (tmp_path / "ws").rglob("*"))
    assert [path for path in after if not path.startswith("pmo.db")] == [path for path in before if not path.startswith("pmo.db")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "NOBODY"], "no project NOBODY"),
        (["forecast", "NOBODY", "--target", "soon"], "'soon' is not a date"),
        (["baseline", "NOBODY", "abcdef"], "no project NOBODY"),
        (["report"], "which project?"),
        (["report", "NOBODY", "--format", "docx"], "no report format 'docx'"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(arguments: list[str], said: str, tmp_path: Path, command: Any) -> None:
    init_workspace(tmp_path / "ws")
    code, _, heard = command(*arguments, "--workspace", str(tmp_path / "ws"))
    assert code == 2
    assert said in heard


def test_without_a_workspace_the_way_to_one_is_named(tmp_path: Path, command: Any) -> None:
    code, _, heard = command("projects", "--workspace", str(tmp_path / "nowhere"))
    assert code == 2
    assert "pmo init" in heard

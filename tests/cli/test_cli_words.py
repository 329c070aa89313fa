"""What a newcomer reads: the tables and sentences of the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pmo_lib.store import init_workspace

PLAN = "ID;Task;Start;Finish;Duration;Predecessors\nA;Dig;04.01.2027;08.01.2027;5;\n"
KEY = "A-PLAN-WITH-A-NAME-LONGER-THAN-ANY-COLUMN-OF-A-NARROW-TERMINAL"


@pytest.fixture
def pmo(tmp_path: Path, command: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> str:
        return "".join(command(*arguments)[1:])

    return run


def test_an_empty_workspace_says_what_to_do(pmo, tmp_path: Path) -> None:
    init_workspace(tmp_path / "pmo-workspace")
    for command in (["projects"], ["forecast", "--all"], ["report", "--all"]):
        assert pmo(*command) == "No project yet. Next: pmo import FILE\n", command


def test_no_workspace_is_said_once(pmo) -> None:
    assert pmo("projects") == "pmo: there is no workspace in pmo-workspace; make one with pmo init pmo-workspace, or look at the demo with pmo demo\n"


def test_an_import_names_whole_keys_and_no_status_date_that_the_file_lacks(pmo, tmp_path: Path) -> None:
    init_workspace(tmp_path / "pmo-workspace")
    (tmp_path / "plan.csv").write_text(PLAN)
    (tmp_path / "letter.mpp").write_text("This is a letter, not a plan.\n")
    said = pmo("import", "plan.csv", "letter.mpp")
    (line,) = (line for line in said.splitlines() if line.lstrip().startswith("letter.mpp"))
    assert line.count("letter.mpp") == 1
    (line,) = (line for line in said.splitlines() if line.lstrip().startswith("plan.csv"))
    assert line.split()[:4] == ["plan.csv", "PLAN", "new", "none"]
    assert KEY in pmo("import", "plan.csv", "--project", KEY)
    assert "2027-01-04" not in said


def test_one_of_a_thing_is_singular(pmo, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(PLAN)
    assert "1 activity, 1 calendar, " in pmo("check", "plan.csv")


@pytest.mark.real
def test_drivers_are_what_moves_the_p80_most(pmo, real_data: Path) -> None:
    said = pmo("forecast", str(real_data / "schedules/xer/terminal-building-airport.xer"), "-n", "300").splitlines()
    start = next(i for i, line in enumerate(said) if line.startswith("Drivers"))
    index = [float(line.split()[-1]) for line in said[start + 4 : start + 12]]
    assert index == sorted(index, reverse=True)
    assert index[0] > 0.1


def test_a_word_that_is_none_of_the_command_s_is_one_sentence(pmo) -> None:
    assert pmo("chek", "plan.mpp") == "pmo: no such command 'chek'; did you mean 'check'? pmo --help says what can be typed\n"
    assert pmo("import") == "pmo: missing argument 'FILE|FOLDER'; pmo import --help says what can be typed\n"
    assert pmo("check", "plan.mpp", "--foo") == "pmo: no such option: --foo; pmo check --help says what can be typed\n"
    assert pmo("--version").startswith("pmo 0.")


def test_help_names_what_is_typed_and_no_type(pmo) -> None:
    assert pmo() == pmo("--help")
    said = pmo("forecast", "--help")
    assert "<bool>" not in said
    assert "<path>" not in said
    assert any(line.split()[1:4] == ["--iterations", "-n", "N"] for line in said.splitlines() if "--iterations" in line)


def test_a_narrow_terminal_shows_less_and_cuts_nothing() -> None:
    from pmo_lib.cli.output import GAP, fitting, needed, shared

    dates, names = ["14 May 2027", "1 Mar 2027"], ["Fit access hatches and ladders", "Handover"]
    least = [needed("key", ["A1"], number=False, first=True), needed("name", names, number=False, first=False), needed("P80", dates, number=True, first=False)]
    assert least == [3, len("Handover"), len("14 May 2027")]
    assert fitting([*least, 11], 80, [2]) == [0, 1, 2, 3]
    assert fitting([*least, 11], 40, [2]) == [0, 1, 3]
    whole = [3, len(names[0]), 11]
    for width in (40, 60, 200):
        found = shared(least, whole, width)
        assert sum(found) + GAP * len(found) <= width
        assert all(need <= one <= most for need, one, most in zip(least, found, whole, strict=True))
    assert shared(least, whole, 200) == whole

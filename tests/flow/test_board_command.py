"""`pmo flow` and `pmo forecast` on a board: the rules that hold, the window beside the answer, settings, and one sentence for what is wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from boards import board, busy_board

from pmo_lib import flow, office
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.office.board_outlook import GIVEN
from pmo_lib.store import init_workspace

WEB = busy_board()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("boards") / "ws"
    init_workspace(root).add(WEB, key="WEB")
    return root


class Shell:
    """Runs the command and gives its JSON, text, or the sentence of its refusal."""

    def __init__(self, folder: Path, command: Any) -> None:
        self.folder, self.command = folder, command

    def run(self, *arguments: str) -> tuple[int, str, str]:
        return self.command(*arguments, "--workspace", str(self.folder))

    def json(self, *arguments: str) -> dict[str, Any]:
        code, out, err = self.run(*arguments, "--json", "-n", "2000")
        assert code == 0, err
        document = json.loads(out)
        assert document["schema"] == 1
        return document["flow"]


@pytest.fixture
def shell(folder: Path, command: Any) -> Shell:
    return Shell(folder, command)


def last(document: dict[str, Any], confidence: float) -> dict[str, Any]:
    return next(row for row in document["finishes"] if row["work"] in (None, GIVEN) and row["confidence"] == confidence)


def test_what_is_left_and_when_it_is_done(shell: Shell) -> None:
    made = shell.json("flow", "WEB", "--by", "2026-12-31")
    assert made["items"] == 30 == sum(row["open"] for row in made["remaining"])
    row = last(made, 0.85)
    weeks = flow.throughput(WEB).tail(row["sampled"])
    exact = flow.when_done(weeks, 30, confidence=0.85, calibration=flow.calibration(flow.throughput(WEB), window=row["sampled"]))
    assert abs(row["periods"] - exact["periods"][0]) <= 1
    assert row["counted"] == weeks["finished"].sum()
    assert (row["window_from"], row["window_to"]) == (weeks["period"][0].isoformat(), "2026-10-11")
    assert made["how_many"][0]["periods"] == 10
    assert 0.9 < made["chance_by"] <= 1
    assert {row["rule"]: row["guessed"] for row in made["rules"]}["level"] is True
    assert "202 Story; left aside: 3 Epic" in {row["value"] for row in made["rules"]}


def test_it_agrees_with_the_forecast_of_the_office(shell: Shell) -> None:
    """`pmo forecast` has the exact law, `pmo flow` simulates: the same window, and the same dates but for a week of sampling."""
    exact = office.forecast_board_plan(WEB)
    made = shell.json("flow", "WEB")
    assert (exact.window_from.isoformat(), exact.counted) == (last(made, 0.5)["window_from"], last(made, 0.5)["counted"])
    for confidence in (0.5, 0.85, 0.95):
        finish = exact.percentiles.filter(pl.col("p") == 100 * confidence)["finish"][0]
        assert abs((date.fromisoformat(last(made, confidence)["date"]) - finish.date()).days) <= 7
    _, out, _ = shell.run("flow", "WEB", "--by", "2026-12-31")
    assert "When 30 items will be done" in out
    assert "By 31 Dec 2026 (10 whole weeks): at least so many items" in out


def test_the_text_shows_what_is_guessed(shell: Shell) -> None:
    _, out, _ = shell.run("flow", "WEB", "--started", "Review")
    rules = out[out.index("How the board") : out.index("Throughput")]
    assert "[flow] in pmo.toml" in rules
    assert "a guess" not in next(line for line in rules.splitlines() if "in Review, the first time" in line)
    assert "a guess" in next(line for line in rules.splitlines() if "in Done, the last time" in line)
    assert "15 teams of record" in out


def test_first_in_line_is_done_sooner(shell: Shell) -> None:
    made = shell.json("flow", "WEB", "--first", "WEB-3", "--first", "no epic")
    ends = {row["work"]: row["periods"] for row in made["finishes"] if row["confidence"] == 0.85}
    assert ends["WEB-3"] < ends["no epic"] <= ends["WEB-2"] < ends["WEB-1"] == ends[None]


def test_doubts_take_longer(shell: Shell) -> None:
    plain = last(shell.json("flow", "WEB", "--items", "30"), 0.85)
    doubted = last(shell.json("flow", "WEB", "--items", "25-45", "--growth", "0-1", "--split", "0.1-0.2"), 0.85)
    assert doubted["periods"] > plain["periods"]
    assert doubted["items"] == pytest.approx(35 * 1.15, abs=0.6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("flow", "WEB", "--items", "3.5"), "--items counts whole items"),
        (("flow", "WEB", "--items", "-3"), "--items is a number or LOW-HIGH"),
        (("flow", "WEB", "--growth", "much"), "--growth is a number or LOW-HIGH"),
        (("flow", "WEB", "--by", "soon"), "write it as 2027-03-31"),
        (("flow", "WEB", "--by", "2020-01-01"), "lies before 2026-10-17, where the forecast begins"),
        (("flow", "WEB", "--split", "1.5"), "split is a number or"),
        (("flow", "WEB", "--first", "WEB-99"), "the board has no epic 'WEB-99'"),
        (("flow", "WEB", "--level", "story"), "flow.level is one of portfolio, epic, item, subtask"),
        (("flow", "WEB", "--done", "Released"), "no column 'Released'; it has To Do, Doing, Review, Done"),
        (("flow", "WEB", "--zone", "Mars"), "no time zone"),
        (("flow", "WEB", "--calendar", "lunar"), "[flow] calendar is 'lunar', and the standards have"),
        (("report", "WEB", "flow"), "the kind of a report goes with --report: pmo report WEB --report flow"),
    ],
)
def test_one_sentence_for_what_is_wrong(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = shell.run(*arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert words in err


def test_settings_of_all_boards_and_of_one(tmp_path: Path) -> None:
    (tmp_path / "pmo.toml").write_text('[flow]\ntypes = ["Story"]\nwindow = 12\nsplit = [0, 0.2]\n[flow.boards.WEB]\nwindow = 26\nstarted = "Review"\n')
    web, other = (office.board_rules(key, tmp_path) for key in ("WEB", "OTHER"))
    assert (web.window, web.rules.started, web.rules.types, web.split) == (26, "Review", ("Story",), (0.0, 0.2))
    assert (other.window, other.rules.started) == (12, None)
    assert office.board_rules("WEB", tmp_path, {"window": 8, "done": None}).window == 8
    assert (web.origins["window"], office.board_rules("WEB", tmp_path, {"window": 8}).origins["window"]) == ("pmo.toml", "flag")
    assert office.outlook(WEB, web, iterations=500).finishes["sampled"][0] == 26  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[flow]\nstart = 3\n", r"pmo.toml: flow.start: there is no such rule; did you mean started\?"),
        ("[flow]\ntypes = 'Story'\n", "flow.types is a list of names"),
        ("[flow.boards.WEB]\nwindow = 0\n", "flow.boards.WEB.window is a number of weeks"),
        ("[flow]\norder = 'random'\n", "flow.order is one of priority, shares"),
        ("[flow]\ngrowth = [1, 2, 3]\n", r"flow.growth is a number or \[low, high\]"),
        ("flow = 3\n", r"flow is a section, as in \[flow\]"),
    ],
)
def test_settings_that_break_a_rule(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "pmo.toml").write_text(text)
    with pytest.raises(InvalidInput, match=words):
        office.board_rules("WEB", tmp_path)


def test_settings_survive_a_backup(folder: Path, tmp_path: Path) -> None:
    from pmo_lib.store import backup, open_workspace, restore

    root = tmp_path / "kept"
    init_workspace(root)
    with (root / "pmo.toml").open("a") as file:
        file.write('\n[flow]\ntypes = ["Story"]\n[flow.boards."WEB 2"]\nsplit = [0.1, 0.2]\n')
    backup(open_workspace(root), tmp_path / "saved.tar")
    restore(tmp_path / "saved.tar", tmp_path / "again")
    assert office.board_rules("WEB 2", tmp_path / "again").split == (0.1, 0.2)


def test_remaining_by_epic_and_waiting() -> None:
    ways = {
        "E1": [(1, "To Do")], "E2": [(1, "To Do")], "a": [(1, "To Do"), (2, "Doing"), (3, "Done")], "b": [(1, "To Do"), (2, "Doing")],
        "c": [(1, "To Do")], "d": [(1, "To Do"), (2, "Doing"), (3, "Done"), (4, "Doing")], "no": [(1, "To Do"), (4, "Done")],
    }  # fmt: skip
    made = board(
        ways, epic={"a": "E1", "b": "E1", "c": "E2", "no": "E2"}, level={"E1": "epic", "E2": "epic"}, resolution={"no": "Won't Do"},
    )  # fmt: skip
    found = flow.remaining(made)
    assert found.select("epic", "open", "begun", "done", "cancelled").rows() == [("E1", 1, 1, 1, 0), ("E2", 1, 0, 0, 1), (None, 1, 1, 0, 0)]
    work = flow.work_left(found.with_columns(after=pl.Series([[], ["E1"], []], dtype=pl.List(pl.String))), first=["E2"], growth=3.0)
    assert [(one.name, one.items, one.growth, one.after) for one in work] == [("E2", 1, 1.0, ("E1",)), ("E1", 1, 1.0, ()), ("no epic", 1, 1.0, ())]
    assert flow.finished_on(made, "E1") is not None
    assert flow.finished_on(made, "E2") is None
    with pytest.raises(InvalidInput, match="no epic 'E9'"):
        flow.finished_on(made, "E9")


def test_a_board_on_which_nothing_moves_is_told_apart() -> None:
    old = office.outlook(WEB, office.BoardRules(window=8), at=None, items=5, by=date(2027, 1, 1), iterations=500)
    assert old.refusals == {}
    fresh = board({"a": [(1, "To Do"), (2, "Doing")]})
    made = office.outlook(fresh, iterations=500)
    assert made.finishes is None
    assert "the board has none yet" in made.refusals["forecast"]
    still = board({"a": [(1, "To Do"), (2, "Doing"), (3, "Done")], "b": [(300, "To Do")]})
    said = office.outlook(still, iterations=500).refusals["forecast"]
    assert said.startswith("nothing was finished in the 8 weeks up to 27 Oct 2026, and the last item in the week of 29 Dec 2025; give a longer window")
    with pytest.raises(NotAvailable, match="up to 27 Oct 2026, and the last item in the week of 29 Dec 2025"):
        office.forecast_board_plan(still)
    with pytest.raises(NotAvailable, match="flow needs items"):
        office.outlook(type(fresh)(fresh.info, {}))


def test_figures_by_group_and_littles_law_are_told(shell: Shell) -> None:
    made = shell.json("flow", "WEB", "--group", "epic")
    expected = flow.group_figures(WEB, by="epic")
    assert [(row["group"], row["items"], row["weekly"], row["p85"]) for row in made["groups"]] == expected.select("group", "items", "weekly", "p85").rows()
    assert [row["group"] for row in made["scopes"]] == flow.scope_change(WEB, by="epic")["group"].to_list()
    assert made["balance"]["expected"] == pytest.approx(made["balance"]["wip"] / made["balance"]["throughput"])
    code, out, _ = shell.run("flow", "WEB", "--group", "epic", "-n", "2000")
    assert code == 0
    assert "By epic" in out
    assert "Little’s law over those weeks" in out
    code, _, err = shell.run("flow", "WEB", "--group", "colour")
    assert code == 2
    assert "items cannot be grouped by 'colour'; use one of team, type, epic" in " ".join(err.split())

"""A board in the office: its own figures and its own forecast, in one portfolio with plans, and nothing said that a board cannot know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from asana_answers import PROJECT, moved, pull, sections, story, task
from typer.testing import CliRunner

from pmo_lib import flow, make_plan, office, schedule
from pmo_lib.cli import app
from pmo_lib.errors import NotAvailable
from pmo_lib.project import Project
from pmo_lib.readers import read
from pmo_lib.readers.asana import reader as asana_payloads
from pmo_lib.store import Workspace, init_workspace

FINISHED, LEFT = 40, 12


def records() -> dict[str, list[dict]]:
    """Forty tasks done, one every other day, each in three days of work; twelve left, three of them begun."""
    done = [task(str(n), "Done", created=1, done=2 * n + 1) for n in range(1, FINISHED + 1)]
    left = [task(str(100 + n), "Doing" if n < 3 else "Backlog", created=10, modified=70) for n in range(LEFT)]
    stories = [each for n in range(1, FINISHED + 1) for each in (moved(str(n), 2 * n - 1, "Backlog", "Doing"), story(str(n), 2 * n + 1, "marked_complete"))]
    return {"tasks": done + left, "stories": stories + [moved(str(100 + n), 70, "Backlog", "Doing") for n in range(3)]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return pull(tmp_path / "shop", page=100, **records())


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws") as workspace:
        yield workspace


def plan() -> Project:
    return make_plan({"A": 10, "B": (20, "A")}, start="2026-01-05", data_date="2026-01-05", name="WORKS")


def test_figures_are_counted_by_hand(folder: Path, ws: Workspace) -> None:
    office.bring_in(ws, folder)
    seen = office.assess(ws, "77")
    board = seen.board
    assert board is not None
    assert (board.items, board.left, board.in_progress, board.finished, board.level) == (52, 12, 3, 40, "item")
    assert (board.within, board.share, board.measured) == (3.0, 0.85, 40)  # from the day it was begun to the day it was done, both counted
    assert board.weekly == board.counted / board.weeks
    assert (seen.dates, seen.certificate, seen.agreement, seen.forecast, seen.earned_value) == (None,) * 5
    assert all("no network of activities" in seen.refusals[part] for part in ("dates", "agreement"))


def test_the_forecast_is_flows_own_and_the_same_everywhere(folder: Path, ws: Workspace) -> None:
    came, _ = office.bring_in(ws, folder, forecast=True)
    made = office.assess(ws, "77").board_forecast
    assert made is not None
    board = ws.project("77")
    past = flow.throughput(board, at=board.info.data_date)
    known = flow.calibration(past)
    expected = flow.when_done(past.tail(known.window), LEFT, confidence=(0.5, 0.8), start=date(2026, 11, 24), calibration=known)
    at = dict(made.percentiles.select("p", "finish").iter_rows())
    assert [at[50.0].date(), at[80.0].date()] == expected["date"].to_list()
    assert (made.weeks, made.counted) == expected.select("sampled", "counted").row(0)
    row = office.portfolio(ws).row(0, named=True)
    assert (row["kind"], row["left"], row["p50"], row["p80"], row["weeks"], row["counted"]) == ("board", LEFT, at[50.0], at[80.0], made.weeks, made.counted)
    assert (row["agreement"], row["finish"], row["indicative"], row["note"]) == (None, None, False, None)
    assert f"P80 finish {at[80.0]:%-d %b %Y}" in came[0].message
    assert (row["target_kind"], row["target"]) == ("must_finish", datetime(2026, 12, 18, 23, 59))
    met = max((p for p in range(1, 100) if at[float(p)] <= row["target"]), default=0)
    assert row["chance"] == met / 100


def test_plans_and_boards_stand_in_one_table(folder: Path, ws: Workspace) -> None:
    office.bring_in(ws, folder, forecast=True)
    ws.add(plan(), key="WORKS")
    office.certify(ws, "WORKS")
    office.forecast(ws, "WORKS", iterations=200, seed=1)
    rows = {row["key"]: row for row in office.portfolio(ws).iter_rows(named=True)}
    assert (rows["WORKS"]["kind"], rows["WORKS"]["left"], rows["WORKS"]["weekly"]) == ("plan", None, None)
    assert (rows["77"]["kind"], rows["77"]["left"]) == ("board", LEFT)
    assert all(rows[key]["p80"] for key in rows)


def test_a_finished_board_and_one_without_throughput_say_so(ws: Workspace) -> None:
    done = asana_payloads.board({"project": [PROJECT], "sections": sections(), "tasks": [task("1", "Done", done=3)], "stories": []}, {"project": "77"})
    ws.add(done, key="DONE")
    with pytest.raises(NotAvailable, match="no item is left"):
        office.forecast_board(ws, "DONE")
    new = asana_payloads.board({"project": [PROJECT], "sections": sections(), "tasks": [task("1")], "stories": []}, {"project": "77"})
    ws.add(new, key="NEW", as_of="2026-11-23")
    office.certify(ws, "NEW")
    with pytest.raises(NotAvailable, match="needs 2 whole weeks"):
        office.forecast_board(ws, "NEW")
    row = office.portfolio(ws).filter(pl.col("key") == "NEW").row(0, named=True)
    assert (row["p80"], row["weekly"]) == (None, None)
    assert "needs 2 whole weeks" in row["note"]


def test_a_plans_verbs_refuse_a_board_in_a_sentence(folder: Path, ws: Workspace) -> None:
    office.bring_in(ws, folder)
    with pytest.raises(NotAvailable, match="is a board"):
        office.forecast(ws, "77")
    with pytest.raises(NotAvailable, match="a board cannot be a baseline"):
        office.set_baseline(ws, "77", ws.snapshot("77").hash)


def test_folder_of_plans_and_pulls(tmp_path: Path, ws: Workspace) -> None:
    inbox = tmp_path / "inbox"
    pull(inbox / "shop", page=100, **records())
    (inbox / "works.csv").write_text("ID,Name,Duration,Predecessors\n1,Dig,5d,\n2,Pour,3d,1\n")
    came, _ = office.bring_in(ws, inbox)
    assert {(one.file, one.outcome) for one in came} == {("shop", "new"), ("works.csv", "new")}


def test_commands_on_a_board(folder: Path, tmp_path: Path) -> None:
    run = CliRunner()
    home = str(tmp_path / "home")
    assert run.invoke(app, ["init", home]).exit_code == 0
    assert "52 items; P80 finish" in run.invoke(app, ["import", str(folder), "-w", home]).stdout
    listed = run.invoke(app, ["projects", "-w", home]).stdout
    assert "77 is a board: 12 items left" in " ".join(listed.split())
    told = json.loads(run.invoke(app, ["projects", "-w", home, "--json"]).stdout)
    assert told["schema"] == 1
    assert told["projects"][0]["kind"] == "board"
    for what in ("77", str(folder)):
        made = json.loads(run.invoke(app, ["forecast", what, "-w", home, "--target", "2027-01-31", "--json"]).stdout)
        assert (made["forecast"]["kind"], made["forecast"]["items"], made["forecast"]["target"]["kind"]) == ("board", LEFT, "given")
    shown = " ".join(run.invoke(app, ["forecast", "77", "-w", home]).stdout.split())
    assert "12 items left, drawn from" in shown
    assert "chances are those that past forecasts bear out" in shown
    checked = run.invoke(app, ["check", "77", "-w", home])
    assert checked.exit_code == 0
    assert "12 items left" in checked.stdout
    assert "no network of activities" in " ".join(checked.stdout.split())
    assert json.loads(run.invoke(app, ["check", "77", "-w", home, "--json"]).stdout)["board"]["left"] == LEFT


def test_data_date_decides_what_is_left(folder: Path) -> None:
    board = read(folder)
    assert office.forecast_board_plan(board).items == LEFT
    before = Project(replace(board.info, data_date=datetime(2026, 10, 1)), board.tables)
    assert office.forecast_board_plan(before).items == LEFT + FINISHED - 15  # done by the first instant of October: the days 3, 5, …, 31


def test_a_plan_is_neither_measured_against_nor_compared_with_a_board(tmp_path: Path, ws: Workspace) -> None:
    works, finished = tmp_path / "works.csv", tmp_path / "finished.csv"
    works.write_text("ID,Name,Duration,Predecessors\n1,Dig,5d,\n2,Pour,3d,1\n")
    finished.write_text("Item,Finished\n" + "\n".join(f"A-{n},2026-01-{n:02}" for n in range(1, 30)))
    key = office.only_key(office.bring_in(ws, works)[0])
    before = ws.history(key).height
    with pytest.raises(NotAvailable, match=r"finished.csv is a board: a plan is measured against a plan; name a plan file, or a snapshot of"):
        office.set_baseline(ws, key, str(finished))
    assert ws.history(key).height == before
    with pytest.raises(NotAvailable, match=r"schedule.compare needs activities; finished.csv has none"):
        schedule.compare(ws.project(key), read(finished))


def test_a_key_is_no_folder_that_only_bears_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pmo_lib.cli.arguments import is_file

    monkeypatch.chdir(tmp_path)
    (tmp_path / "WEB" / "undated").mkdir(parents=True)  # as a report leaves it
    pull(tmp_path / "SHOP", page=100, **records())
    assert [is_file(one) for one in ("WEB", "SHOP", "./WEB", "absent.json")] == [False, True, True, True]


def test_a_level_without_items_has_no_times(folder: Path) -> None:
    assert flow.cycle_times(read(folder), flow.FlowRules(level="epic")).is_empty()

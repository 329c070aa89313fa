"""Ways that boards should not have and do: no transitions, statuses of another board, days of 23 and 25 hours, items born in progress."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from boards import board

import pmo_lib as pmo
from pmo_lib import flow
from pmo_lib.project import Project
from pmo_lib.tables import Transitions

BERLIN = flow.FlowRules(zone="Europe/Berlin")


def way(*moves: tuple[datetime, str]) -> Project:
    """One item with its moves at those moments."""
    made = board({"a": [(1, "To Do"), (2, "Done")]})
    rows = [{"item": "a", "at": when.replace(tzinfo=UTC), "before": moves[n - 1][1] if n else None, "after": status} for n, (when, status) in enumerate(moves)]
    items = made.tables["items"].with_columns(
        created=pl.lit(moves[0][0]).dt.replace_time_zone("UTC").cast(pl.Datetime("us", "UTC")),
        updated=pl.lit(moves[-1][0]).dt.replace_time_zone("UTC").cast(pl.Datetime("us", "UTC")),
    )
    return Project(made.info, {**made.tables, "items": items, "transitions": pl.DataFrame(rows, schema=dict(Transitions.create_empty().schema))})


@pytest.mark.parametrize(
    ("start", "finish", "days", "hours"),
    [
        (datetime(2026, 3, 28, 23, 30), datetime(2026, 3, 29, 22, 30), 2.0, 23.0),  # 00:30 on the 29th to 00:30 on the 30th, through a day of 23 hours
        (datetime(2026, 3, 28, 23, 30), datetime(2026, 3, 29, 21, 30), 1.0, 22.0),
        (datetime(2026, 10, 24, 22, 30), datetime(2026, 10, 25, 22, 30), 1.0, 24.0),  # 00:30 to 23:30, one day of 25 hours
        (datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30), 1.0, 1.0),  # 02:30 twice
    ],
)
def test_days_on_which_the_clock_changes(start: datetime, finish: datetime, days: float, hours: float) -> None:
    made = way((start, "To Do"), (start, "Doing"), (finish, "Done"))
    assert flow.cycle_times(made, BERLIN)["cycle_time"].to_list() == [days]
    assert flow.cycle_times(made, flow.FlowRules(zone="Europe/Berlin", days="elapsed"))["cycle_time"][0] == pytest.approx(hours / 24)
    assert flow.arrivals(made, BERLIN, per="day")["period"].n_unique() == days


def test_an_item_born_in_progress_has_run_since_its_creation() -> None:
    row = flow.cycle_times(board({"a": [(3, "Doing"), (5, "Done")]})).row(0, named=True)
    assert (row["cycle_time"], row["lead_time"]) == (3.0, 3.0)
    assert flow.arrivals(board({"a": [(3, "Doing"), (5, "Done")]}), per="day")["started"].to_list() == [1, 0, 0]


def test_an_item_without_transitions_is_counted_and_told() -> None:
    made = board({"a": [(1, "To Do"), (2, "Doing"), (5, "Done")], "none": [(1, "To Do"), (2, "Doing")]})
    made = Project(made.info, {**made.tables, "transitions": made.tables["transitions"].filter(pl.col("item") == "a")})
    assert flow.cycle_times(made).select("item", "started", "cycle_time").rows()[1] == ("none", None, None)
    assert flow.levels(made).select("items", "moved").row(0) == (2, 1)
    told = flow.checks(made).filter(pl.col("check") == "missing_moments")
    assert told["offenders"].to_list() == [["none"]]
    assert flow.arrivals(made)["backlog"].to_list()[-1] == 1


def test_statuses_of_another_board_stand_between_its_columns_as_work() -> None:
    """An item that came from a board with other statuses: those that this one does not know are work, and its clock ran there."""
    made = board({"a": [(1, "To Do"), (5, "Doing"), (7, "Done")]})
    moves = made.tables["transitions"]
    other = moves.head(1).with_columns(at=pl.col("at").dt.offset_by("1d"), before=pl.lit("To Do"), after=pl.lit("Baking"))
    there = Project(made.info, {**made.tables, "transitions": pl.concat([moves, other]).sort("at", maintain_order=True)})
    assert flow.history(there).columns == ("To Do", "Doing", "Review", "Baking", "Done")
    assert flow.cycle_times(there)["cycle_time"].to_list() == [6.0]
    told = dict(flow.checks(there).select("check", "offenders").iter_rows())
    assert told["broken_history"] == ["a"]  # it came to Doing from To Do, says the source, and stood in Baking
    assert told["off_board"] == []


def test_a_board_of_open_and_done_alone_says_so() -> None:
    made = board({"a": [(1, "To Do"), (5, "Done")]})
    bare = Project(made.info, {**made.tables, "statuses": made.tables["statuses"].filter(pl.col("category") != "in_progress")})
    row = flow.checks(bare).row(by_predicate=pl.col("check") == "done_without_start", named=True)
    assert (row["value"], row["reason"]) == (None, "the board has no column of work")
    assert flow.times(bare).filter(pl.col("measure") == "lead_time")["days"].to_list() == [5.0] * 3


def test_what_was_finished_before_it_was_created_has_no_lead_time() -> None:
    made = board({"odd": [(3, "To Do"), (4, "Doing"), (5, "Done")], "fine": [(3, "To Do"), (4, "Doing"), (6, "Done")]}, created={"odd": datetime(2026, 1, 7)})
    rows = {row["item"]: row for row in flow.cycle_times(made).iter_rows(named=True)}
    assert (rows["odd"]["lead_time"], rows["odd"]["reason"]) == (None, "was finished before it was created: correct its dates")
    assert (rows["odd"]["cycle_time"], rows["fine"]["lead_time"], rows["fine"]["reason"]) == (2.0, 4.0, None)
    assert flow.times(made, confidence=(0.5,))["items"].to_list() == [2, 1, 1]


@pytest.mark.real
@pytest.mark.parametrize(("project", "items", "backwards"), [("0", 2427, 1108), ("1", 1696, 554)])
def test_dirty_dates_of_record(real_data: Path, project: str, items: int, backwards: int) -> None:
    """Two projects with creation and finish alone, two in five of them the wrong way round: counted from the file's own days."""
    file = real_data / "jira" / "agile-project-dataset" / "jira.csv"
    made = next(one for one in pmo.read_all(file) if one.info.key == project)
    told = {row["check"]: row for row in flow.checks(made).iter_rows(named=True)}
    assert (told["impossible_times"]["numerator"], told["impossible_times"]["denominator"]) == (backwards, items)
    assert told["done_without_start"]["reason"] == "the board has no column of work"
    days = pl.read_csv(file).filter(pl.col("project") == int(project), pl.col("cycle_time_days") >= 0)["cycle_time_days"].sort() + 1
    lead = flow.times(made, confidence=(0.5, 0.85)).filter(pl.col("measure") == "lead_time")
    assert lead["days"].to_list() == [days[-(-days.len() // 2) - 1], days[math.ceil(0.85 * days.len()) - 1]]
    assert lead["items"].unique().to_list() == [items - backwards]
    finished = pl.read_csv(file, try_parse_dates=True).filter(pl.col("project") == int(project))["finished_date"]
    assert flow.arrivals(made, per="day").filter(pl.col("finished") > 0)["finished"].sum() == items
    assert flow.arrivals(made, per="day")["finished"].max() == finished.value_counts()["count"].max()


@pytest.mark.real
def test_a_board_of_record_counted_by_hand(real_data: Path) -> None:
    """SP-5: begun 23 June 2021, done on 6 September, reopened and done again on 11 October; flagged on 29 August and never unflagged."""
    made = pmo.read(real_data / "jira" / "jirametrics-complete_sample")
    cycle = flow.cycle_times(made).row(by_predicate=pl.col("item") == "SP-5", named=True)
    assert (cycle["cycle_time"], cycle["lead_time"]) == (111.0, 116.0)
    assert flow.levels(made).filter("counted").select("level", "items", "guessed").row(0) == ("item", 6, True)
    blocked = flow.blocked_time(made).row(by_predicate=pl.col("item") == "SP-5", named=True)
    assert blocked["blocked"] == pytest.approx((datetime(2021, 10, 11, 12, 49, 7, 261000) - datetime(2021, 8, 29, 18, 4, 59, 81000)).total_seconds() / 86400)
    row = flow.efficiency(made, flow.FlowRules(waiting=("Ready",))).row(0, named=True)
    worked = datetime(2021, 8, 29, 18, 4, 59, 81000) - datetime(2021, 8, 29, 18, 4, 49, 188000)  # between its start of work and its flag
    assert row["active"] == pytest.approx(worked.total_seconds() / 86400, abs=1e-9)
    told = {row["check"]: row["offenders"] for row in flow.checks(made).iter_rows(named=True)}
    assert (told["backward_moves"], told["stale_wip"], told["zombies"], told["broken_history"]) == (["SP-5"], ["SP-2"], ["SP-2"], [])
    assert set(flow.ageing(made)["item"]) == {"SP-1", "SP-2", "SP-7", "SP-8", "SP-11"}

"""A board as a network: durations by rule, links as finish-start, and dates and simulations that follow from them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from asana_answers import PROJECT, moved, pull, sections, story, task
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import flow, make_plan, risk, schedule
from pmo_lib.board_network import can_be_network, with_network
from pmo_lib.errors import InvalidInput, NotAvailable, NotSchedulable
from pmo_lib.project import Project
from pmo_lib.readers import read
from pmo_lib.readers.asana import reader as asana_payloads

NOW = "2026-09-07T08:00:00Z"  # a Monday


def board(*tasks: dict[str, Any], stories: list[dict[str, Any]] | None = None) -> Project:
    records = {"project": [{**PROJECT, "due_on": None}], "sections": sections(), "tasks": list(tasks), "stories": stories or []}
    return asana_payloads.board(records, {"pulled": NOW})


def after(*others: str) -> dict[str, Any]:
    return {"dependencies": [{"gid": other} for other in others]}


def dated(start: str, due: str) -> dict[str, str]:
    return {"start_on": start, "due_on": due}


def minutes(plan: Project) -> dict[str, int]:
    return dict(plan.tables["activities"].select("activity", "duration").iter_rows())


def rules(plan: Project) -> dict[str, str]:
    return dict(plan.tables["custom_fields"].filter(field="Duration from").select("key", "value").iter_rows())


def test_start_and_due_and_what_waits_for_what() -> None:
    """A: Mon 7 to Wed 9 (3 days). B waits for A: Thu 10 to Mon 14 (3 days, a weekend between). By hand: B ends on Monday 14 at 17:00."""
    plan = with_network(board(task("A", **dated("2026-09-07", "2026-09-09")), task("B", **dated("2026-09-10", "2026-09-14"), **after("A"))))
    assert minutes(plan) == {"A": 3 * 480, "B": 3 * 480}
    assert plan.tables["relationships"].select("predecessor", "successor", "type", "lag").rows() == [("A", "B", "FS", 0)]
    dates = {row["activity"]: row for row in schedule.dates(plan).iter_rows(named=True)}
    assert (dates["A"]["early_start"], dates["A"]["early_finish"]) == (datetime(2026, 9, 7, 8), datetime(2026, 9, 9, 17))
    assert (dates["B"]["early_start"], dates["B"]["early_finish"]) == (datetime(2026, 9, 10, 8), datetime(2026, 9, 14, 17))
    activity = plan.tables["activities"].row(1, named=True)
    assert (activity["constraint"], activity["constraint_date"], activity["deadline"]) == (
        "start_on_or_after",
        datetime(2026, 9, 10, 8),
        datetime(2026, 9, 14, 17),
    )


def test_a_late_predecessor_moves_what_waits_past_its_own_start() -> None:
    plan = with_network(board(task("A", **dated("2026-09-07", "2026-09-11")), task("B", **dated("2026-09-09", "2026-09-09"), **after("A"))))
    finish = dict(schedule.dates(plan).select("activity", "early_finish").iter_rows())
    assert finish["B"] == datetime(2026, 9, 14, 17)  # a day, after Friday 11


def test_the_median_of_finished_items_where_nothing_else_is_said() -> None:
    """Five items that took 1, 2, 2, 3 and 4 working days; the median is 2."""
    days = {"1": (1, 2), "2": (1, 3), "3": (1, 3), "4": (1, 4), "5": (1, 7)}  # Tuesday 1 September on; day 7 is Monday
    done = [task(gid, "Done", created=1, done=end) for gid, (_, end) in days.items()]
    stories = [each for gid, (begin, end) in days.items() for each in (moved(gid, begin, "Backlog", "Doing"), story(gid, end, "marked_complete"))]
    plan = with_network(board(*done, task("6"), task("7", **after("6")), stories=stories))
    took = [1, 2, 2, 3, 4]  # Tue; Tue Wed; Tue Wed; Tue-Thu; Tue-Fri: midnight to midnight, the weekend is none
    assert [minutes(plan)[gid] // 480 for gid in days] == took
    assert (minutes(plan)["6"], rules(plan)["6"], rules(plan)["1"]) == (2 * 480, "typical", "actual")
    told = plan.findings.filter(code="duration-typical").row(0, named=True)
    assert told["severity"] == "warning"
    assert "2 items have no dates or estimate: their duration is 2.0 days" in told["message"]


def test_without_any_rule_an_item_is_a_milestone_and_said_to_be() -> None:
    plan = with_network(board(task("A", **dated("2026-09-07", "2026-09-09")), task("B", **after("A"))))
    assert plan.tables["activities"].select("activity", "kind", "duration").rows() == [("A", "task", 1440), ("B", "finish_milestone", 0)]
    assert plan.findings.filter(code="duration-missing")["place"].to_list() == ["item B"]
    given_days = flow.network(board(task("A", **dated("2026-09-07", "2026-09-09")), task("B", **after("A"))), days=1.5)
    assert (minutes(given_days)["B"], rules(given_days)["B"]) == (720, "given")
    with pytest.raises(InvalidInput, match="days is above 0"):
        flow.network(board(task("A")), days=0)


def test_estimates_and_work_in_progress() -> None:
    """An estimate of 16 hours begun on Thursday 3 at 00:00: on Monday 7 at 08:00 two working days have gone, and nothing is left, which is told."""
    field = {"gid": "9", "name": "Estimated time", "type": "number", "number_value": 960}
    wide = {**field, "number_value": 2400}
    begun = board(
        task("A", "Doing", modified=3, custom_fields=[field]),
        task("B", "Doing", modified=3, custom_fields=[wide]),
        task("C", custom_fields=[field], **after("B")),
        stories=[moved("A", 3, "Backlog", "Doing"), moved("B", 3, "Backlog", "Doing")],
    )  # fmt: skip
    plan = with_network(begun)
    found = {row["activity"]: row for row in plan.tables["activities"].iter_rows(named=True)}
    assert [(found[gid]["duration"], found[gid]["remaining_duration"]) for gid in "ABC"] == [(960, 0), (2400, 1440), (960, 960)]
    assert (found["B"]["actual_start"], found["B"]["percent_complete"]) == (datetime(2026, 9, 3), 0.4)
    assert plan.findings.filter(code="duration-used-up")["place"].to_list() == ["item A"]
    finish = dict(schedule.dates(plan).select("activity", "early_finish").iter_rows())
    assert finish["B"] == datetime(2026, 9, 9, 17)  # three days from Monday 7
    assert finish["C"] == datetime(2026, 9, 11, 17)


def test_finished_items_keep_their_dates_and_hold_nothing_back() -> None:
    stories = [moved("A", 1, "Backlog", "Doing"), story("A", 3, "marked_complete")]
    plan = with_network(
        board(task("A", "Done", done=3), task("X", "Done", done=2), task("B", **dated("2026-09-07", "2026-09-07"), **after("A")), stories=stories)
    )
    found = {row["activity"]: row for row in plan.tables["activities"].iter_rows(named=True)}
    assert (found["A"]["actual_start"], found["A"]["actual_finish"]) == (datetime(2026, 9, 1), datetime(2026, 9, 3))
    assert found["X"]["actual_start"] == found["X"]["actual_finish"]
    assert plan.findings.filter(code="start-not-seen")["place"].to_list() == ["item X"]
    assert dict(schedule.dates(plan).select("activity", "early_finish").iter_rows())["B"] == datetime(2026, 9, 7, 17)


def test_links_that_hold_nothing_are_told_and_loops_are_named() -> None:
    sub = task("S", None, parent={"gid": "A"}, **after("B"))
    plan = with_network(board(task("A", **dated("2026-09-07", "2026-09-08"), **after("elsewhere")), task("B", **after("A")), sub))
    assert plan.tables["relationships"].select("predecessor", "successor").rows() == [("A", "B")]
    assert plan.findings.filter(code="link-not-scheduled")["message"][0].startswith("2 links")
    assert plan.tables["activities"]["activity"].to_list() == ["A", "B"]  # a story and its sub-tasks are never both scheduled
    loop = with_network(board(task("A", **dated("2026-09-07", "2026-09-08"), **after("B")), task("B", **after("A"))))
    with pytest.raises(NotSchedulable, match="A"):
        schedule.dates(loop)


def test_reading_makes_the_network_where_the_board_says_enough(tmp_path: Path) -> None:
    plain = read(pull(tmp_path / "plain", tasks=[task("A", **dated("2026-09-07", "2026-09-08")), task("B")], stories=[]))
    assert "activities" not in plain.tables
    with pytest.raises(NotAvailable, match="needs activities"):
        schedule.dates(plain)
    linked = read(pull(tmp_path / "linked", tasks=[task("A", **dated("2026-09-07", "2026-09-08")), task("B", **after("A"))], stories=[]))
    assert linked.tables["activities"].height == 2
    assert not can_be_network(linked)
    sim = risk.simulate(linked, iterations=200, seed=1)
    assert risk.percentiles(sim, (50,))["finish"][0] >= datetime(2026, 11, 23)  # from the data date on
    with pytest.raises(NotAvailable, match="needs items"):
        flow.network(make_plan({"A": 3}))


LINKS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1]), max_size=8, unique=True)


@given(LINKS, st.lists(st.integers(1, 9), min_size=6, max_size=6))
@settings(max_examples=25, deadline=None)
def test_a_board_schedules_as_the_same_plan_written_by_hand(links: list[tuple[int, int]], days: list[int]) -> None:
    names = "ABCDEF"
    estimates = [{"gid": "9", "name": "Estimated time", "type": "number", "number_value": each * 480} for each in days]
    tasks = [task(name, custom_fields=[estimates[n]], **after(*(names[a] for a, b in links if b == n))) for n, name in enumerate(names)]
    made = with_network(board(*tasks))
    before = {name: ";".join(names[a] for a, b in links if b == n) for n, name in enumerate(names)}
    by_hand = make_plan({name: (days[n], before[name]) for n, name in enumerate(names)}, start="2026-09-07", data_date="2026-09-07T08:00")
    columns = ["activity", "early_start", "early_finish", "late_start", "late_finish", "total_float", "critical"]
    assert schedule.dates(made).select(columns).equals(schedule.dates(by_hand).select(columns))
    assert made.tables["activities"]["deadline"].null_count() == 6

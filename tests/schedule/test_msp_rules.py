"""MS Project's own rules on small plans; what the rule rests on stands with each test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from pmo_lib import schedule
from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import Calendar
from pmo_lib.project import Project
from pmo_lib.tables import TABLES


def msp_plan(
    activities: Mapping[str, Any],
    *,
    below: Mapping[str, Sequence[str]] | None = None,
    details: Mapping[str, Mapping[str, Any]] | None = None,
    splits: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    start: str = "2026-01-05",
    **options: Any,
) -> Project:
    """A plan by MS Project's rules: `below` says which activities belong to a summary, which is one of the activities."""
    parent = {child: summary for summary, children in (below or {}).items() for child in children}
    given = {name: dict((details or {}).get(name, {})) | ({"wbs": parent[name]} if name in parent else {}) for name in activities}
    for summary in below or {}:
        given[summary] |= {"kind": "summary"}
    plan = make_plan(activities, details=given, start=start)
    usual: dict[str, Any] = {"lag_calendar": "successor", "total_float": "smallest", "honour_constraints": True}
    info = replace(plan.info, application="msp", options=replace(plan.info.options, **(usual | options)))
    tables = dict(plan.tables)
    if below:
        levels = [{"wbs": s, "parent": parent.get(s), "code": None, "name": s, "level": 1, "activity": s} for s in below]
        tables["wbs"] = pl.DataFrame(levels, schema=dict(TABLES["wbs"].create_empty().schema))
    if splits:
        rows = [{"activity": a, "start": datetime.fromisoformat(s), "finish": datetime.fromisoformat(f)} for a, spans in splits.items() for s, f in spans]
        tables["splits"] = pl.DataFrame(rows, schema=dict(TABLES["splits"].create_empty().schema))
    return Project(info, tables)


def dates(plan: Project) -> dict[str, dict[str, Any]]:
    return {row["activity"]: row for row in schedule.dates(plan).iter_rows(named=True)}


SPLIT = {"B": [("2026-01-05T08:00", "2026-01-06T17:00"), ("2026-01-09T08:00", "2026-01-09T17:00")]}  # two days, two of rest, one day


def test_a_split_is_a_rest_inside_the_task() -> None:
    rows = dates(msp_plan({"B": 3, "C": (1, "B"), "D": 9}, splits=SPLIT))
    assert rows["B"]["early_finish"] == datetime(2026, 1, 9, 17)
    assert rows["C"]["early_start"] == datetime(2026, 1, 12, 8)
    assert rows["B"]["late_start"] == datetime(2026, 1, 8, 8)
    assert rows["B"]["total_float"] == 3 * 480


def test_the_rest_moves_with_the_task() -> None:
    """Pushed by a week-end: three days of work and two of rest from Friday on."""
    rows = dates(msp_plan({"A": 4, "B": (3, "A")}, splits=SPLIT))
    assert (rows["B"]["early_start"], rows["B"]["early_finish"]) == (datetime(2026, 1, 9, 8), datetime(2026, 1, 15, 17))


def test_stretches_that_are_not_the_duration_are_no_split() -> None:
    """The stretches of one of several assignments, or of a duration that was changed since."""
    assert dates(msp_plan({"B": 5}, splits=SPLIT))["B"]["early_finish"] == datetime(2026, 1, 9, 17)


def test_of_a_begun_split_task_the_rest_behind_is_over() -> None:
    begun = {"B": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 480, "resumed": datetime(2026, 1, 9, 8)}}
    assert dates(msp_plan({"B": 3}, splits=SPLIT, details=begun))["B"]["early_finish"] == datetime(2026, 1, 9, 17)
    early = {"B": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 960, "resumed": datetime(2026, 1, 6, 8)}}
    assert dates(msp_plan({"B": 3}, splits=SPLIT, details=early))["B"]["early_finish"] == datetime(2026, 1, 9, 17)


def test_a_forecast_samples_the_work_of_a_split_task_and_keeps_its_rest() -> None:
    from pmo_lib.schedule.network import lower

    net = lower(msp_plan({"B": 3}, splits=SPLIT), soften=True)
    assert (net.duration.tolist(), net.rest.tolist()) == ([5 * 480], [2 * 480])


def test_a_begun_successor_holds_by_what_remains() -> None:
    """NBIA 4.2, tasks 2478 and 1844: the late finish is the successor's less its remaining duration, not less its whole."""
    begun = {
        "A": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 480},
        "B": {"actual_start": datetime(2026, 1, 7, 8), "remaining_duration": 960, "resumed": datetime(2026, 1, 9, 8)},
    }
    rows = dates(msp_plan({"A": 2, "B": (4, "A"), "C": 10}, details=begun))
    assert rows["B"]["late_finish"] == datetime(2026, 1, 16, 17)
    assert rows["A"]["late_finish"] == datetime(2026, 1, 14, 17)


def test_begun_work_that_is_late_holds_no_predecessor_before_it_resumes() -> None:
    """A Project 2016 file, tasks 187 and 188: out of sequence, and late; the predecessor's late finish is where the remaining work resumes."""
    begun = {
        "A": {"constraint": "start_on_or_after", "constraint_date": datetime(2026, 1, 7, 8)},
        "B": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 960, "resumed": datetime(2026, 1, 13, 8), "deadline": datetime(2026, 1, 9, 17)},
    }
    rows = dates(msp_plan({"A": 4, "B": (4, "A"), "C": 15}, details=begun))
    assert rows["A"]["early_finish"] == rows["A"]["late_finish"] == datetime(2026, 1, 12, 17)
    assert (rows["A"]["total_float"], rows["B"]["total_float"]) == (0, -3 * 480)
    assert rows["B"]["late_finish"] == datetime(2026, 1, 14, 17)


def test_a_begun_summary_holds_by_what_remains_of_it() -> None:
    """NBIA 4.2, task 2154 before summary 2140; NBIA 4.4, summary 3 before summary 4: late finish of the summary less its remaining duration."""
    details = {
        "A": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 480},
        "S": {"actual_start": datetime(2026, 1, 7, 8), "suspended": datetime(2026, 1, 8, 8), "remaining_duration": 960},
        "S1": {"actual_start": datetime(2026, 1, 7, 8), "remaining_duration": 480},
    }
    plan = {"A": 2, "S": (4, "A"), "S1": 2, "S2": (2, "S1"), "C": 10}
    rows = dates(msp_plan(plan, below={"S": ["S1", "S2"]}, details=details))
    assert rows["A"]["late_finish"] == datetime(2026, 1, 14, 17)
    # no part of it at its start is done: all of it remains (NBIA 4.2, summaries 818, 2292 and 10)
    details["S"] |= {"suspended": datetime(2026, 1, 7, 8)}
    rows = dates(msp_plan(plan, below={"S": ["S1", "S2"]}, details=details))
    assert rows["A"]["late_finish"] == datetime(2026, 1, 12, 17)
    # the early dates of what has not begun still wait
    assert rows["S2"]["early_start"] >= rows["A"]["early_finish"]


def test_a_summarys_deadline_and_constraints_hold_below() -> None:
    """NBIA 3.5, summary 988: its deadline is its activities' too, but what has begun is never late before its own finish."""
    details = {"S": {"deadline": datetime(2026, 1, 7, 17)}, "S1": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 5 * 480}}
    rows = dates(msp_plan({"S": 5, "S1": 5, "S2": 5, "C": 10}, below={"S": ["S1", "S2"]}, details=details))
    assert rows["S1"]["late_finish"] == rows["S1"]["early_finish"] == datetime(2026, 1, 9, 17)
    assert (rows["S2"]["late_finish"], rows["S2"]["total_float"]) == (datetime(2026, 1, 7, 17), -2 * 480)
    held = {"S": {"constraint": "start_on_or_after", "constraint_date": datetime(2026, 1, 8, 8)}}
    rows = dates(msp_plan({"S": 5, "S1": 5, "C": 10}, below={"S": ["S1"]}, details=held))
    assert rows["S1"]["early_start"] == datetime(2026, 1, 8, 8)


def test_a_fixed_duration_runs_on_no_resources_calendar() -> None:
    """NBIA 3.5, task 1436: four days, though who is on it works in the mornings only."""
    plan = with_mornings(msp_plan({"A": 4}, details={"A": {"task_type": "fixed_duration"}}))
    assert dates(plan)["A"]["early_finish"] == datetime(2026, 1, 8, 17)
    assert dates(with_mornings(msp_plan({"A": 4}, details={"A": {"task_type": "fixed_units"}})))["A"]["early_finish"] == datetime(2026, 1, 14, 12)
    # the mornings between stop and resume are no interruption
    begun = {"A": {"task_type": "fixed_duration", "actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 1200, "resumed": datetime(2026, 1, 7, 8)}}
    assert dates(with_mornings(msp_plan({"A": 4}, details=begun)))["A"]["early_finish"] == datetime(2026, 1, 8, 17)


def with_mornings(plan: Project) -> Project:
    """The plan with somebody on A who works from 08:00 to 12:00."""
    mornings = [{"calendar": "mornings", "weekday": day, "start": 480, "finish": 720} for day in range(1, 6)]
    rows = {
        "calendars": [{"calendar": "mornings", "name": "Mornings", "kind": "resource", "minutes_per_day": 480}],
        "shifts": mornings,
        "resources": [{"resource": "1", "name": "Half", "kind": "labour", "calendar": "mornings"}],
        "assignments": [{"activity": "A", "resource": "1", "units": 1.0}],
    }
    tables = dict(plan.tables)
    for name, of in rows.items():
        schema = dict(TABLES[name].create_empty().schema)
        frame = pl.DataFrame([dict.fromkeys(schema) | row for row in of], schema=schema)
        tables[name] = pl.concat([tables[name], frame]) if name in tables else frame
    return Project(plan.info, tables)


def stored(plan: Project, **columns: Mapping[str, Any]) -> Project:
    """The plan with these stored values, by activity."""
    frame = plan.tables["activities"]
    given = [pl.Series(name, [values.get(a) for a in frame["activity"]], dtype=frame.schema[name]) for name, values in columns.items()]
    return Project(plan.info, {**plan.tables, "activities": frame.with_columns(given)})


def test_a_levelling_delay_is_in_the_early_dates_too() -> None:
    """Microsoft, Early Start (task field): "If there is a leveling delay on the task, this delay is also figured into the early start date"."""
    plan = msp_plan({"A": 1, "B": (1, "A"), "C": 9}, details={"B": {"levelling_delay": 2 * 1440}})
    early, late = datetime(2026, 1, 6, 8), datetime(2026, 1, 8, 8)
    right = stored(plan, stored_early_start={"B": late}, stored_start={"B": late}, stored_finish={"B": datetime(2026, 1, 8, 17)})
    assert schedule.agreement(right).filter("compared").select("activity", "agrees", "early_start", "start").rows() == [("B", True, late, late)]
    for wrong in ({"stored_early_start": {"B": early}, "stored_start": {"B": late}}, {"stored_early_start": {"B": early}, "stored_start": {"B": early}}):
        assert schedule.agreement(stored(plan, **wrong)).filter("compared")["agrees"].to_list() == [False]


def test_a_levelling_delay_counts_from_where_the_calendar_lets_the_task_begin() -> None:
    """A task whose predecessor ended on a Thursday at 17:00 began 25 days and 7 hours after Friday 08:00: as a Project 2016 file holds it."""
    plan = msp_plan({"A": 4, "B": (1, "A"), "C": 1}, details={"B": {"levelling_delay": 25 * 1440 + 7 * 60}})
    rows = dates(plan)
    assert rows["B"]["early_start"] == datetime(2026, 1, 9, 8) + timedelta(days=25, hours=7)
    assert rows["A"]["total_float"] == 0
    assert rows["A"]["late_finish"] == datetime(2026, 1, 8, 17)
    # and back: a late start on Tuesday at 08:00 and 48 hours leave Friday at 17:00
    rows = dates(msp_plan({"A": 1, "B": (4, "A"), "C": 10}, details={"B": {"levelling_delay": 2 * 1440, "deadline": datetime(2026, 1, 16, 17)}}))
    assert (rows["B"]["late_start"], rows["A"]["late_finish"]) == (datetime(2026, 1, 13, 8), datetime(2026, 1, 9, 17))


def test_a_levelling_delay_comes_after_finish_to_finish_too() -> None:
    """A Project 2016 file: the FF predecessor's late finish is the successor's less the delay on the clock, its free slack that to the early finish less it.

    Course of Microsoft Project 2000: predecessor's late finish = successor's late date - successor's levelling delay.
    """
    delay = 4 * 1440
    for link, begins in (("A FF", 12), ("A SF+8d", 19)):  # Thursday the 8th and four days; Tuesday the 13th and four days are a Saturday
        rows = dates(msp_plan({"A": 5, "B": (2, link), "C": 20}, details={"B": {"levelling_delay": delay}}))
        assert rows["B"]["early_start"] == datetime(2026, 1, begins, 8)
        assert rows["B"]["late_finish"] == datetime(2026, 1, 30, 17)
        assert rows["A"]["free_float"] == (0 if link == "A FF" else 960)  # to Tuesday the 20th less four days: Friday the 16th
    rows = dates(msp_plan({"A": 1, "B": (2, "A FF"), "C": 20}, details={"B": {"levelling_delay": delay}}))
    assert rows["A"]["late_finish"] == datetime(2026, 1, 26, 17)  # the late finish of B, Friday 30 January, less four days
    assert rows["B"]["early_finish"] == datetime(2026, 1, 12, 17)
    assert rows["A"]["free_float"] == 3 * 480  # Monday 12 January less four days is Thursday, the 8th
    assert rows["A"]["total_float"] == 15 * 480


def test_what_is_as_late_as_possible_ignores_its_levelling_delay() -> None:
    """Course of Microsoft Project 2000: ALAP tasks ignore any levelling delay, as the task is already as late as possible."""
    late = {"B": {"constraint": "as_late_as_possible", "levelling_delay": 2 * 1440}}
    rows = dates(msp_plan({"A": 1, "B": (1, "A"), "C": 5}, details=late))
    assert (rows["B"]["early_start"], rows["B"]["total_float"]) == (datetime(2026, 1, 9, 8), 0)


def test_no_calendar_moves_a_milestone_between_people_in_shifts() -> None:
    """A chain of a Project 2016 file: 16-hour shifts, a milestone before and after, 72 hours of levelling delay. All values are those stored there.

    No calendar moves the milestones: the first is late on a Saturday, the late start of what follows less its delay; what precedes it ends in its shift.
    """
    shifts = Calendar("Shifts", 960, (((360, 720), (780, 1380)),) * 5 + ((),) * 2)
    activities = {"X": 7, "157": 1, "147": (0, "157; X"), "178": (1, "147"), "181": (0, "178"), "189": (1, "181"), "Z": 25}
    details = {"178": {"levelling_delay": 72 * 60}, "189": {"deadline": datetime(2026, 8, 5, 12)}}
    plan = msp_plan(activities, details=details, start="2026-07-23")
    frame = plan.tables["activities"].with_columns(task_type=pl.lit("fixed_units").cast(plan.tables["activities"].schema["task_type"]))
    clocks = {name: pl.concat([plan.tables[name], rows]) for name, rows in calendar_tables({"shifts": shifts}).items() if name in plan.tables}
    plan = Project(plan.info, {**plan.tables, **clocks, **worked_by({"157": "shifts", "178": "shifts", "189": "shifts"}), "activities": frame})
    rows = dates(plan)
    shown = ("early_start", "early_finish", "late_start", "late_finish", "total_float")
    found = {name: [f"{row[column]:%d %H:%M}" if "float" not in column else row[column] for column in shown] for name, row in rows.items()}
    assert found["147"] == ["31 17:00", "31 17:00", "01 13:00", "01 13:00", 0]
    assert found["178"] == ["03 17:00", "04 08:00", "04 13:00", "04 21:00", 240]
    assert found["181"][:4] == ["04 08:00", "04 08:00", "04 21:00", "04 21:00"]
    assert found["189"] == ["04 08:00", "04 17:00", "04 21:00", "05 12:00", 240]
    assert found["157"][2:4] == ["31 15:00", "31 23:00"]
    assert rows["178"]["free_float"] == rows["181"]["free_float"] == 0


def worked_by(people: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Tables of resources and assignments: on each of these activities somebody who keeps this calendar."""
    rows = {
        "resources": [{"resource": key, "name": key, "kind": "labour", "calendar": key} for key in dict.fromkeys(people.values())],
        "assignments": [{"activity": activity, "resource": key, "units": 1.0} for activity, key in people.items()],
    }
    return {name: pl.DataFrame(each, schema=dict(TABLES[name].create_empty().schema)) for name, each in rows.items()}


def test_the_float_counts_for_agreement() -> None:
    plan = msp_plan({"A": 1, "B": 9})
    base = {"stored_early_start": {"A": datetime(2026, 1, 5, 8)}}
    for minutes, agrees in ((8 * 480, True), (8 * 480 + 1, True), (8 * 480 + 2, False)):
        found = schedule.agreement(stored(plan, **base, stored_total_float={"A": minutes})).filter("compared")
        assert found["agrees"].to_list() == [agrees]


def test_slack_is_counted_on_the_projects_calendar() -> None:
    """NBIA 4.4, task 196, and the fixture mpp14timephased, task 10: whenever its resources work, a task's slack runs on its own or the project's calendar."""
    plan = with_mornings(msp_plan({"A": 1, "B": 5}, details={"A": {"task_type": "fixed_units"}}))  # two mornings, of five days
    assert dates(plan)["A"]["late_finish"] == datetime(2026, 1, 9, 12)
    assert dates(plan)["A"]["total_float"] == 3 * 480


def test_what_its_date_holds_before_its_predecessor_ends_has_negative_slack() -> None:
    """The fixture slack9, task 11: must finish on a day, a day before its predecessor ends."""
    held = {"M": {"constraint": "mandatory_finish", "constraint_date": datetime(2026, 1, 8, 17)}}
    rows = dates(msp_plan({"A": 5, "M": (0, "A")}, details=held))
    assert rows["A"]["late_finish"] == datetime(2026, 1, 8, 17)
    assert (rows["A"]["total_float"], rows["M"]["total_float"]) == (-480, -480)


def test_a_project_scheduled_from_its_finish() -> None:
    """Microsoft: "As Late As Possible" is then the default; the finish is given and the start is what the backward pass finds."""
    late = {name: {"constraint": "as_late_as_possible"} for name in ("A", "B", "C")}
    plan = msp_plan({"A": 2, "B": (3, "A"), "C": 1, "D": 1}, details=late, schedule_from="finish")
    for start in (datetime(2026, 1, 5, 8), datetime(2026, 1, 1, 8)):  # the start that the file states is nothing that holds
        rows = dates(Project(replace(plan.info, planned_start=start, stored_finish=datetime(2026, 1, 16, 17)), plan.tables))
        assert {name: row["early_start"].day for name, row in rows.items()} == {"A": 12, "B": 14, "C": 16, "D": 12}
        assert {name: row["late_finish"].day for name, row in rows.items()} == {"A": 13, "B": 16, "C": 16, "D": 16}
        assert {name: row["total_float"] // 480 for name, row in rows.items()} == {"A": 0, "B": 0, "C": 0, "D": 4}


@pytest.mark.parametrize("kind", ["mandatory_finish", "mandatory_start"])
def test_a_deadline_before_the_date_that_must_be_kept(kind: str) -> None:
    """Microsoft, course of Microsoft Project 2000: while such dates are honoured "the Late Finish equals the Early Finish"; else the deadline holds it."""
    row = {"constraint": kind, "constraint_date": datetime(2026, 1, 9, 17) if "finish" in kind else datetime(2026, 1, 8, 8)}
    details = {"A": row | {"deadline": datetime(2026, 1, 7, 17)}}
    found = dates(msp_plan({"A": 2, "B": 9}, details=details))["A"]
    assert (found["early_finish"], found["late_finish"], found["total_float"]) == (datetime(2026, 1, 9, 17), datetime(2026, 1, 9, 17), 0)
    free = dates(msp_plan({"A": 2, "B": 9}, details=details, honour_constraints=False))["A"]
    assert (free["late_finish"], free["total_float"]) == (datetime(2026, 1, 7, 17), -2 * 480)


@pytest.mark.parametrize(("link", "late", "total", "free"), [("SS+2d", 15, 8, 1), ("SF+2d", 15, 8, 3), ("FS", 13, 6, 1), ("FF", 15, 8, 3)])
def test_what_begins_with_a_manual_task_limits_its_free_float_alone(link: str, late: int, total: int, free: int) -> None:
    """task-links, written by Project 2016 and 2019: start-to-start and start-to-finish hold no late date of a manual task, and limit its free slack."""
    days = {"A": (5, 6), "B": (8, 9)}
    by_hand = {name: {"manual": True, "stored_start": datetime(2026, 1, a, 8), "stored_finish": datetime(2026, 1, z, 17)} for name, (a, z) in days.items()}
    row = schedule.dates(msp_plan({"A": 2, "B": (2, f"A {link}"), "C": 10}, details=by_hand)).row(0, named=True)
    assert (row["early_start"], row["late_start"]) == (datetime(2026, 1, 5, 8), datetime(2026, 1, late, 8))
    assert (row["total_float"], row["free_float"]) == (total * 480, free * 480)

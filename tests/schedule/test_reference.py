"""The engine against the plain reference, on random small networks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import tests.reference_cpm as reference
from pmo_lib import schedule
from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, DatedShifts, DatedWeek
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.tables import Relationships

DAYTIME = ((480, 720), (780, 1020))
EARLY = ((450, 720), (750, 960))
NIGHT = ((0, 360), (1320, 1440))  # a shift that crosses midnight is two
WEEKDAYS = Calendar("weekdays", 480, (DAYTIME,) * 5 + ((), ()))
CALENDARS = [
    WEEKDAYS,
    Calendar(
        "six days",
        450,
        (EARLY,) * 6 + ((),),
        (DatedWeek(date(2026, 1, 12), date(2026, 1, 18), (None, (), *([DAYTIME] * 5))),),
        (DatedShifts(date(2026, 1, 6), date(2026, 1, 7), ()),),
    ),
    Calendar("nights", 480, (NIGHT,) * 5 + ((), NIGHT), (), (DatedShifts(date(2026, 1, 10), date(2026, 1, 10), ((600, 660),)),)),
    ROUND_THE_CLOCK,
]
START = datetime(2026, 1, 5, 8)
TYPES = ["FS", "SS", "FF", "SF"]
CONSTRAINTS = [
    "start_on_or_after",
    "start_on_or_before",
    "start_on",
    "finish_on_or_after",
    "finish_on_or_before",
    "finish_on",
    "mandatory_start",
    "mandatory_finish",
]


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """A random plan as plain data; instants and amounts in half hours."""
    n = draw(st.integers(2, 7))
    several = draw(st.booleans())
    progressed = draw(st.booleans())
    activities = [_activity(draw, i, several, progressed) for i in range(n)]
    pairs = [(i, j) for j in range(n) for i in range(j)]
    links = [
        (f"A{i}", f"A{j}", draw(st.sampled_from(TYPES)), draw(st.sampled_from([0, 0, 0, 4, 11, 40, -3, -16])), draw(st.booleans()) if several else False)
        for i, j in draw(st.lists(st.sampled_from(pairs), max_size=10))
    ]
    return {
        "activities": activities,
        "links": links,
        "data_date": draw(st.integers(0, 120)) if progressed else None,
        "must_finish": draw(st.sampled_from([None, None, 100, 700])),
        "lag_calendar": draw(st.sampled_from(["predecessor", "successor", "24h"])) if several else "predecessor",
        "out_of_sequence": draw(st.sampled_from(["retained_logic", "progress_override"])),
    }


def _activity(draw: st.DrawFn, i: int, several: bool, progressed: bool) -> dict[str, Any]:
    duration = draw(st.sampled_from([0, 1, 3, 16, 24, 50]))
    state = draw(st.sampled_from(["open", "open", "started", "done"])) if progressed and duration else "open"
    kind = "task" if duration else draw(st.sampled_from(["start_milestone", "finish_milestone"]))
    constraint = draw(st.sampled_from([None, None, None, *CONSTRAINTS])) if state == "open" else None
    calendar = draw(st.integers(0, len(CALENDARS) - 1)) if several else 0
    return {
        "name": f"A{i}", "duration": duration, "state": state, "kind": kind, "calendar": calendar,
        "constraint": constraint, "when": draw(st.integers(0, 400)), "began": draw(st.integers(0, 60)), "lasted": draw(st.integers(0, 100)),
    }  # fmt: skip


def at(slots: int) -> datetime:
    return START + timedelta(minutes=30 * slots)


def as_plan(net: dict[str, Any]) -> Project:
    details, days = {}, {}
    for a in net["activities"]:
        days[a["name"]] = a["duration"] / 16
        row: dict[str, Any] = {"duration": a["duration"] * 30, "remaining_duration": a["duration"] * 30, "kind": a["kind"], "calendar": str(a["calendar"])}
        if a["constraint"]:
            row |= {"constraint": a["constraint"], "constraint_date": at(a["when"])}
        if a["state"] != "open":
            row["actual_start"] = at(a["began"])
        if a["state"] == "done":
            row |= {"actual_finish": at(a["began"] + a["lasted"]), "remaining_duration": 0}
        details[a["name"]] = row
    options = SchedulingOptions(lag_calendar=net["lag_calendar"], out_of_sequence=net["out_of_sequence"])
    data_date = None if net["data_date"] is None else at(net["data_date"])
    must_finish = None if net["must_finish"] is None else at(net["must_finish"])
    plan = make_plan(days, start=START, calendar=WEEKDAYS, data_date=data_date, must_finish=must_finish, details=details, options=options)
    rows = [(p, s, t, lag * 30, "elapsed" if elapsed else "working", None, None) for p, s, t, lag, elapsed in net["links"]]
    relationships = Relationships.validate(pl.DataFrame(rows, schema=dict(Relationships.create_empty().schema), orient="row", strict=False))
    calendars = calendar_tables({"calendar": WEEKDAYS} | {str(i): cal for i, cal in enumerate(CALENDARS)})
    return Project(plan.info, {**plan.tables, "relationships": relationships, **calendars})


def as_reference(net: dict[str, Any]) -> tuple[dict[str, reference.Activity], list[reference.Link]]:
    """The same rules once more, as methods.md words them."""
    begin = max(START, at(net["data_date"] or 0))
    by_name = {a["name"]: a for a in net["activities"]}
    found = {a["name"]: _reference_activity(a, begin) for a in net["activities"] if a["state"] != "done"}
    links = []
    for p, s, type_, lag, elapsed in net["links"]:
        before, after = by_name[p], by_name[s]
        if after["state"] == "done":
            continue
        own = {"predecessor": CALENDARS[before["calendar"]], "successor": CALENDARS[after["calendar"]], "24h": ROUND_THE_CLOCK}[net["lag_calendar"]]
        link = reference.Link(p, s, type_, lag, ROUND_THE_CLOCK if elapsed else own)
        overridden = net["out_of_sequence"] == "progress_override" or (type_ == "SS" and before["state"] == "started")
        if after["state"] == "started" and type_ in ("FS", "SS") and overridden:
            continue
        if before["state"] == "done":
            anchor = at(before["began"] + (before["lasted"] if type_ in ("FS", "FF") else 0))
            what = "es" if type_ in ("FS", "SS") else "ef"
            found[s].low[what] = max(found[s].low.get(what, anchor), reference.lagged(link, anchor))
        else:
            links.append(link)
    return found, links


def _reference_activity(a: dict[str, Any], begin: datetime) -> reference.Activity:
    activity = reference.Activity(a["name"], CALENDARS[a["calendar"]], a["duration"], a["kind"] == "finish_milestone", {"es": begin})
    kind, when = a["constraint"], at(a["when"])
    if kind is None:
        return activity
    end = "s" if "start" in kind else "f"
    if kind.startswith("mandatory"):
        activity.pinned[end] = when
        return activity
    if not kind.endswith("before"):
        activity.low["e" + end] = max(when, activity.low.get("e" + end, when))
    if not kind.endswith("after"):
        activity.high["l" + end] = when
    return activity


def pins_hold(net: dict[str, Any]) -> bool:
    """Mandatory dates before the data date are a rule of their own, which the real files test."""
    begin = max(START, at(net["data_date"] or 0))
    return all(not (a["constraint"] or "").startswith("mandatory") or at(a["when"]) >= begin + timedelta(days=10) for a in net["activities"])


MILESTONE_AFTER_NIGHT = {
    "activities": [
        {"name": "A0", "duration": 16, "state": "open", "kind": "task", "calendar": 2, "constraint": None, "when": 0, "began": 0, "lasted": 0},
        {"name": "A1", "duration": 0, "state": "open", "kind": "finish_milestone", "calendar": 0, "constraint": None, "when": 0, "began": 0, "lasted": 0},
        {"name": "A2", "duration": 3, "state": "open", "kind": "task", "calendar": 3, "constraint": None, "when": 0, "began": 0, "lasted": 0},
    ],
    "links": [("A0", "A1", "FS", 0, False), ("A1", "A2", "FS", 4, True)],
    "data_date": None, "must_finish": None, "lag_calendar": "predecessor", "out_of_sequence": "retained_logic",
}  # fmt: skip


BOTH_BEGUN = {
    "activities": [
        {"name": f"A{i}", "duration": 50, "state": "started", "kind": "task", "calendar": 0, "constraint": None, "when": 0, "began": i, "lasted": 0}
        for i in range(2)
    ],
    "links": [("A0", "A1", "SS", 40, False)],
    "data_date": 48, "must_finish": None, "lag_calendar": "predecessor", "out_of_sequence": "retained_logic",
}  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], derandomize=True)
@example(net=MILESTONE_AFTER_NIGHT)
@example(net=BOTH_BEGUN)
@given(net=networks().filter(pins_hold))
def test_engine_is_the_reference(net: dict[str, Any]) -> None:
    activities, links = as_reference(net)
    ours = {row["activity"]: row for row in schedule.dates(as_plan(net)).iter_rows(named=True)}
    if not activities:
        return
    early = reference.early(activities, links)
    finish = max(end for _, end in early.values())
    until = finish if net["must_finish"] is None else at(net["must_finish"])
    late = reference.late(activities, links, until)
    floats = reference.floats(activities, early, late)
    free = reference.free_floats(activities, links, early, finish)
    for name, activity in activities.items():
        row = ours[name]
        started = next(a for a in net["activities"] if a["name"] == name)["state"] == "started"
        theirs = {"early_finish": early[name][1], "late_start": late[name][0], "late_finish": late[name][1]} | (
            {} if started else {"early_start": early[name][0]}
        )
        for column, when in theirs.items():
            assert reference.count(activity.calendar, row[column], when) == 0, (name, column, row[column], when)
        assert row["total_float"] == floats[name] * 30, (name, "total_float")
        assert row["free_float"] == free[name] * 30, (name, "free_float")

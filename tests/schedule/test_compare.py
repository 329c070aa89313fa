"""What changed between two versions of a plan, and what moved its finish: small plans, each kind of change by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import schedule
from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.errors import NotAvailable
from pmo_lib.matching import match
from pmo_lib.plan_calendars import calendar_from_rule
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.schedule.comparison.attribution import finish_of
from pmo_lib.schedule.comparison.halfway import COLUMN_GROUPS, DATED, GROUPS, Halfway
from pmo_lib.schedule.network import bounds
from pmo_lib.standards import CalendarRule
from pmo_lib.tables import TABLES
from pmo_lib.tables.framing import framed

OLDER = {"A": 5, "B": (3, "A"), "C": (4, "A"), "D": (2, "B; C")}
SHIFTS = ["08:00-12:00", "13:00-17:00"]
WEEK = ["mon", "tue", "wed", "thu", "fri"]


def changes(older: Project, newer: Project) -> list[tuple[Any, ...]]:
    return schedule.compare(older, newer).changes.select("activity", "change", "before", "after", "days").rows()


def moved(older: Project, newer: Project) -> dict[str, tuple[float, float | None]]:
    """Days in sequence and alone by group."""
    found = schedule.compare(older, newer).attribution
    assert found is not None
    return {group: (days, alone) for group, days, alone in found.select("group", "days", "alone_days").iter_rows()}


def with_activities(plan: Project, **columns: dict[str, Any]) -> Project:
    """The plan with values of single activities changed, by column."""
    frame = plan.tables["activities"]
    for column, values in columns.items():
        new = [values.get(activity, value) for activity, value in frame.select("activity", column).iter_rows()]
        frame = frame.with_columns(pl.Series(column, new, frame.schema[column], strict=False))
    return Project(plan.info, {**plan.tables, "activities": frame}, plan.findings)


def test_nothing_changed() -> None:
    found = schedule.compare(make_plan(OLDER), make_plan(OLDER))
    assert found.changes.is_empty()
    assert found.verdict == "same"
    assert found.attribution is not None
    assert found.attribution.select("group", "minutes").rows() == [("interaction", 0), ("total", 0)]


def test_a_comparison_shows_itself_in_a_line() -> None:
    longer = make_plan({**OLDER, "A": 7, "C": (6, "A SS")})
    assert repr(schedule.compare(make_plan(OLDER), longer)) == (
        "<Comparison: same, 7 changes; finish 2026-01-19 -> 2026-01-20; durations +4.0, logic -3.0, total +1.0 working days>"
    )


def test_every_kind_of_change() -> None:
    when = datetime(2026, 1, 12, 8)
    newer = make_plan(
        {"A": 7, "B": (3, "A SS+1d"), "D": (2, "B"), "E": (1, "D")},
        details={"D": {"name": "Delivery", "constraint": "start_on_or_after", "constraint_date": when}},
    )
    found = changes(make_plan(OLDER), newer)
    assert found[:4] == [
        ("B", "gained", "2026-01-14 17:00:00", "2026-01-08 17:00:00", -4.0),
        ("D", "gained", "2026-01-19 17:00:00", "2026-01-13 17:00:00", -4.0),
        ("A", "slipped", "2026-01-09 17:00:00", "2026-01-13 17:00:00", 2.0),
        ("A", "duration", "5 d", "7 d", 2.0),
    ]
    assert sorted(found[4:]) == sorted([
        ("E", "added", None, None, None),
        ("C", "removed", None, None, None),
        ("D", "renamed", "D", "Delivery", None),
        ("B", "relinked", "A FS", "A SS+1d", None),
        ("D", "relinked", "C FS", None, None),
        ("D", "constraint", None, "start on or after 2026-01-12 08:00:00", None),
    ])  # fmt: skip


def test_groups_are_applied_one_after_another_and_add_up() -> None:
    """A 5 → C 4 → D 2. Longer by 2 in A, by 1 in the new E; B to be done before C instead of beside it: 3 more."""
    newer = make_plan({"A": 7, "B": (3, "A"), "C": (4, "B"), "D": (2, "C"), "E": (1, "D")})
    assert moved(make_plan(OLDER), newer) == {"durations": (2, 2), "scope": (1, 1), "logic": (3, 3), "interaction": (0, 0), "total": (6, 6)}


def test_what_groups_do_together_is_their_interaction() -> None:
    """What an overlap of C would win is lost where B beside it is longer, and a lag on B costs more once it is."""
    older = make_plan({"A": 5, "B": (3, "A"), "C": (4, "A"), "D": (2, "B; C")})
    newer = make_plan({"A": 5, "B": (5, "A"), "C": (4, "A"), "D": (2, "B; C FS-1d")})
    assert moved(older, newer) == {"durations": (1, 1), "logic": (0, -1), "interaction": (0, 1), "total": (1, 1)}
    newer = make_plan({"A": 5, "B": (3, "A FS+1d"), "C": (4, "A"), "D": (2, "B FS+1d; C")})
    newer = with_activities(newer, duration={"B": 4 * 480}, remaining_duration={"B": 4 * 480})
    found = moved(older, newer)
    assert found == {"durations": (0, 0), "logic": (2, 1), "interaction": (0, 1), "total": (2, 2)}


def test_progress_apart_from_what_was_revised() -> None:
    """Half of A's five days are done after six: that is progress. A remainder longer than what was left before is a longer duration."""
    older = make_plan(OLDER, data_date="2026-01-05")
    begun = {"A": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 3 * 480, "duration": 9 * 480}}
    slow = make_plan(OLDER, data_date="2026-01-13", details=begun)
    assert moved(older, slow) == {"progress": (4, 4), "interaction": (0, 0), "total": (4, 4)}
    longer = make_plan(OLDER, data_date="2026-01-13", details={"A": begun["A"] | {"remaining_duration": 7 * 480, "duration": 13 * 480}})
    assert moved(older, longer)["progress"] == (6, 6)
    assert moved(older, longer)["durations"] == (2, 2)
    rows = schedule.compare(older, longer).changes.filter(pl.col("group").is_not_null()).select("change", "field", "before", "after", "days").rows()
    assert ("duration", "remaining duration", "5 d", "7 d", 2.0) in rows
    assert ("actuals", "actual start", None, "2026-01-05 08:00:00", None) in rows


def test_an_activity_put_into_a_chain_takes_the_links_it_replaces_along() -> None:
    newer = make_plan({"A": 5, "N": (2, "A"), "B": (3, "A"), "C": (4, "N"), "D": (2, "B; C")})
    assert moved(make_plan(OLDER), newer) == {"scope": (2, 2), "interaction": (0, 0), "total": (2, 2)}
    assert moved(newer, make_plan(OLDER)) == {"scope": (-2, -2), "interaction": (0, 0), "total": (-2, -2)}


def test_calendars_change_in_their_content_and_by_assignment() -> None:
    older = make_plan(OLDER)
    off = calendar_from_rule("mon-fri", CalendarRule(week=WEEK, shifts=SHIFTS, holidays=["2026-01-06", "2026-01-07"]))
    newer = Project(older.info, {**older.tables, **calendar_tables({"calendar": off})})
    assert moved(older, newer)["calendars"] == (2, 2)
    row = schedule.compare(older, newer).changes.row(by_predicate=pl.col("change") == "hours", named=True)
    assert (row["activity"], row["name"], row["after"]) == ("mon-fri", "4 activities", "2026-01-06 off, 2026-01-07 off")
    early = calendar_from_rule("mon-fri", CalendarRule(week=WEEK, shifts=["07:00-15:00"], holidays=[]))
    shifted = Project(older.info, {**older.tables, **calendar_tables({"calendar": early})})
    row = schedule.compare(older, shifted).changes.row(by_predicate=pl.col("change") == "hours", named=True)
    assert (row["before"], row["after"]) == ("40 h a week, Mon 08:00-12:00 13:00-17:00", "40 h a week, Mon 07:00-15:00")
    six = calendar_from_rule("six days", CalendarRule(week=[*WEEK, "sat"], shifts=SHIFTS, holidays=[]))
    five = calendar_from_rule("mon-fri", CalendarRule(week=WEEK, shifts=SHIFTS, holidays=[]))
    both = Project(older.info, {**older.tables, **calendar_tables({"calendar": five, "six": six})})
    assigned = with_activities(both, calendar={"C": "six"})
    assert moved(both, assigned)["calendars"] == (-1, -1)
    assert ("C", "calendar", "mon-fri", "six days", None) in changes(both, assigned)


def test_constraints_project_dates_and_options() -> None:
    older = make_plan(OLDER)
    held = make_plan(OLDER, details={"D": {"constraint": "start_on_or_after", "constraint_date": datetime(2026, 1, 20, 8)}})
    assert moved(older, held)["constraints"] == (2, 2)
    later = make_plan(OLDER, start="2026-01-08")
    assert moved(older, later)["constraints"] == (3, 3)
    before = make_plan({"A": 5, "B": (3, "A FS+5d")}, options=SchedulingOptions())
    now = make_plan({"A": 5, "B": (3, "A FS+5d")}, options=SchedulingOptions(lag_calendar="24h"))
    assert moved(before, now)["options"][0] < 0
    assert ("plan", "option", "predecessor", "24h", None) in changes(before, now)


def test_levelling_delay_counts_to_resources() -> None:
    """A ends on Friday; C could begin on Monday at 08:00, and four days on the clock later it is Friday."""
    newer = with_activities(make_plan(OLDER), levelling_delay={"C": 4 * 1440})
    assert moved(make_plan(OLDER), newer)["resources"] == (4, 4)


def test_an_activity_with_a_new_id_is_the_same_activity() -> None:
    older, newer = make_plan({"A": 5, "B": (3, "A")}), make_plan({"A100": 5, "B": (3, "A100")})
    newer = with_activities(newer, uid={"A100": "A"})
    assert changes(older, newer) == [("A100", "renamed", "A", "A100", None), ("A100", "renamed", "A", "A100", None)]  # its id, and its name


def test_the_method_of_matching_is_shown() -> None:
    older = with_activities(make_plan(OLDER), guid={"A": "g-a"}, uid={"A": "1", "B": "2", "C": "3", "D": "4"})
    newer = make_plan({"X1": 5, "X2": (3, "X1"), "C": (4, "X1"), "X4": (2, "X2; C")})
    newer = with_activities(newer, guid={"X1": "g-a"}, uid={"X1": "9", "X2": "2", "C": "8", "X4": "7"}, name={"X1": "A", "X2": "B", "X4": "D"})
    found = schedule.compare(older, newer).matching
    assert found.select("older", "newer", "method").rows() == [
        ("A", "X1", "guid"), ("B", "X2", "internal_id"), ("C", "C", "visible_id"), ("D", "X4", "name_and_wbs"),
    ]  # fmt: skip


def test_ids_that_coincide_are_no_match() -> None:
    """Unique ids of MS Project count from one in every plan."""
    other = with_activities(make_plan(OLDER), name={"A": "Survey", "B": "Dig", "C": "Pour", "D": "Cure"})
    found = schedule.compare(make_plan(OLDER), other)
    assert (found.verdict, found.share, found.attribution) == ("different", 0.0, None)
    assert found.reason == "these are different plans"
    assert repr(found).endswith("; nothing attributed: these are different plans>")


def test_equal_names_are_no_proof_where_nothing_else_is_alike() -> None:
    """Task 1, Task 2 … are any plan's names."""
    names = [f"Task {number}" for number in range(1, 11)]
    one = make_plan({name: (days + 1, names[days - 1]) if days else 1 for days, name in enumerate(names)})
    other = make_plan({name: (days + 20, names[days - 7]) if days > 6 else days + 20 for days, name in enumerate(names)})
    assert schedule.compare(one, other).verdict == "doubtful"
    assert schedule.compare(one, one).verdict == "same"


def test_stored_dates_move_nothing() -> None:
    older, newer = (make_plan({"A": 5}, details={"A": {"stored_finish": datetime(2026, 2, day, 17)}}) for day in (6, 9))
    assert changes(older, newer) == []


def test_retroactive_actuals_are_flagged() -> None:
    """Reported for the time before the older status date, changed, or withdrawn: the history was rewritten. Reported since then: it was not."""
    early, since = datetime(2026, 1, 5, 8), datetime(2026, 1, 8, 8)
    plans = [
        make_plan({"A": 5, "B": 5}, data_date=day, details={} if start is None else {"A": {"actual_start": start}})
        for day, start in (("2026-01-07", None), ("2026-01-12", early), ("2026-01-12", since), ("2026-01-12", None))
    ]

    def flagged(one: int, other: int) -> list[bool]:
        return schedule.compare(plans[one], plans[other]).changes.filter(pl.col("change") == "actuals")["retroactive"].to_list()

    assert [flagged(0, 1), flagged(0, 2), flagged(1, 2), flagged(1, 3)] == [[True], [False], [True], [True]]


def test_friday_evening_is_not_before_a_status_date_of_monday_morning() -> None:
    """No work lies between: what ended then was reported in time, as the check of retroactive actuals has it too."""
    older = make_plan({"A": 5}, details={"A": {"actual_start": datetime(2026, 1, 5, 8)}}, data_date="2026-01-12")
    for hour, late in ((17, False), (16, True)):
        done = {"actual_start": datetime(2026, 1, 5, 8), "actual_finish": datetime(2026, 1, 9, hour), "remaining_duration": 0}
        newer = make_plan({"A": 5}, details={"A": done}, data_date="2026-01-19")
        found = schedule.compare(older, newer).changes.filter(pl.col("change") == "actuals")
        assert found["retroactive"].to_list() == [late]
        assert schedule.checks(newer, previous=older).filter(check="retroactive_actuals")["numerator"].item() == late


def test_who_is_assigned_is_told() -> None:
    """Another crew, half a crew, nobody any more; a resource with a new key is the same one."""

    def with_crews(plan: Project, key: str, *booked: tuple[str, str, float]) -> Project:
        crews = [(f"{key}{name}", name, "labour") for name in ("Blue", "Red")]
        resources = pl.DataFrame(crews, schema=["resource", "name", "kind"], orient="row")
        assignments = pl.DataFrame([(a, key + name, units) for a, name, units in booked], schema=["activity", "resource", "units"], orient="row")
        tables = {"resources": resources, "assignments": assignments}
        return Project(plan.info, {**plan.tables, **{name: framed(TABLES[name], frame.to_dicts()) for name, frame in tables.items()}})

    older = with_crews(make_plan(OLDER), "1", ("A", "Blue", 1.0), ("B", "Blue", 1.0), ("C", "Red", 1.0), ("D", "Red", 1.0))
    newer = with_crews(make_plan(OLDER), "2", ("A", "Blue", 1.0), ("A", "Red", 1.0), ("B", "Blue", 0.5), ("D", "Red", 1.0))
    assert changes(older, newer) == [
        ("A", "resources", "Blue", "Blue, Red", None),
        ("B", "resources", "Blue", "Blue 50\u00a0%", None),
        ("C", "resources", "Red", None, None),
    ]
    assert moved(older, newer) == {"resources": (0, 0), "interaction": (0, 0), "total": (0, 0)}


def test_new_names_are_told_last() -> None:
    newer = make_plan({"A": (5,), "B": (3, "A"), "C": (4, "A"), "D": (2, "B")}, details={"A": {"name": "Dig"}})
    assert [row[1] for row in changes(make_plan(OLDER), newer)][-2:] == ["relinked", "renamed"]


def test_path_and_floats_before_and_after() -> None:
    newer = make_plan({"A": 5, "B": (6, "A"), "C": (4, "A"), "D": (2, "B; C")})
    found = schedule.compare(make_plan(OLDER), newer)
    assert found.path is not None
    assert found.floats is not None
    assert found.path.select("activity", "change").rows() == [("A", "stayed"), ("C", "left"), ("B", "entered"), ("D", "stayed")]
    assert found.floats.select("activity", "before", "after", "days").rows()[0] == ("B", 480, 0, -1.0)
    assert found.floats["days"][-1] == 2.0


def test_a_loop_leaves_the_rest() -> None:
    found = schedule.compare(make_plan({"A": 1}), make_plan({"A": (1, "B"), "B": (1, "A")}))
    assert "loop" in (found.reason or "")
    assert (found.attribution, found.path, found.floats, found.newer_finish) == (None, None, None, None)
    assert ("B", "added") in found.changes.select("activity", "change").rows()


def test_a_group_that_alone_makes_a_loop_is_counted_with_the_next() -> None:
    """B → C is turned round, and N put between C and A's end: halfway there is a loop."""
    older = make_plan({"A": 5, "B": (3, "A"), "C": (4, "B")})
    newer = make_plan({"A": (5, "N"), "B": (3, "C"), "C": 4, "N": (1, "B")})
    found = schedule.compare(older, newer)
    assert found.attribution is not None
    rows = {row["group"]: row for row in found.attribution.iter_rows(named=True)}
    assert rows["scope"]["minutes"] == 0
    assert "counted with it" in rows["scope"]["note"]
    assert rows["scope"]["alone_minutes"] is None
    assert rows["interaction"]["alone_minutes"] is None
    assert rows["logic"]["minutes"] == rows["total"]["minutes"] == 480


def test_without_activities_there_is_nothing_to_compare() -> None:
    plan = make_plan({"A": 1})
    with pytest.raises(NotAvailable, match="needs activities"):
        schedule.compare(plan, Project(plan.info, {"activities": plan.tables["activities"].clear()}))


def test_every_column_that_schedules_has_its_group() -> None:
    """A column that scheduling reads and no group has would move the finish without a cause."""
    grouped = {*COLUMN_GROUPS, *DATED, "activity", "duration", "remaining_duration"}
    assert set(bounds.COLUMNS) <= grouped
    assert set(COLUMN_GROUPS.values()) <= set(GROUPS)


KINDS = ["duration", "link", "unlink", "lag", "add", "remove", "constraint", "delay", "status", "begin"]
EDITS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 7), st.integers(1, 9)), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None)
@given(EDITS)
def test_groups_always_add_up_to_what_moved(edits: list[tuple[str, int, int]]) -> None:
    """Whatever was edited: none of the groups made schedules as the older plan, all of them as the newer, and in sequence nothing is left over."""
    older = make_plan({f"T{i}": (i % 4 + 1, f"T{i - 1}; T{i - 2} SS+1d") if i > 1 else 2 for i in range(8)}, data_date="2026-01-05")
    newer = edited(edits)
    half = Halfway(older, newer, match(older, newer))
    ends = [finish_of(schedule.schedule_once(plan)) for plan in (older, newer)]
    assert [finish_of(schedule.schedule_once(half.plan(groups))) for groups in ((), GROUPS)] == ends
    found = schedule.compare(older, newer)
    if found.attribution is not None:
        rows = {row["group"]: row for row in found.attribution.iter_rows(named=True)}
        assert rows["interaction"]["minutes"] == 0
        assert sum(row["minutes"] for group, row in rows.items() if group != "total") == rows["total"]["minutes"]
        known = [row["alone_minutes"] for group, row in rows.items() if group != "total"]
        assert None in known or sum(known) == rows["total"]["minutes"]


def edited(edits: list[tuple[str, int, int]]) -> Project:
    days: dict[str, float] = {f"T{i}": i % 4 + 1 if i > 1 else 2 for i in range(8)}
    links = {f"T{i}": [f"T{i - 1}", f"T{i - 2} SS+1d"] if i > 1 else [] for i in range(8)}
    details: dict[str, dict[str, Any]] = {}
    data_date = "2026-01-05"
    for number, (what, i, size) in enumerate(edits):
        one = f"T{i}"
        if one not in days:
            continue
        if what == "duration":
            days[one] = size
        elif what == "lag" and links[one]:
            links[one][0] = f"{links[one][0].split()[0]} FF+{size}d"
        elif what == "unlink" and links[one]:
            links[one].pop()
        elif what == "link" and f"T{size - 1}" in days and size - 1 < i:
            links[one].append(f"T{size - 1} FS+{size}d")
        elif what == "add":
            new = f"N{number}"
            days[new], links[new] = size, [one]
        elif what == "remove" and len(days) > 6:
            del days[one]
            links = {key: [link for link in known if link.split()[0] != one] for key, known in links.items() if key != one}
        elif what == "constraint":
            details.setdefault(one, {}).update(constraint="start_on_or_after", constraint_date=datetime(2026, 2, size, 8))
        elif what == "delay":
            details.setdefault(one, {})["levelling_delay"] = size * 1440
        elif what == "status":
            data_date = f"2026-01-{size + 10}"
        elif what == "begin":
            details.setdefault(one, {})["actual_start"] = datetime(2026, 1, 5 + i, 8)
    details = {key: value for key, value in details.items() if key in days}
    entries = {key: (amount, "; ".join(dict.fromkeys(links[key]))) if links[key] else amount for key, amount in days.items()}
    return make_plan(entries, data_date=data_date, details=details)

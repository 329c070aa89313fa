"""Tasks with their relationships, fields and baselines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement

from pmo_lib.calendar import Calendar, between
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project
from pmo_lib.writers.mspdi.calendars import Clocks
from pmo_lib.writers.mspdi.constraints import held
from pmo_lib.writers.mspdi.elements import Row, grouped, money, period, put, tenths
from pmo_lib.writers.mspdi.fields import Fields
from pmo_lib.writers.mspdi.outline import Entry, Outline, name_of

CONSTRAINTS = {
    "as_late_as_possible": 1,
    "mandatory_start": 2,
    "mandatory_finish": 3,
    "start_on_or_after": 4,
    "start_on_or_before": 5,
    "finish_on_or_after": 6,
    "finish_on_or_before": 7,
}
LINK_TYPES = {"FF": 0, "FS": 1, "SF": 2, "SS": 3}
LAG_FORMATS = {"working": 7, "elapsed": 8, "percent": 19, "elapsed_percent": 20}
TASK_TYPES = {"fixed_units": 0, "fixed_duration": 1, "fixed_work": 2}
MILESTONES = ("start_milestone", "finish_milestone")


def write(parent: Element, plan: Project, outline: Outline, clocks: Clocks, fields: Fields, begun: Mapping[str, Row]) -> None:
    """Every task in outline order."""
    links, baselines = grouped(plan, "relationships", "successor"), grouped(plan, "baselines", "activity")
    spans = _spans(outline.entries)
    default = project_calendar(plan)
    counters: list[int] = []
    p6, own = plan.info.application == "p6", plan.info.application == "msp"
    for number, (level, row, element) in enumerate(outline.entries, start=0 if outline.entries[0][0] == 0 else 1):
        item = SubElement(parent, "Task")
        put(item, "UID", outline.uids[name_of(row, element)])
        put(item, "ID", row["row"] if row and row["row"] is not None else number)
        _place(item, level, counters, row, element)
        if row is None:
            _summary(item, spans[number - (0 if outline.entries[0][0] == 0 else 1)], default)
            continue
        row = begun.get(row["activity"], row)
        _activity(item, row if own else {**row, **held(row)}, clocks)
        put(item, "Type", _type(row, plan.info.application))
        # P6 lets resources' calendars move resource-dependent activities alone
        put(item, "IgnoreResourceCalendar", row["ignore_resource_calendars"] or (p6 and row["kind"] == "task"))
        for baseline in baselines.get(row["activity"], []):
            _baseline(item, baseline)
        for link in links.get(row["activity"], []):
            if link["predecessor"] in outline.uids:
                _link(item, link, outline.uids[link["predecessor"]])
        fields.write(item, row["activity"])


def _place(item: Element, level: int, counters: list[int], row: Row | None, element: Row | None) -> None:
    """Name, outline number and level."""
    del counters[level + 1 :]
    counters += [0] * (level + 1 - len(counters))
    counters[level] += 1
    put(item, "Name", row["name"] if row else element["name"] if element else "")
    put(item, "Active", row["active"] if row else True)
    put(item, "Manual", row["manual"] if row else False)
    put(item, "IsNull", False)
    put(item, "EffortDriven", False)
    put(item, "Estimated", False)
    put(item, "WBS", element["code"] if element else None)
    put(item, "OutlineNumber", ".".join(str(count) for count in counters[1:]) or "0")
    put(item, "OutlineLevel", level)
    put(item, "Summary", element is not None)
    put(item, "Rollup", False)


def _spans(entries: list[Entry]) -> list[tuple[datetime, datetime] | None]:
    """From when to when each entry goes: of a summary task what is below it."""
    spans: list[tuple[datetime, datetime] | None] = []
    for place, (level, row, _) in enumerate(entries):
        own = [row] if row is not None else []
        if row is None:
            for below, activity, _ in entries[place + 1 :]:
                if below <= level:
                    break
                own += [activity] if activity is not None else []
        dated = [(one["stored_start"], one["stored_finish"]) for one in own if one["stored_start"] and one["stored_finish"]]
        spans.append((min(start for start, _ in dated), max(finish for _, finish in dated)) if dated else None)
    return spans


def _summary(item: Element, span: tuple[datetime, datetime] | None, default: Calendar) -> None:
    """What MS Project shows of a summary task, which it computes again."""
    if span is not None:
        put(item, "Start", span[0])
        put(item, "Finish", span[1])
    put(item, "Type", TASK_TYPES["fixed_duration"])
    put(item, "Duration", period(between(default, *span) if span else 0))
    put(item, "DurationFormat", 7)


def _activity(item: Element, row: Row, clocks: Clocks) -> None:
    running = row["actual_start"] is not None and row["actual_finish"] is None
    manual = row["manual"] and row["stored_start"] is not None
    for name, value in [
        ("GUID", row["guid"]),
        ("Priority", row["priority"]),
        ("Start", row["stored_start"]),
        ("Finish", row["stored_finish"]),
        ("Duration", period(row["duration"])),
        ("ManualStart", row["stored_start"] if manual else None),
        ("ManualFinish", row["stored_finish"] if manual else None),
        ("ManualDuration", period(row["duration"]) if manual else None),
        ("DurationFormat", 8 if row["elapsed"] else 7),
        ("Work", period(row["planned_work"])),
        ("Stop", row["suspended"] if running else None),
        ("Resume", row["resumed"] if running else None),
        ("Milestone", row["kind"] in MILESTONES),
        ("Critical", row["stored_critical"]),
        ("EarlyStart", row["stored_early_start"]),
        ("EarlyFinish", row["stored_early_finish"]),
        ("LateStart", row["stored_late_start"]),
        ("LateFinish", row["stored_late_finish"]),
        ("FreeSlack", tenths(row["stored_free_float"])),
        ("TotalSlack", tenths(row["stored_total_float"])),
        ("PercentComplete", round(row["percent_complete"] * 100)),
        ("Cost", money(row["planned_cost"])),
        ("ActualStart", row["actual_start"]),
        ("ActualFinish", row["actual_finish"]),
        ("ActualDuration", period(row["duration"] - row["remaining_duration"] if row["actual_start"] else 0)),
        ("ActualCost", money(row["actual_cost"])),
        ("ActualWork", period(row["actual_work"])),
        ("RemainingDuration", period(row["remaining_duration"])),
        ("RemainingCost", money(row["remaining_cost"])),
        ("RemainingWork", period(row["remaining_work"])),
        ("ConstraintType", CONSTRAINTS.get(row["constraint"], 0)),
        ("CalendarUID", clocks.uids.get(row["calendar"], -1)),
        ("ConstraintDate", row["constraint_date"]),
        ("Deadline", row["deadline"]),
        ("LevelingDelay", tenths(row["levelling_delay"])),
        ("LevelingDelayFormat", 8),
        ("PhysicalPercentComplete", None if row["physical_percent"] is None else round(row["physical_percent"] * 100)),
    ]:
        put(item, name, value)


def _type(row: Row, application: str) -> int | None:
    """What stays when work changes. A fixed duration runs on no resource's calendar: it is what P6's task-dependent activities are."""
    if row["task_type"] is not None:
        return TASK_TYPES[row["task_type"]]
    if application == "msp":
        return None
    return TASK_TYPES["fixed_units" if row["kind"] == "resource_dependent" else "fixed_duration"]


def _baseline(task: Element, row: Row) -> None:
    item = SubElement(task, "Baseline")
    put(item, "Number", row["baseline"])
    put(item, "Start", row["start"])
    put(item, "Finish", row["finish"])
    put(item, "Duration", period(row["duration"]))
    put(item, "DurationFormat", None if row["duration"] is None else 7)
    put(item, "Work", period(row["work"]))
    put(item, "Cost", money(row["cost"]))


def _link(task: Element, row: Row, predecessor: int) -> None:
    item = SubElement(task, "PredecessorLink")
    put(item, "PredecessorUID", predecessor)
    put(item, "Type", LINK_TYPES[row["type"]])
    put(item, "CrossProject", False)
    percent = row["lag_kind"] in ("percent", "elapsed_percent")
    put(item, "LinkLag", row["lag_percent"] if percent else row["lag"] * 10)
    put(item, "LagFormat", LAG_FORMATS[row["lag_kind"]])

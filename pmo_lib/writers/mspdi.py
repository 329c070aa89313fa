"""A `Project` as Microsoft Project XML (MSPDI), which MS Project opens and our reader reads back.

Amounts go out as MS Project keeps them: money in hundredths, floats and lags in tenths of minutes, material quantities as hours of work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from pmo_lib.errors import NotAvailable
from pmo_lib.project import Project, table

Row = Mapping[str, Any]

NAMESPACE = "http://schemas.microsoft.com/project"
# MS Project has no "start on" and "finish on" of P6's soft kind: the bound on the early date is what survives
CONSTRAINTS = {
    "as_late_as_possible": 1,
    "mandatory_start": 2,
    "mandatory_finish": 3,
    "start_on_or_after": 4,
    "start_on_or_before": 5,
    "finish_on_or_after": 6,
    "finish_on_or_before": 7,
    "start_on": 4,
    "finish_on": 6,
}
LINK_TYPES = {"FF": 0, "FS": 1, "SF": 2, "SS": 3}
LAG_FORMATS = {"working": 7, "elapsed": 8, "percent": 19, "elapsed_percent": 20}
RESOURCE_TYPES = {"material": 0, "cost": 0, "labour": 1, "equipment": 1}
ACTIVITY_ID = "Activity ID"
FIELDS = {
    "text": ("Text", (188743731, 188743734, 188743737, 188743740, 188743743, 188743746, 188743747, 188743748, 188743749, 188743750)),
    "number": ("Number", (188743767, 188743768, 188743769, 188743770, 188743771, 188743982, 188743983, 188743984, 188743985, 188743986)),
    "duration": ("Duration", (188743783, 188743784, 188743785, 188743955, 188743956, 188743957, 188743958, 188743959, 188743960, 188743961)),
    "cost": ("Cost", (188743786, 188743787, 188743788, 188743938, 188743939, 188743940, 188743941, 188743942, 188743943, 188743944)),
    "date": ("Date", (188743945, 188743946, 188743947, 188743948, 188743949, 188743950, 188743951, 188743952, 188743953, 188743954)),
    "flag": ("Flag", (188743752, 188743753, 188743754, 188743755, 188743756, 188743757, 188743758, 188743759, 188743760, 188743761)),
}


def write_mspdi(plan: Project, path: Path) -> None:
    """Write the plan as MSPDI.

    Activity ids that are no whole numbers get a Unique ID each and are kept in a text field named "Activity ID". Level of effort
    becomes an ordinary task and a secondary constraint is left out, since MS Project has neither.

    Raises `NotAvailable` where the plan has no activities.
    """
    table(plan, "activities", "writers.write_mspdi")
    outline = _Outline(plan)
    root = Element("Project", {"xmlns": NAMESPACE})
    _header(root, plan)
    fields = _definitions(root, plan, outline)
    _calendars(SubElement(root, "Calendars"), plan)
    _tasks(SubElement(root, "Tasks"), plan, outline, fields)
    _resources(SubElement(root, "Resources"), plan)
    _assignments(SubElement(root, "Assignments"), plan, outline)
    indent(root, "")  # a line an element: differences can be read, and nothing is spent on blanks
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


class _Outline:
    """The order of tasks, their levels and Unique IDs. Elements of the work breakdown structure without a summary task become one."""

    def __init__(self, plan: Project) -> None:
        activities = list(_rows(plan, "activities"))
        self.named = all(row["activity"].isdecimal() for row in activities)
        self.summaries = {row["wbs"]: row for row in _rows(plan, "wbs")}
        own: dict[str, Row] = {row["activity"]: row for row in activities}
        self.entries: list[tuple[int, Row | None, Row | None]] = []  # level, activity, WBS element
        works: dict[str | None, list[Row]] = {}
        for row in activities:
            if not (row["kind"] == "summary" and row["activity"] in {element["activity"] for element in self.summaries.values()}):
                works.setdefault(row["wbs"] if row["wbs"] in self.summaries else None, []).append(row)
        children: dict[str | None, list[Row]] = {}
        for element in self.summaries.values():
            children.setdefault(element["parent"], []).append(element)
        self._add(None, -1, works, children, own)
        self.uids = self._numbers()

    def _add(self, key: str | None, level: int, works: dict[str | None, list[Row]], children: dict[str | None, list[Row]], own: dict[str, Row]) -> None:
        self.entries += [(max(level + 1, 1), row, None) for row in works.get(key, [])]
        for element in children.get(key, []):
            self.entries.append((level + 1, own.get(element["activity"]), element))
            self._add(element["wbs"], level + 1, works, children, own)

    def _numbers(self) -> dict[str, int]:
        """Unique ID of each activity, and of each WBS element (under ' ' and its key) that has no activity."""
        if self.named:
            numbers = {row["activity"]: int(row["activity"]) for _, row, _ in self.entries if row}
            free = max(numbers.values(), default=0) + 1
            return numbers | {f" {element['wbs']}": free + index for index, (_, row, element) in enumerate(self.entries) if row is None and element}
        return {row["activity"] if row else f" {element['wbs'] if element else ''}": index for index, (_, row, element) in enumerate(self.entries, start=1)}


def _rows(plan: Project, name: str) -> Iterable[dict[str, Any]]:
    return plan.tables[name].iter_rows(named=True) if name in plan.tables else ()


def _put(parent: Element, name: str, value: object) -> None:
    """A child element; nothing where there is no value."""
    if value is not None:
        SubElement(parent, name).text = _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n")  # XML 1.0 has no other control characters


def _period(minutes: float | None) -> str | None:
    """Minutes as an ISO 8601 duration of hours, minutes and seconds."""
    if minutes is None:
        return None
    seconds = round(abs(minutes) * 60)
    return f"{'-' if minutes < 0 else ''}PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"


def _money(amount: float | None) -> float | None:
    return None if amount is None else round(amount * 100, 2)


def _tenths(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 10


def _header(root: Element, plan: Project) -> None:
    info, options = plan.info, plan.info.options
    for name, value in [
        ("SaveVersion", 14),
        ("Name", f"{info.key}.xml"),
        ("Title", info.name),
        ("Manager", info.manager),
        ("ScheduleFromStart", options.schedule_from == "start"),
        ("StartDate", info.planned_start),
        ("FinishDate", info.stored_finish),
        ("CriticalSlackLimit", options.critical_float // options.minutes_per_day),
        ("CurrencyDigits", 2),
        ("CurrencyCode", info.currency),
        ("CalendarUID", info.calendar),
        ("DefaultStartTime", "08:00:00"),
        ("DefaultFinishTime", "17:00:00"),
        ("MinutesPerDay", options.minutes_per_day),
        ("MinutesPerWeek", options.minutes_per_week),
        ("DaysPerMonth", options.days_per_month),
        ("DurationFormat", 7),
        ("WorkFormat", 2),
        ("HonorConstraints", options.honour_constraints),
        ("MultipleCriticalPaths", options.open_ends_critical),
        ("SplitsInProgressTasks", options.out_of_sequence == "retained_logic"),
        ("StatusDate", info.data_date),
    ]:
        _put(root, name, value)


def _definitions(root: Element, plan: Project, outline: _Outline) -> dict[str, tuple[int, str]]:
    """The custom fields of tasks: name to (MS Project's field id, kind). Fields beyond MS Project's ten of a kind have no place."""
    kinds: dict[str, str] = {} if outline.named else {ACTIVITY_ID: "text"}
    for row in _rows(plan, "custom_fields"):
        if row["subject"] == "activity":
            kinds.setdefault(row["field"], row["kind"])
    for row in _rows(plan, "codes"):
        kinds.setdefault(row["type"], "text")
    used: dict[str, int] = {}
    fields: dict[str, tuple[int, str]] = {}
    parent = SubElement(root, "ExtendedAttributes")
    for name, kind in kinds.items():
        label, numbers = FIELDS[kind]
        index = used.get(kind, 0)
        if index == len(numbers):
            raise NotAvailable(f"MS Project has ten custom fields of the kind {kind}, and {plan.info.key} uses more; leave {name!r} out and write again")
        used[kind], fields[name] = index + 1, (numbers[index], kind)
        item = SubElement(parent, "ExtendedAttribute")
        _put(item, "FieldID", numbers[index])
        _put(item, "FieldName", f"{label}{index + 1}")
        if name != f"{label}{index + 1}":
            _put(item, "Alias", name)
    return fields


def _calendars(parent: Element, plan: Project) -> None:
    shifts, exceptions = _grouped(plan, "shifts"), _grouped(plan, "exceptions")
    for row in _rows(plan, "calendars"):
        item = SubElement(parent, "Calendar")
        _put(item, "UID", row["calendar"])
        _put(item, "Name", row["name"])
        _put(item, "IsBaseCalendar", row["base"] is None)
        _put(item, "BaseCalendarUID", row["base"] or -1)
        own = shifts.get(row["calendar"], [])
        _week(item, [shift for shift in own if shift["first"] is None])
        _exceptions(item, exceptions.get(row["calendar"], []))
        _alternatives(item, [shift for shift in own if shift["first"] is not None])


def _grouped(plan: Project, name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in _rows(plan, name):
        groups.setdefault(row["calendar"], []).append(row)
    return groups


def _week(parent: Element, shifts: list[Row]) -> None:
    if not shifts:
        return
    days = SubElement(parent, "WeekDays")
    for weekday in (7, 1, 2, 3, 4, 5, 6):  # MSPDI begins the week on Sunday
        found = [shift for shift in shifts if shift["weekday"] == weekday]
        if found:
            item = SubElement(days, "WeekDay")
            _put(item, "DayType", weekday % 7 + 1)
            _times(item, found)


def _times(item: Element, shifts: list[Row]) -> None:
    worked = [shift for shift in shifts if shift["start"] is not None]
    _put(item, "DayWorking", bool(worked))
    if worked:
        times = SubElement(item, "WorkingTimes")
        for shift in worked:
            time = SubElement(times, "WorkingTime")
            _put(time, "FromTime", _clock(shift["start"]))
            _put(time, "ToTime", _clock(shift["finish"]))


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}:00"


def _exceptions(parent: Element, rows: list[Row]) -> None:
    if not rows:
        return
    items = SubElement(parent, "Exceptions")
    spells: dict[tuple[date, date, str | None], list[Row]] = {}
    for row in rows:
        spells.setdefault((row["first"], row["last"], row["name"]), []).append(row)
    for (first, last, name), shifts in spells.items():
        item = SubElement(items, "Exception")
        _put(item, "EnteredByOccurrences", False)
        _days(item, first, last)
        _put(item, "Occurrences", (last - first).days + 1)
        _put(item, "Name", name)
        _put(item, "Type", 1)
        _times(item, shifts)


def _days(item: Element, first: date, last: date) -> None:
    period = SubElement(item, "TimePeriod")
    _put(period, "FromDate", f"{first}T00:00:00")
    _put(period, "ToDate", f"{last}T23:59:00")


def _alternatives(parent: Element, shifts: list[Row]) -> None:
    weeks = sorted({(shift["first"], shift["last"]) for shift in shifts})
    if not weeks:
        return
    items = SubElement(parent, "WorkWeeks")
    for first, last in weeks:
        item = SubElement(items, "WorkWeek")
        _days(item, first, last)
        _week(item, [shift for shift in shifts if (shift["first"], shift["last"]) == (first, last)])


def _tasks(parent: Element, plan: Project, outline: _Outline, fields: dict[str, tuple[int, str]]) -> None:
    values = _field_values(plan, outline)
    links: dict[str, list[Row]] = {}
    for row in _rows(plan, "relationships"):
        links.setdefault(row["successor"], []).append(row)
    baselines: dict[str, list[Row]] = {}
    for row in _rows(plan, "baselines"):
        baselines.setdefault(row["activity"], []).append(row)
    counters: list[int] = []
    for number, (level, row, element) in enumerate(outline.entries):
        item = SubElement(parent, "Task")
        _put(item, "UID", outline.uids[row["activity"] if row else f" {element['wbs'] if element else ''}"])
        _put(item, "ID", row["row"] if row and row["row"] is not None else number)
        _place(item, level, counters, row, element)
        if row is None:
            continue
        _activity(item, row)
        for name, value in values.get(row["activity"], {}).items():
            _extended(item, fields[name], value)
        for baseline in baselines.get(row["activity"], []):
            _baseline(item, baseline)
        for link in links.get(row["activity"], []):
            _link(item, link, outline.uids[link["predecessor"]])


def _place(item: Element, level: int, counters: list[int], row: Row | None, element: Row | None) -> None:
    """Name, outline number and level."""
    del counters[level + 1 :]
    counters += [0] * (level + 1 - len(counters))
    counters[level] += 1
    _put(item, "Name", row["name"] if row else element["name"] if element else "")
    _put(item, "Active", row["active"] if row else True)
    _put(item, "Manual", row["manual"] if row else False)
    _put(item, "Type", 1)  # fixed duration: adding people does not shorten it
    _put(item, "WBS", element["code"] if element else None)
    _put(item, "OutlineNumber", ".".join(str(count) for count in counters[1:]) or "0")
    _put(item, "OutlineLevel", level)
    _put(item, "Summary", element is not None)


def _activity(item: Element, row: Row) -> None:
    running = row["actual_start"] is not None and row["actual_finish"] is None
    started = row["actual_start"] is not None
    for name, value in [
        ("GUID", row["guid"]),
        ("Priority", row["priority"]),
        ("Start", row["stored_start"]),
        ("Finish", row["stored_finish"]),
        ("Duration", _period(row["duration"])),
        ("DurationFormat", 8 if row["elapsed"] else 7),
        ("Work", _period(row["planned_work"])),
        ("Stop", row["suspended"] if running else None),
        ("Resume", row["resumed"] if running else None),
        ("Milestone", row["kind"] in ("start_milestone", "finish_milestone")),
        ("Critical", row["stored_critical"]),
        ("EarlyStart", row["stored_early_start"]),
        ("EarlyFinish", row["stored_early_finish"]),
        ("LateStart", row["stored_late_start"]),
        ("LateFinish", row["stored_late_finish"]),
        ("FreeSlack", _tenths(row["stored_free_float"])),
        ("TotalSlack", _tenths(row["stored_total_float"])),
        ("PercentComplete", round(row["percent_complete"] * 100)),
        ("Cost", _money(row["planned_cost"])),
        ("ActualStart", row["actual_start"]),
        ("ActualFinish", row["actual_finish"]),
        ("ActualDuration", _period(row["duration"] - row["remaining_duration"] if started else 0)),
        ("ActualCost", _money(row["actual_cost"])),
        ("ActualWork", _period(row["actual_work"])),
        ("RemainingDuration", _period(row["remaining_duration"])),
        ("RemainingCost", _money(row["remaining_cost"])),
        ("RemainingWork", _period(row["remaining_work"])),
        ("ConstraintType", CONSTRAINTS.get(row["constraint"], 0)),
        ("CalendarUID", row["calendar"] or -1),
        ("ConstraintDate", row["constraint_date"]),
        ("Deadline", row["deadline"]),
        ("LevelingDelay", _tenths(row["levelling_delay"])),
        ("IgnoreResourceCalendar", row["ignore_resource_calendars"]),
        ("PhysicalPercentComplete", None if row["physical_percent"] is None else round(row["physical_percent"] * 100)),
    ]:
        _put(item, name, value)


def _field_values(plan: Project, outline: _Outline) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    if not outline.named:
        values = {row["activity"]: {ACTIVITY_ID: row["activity"]} for row in _rows(plan, "activities")}
    for row in _rows(plan, "custom_fields"):
        if row["subject"] == "activity":
            values.setdefault(row["key"], {})[row["field"]] = row["value"]
    for row in _rows(plan, "codes"):
        values.setdefault(row["activity"], {})[row["type"]] = row["value"]
    return values


def _extended(task: Element, field: tuple[int, str], value: str) -> None:
    item = SubElement(task, "ExtendedAttribute")
    _put(item, "FieldID", field[0])
    _put(item, "Value", _period(float(value)) if field[1] == "duration" else _money(float(value)) if field[1] == "cost" else value)
    _put(item, "DurationFormat", 7 if field[1] == "duration" else None)


def _baseline(task: Element, row: Row) -> None:
    item = SubElement(task, "Baseline")
    _put(item, "Number", row["baseline"])
    _put(item, "Start", row["start"])
    _put(item, "Finish", row["finish"])
    _put(item, "Duration", _period(row["duration"]))
    _put(item, "DurationFormat", None if row["duration"] is None else 7)
    _put(item, "Work", _period(row["work"]))
    _put(item, "Cost", _money(row["cost"]))


def _link(task: Element, row: Row, predecessor: int) -> None:
    item = SubElement(task, "PredecessorLink")
    _put(item, "PredecessorUID", predecessor)
    _put(item, "Type", LINK_TYPES[row["type"]])
    _put(item, "CrossProject", False)
    percent = row["lag_kind"] in ("percent", "elapsed_percent")
    _put(item, "LinkLag", row["lag_percent"] if percent else row["lag"] * 10)
    _put(item, "LagFormat", LAG_FORMATS[row["lag_kind"]])


def _resources(parent: Element, plan: Project) -> None:
    for number, row in enumerate(_rows(plan, "resources"), start=1):
        item = SubElement(parent, "Resource")
        for name, value in [
            ("UID", row["resource"]),
            ("ID", number),
            ("Name", row["name"]),
            ("Type", RESOURCE_TYPES[row["kind"]]),
            ("Initials", row["code"]),
            ("MaxUnits", row["max_units"]),
            ("StandardRate", row["standard_rate"]),
            ("StandardRateFormat", 8 if row["kind"] == "material" else 2),
            ("CalendarUID", row["calendar"]),
            ("IsCostResource", row["kind"] == "cost"),
        ]:
            _put(item, name, value)


def _assignments(parent: Element, plan: Project, outline: _Outline) -> None:
    for number, row in enumerate(_rows(plan, "assignments"), start=1):
        item = SubElement(parent, "Assignment")
        quantity = row["planned_quantity"]
        for name, value in [
            ("UID", row["uid"] or number),
            ("TaskUID", outline.uids[row["activity"]]),
            ("ResourceUID", row["resource"] or -65535),
            ("ActualCost", _money(row["actual_cost"])),
            ("ActualWork", _period(row["actual_work"])),
            ("Cost", _money(row["planned_cost"])),
            ("Finish", row["finish"]),
            ("RemainingCost", _money(row["remaining_cost"])),
            ("RemainingWork", _period(row["remaining_work"])),
            ("Start", row["start"]),
            ("Units", row["units"]),
            ("Work", _period(row["planned_work"] if quantity is None else quantity * 60)),
        ]:
            _put(item, name, value)

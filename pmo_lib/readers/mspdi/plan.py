"""MSPDI tasks as activities, work breakdown structure, relationships and baselines."""

from __future__ import annotations

from typing import Any

from pmo_lib.readers.mspdi import outline
from pmo_lib.readers.mspdi.values import ELAPSED_FORMATS, PERCENT_FORMATS, REMEDY, Item

Rows = list[dict[str, Any]]

# 0, as soon as possible, is no constraint
CONSTRAINTS = {
    1: "as_late_as_possible",
    2: "mandatory_start",
    3: "mandatory_finish",
    4: "start_on_or_after",
    5: "start_on_or_before",
    6: "finish_on_or_after",
    7: "finish_on_or_before",
}
TASK_TYPES = {0: "fixed_units", 1: "fixed_duration", 2: "fixed_work"}
TYPES = {0: "FF", 1: "FS", 2: "SF", 3: "SS"}
DATES = {
    "actual_start": "ActualStart",
    "actual_finish": "ActualFinish",
    "deadline": "Deadline",
    "stored_start": "Start",
    "stored_finish": "Finish",
    "stored_early_start": "EarlyStart",
    "stored_early_finish": "EarlyFinish",
    "stored_late_start": "LateStart",
    "stored_late_finish": "LateFinish",
}
OTHER = "import the other project too"
AMOUNTS = {"planned": "", "actual": "Actual", "remaining": "Remaining"}


def elsewhere(item: Item) -> bool:
    """Whether a task stands for another project or one of its tasks: MS Project schedules such in the other file."""
    return item.flag("ExternalTask") or item.flag("IsSubproject")


def real_tasks(found: list[Item]) -> list[Item]:
    """The tasks without the blank rows, which become one finding, and without rows whose UID lacks or repeats."""
    tasks: dict[str, Item] = {}
    for position, item in enumerate(found, start=1):
        uid = item.text("UID")
        item.place = f"task {uid or '(no UID)'}, row {item.text('ID') or position}"
        if item.flag("IsNull"):
            item.notes.add("info", "blank-row", item.place, "a blank row of the plan was passed over")
        elif not uid or uid in tasks:
            item.notes.add(
                "error", "activity-twice" if uid else "activity-without-id", item.place, "a task whose UID lacks or came before was left out", REMEDY
            )
        else:
            tasks[uid] = item
            if elsewhere(item):
                item.notes.add("warning", "external-task", item.place, "a task of another project keeps the dates that the file holds of it", OTHER)
    return list(tasks.values())


def activities(tasks: list[Item], above: dict[str, str | None], summary: set[str], calendars: set[str]) -> Rows:
    """Rows of activities, summary tasks among them."""
    return [_activity(item, above[item.text("UID")], item.text("UID") in summary, calendars) for item in tasks]


def _activity(item: Item, parent: str | None, summary: bool, calendars: set[str]) -> dict[str, Any]:
    uid, calendar = item.text("UID"), item.text("CalendarUID")
    if calendar not in ("", "-1", *calendars):
        item.notes.add("warning", "reference-missing", item.place, "CalendarUID names no calendar of the file; the project's calendar is used", REMEDY)
    dates = {ours: item.instant(theirs) for ours, theirs in DATES.items()}
    if item.flag("Manual"):  # what MS Project shows of such a task
        dates |= {f"stored_{end}": item.instant(f"Manual{end.title()}") or dates[f"stored_{end}"] for end in ("start", "finish")}
    if dates["actual_finish"] and not dates["actual_start"]:
        item.notes.add("error", "finish-without-start", item.place, "an actual finish without an actual start was left out", REMEDY)
        dates["actual_finish"] = None
    if not summary:
        _begun(item, dates)
    running = bool(dates["actual_start"] and not dates["actual_finish"])
    return {
        "activity": uid,
        "uid": uid,
        "guid": item.text("GUID").lower() or None,
        "row": item.whole("ID"),
        "name": item.text("Name") or f"Task {uid}",
        "wbs": parent,
        "kind": "summary" if summary else _kind(item),
        "calendar": calendar if calendar in calendars else None,
        "active": item.flag("Active") if item.text("Active") else True,
        "manual": item.flag("Manual") or elsewhere(item),
        "elapsed": item.whole("DurationFormat") in ELAPSED_FORMATS,
        "ignore_resource_calendars": item.flag("IgnoreResourceCalendar"),
        "task_type": TASK_TYPES.get(item.whole("Type") or 0) if item.text("Type") else None,
        **_durations(item, bool(dates["actual_finish"])),
        **_shares(item),
        **dates,
        "suspended": item.instant("Stop") if running else None,
        "resumed": item.instant("Resume") if running else None,
        **_constraint(item),
        "levelling_delay": max(item.tenths("LevelingDelay") or 0, 0),
        "priority": item.whole("Priority"),
        "stored_total_float": item.tenths("TotalSlack"),
        "stored_free_float": item.tenths("FreeSlack"),
        "stored_critical": item.flag("Critical") if item.text("Critical") else None,
        **{f"{ours}_work": item.minutes(f"{theirs}Work") for ours, theirs in AMOUNTS.items()},
        **{f"{ours}_cost": item.money(f"{theirs}Cost") for ours, theirs in AMOUNTS.items()},
    }


def _kind(item: Item) -> str:
    return "finish_milestone" if item.flag("Milestone") and not item.minutes("Duration") else "task"


def _durations(item: Item, finished: bool) -> dict[str, int | None]:
    duration, left = item.minutes("Duration"), item.minutes("RemainingDuration")
    if duration is None:
        manual = item.minutes("ManualDuration")
        duration = manual or 0
        if manual is None and not dates_alone(item):
            item.notes.add("warning", "duration-missing", item.place, "a task without a duration was taken as a milestone", REMEDY)
    if left is None:  # MPXJ writes no duration that is none
        left = max(duration - _done(item, duration), 0)
    return {"duration": duration, "remaining_duration": 0 if finished else left}


def dates_alone(item: Item) -> bool:
    """Whether a task says when it starts and finishes, and nothing of how long it lasts."""
    return bool(item.text("Start") and item.text("Finish") and not item.text("Duration") and not item.text("ManualDuration"))


def _done(item: Item, duration: int) -> int:
    """How much of a duration is done: what the file says, or its share."""
    said = item.minutes("ActualDuration")
    return said if said is not None else round(duration * (_share(item.number("PercentComplete")) or 0))


def _begun(item: Item, dates: dict[str, Any]) -> None:
    """Progress without actual dates, which MS Project never writes, into `dates`: as where somebody enters it there, it began as planned."""
    share = _share(item.number("PercentComplete")) or 0
    if share and not dates["actual_start"] and dates["stored_start"]:
        dates["actual_start"] = dates["stored_start"]
        dates["actual_finish"] = dates["stored_finish"] if share == 1 else None
        message = "progress without an actual start was taken to have begun as planned, and at 100 % to have ended so"
        item.notes.add("warning", "progress-without-start", item.place, message, "state the actual dates in the source")


def _shares(item: Item) -> dict[str, float | None]:
    done, physical = item.number("PercentComplete"), item.number("PhysicalPercentComplete")
    return {"percent_complete": _share(done) or 0.0, "physical_percent": _share(physical)}


def _share(percent: float | None) -> float | None:
    return None if percent is None else min(max(percent / 100, 0.0), 1.0)


def _constraint(item: Item) -> dict[str, Any]:
    number = item.whole("ConstraintType") or 0
    kind = CONSTRAINTS.get(number)
    if number and kind is None:
        item.notes.add("error", "value-unknown", item.place, "ConstraintType has a value that MS Project does not have; it was left out", REMEDY)
    day = item.instant("ConstraintDate") if kind and kind != "as_late_as_possible" else None
    if kind and kind != "as_late_as_possible" and day is None:
        item.notes.add("error", "constraint-without-date", item.place, f"a constraint {kind.replace('_', ' ')} without a date was left out", REMEDY)
        kind = None
    return {"constraint": kind, "constraint_date": day}


def wbs(tasks: list[Item], above: dict[str, str | None], summary: set[str]) -> Rows:
    """Rows of the work breakdown structure: one element a summary task."""
    rows: Rows = []
    for item in tasks:
        uid = item.text("UID")
        if uid in summary:
            code = item.text("WBS") or item.text("OutlineNumber") or None
            level = max(outline.level(item), 0)
            rows.append({"wbs": uid, "parent": above[uid], "code": code, "name": item.text("Name") or f"Task {uid}", "level": level, "activity": uid})
    return rows


def relationships(tasks: list[Item]) -> Rows:
    """Rows of relationships; those to other projects' tasks become findings."""
    durations = {item.text("UID"): item for item in tasks}
    rows: Rows = []
    for item in tasks:
        for link in item.items("PredecessorLink"):
            row = _relationship(link, item.text("UID"), durations)
            if row:
                rows.append(row)
    return rows


def _relationship(link: Item, successor: str, tasks: dict[str, Item]) -> dict[str, Any] | None:
    predecessor = link.text("PredecessorUID")
    if link.flag("CrossProject"):
        link.notes.add(
            "warning", "relationship-external", link.place, "a relationship with another project's task is not scheduled here", "import the other project too"
        )
        return None
    if predecessor not in tasks:
        link.notes.add(
            "error",
            "relationship-without-activities",
            f"{link.place}: from UID {predecessor[:20]}",
            "a relationship whose predecessor is not in the plan was left out",
            REMEDY,
        )
        return None
    said = link.text("Type").upper() or "1"
    kind = said if said in TYPES.values() else TYPES.get(int(said)) if said.isdecimal() else None
    if kind is None:
        link.notes.add("error", "value-unknown", link.place, "a relationship of unknown type was left out", REMEDY)
        return None
    return {"predecessor": predecessor, "successor": successor, "type": kind, **_lag(link, tasks[predecessor])}


def _lag(link: Item, predecessor: Item) -> dict[str, Any]:
    unit = link.whole("LagFormat")
    elapsed = unit in ELAPSED_FORMATS
    if unit in PERCENT_FORMATS:
        percent = link.number("LinkLag") or 0.0
        lag = link.notes.whole_minutes((predecessor.minutes("Duration") or 0) * percent / 100, "LinkLag", link.place)
        return {"lag": lag or 0, "lag_kind": "elapsed_percent" if elapsed else "percent", "lag_percent": percent}
    return {"lag": link.tenths("LinkLag") or 0, "lag_kind": "elapsed" if elapsed else "working"}


def baselines(tasks: list[Item]) -> Rows:
    """Rows of baselines 0 to 10."""
    rows: Rows = []
    for item in tasks:
        for baseline in item.items("Baseline"):
            number = baseline.whole("Number") or 0
            row = {
                "baseline": number,
                "activity": item.text("UID"),
                "start": baseline.instant("Start"),
                "finish": baseline.instant("Finish"),
                "duration": baseline.minutes("Duration"),
                "work": baseline.minutes("Work"),
                "cost": baseline.money("Cost"),
            }
            if any(row[column] is not None for column in ("start", "finish", "duration", "work", "cost")):
                rows.append(row)
    return rows

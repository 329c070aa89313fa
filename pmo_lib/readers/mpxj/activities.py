"""MPXJ's tasks as activities and baselines. Runs beside the JVM."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pmo_lib.readers.mpxj.values import constant, instant, number, share, split, text

if TYPE_CHECKING:
    from pmo_lib.readers.mpxj.plan import Plan

Row = dict[str, Any]
CONSTRAINTS = {
    "AS_LATE_AS_POSSIBLE": "as_late_as_possible",
    "START_NO_EARLIER_THAN": "start_on_or_after",
    "START_NO_LATER_THAN": "start_on_or_before",
    "FINISH_NO_EARLIER_THAN": "finish_on_or_after",
    "FINISH_NO_LATER_THAN": "finish_on_or_before",
    "START_ON": "start_on",
    "FINISH_ON": "finish_on",
    "MUST_START_ON": "mandatory_start",
    "MUST_FINISH_ON": "mandatory_finish",
}
P6_KINDS = {
    "TASK_DEPENDENT": "task",
    "RESOURCE_DEPENDENT": "resource_dependent",
    "LEVEL_OF_EFFORT": "level_of_effort",
    "HAMMOCK": "level_of_effort",
    "START_MILESTONE": "start_milestone",
    "START_FLAG": "start_milestone",
    "FINISH_MILESTONE": "finish_milestone",
    "FINISH_FLAG": "finish_milestone",
    "WBS_SUMMARY": "summary",
}
TASK_TYPES = {"FIXED_UNITS": "fixed_units", "FIXED_DURATION": "fixed_duration", "FIXED_WORK": "fixed_work"}
P6_PRIORITIES = {900: 1, 800: 1, 700: 2, 600: 2, 500: 3, 400: 4, 300: 4, 200: 5, 100: 5}
REMEDY = "correct it in the source and import again"


def activity_row(plan: Plan, task: Any) -> Row:
    """One task as a row of activities."""
    uid = int(task.getUniqueID())
    activity, minutes = plan.ids[uid], plan.units.minutes
    begun, ended = _actual(plan, task, activity)
    row: Row = {
        "activity": activity,
        "uid": str(uid),
        "guid": text(task.getGUID()),
        "name": text(task.getName()) or (activity if plan.p6 else f"Task {uid}"),
        "wbs": text(task.getParentTaskUniqueID()),
        "calendar": text(task.getCalendarUniqueID()),
        "actual_start": begun,
        "actual_finish": ended,
        **_constraint(plan, task, activity),
        "stored_start": instant(task.getStart()),
        "stored_finish": instant(task.getFinish()),
        "stored_early_start": instant(task.getEarlyStart()),
        "stored_early_finish": instant(task.getEarlyFinish()),
        "stored_late_start": instant(task.getLateStart()),
        "stored_late_finish": instant(task.getLateFinish()),
        **_floats(plan, task, activity, bool(ended)),
        **{f"{ours}_work": minutes(value, "work", activity) for ours, value in _work(plan, task).items()},
        "actual_cost": number(task.getActualCost()),
        "remaining_cost": number(task.getRemainingCost()),
        "physical_percent": _within(share(task.getPhysicalPercentComplete())),
    }
    return row | (_p6_activity(plan, task, activity, begun, ended) if plan.p6 else _msp_activity(plan, task, activity, begun, ended))


def _floats(plan: Plan, task: Any, activity: str, ended: bool) -> Row:
    """Floats as the file states them. MPXJ would compute those that the file lacks; such are none of the source's."""
    fields = _task_fields()
    total = task.getCachedValue(fields["TOTAL_SLACK"])
    if total is None and all(task.getCachedValue(fields[name]) is not None for name in ("START_SLACK", "FINISH_SLACK")):
        total = task.getTotalSlack()  # an MPP states both slacks and no total
    total = plan.units.minutes(None if plan.p6 and ended else total, "total float", activity)
    return {
        "stored_total_float": total,
        "stored_free_float": plan.units.minutes(None if plan.p6 and ended else task.getCachedValue(fields["FREE_SLACK"]), "free float", activity),
        "stored_critical": _critical(plan, task, total) if not (plan.p6 and ended) else None,
    }


def _critical(plan: Plan, task: Any, total: int | None) -> bool | None:
    """The source's own verdict: MS Project's flag, or by its float; P6's longest path, or its float against its limit."""
    stated = task.getCachedValue(_task_fields()["CRITICAL"])
    if plan.p6 and plan.longest_path:
        return bool(task.getLongestPath())
    if plan.p6 or stated is None:
        return None if total is None else total <= plan.limit if plan.p6 else bool(task.getCritical())
    return bool(stated)


def _work(plan: Plan, task: Any) -> dict[str, Any]:
    """Work of people; P6 keeps that of equipment apart."""
    if plan.p6:
        return {"planned": task.getPlannedWorkLabor(), "actual": task.getActualWorkLabor(), "remaining": task.getRemainingWorkLabor()}
    return {"planned": task.getWork(), "actual": task.getActualWork(), "remaining": task.getRemainingWork()}


def _actual(plan: Plan, task: Any, activity: str) -> tuple[Any, Any]:
    """Actual start and finish; a finish without a start is refused."""
    begun, ended = instant(task.getActualStart()), instant(task.getActualFinish())
    if ended and not begun:
        plan.find("error", "finish-without-start", f"activity {activity}", "an actual finish without an actual start was left out", REMEDY)
        return None, None
    return begun, ended


def _constraint(plan: Plan, task: Any, activity: str) -> Row:
    found: Row = {}
    for suffix, kind, date in (
        ("", task.getConstraintType(), task.getConstraintDate()),
        ("_2", task.getSecondaryConstraintType(), task.getSecondaryConstraintDate()),
    ):
        name = CONSTRAINTS.get(constant(kind) or "")
        when = instant(date) if name and name != "as_late_as_possible" else None
        if name and name != "as_late_as_possible" and when is None:
            plan.find("error", "constraint-without-date", f"activity {activity}", f"a constraint {name.replace('_', ' ')} without a date was left out", REMEDY)
            name = None
        found |= {f"constraint{suffix}": name, f"constraint{suffix}_date": when}
    return found


def _p6_activity(plan: Plan, task: Any, activity: str, begun: Any, ended: Any) -> Row:
    """P6's own columns."""
    minutes = plan.units.minutes
    whole, left = minutes(task.getDuration(), "duration", activity), minutes(task.getRemainingDuration(), "remaining duration", activity)
    left = 0 if ended else whole if left is None else left
    priority = task.getPriority()
    percent = task.getActivityPercentComplete()
    return {
        "kind": P6_KINDS.get(constant(task.getActivityType()) or "", "task"),
        "duration": _at_least_none(plan, (whole if begun else left) or 0, "duration", activity),
        "remaining_duration": _at_least_none(plan, left or 0, "remaining duration", activity),
        "percent_complete": 1.0 if ended else _within(share(percent if percent is not None else task.getPercentageComplete())) or 0.0,
        "suspended": instant(task.getSuspendDate()),
        "resumed": instant(task.getResume()) if task.getSuspendDate() is not None else None,
        "expected_finish": instant(task.getExpectedFinish()),
        "external_early_start": instant(task.getExternalEarlyStart()),
        "external_late_finish": instant(task.getExternalLateFinish()),
        "priority": None if priority is None else P6_PRIORITIES.get(int(priority.getValue())),
        "planned_start": instant(task.getPlannedStart()),
        "planned_finish": instant(task.getPlannedFinish()),
        "planned_cost": number(task.getPlannedCost()),
    }


def _msp_activity(plan: Plan, task: Any, activity: str, begun: Any, ended: Any) -> Row:
    """MS Project's own columns."""
    minutes, priority = plan.units.minutes, task.getPriority()
    summary = plan.is_element(task)
    stated = split(task.getDuration())
    duration = _at_least_none(plan, minutes(task.getDuration(), "duration", activity) or 0, "duration", activity)
    left = minutes(task.getRemainingDuration(), "remaining duration", activity)
    running = bool(begun and not ended)
    _elsewhere(plan, task, activity)
    return {
        "row": None if task.getID() is None else int(task.getID()),
        "kind": "summary" if summary else "finish_milestone" if task.getMilestone() and not duration else "task",
        "active": bool(task.getActive()),
        "manual": constant(task.getTaskMode()) == "MANUALLY_SCHEDULED"
        or bool(task.getExternalTask())
        or (not summary and task.getSubprojectFile() is not None),
        "elapsed": bool(stated and stated[1]),
        "ignore_resource_calendars": bool(task.getIgnoreResourceCalendar()),
        "task_type": TASK_TYPES.get(constant(task.getType()) or ""),
        "duration": duration,
        "remaining_duration": 0 if ended else duration if left is None else _at_least_none(plan, left, "remaining duration", activity),
        "percent_complete": _within(share(task.getPercentageComplete())) or 0.0,
        "suspended": instant(task.getStop()) if running else None,
        "resumed": instant(task.getResume()) if running else None,
        "deadline": instant(task.getDeadline()),
        "levelling_delay": max(minutes(task.getLevelingDelay(), "levelling delay", activity) or 0, 0),
        "priority": None if priority is None else int(priority.getValue()),
        "planned_cost": number(task.getCost()),
    }


def _of_another_file(task: Any) -> bool:
    """Whether MS Project schedules the task in another file, and keeps its dates here."""
    return bool(task.getExternalTask()) or task.getSubprojectFile() is not None


def _elsewhere(plan: Plan, task: Any, activity: str) -> None:
    """Says what of the plan lies in other files."""
    if task.getSubprojectFile() is not None:
        plan.find(
            "warning",
            "subproject-not-followed",
            f"activity {activity}",
            f"the inserted project {text(task.getSubprojectFile())} is another file",
            "import that file too",
        )
    if task.getExternalTask():
        said = f"{text(task.getName())!r} stands for a task of another file and keeps the dates that this file holds of it"
        plan.find("info", "external-task", f"activity {activity}", said)


def split_rows(plan: Plan) -> list[Row]:
    """Rows of splits: the stretches of work of tasks that have more than one."""
    rows = []
    for task in plan.tasks:
        spans = task.getWorkSplits() or ()
        stretches = [(instant(span.getStart()), instant(span.getEnd())) for span in spans]
        if len(stretches) > 1 and all(start and finish for start, finish in stretches):
            rows += [{"activity": plan.ids[int(task.getUniqueID())], "start": start, "finish": finish} for start, finish in stretches]
    return rows


def baseline_rows(plan: Plan) -> list[Row]:
    """Rows of baselines 0 to 10. Of P6 those that the file holds as baseline projects, the one in force as 0; MPXJ would give planned dates for one."""
    rows = []
    held = sorted(int(number) for number in plan.project.getBaselines()) if plan.p6 else range(11)
    for task in plan.tasks:
        activity = plan.ids[int(task.getUniqueID())]
        for baseline in held:
            row = _baseline(plan, task, baseline, activity)
            # an MPP writes zero work and cost also where no baseline was ever set
            if row["start"] is not None or row["finish"] is not None:
                rows.append(row)
    return rows


def _baseline(plan: Plan, task: Any, baseline: int, activity: str) -> Row:
    which = (baseline,) if baseline else ()
    return {
        "baseline": baseline,
        "activity": activity,
        "start": instant(task.getBaselineStart(*which)),
        "finish": instant(task.getBaselineFinish(*which)),
        "duration": plan.units.minutes(task.getBaselineDuration(*which), "baseline duration", activity),
        "work": plan.units.minutes(task.getBaselineWork(*which), "baseline work", activity),
        "cost": number(task.getBaselineCost(*which)),
    }


def _at_least_none(plan: Plan, minutes: int, what: str, activity: str) -> int:
    """A duration; none, with a finding, where the file states less than that."""
    if minutes < 0:
        plan.find("error", "duration-negative", f"activity {activity}", f"a negative {what} was taken as none", REMEDY)
    return max(minutes, 0)


def _within(value: float | None) -> float | None:
    return None if value is None else min(max(value, 0.0), 1.0)


@cache
def _task_fields() -> dict[str, Any]:
    """MPXJ's constants for the fields whose stated value is wanted, not a computed one."""
    import jpype  # only where a JVM runs

    constants = jpype.JClass("org.mpxj.TaskField")
    return {name: getattr(constants, name) for name in ("TOTAL_SLACK", "FREE_SLACK", "START_SLACK", "FINISH_SLACK", "CRITICAL")}

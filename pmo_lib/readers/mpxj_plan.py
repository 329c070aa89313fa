"""One of MPXJ's projects as plain rows, table by table. Runs beside the JVM; nothing of Java leaves this module.

MS Project: an activity is a Unique ID, its summary tasks are activities and WBS elements. P6: an activity is an Activity ID, WBS elements are
no activities, planned dates are no baseline. Everything else that MPXJ reads keeps MS Project's shape.
"""

from __future__ import annotations

from datetime import time
from functools import cache
from pathlib import PurePath
from typing import Any

from pmo_lib.readers.mpxj_calendars import calendar_rows
from pmo_lib.readers.mpxj_fields import code_rows, custom_field_rows
from pmo_lib.readers.mpxj_values import Units, constant, instant, number, share, split, text

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
P6_PRIORITIES = {900: 1, 800: 1, 700: 2, 600: 2, 500: 3, 400: 4, 300: 4, 200: 5, 100: 5}
LINKS = {"FINISH_START": "FS", "START_START": "SS", "FINISH_FINISH": "FF", "START_FINISH": "SF"}
RESOURCE_KINDS = {"WORK": "labour", "NON_LABOR": "equipment", "MATERIAL": "material", "COST": "cost"}
LAG_CALENDARS = {"PREDECESSOR": "predecessor", "SUCCESSOR": "successor", "PROJECT_DEFAULT": "project", "TWENTY_FOUR_HOUR": "24h"}
FLOATS = {"SMALLEST_SLACK": "smallest", "START_SLACK": "start", "FINISH_SLACK": "finish"}
PROGRESS = {"RETAINED_LOGIC": "retained_logic", "PROGRESS_OVERRIDE": "progress_override", "ACTUAL_DATES": "actual_dates"}
P6_APPLICATIONS = ("primavera", "p6")
REMEDY = "correct it in the source and import again"
MSP_TYPES = ("MPP", "MPX", "MPD", "MSPDI")


class Plan:
    """One of MPXJ's projects with what every table needs: whose rules hold, its units, its activities' ids, the findings so far."""

    def __init__(self, project: Any, position: int) -> None:
        self.project, self.position, self.properties = project, position, project.getProjectProperties()
        self.type = (text(self.properties.getFileType()) or "other").upper()
        application = (text(self.properties.getFileApplication()) or "").lower()
        self.p6 = self.type in ("XER", "PMXML") or application.startswith(P6_APPLICATIONS)
        self.application = "p6" if self.p6 else "msp" if self.type in MSP_TYPES else "other"
        self.units = _units(self.properties)
        self.at = self.properties.getStatusDate() or self.properties.getStartDate()
        self.findings: list[Row] = []
        self.longest_path = constant(self.properties.getCriticalActivityType()) == "LONGEST_PATH"
        self.limit = self.units.minutes(self.properties.getCriticalSlackLimit(), "critical slack limit", "project") or 0
        tasks = self._real_tasks()
        self.elements = [task for task in tasks if self._is_element(task)]
        self.tasks = [task for task in tasks if not (self.p6 and self._is_element(task))]
        self.ids = self._ids()

    def _real_tasks(self) -> list[Any]:
        """The tasks without the blank rows of the plan, each of which is a finding."""
        tasks = []
        for task in self.project.getTasks():
            if task.getNull() or task.getUniqueID() is None:
                self.find("info", "blank-row", f"row {text(task.getID())}", "a blank row of the plan was passed over")
            else:
                tasks.append(task)
        return tasks

    def _is_element(self, task: Any) -> bool:
        """Whether a task is a WBS element: a summary task, P6's WBS rows."""
        return bool(task.getActivityType() is None if self.p6 else task.getSummary() or int(task.getUniqueID()) == 0)

    def _ids(self) -> dict[int, str]:
        """Unique ID → activity id. Of two activities with one id the later one is shown with its unique id, and a finding says so."""
        ids: dict[int, str] = {}
        seen: set[str] = set()
        for task in self.tasks:
            uid = int(task.getUniqueID())
            stated = (text(task.getActivityID()) if self.p6 else None) or str(uid)
            if stated in seen:
                self.find("warning", "activity-id-twice", f"activity {stated}", "an activity id came twice; the second is shown with its unique id", REMEDY)
                stated = f"{stated}#{uid}"
            seen.add(stated)
            ids[uid] = stated
        return ids

    def find(self, severity: str, code: str, place: str, message: str, remedy: str | None = None) -> None:
        """Adds a finding."""
        self.findings.append({"severity": severity, "code": code, "place": place, "message": message, "remedy": remedy})

    def rows(self) -> dict[str, list[Row]]:
        """Every table's rows."""
        calendars, shifts, exceptions = calendar_rows(self.project, self.p6)
        tables = {
            "activities": [self._activity(task) for task in self.tasks],
            "wbs": [self._element(task) for task in self.elements],
            "relationships": self._relationships(),
            "calendars": calendars,
            "shifts": shifts,
            "exceptions": exceptions,
            "resources": [self._resource(resource) for resource in self.project.getResources() if _is_resource(resource)],
            "assignments": self._assignments(),
            "baselines": [] if self.p6 else self._baselines(),
            "codes": code_rows(self.project, self.tasks, self.ids),
            "custom_fields": custom_field_rows(self.project, self.tasks, self.ids, self.units),
        }
        self._rounding()
        if self.type == "MPX":
            self._days_only(tables["activities"])
        return tables

    def _days_only(self, activities: list[Row]) -> None:
        """An MPX may state its dates by the day; then a finish at 00:00 means the end of that day, which no reader can tell from a milestone at its start."""
        dates = [row[column] for row in activities for column in ("stored_start", "stored_finish") if row[column] is not None]
        if dates and all(date.time() == time.min for date in dates):
            self.find(
                "warning",
                "days-only",
                "dates",
                "this file states days without times of day, so finishes read as the beginning of their day",
                "save the plan as MPP or XML",
            )

    def info(self) -> Row:
        """Fields of ProjectInfo, and under `options` those of SchedulingOptions."""
        properties = self.properties
        saved_as = PurePath(text(properties.getName()) or "").stem
        title = text(properties.getProjectTitle())
        return {
            "key": text(properties.getProjectID()) if self.p6 else saved_as or None,
            "name": (text(properties.getName()) or title if self.p6 else title or saved_as) or None,
            "source": self.type.lower(),
            "application": self.application,
            "position": self.position,
            "source_id": text(properties.getUniqueID()),
            "guid": text(properties.getGUID()),
            "data_date": instant(properties.getStatusDate()),
            "planned_start": instant(properties.getPlannedStart() or properties.getStartDate() if self.p6 else properties.getStartDate()),
            "must_finish": instant(properties.getMustFinishBy()),
            "stored_finish": instant(properties.getScheduledFinish() or properties.getFinishDate() if self.p6 else properties.getFinishDate()),
            "calendar": text(properties.getDefaultCalendarUniqueID()),
            "currency": text(properties.getCurrencyCode()) or text(properties.getCurrencySymbol()) or None,
            "manager": text(properties.getManager()) or None,
            "options": self._options(),
        }

    def _options(self) -> Row:
        properties = self.properties
        options = {
            "critical_float": self.limit,
            "open_ends_critical": bool(properties.getMakeOpenEndedActivitiesCritical() if self.p6 else properties.getMultipleCriticalPaths()),
            "schedule_from": "finish" if constant(properties.getScheduleFrom()) == "FINISH" else "start",
            "minutes_per_day": int(self.units.day),
            "minutes_per_week": int(self.units.week),
            "days_per_month": int(properties.getDaysPerMonth() or 20),
        }
        if not self.p6:
            # a started task keeps to its late predecessor only where in-progress tasks may be split
            kept = "retained_logic" if properties.getSplitInProgressTasks() else "progress_override"
            return options | {
                "out_of_sequence": kept,
                "lag_calendar": "successor",
                "total_float": "smallest",
                "honour_constraints": bool(properties.getHonorConstraints()),
            }
        return options | {
            "out_of_sequence": PROGRESS.get(constant(properties.getSchedulingProgressedActivities()) or "", "retained_logic"),
            "lag_calendar": LAG_CALENDARS.get(constant(properties.getRelationshipLagCalendar()) or "", "predecessor"),
            "total_float": FLOATS.get(constant(properties.getTotalSlackCalculationType()) or "", "finish"),
            "critical": "longest_path" if self.longest_path else "float",
            "lag_from": "early_start" if properties.getComputeStartToStartLagFromEarlyStart() else "actual_start",
            "use_expected_finish": bool(properties.getUseExpectedFinishDates()),
            "ignore_external": bool(properties.getIgnoreRelationshipsToAndFromOtherProjects()),
        }

    def _activity(self, task: Any) -> Row:
        uid = int(task.getUniqueID())
        activity, minutes = self.ids[uid], self.units.minutes
        begun, ended = self._actual(task, activity)
        row: Row = {
            "activity": activity,
            "uid": str(uid),
            "guid": text(task.getGUID()),
            "name": text(task.getName()) or (activity if self.p6 else f"Task {uid}"),
            "wbs": text(task.getParentTaskUniqueID()),
            "calendar": text(task.getCalendarUniqueID()),
            "actual_start": begun,
            "actual_finish": ended,
            **self._constraint(task, activity),
            "stored_start": instant(task.getStart()),
            "stored_finish": instant(task.getFinish()),
            "stored_early_start": instant(task.getEarlyStart()),
            "stored_early_finish": instant(task.getEarlyFinish()),
            "stored_late_start": instant(task.getLateStart()),
            "stored_late_finish": instant(task.getLateFinish()),
            **self._floats(task, activity, bool(ended)),
            **{f"{ours}_work": minutes(value, "work", activity) for ours, value in self._work(task).items()},
            "actual_cost": number(task.getActualCost()),
            "remaining_cost": number(task.getRemainingCost()),
            "physical_percent": _within(share(task.getPhysicalPercentComplete())),
        }
        return row | (self._p6_activity(task, activity, begun, ended) if self.p6 else self._msp_activity(task, activity, begun, ended))

    def _floats(self, task: Any, activity: str, ended: bool) -> Row:
        """Floats as the file states them. MPXJ would compute those that the file lacks; such are none of the source's."""
        fields = _task_fields()
        total = task.getCachedValue(fields["TOTAL_SLACK"])
        if total is None and all(task.getCachedValue(fields[name]) is not None for name in ("START_SLACK", "FINISH_SLACK")):
            total = task.getTotalSlack()  # an MPP states both slacks and no total
        total = self.units.minutes(None if self.p6 and ended else total, "total float", activity)
        return {
            "stored_total_float": total,
            "stored_free_float": self.units.minutes(None if self.p6 and ended else task.getCachedValue(fields["FREE_SLACK"]), "free float", activity),
            "stored_critical": self._critical(task, total) if not (self.p6 and ended) else None,
        }

    def _critical(self, task: Any, total: int | None) -> bool | None:
        """The source's own verdict: MS Project's flag, or by its float; P6's longest path, or its float against its limit."""
        stated = task.getCachedValue(_task_fields()["CRITICAL"])
        if self.p6 and self.longest_path:
            return bool(task.getLongestPath())
        if self.p6 or stated is None:
            return None if total is None else total <= self.limit if self.p6 else bool(task.getCritical())
        return bool(stated)

    def _work(self, task: Any) -> dict[str, Any]:
        """Work of people; P6 keeps that of equipment apart."""
        if self.p6:
            return {"planned": task.getPlannedWorkLabor(), "actual": task.getActualWorkLabor(), "remaining": task.getRemainingWorkLabor()}
        return {"planned": task.getWork(), "actual": task.getActualWork(), "remaining": task.getRemainingWork()}

    def _actual(self, task: Any, activity: str) -> tuple[Any, Any]:
        """Actual start and finish; a finish without a start is refused."""
        begun, ended = instant(task.getActualStart()), instant(task.getActualFinish())
        if ended and not begun:
            self.find("error", "finish-without-start", f"activity {activity}", "an actual finish without an actual start was left out", REMEDY)
            return None, None
        return begun, ended

    def _constraint(self, task: Any, activity: str) -> Row:
        found: Row = {}
        for suffix, kind, date in (
            ("", task.getConstraintType(), task.getConstraintDate()),
            ("_2", task.getSecondaryConstraintType(), task.getSecondaryConstraintDate()),
        ):
            name = CONSTRAINTS.get(constant(kind) or "")
            when = instant(date) if name and name != "as_late_as_possible" else None
            if name and name != "as_late_as_possible" and when is None:
                self.find(
                    "error", "constraint-without-date", f"activity {activity}", f"a constraint {name.replace('_', ' ')} without a date was left out", REMEDY
                )
                name = None
            found |= {f"constraint{suffix}": name, f"constraint{suffix}_date": when}
        return found

    def _p6_activity(self, task: Any, activity: str, begun: Any, ended: Any) -> Row:
        """P6's own columns."""
        minutes = self.units.minutes
        whole, left = minutes(task.getDuration(), "duration", activity), minutes(task.getRemainingDuration(), "remaining duration", activity)
        left = 0 if ended else whole if left is None else left
        priority = task.getPriority()
        percent = task.getActivityPercentComplete()
        return {
            "kind": P6_KINDS.get(constant(task.getActivityType()) or "", "task"),
            "duration": max((whole if begun else left) or 0, 0),
            "remaining_duration": max(left or 0, 0),
            "percent_complete": 1.0 if ended else _within(share(percent if percent is not None else task.getPercentageComplete())) or 0.0,
            "suspended": instant(task.getSuspendDate()),
            "resumed": instant(task.getResume()) if task.getSuspendDate() is not None else None,
            "expected_finish": instant(task.getExpectedFinish()),
            "priority": None if priority is None else P6_PRIORITIES.get(int(priority.getValue())),
            "planned_start": instant(task.getPlannedStart()),
            "planned_finish": instant(task.getPlannedFinish()),
            "planned_cost": number(task.getPlannedCost()),
        }

    def _msp_activity(self, task: Any, activity: str, begun: Any, ended: Any) -> Row:
        """MS Project's own columns."""
        minutes, priority = self.units.minutes, task.getPriority()
        summary = self._is_element(task)
        stated = split(task.getDuration())
        duration = max(minutes(task.getDuration(), "duration", activity) or 0, 0)
        left = minutes(task.getRemainingDuration(), "remaining duration", activity)
        running = bool(begun and not ended)
        self._elsewhere(task, activity)
        return {
            "row": None if task.getID() is None else int(task.getID()),
            "kind": "summary" if summary else "finish_milestone" if task.getMilestone() and not duration else "task",
            "active": bool(task.getActive()),
            "manual": constant(task.getTaskMode()) == "MANUALLY_SCHEDULED",
            "elapsed": bool(stated and stated[1]),
            "ignore_resource_calendars": bool(task.getIgnoreResourceCalendar()),
            "duration": duration,
            "remaining_duration": 0 if ended else duration if left is None else max(left, 0),
            "percent_complete": _within(share(task.getPercentageComplete())) or 0.0,
            "suspended": instant(task.getStop()) if running else None,
            "resumed": instant(task.getResume()) if running else None,
            "deadline": instant(task.getDeadline()),
            "levelling_delay": max(minutes(task.getLevelingDelay(), "levelling delay", activity) or 0, 0),
            "priority": None if priority is None else int(priority.getValue()),
            "planned_cost": number(task.getCost()),
        }

    def _elsewhere(self, task: Any, activity: str) -> None:
        """Says what of the plan lies in other files."""
        if task.getSubprojectFile() is not None:
            self.find(
                "warning",
                "subproject-not-followed",
                f"activity {activity}",
                f"the inserted project {text(task.getSubprojectFile())} is another file",
                "import that file too",
            )
        if task.getExternalTask():
            self.find("info", "external-task", f"activity {activity}", f"{text(task.getName())!r} stands for a task of another file")

    def _element(self, task: Any) -> Row:
        uid = int(task.getUniqueID())
        return {
            "wbs": str(uid),
            "parent": text(task.getParentTaskUniqueID()),
            "code": text(task.getWBS()) or text(task.getOutlineNumber()) or None,
            "name": text(task.getName()) or f"Task {uid}",
            "level": self._depth(task),
            "activity": None if self.p6 else self.ids[uid],
        }

    def _depth(self, task: Any) -> int:
        """MS Project's outline level, whose 0 is the project; P6 has no such number, so there the elements above are counted."""
        if not self.p6:
            return max(int(task.getOutlineLevel() or 0), 0)
        depth, above = 0, task.getParentTask()
        while above is not None and depth < 1000:
            depth, above = depth + 1, above.getParentTask()
        return depth

    def _relationships(self) -> list[Row]:
        rows = []
        for relation in self.project.getRelations():
            before, after = relation.getPredecessorTask(), relation.getSuccessorTask()
            ends = [self.ids.get(int(task.getUniqueID())) if task is not None and task.getUniqueID() is not None else None for task in (before, after)]
            if None in ends:
                named = " -> ".join("?" if task is None else str(text(task.getName())) for task in (before, after))
                self.find("warning", "relationship-outside", f"relationship {named}", "one of its ends is no activity of this project, so it was left out")
                continue
            kind = LINKS.get(constant(relation.getType()) or "", "FS")
            rows.append(
                {
                    "predecessor": ends[0],
                    "successor": ends[1],
                    "type": kind,
                    "uid": text(relation.getUniqueID()),
                    **self._lag(relation.getLag(), before, f"{ends[0]} -> {ends[1]}"),
                }
            )
        return rows

    def _lag(self, lag: Any, predecessor: Any, of: str) -> Row:
        parsed = split(lag)
        if parsed is None:
            return {"lag": 0, "lag_kind": "working", "lag_percent": None}
        amount, elapsed, unit = parsed
        if unit != "%":
            return {"lag": self.units.whole(parsed, "lag", of) or 0, "lag_kind": "elapsed" if elapsed else "working", "lag_percent": None}
        base = self.units.minutes(predecessor.getDuration()) or 0
        return {
            "lag": self.units.whole((base * amount / 100, False, "m"), "lag", of) or 0,
            "lag_kind": "elapsed_percent" if elapsed else "percent",
            "lag_percent": amount,
        }

    def _resource(self, resource: Any) -> Row:
        rate, units = self._price(resource)
        return {
            "resource": text(resource.getUniqueID()),
            "code": text(resource.getResourceID() if self.p6 else resource.getInitials()) or None,
            "name": text(resource.getName()) or f"Resource {text(resource.getUniqueID())}",
            "kind": RESOURCE_KINDS.get(constant(resource.getType()) or "", "labour"),
            "calendar": text(resource.getCalendarUniqueID()),
            "max_units": _positive(share(units)),
            "standard_rate": None if rate is None else self._per_hour(rate, resource),
            "parent": text(resource.getParentResourceUniqueID()),
        }

    def _price(self, resource: Any) -> tuple[Any, Any]:
        """Rate and availability that hold on the data date, else at the project's start. MPXJ's own getters take today's."""
        rates, availabilities = resource.getCostRateTable(0), resource.getAvailability()
        entry = rates.getEntryByDate(self.at) if self.at is not None and rates is not None and rates.size() else None
        available = availabilities.getEntryByDate(self.at) if self.at is not None and availabilities is not None and availabilities.size() else None
        return (
            entry.getStandardRate() if entry is not None else resource.getStandardRate(),
            available.getUnits() if available is not None else resource.getMaxUnits(),
        )

    def _per_hour(self, rate: Any, resource: Any) -> float | None:
        amount, unit = number(rate.getAmount()), constant(rate.getUnits())
        if amount is None or constant(resource.getType()) == "MATERIAL":
            return amount
        hours = {"MINUTES": 1.0, "HOURS": 60.0, "DAYS": self.units.day, "WEEKS": self.units.week, "MONTHS": self.units.month, "YEARS": self.units.year}.get(
            unit or "", 60.0
        ) / 60
        return amount / hours if hours else None

    def _assignments(self) -> list[Row]:
        rows = []
        for assignment in self.project.getResourceAssignments():
            uid = assignment.getTaskUniqueID()
            activity = None if uid is None else self.ids.get(int(uid))
            if activity is None:
                self.find(
                    "warning",
                    "assignment-outside",
                    f"assignment {text(assignment.getUniqueID())}",
                    "its task is no activity of this project, so it was left out",
                )
                continue
            rows.append(self._assignment(assignment, activity))
        return rows

    def _assignment(self, assignment: Any, activity: str) -> Row:
        resource = assignment.getResource()
        timed = resource is None or bool(resource.getType().isTimeBased()) if resource is None or resource.getType() is not None else True
        minutes = self.units.minutes
        planned = assignment.getPlannedWork() if self.p6 else assignment.getWork()
        return {
            "activity": activity,
            "resource": text(resource.getUniqueID()) if resource is not None and _is_resource(resource) else None,
            "uid": text(assignment.getUniqueID()),
            "units": share(assignment.getUnits()),
            "planned_work": minutes(planned, "work", activity) if timed else None,
            "actual_work": minutes(assignment.getActualWork(), "work", activity) if timed else None,
            "remaining_work": minutes(assignment.getRemainingWork(), "work", activity) if timed else None,
            "planned_quantity": None if timed else number(assignment.getPlannedMaterial() if self.p6 else assignment.getMaterial()),
            "planned_cost": number(assignment.getPlannedCost() if self.p6 else assignment.getCost()),
            "actual_cost": number(assignment.getActualCost()),
            "remaining_cost": number(assignment.getRemainingCost()),
            "start": instant(assignment.getStart()),
            "finish": instant(assignment.getFinish()),
        }

    def _baselines(self) -> list[Row]:
        rows = []
        for task in self.tasks:
            activity = self.ids[int(task.getUniqueID())]
            for baseline in range(11):
                row = self._baseline(task, baseline, activity)
                # an MPP writes zero work and cost also where no baseline was ever set
                if row["start"] is not None or row["finish"] is not None:
                    rows.append(row)
        return rows

    def _baseline(self, task: Any, baseline: int, activity: str) -> Row:
        which = (baseline,) if baseline else ()
        return {
            "baseline": baseline,
            "activity": activity,
            "start": instant(task.getBaselineStart(*which)),
            "finish": instant(task.getBaselineFinish(*which)),
            "duration": self.units.minutes(task.getBaselineDuration(*which), "baseline duration", activity),
            "work": self.units.minutes(task.getBaselineWork(*which), "baseline work", activity),
            "cost": number(task.getBaselineCost(*which)),
        }

    def _rounding(self) -> None:
        for what, of in self.units.rounded.items():
            first, count = next(iter(of)), len(set(of))
            self.find(
                "warning",
                f"{what.replace(' ', '-')}-rounded",
                f"{count} of them, first {first}",
                f"{what} in {count} places is no whole minute and was rounded to the nearest",
            )
        for what, of in self.units.refused.items():
            self.find(
                "error",
                f"{what.replace(' ', '-')}-refused",
                f"{len(of)} of them, first {of[0]}",
                f"{what} is no number of minutes that a plan can have, and was left out",
            )


def _is_resource(resource: Any) -> bool:
    """MS Project keeps a nameless resource 0 for work that nobody is assigned to; a role of P6's is nobody yet."""
    uid = resource.getUniqueID()
    return uid is not None and not resource.getRole() and (int(uid) != 0 or resource.getName() is not None)


def _units(properties: Any) -> Units:
    day, week = float(properties.getMinutesPerDay() or 480), float(properties.getMinutesPerWeek() or 2400)
    month = float(properties.getMinutesPerMonth() or day * 20)
    return Units(day, week, month, float(properties.getMinutesPerYear() or month * 12))


def _within(value: float | None) -> float | None:
    return None if value is None else min(max(value, 0.0), 1.0)


def _positive(value: float | None) -> float | None:
    return None if value is None or value < 0 else value


@cache
def _task_fields() -> dict[str, Any]:
    """MPXJ's constants for the fields whose stated value is wanted, not a computed one."""
    import jpype  # only where a JVM runs

    constants = jpype.JClass("org.mpxj.TaskField")
    return {name: getattr(constants, name) for name in ("TOTAL_SLACK", "FREE_SLACK", "START_SLACK", "FINISH_SLACK", "CRITICAL")}

"""One of MPXJ's projects as plain rows, table by table. Runs beside the JVM; nothing of Java leaves this module.

MS Project: an activity is a Unique ID, its summary tasks are activities and WBS elements. P6: an activity is an Activity ID, WBS elements are
no activities, planned dates are no baseline. Everything else that MPXJ reads keeps MS Project's shape.
"""

from __future__ import annotations

from datetime import time
from pathlib import PurePath
from typing import Any

from pmo_lib.readers.mpxj.activities import activity_row, baseline_rows, split_rows
from pmo_lib.readers.mpxj.calendars import calendar_rows
from pmo_lib.readers.mpxj.external import external_rows
from pmo_lib.readers.mpxj.fields import code_rows, custom_field_rows
from pmo_lib.readers.mpxj.network import element_row, relationship_rows
from pmo_lib.readers.mpxj.resources import assignment_rows, is_resource, resource_row
from pmo_lib.readers.mpxj.values import Units, constant, instant, text

Row = dict[str, Any]
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
        self.elements = [task for task in tasks if self.is_element(task)]
        self.tasks = [task for task in tasks if not (self.p6 and self.is_element(task))]
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

    def is_element(self, task: Any) -> bool:
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
        calendars, shifts, exceptions = calendar_rows(self.project, self.p6, self.type == "MPP" and int(self.properties.getMppFileType() or 0) == 8)
        tables = {
            "activities": [activity_row(self, task) for task in self.tasks],
            "wbs": [element_row(self, task) for task in self.elements],
            "relationships": relationship_rows(self),
            "external_relationships": external_rows(self) if self.p6 else [],
            "splits": [] if self.p6 else split_rows(self),
            "calendars": calendars,
            "shifts": shifts,
            "exceptions": exceptions,
            "resources": [resource_row(self, resource) for resource in self.project.getResources() if is_resource(resource)],
            "assignments": assignment_rows(self),
            "baselines": [] if self.p6 else baseline_rows(self),
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

    def _rounding(self) -> None:
        for what, of in self.units.rounded.items():
            first, count = next(iter(of)), len(set(of))
            self.find(
                "info",
                f"{what.replace(' ', '-')}-rounded",
                _places(first, count),
                f"{what} was rounded to a whole minute",
            )
        for what, of in self.units.refused.items():
            self.find(
                "error",
                f"{what.replace(' ', '-')}-refused",
                _places(of[0], len(of)),
                f"{what} is no number of minutes that a plan can have, and was left out",
            )


def _places(first: str, count: int) -> str:
    return first + (f" and {count - 1:,} more" if count > 1 else "")


def _units(properties: Any) -> Units:
    day, week = float(properties.getMinutesPerDay() or 480), float(properties.getMinutesPerWeek() or 2400)
    month = float(properties.getMinutesPerMonth() or day * 20)
    return Units(day, week, month, float(properties.getMinutesPerYear() or month * 12))

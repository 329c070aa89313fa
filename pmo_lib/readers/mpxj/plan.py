"""One of MPXJ's projects: whose rules hold, its activities and their ids. Runs beside the JVM.

MS Project: an activity is a Unique ID, its summary tasks are activities and WBS elements. P6: an activity is an Activity ID, WBS elements are
no activities, planned dates are no baseline. Everything else that MPXJ reads keeps MS Project's shape.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pmo_lib.readers.limits import YEARS
from pmo_lib.readers.mpxj.values import Units, constant, text

Row = dict[str, Any]
P6_APPLICATIONS = ("primavera", "p6")
REMEDY = "correct it in the source and import again"
MSP_TYPES = ("MPP", "MPX", "MPD", "MSPDI")
NEEDED = {"constraint": "constraint_date", "constraint_2": "constraint_2_date", "actual_finish": "actual_start"}  # what goes where a date goes


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
        """Whether a task is a WBS element: a summary task, P6's WBS rows. The row of an inserted project that is not unfolded is a task."""
        if self.p6:
            return task.getActivityType() is None
        inserted = task.getSubprojectFile() is not None and not task.hasChildTasks()
        return int(task.getUniqueID()) == 0 or bool(task.getSummary() and not inserted)

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

    def dated(self, row: Row, place: str) -> Row:
        """The row without dates that no plan has, each of which is a finding."""
        for column, value in row.items():
            if isinstance(value, datetime) and value.year not in YEARS:
                message = f"{column.replace('_', ' ')} is not a date between {YEARS[0]} and {YEARS[-1]} and was left out"
                self.find("error", "date-unreadable", f"{place}: '{value}'", message, REMEDY)
                row[column] = None
        for column, date in NEEDED.items():
            if row.get(column) not in (None, "as_late_as_possible") and row[date] is None:
                row[column] = None
        return row


def _units(properties: Any) -> Units:
    day, week = float(properties.getMinutesPerDay() or 480), float(properties.getMinutesPerWeek() or 2400)
    month = float(properties.getMinutesPerMonth() or day * 20)
    return Units(day, week, month, float(properties.getMinutesPerYear() or month * 12))

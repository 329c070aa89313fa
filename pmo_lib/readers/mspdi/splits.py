"""Where MSPDI tells of split tasks: in the timephased work of assignments whose contour was edited, a stretch with an explicit zero is planned rest.

MPXJ writes no value where it is zero. In a file without any explicit zero, therefore, a stretch without a value is rest too: of nights and week-ends the
schedule makes no rest, since they are no working time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from pmo_lib.readers.mspdi.values import Item, minutes_of
from pmo_lib.spans import joined

Rows = list[dict[str, Any]]
Stretch = tuple[datetime, datetime]
EDITED = "8"  # WorkContour "contoured": the only one that a split leaves on somebody's work
WORK = ("1", "2")  # Type of timephased data: remaining and actual work


def tells_of_splits(parent: Element, data: Element) -> bool:
    """Whether this element of an assignment is worth keeping; most of a large file is timephased data that is not."""
    of_nobody = (parent.findtext("ResourceUID") or "").startswith("-")  # MS Project keeps the work of a task that has no resource there
    return parent.tag == "Assignment" and (of_nobody or parent.findtext("WorkContour") == EDITED) and data.findtext("Type") in WORK


def splits(found: list[Item], tasks: set[str]) -> Rows:
    """Rows of splits: the stretches in which anybody works on a task, where there is more than one."""
    stretches: dict[str, list[Stretch]] = {}
    says_zero = any(minutes_of(data.text("Value")) == 0 for item in found for data in item.items("TimephasedData"))
    for item in found:
        task = item.text("TaskUID")
        if task in tasks:
            stretches.setdefault(task, []).extend(_worked(item, says_zero) or _whole(item))
    rows: Rows = []
    for task, of_task in stretches.items():
        worked = joined(of_task)
        if len(worked) > 1:
            rows += [{"activity": task, "start": start, "finish": finish} for start, finish in worked]
    return rows


def _whole(item: Item) -> list[Stretch]:
    start, finish = item.instant("Start"), item.instant("Finish")
    return [(start, finish)] if start and finish and start < finish else []


def _worked(item: Item, says_zero: bool) -> list[Stretch]:
    """The stretches of work of one assignment; what has no value at all is no working time, and parts nothing, in a file that says zero for rest."""
    found = [(data.instant("Start"), data.instant("Finish"), data.text("Value")) for data in item.items("TimephasedData")]
    parts = sorted((start, finish, value) for start, finish, value in found if start and finish)
    worked: list[Stretch] = []
    resting = True
    for start, finish, value in parts:
        minutes = minutes_of(value) if value else None
        if minutes:
            if resting or not worked:
                worked.append((start, finish))
            else:
                worked[-1] = (worked[-1][0], finish)
            resting = False
        elif minutes == 0 or not says_zero:
            resting = True
    return worked

"""Sprints: from the board's list, from the objects in issues, and from the text that old Data Center sites write in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pmo_lib.readers.jira.values import instant, text
from pmo_lib.readers.notes import Notes

STATES = {"future": 0, "active": 1, "closed": 2}
# com.atlassian.greenhopper.service.sprint.Sprint@1f39706[id=1,rapidViewId=1,state=CLOSED,name=Sprint 1, the first,goal=,startDate=…,completeDate=<null>]
WRITTEN = re.compile(r"^com\.atlassian\.greenhopper\.[\w.]*Sprint@\w*\[(.*)\]$", re.DOTALL)
PARTS = re.compile(
    r",(?=(?:id|rapidViewId|state|name|goal|startDate|endDate|completeDate|activatedDate|sequence|autoStartStop|synced|incompleteIssuesDestinationId)=)"
)
LAST = datetime.max.replace(tzinfo=UTC)


def told(value: Any) -> list[Mapping[str, Any]]:
    """The sprints that a field's value tells, each as the board's list has it; bare text is an id, or a name that stands for one."""
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return [sprint for each in value for sprint in told(each)]
    if isinstance(value, Mapping):
        return [value] if value.get("id") is not None else []
    written = WRITTEN.match(str(value).strip())
    if not written:
        return [{"id": str(value).strip()}] if not isinstance(value, bool) and str(value).strip() else []
    pairs = (part.partition("=") for part in PARTS.split(written[1]))
    found = {name: said for name, _, said in pairs if said not in ("<null>", "")}
    return [found] if "id" in found else []


def row(sprint: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """The row of sprints."""
    key = text(sprint["id"]) or ""
    place = f"sprint {key}"
    start, finish, completed = (
        instant(sprint.get(name), f"a sprint's {what}", place, notes)
        for name, what in (("startDate", "start"), ("endDate", "end"), ("completeDate", "completion"))
    )
    if start and finish and finish < start:
        notes.add("warning", "sprint-backwards", place, "the sprint ends before it starts", "correct its dates in Jira")
    state = str(sprint.get("state") or "").lower()
    if state not in STATES:
        state = "closed" if completed else "active" if start else "future"
        if sprint.keys() & {"state", "startDate", "name"}:
            notes.add("warning", "sprint-state", place, f"the sprint has no state that is known; its dates say {state}", "pull again")
    return {
        "sprint": key, "name": text(sprint.get("name")) or key, "state": state, "start": start, "finish": finish, "completed": completed,
        "goal": text(sprint.get("goal")),
    }  # fmt: skip


class Sprints:
    """The sprints that were told, each once; a board's own list says more than what an issue holds of it."""

    def __init__(self, notes: Notes) -> None:
        self._rows: dict[str, dict[str, Any]] = {}
        self._notes = notes

    def listed(self, sprint: Mapping[str, Any]) -> None:
        """A sprint of the board's list."""
        found = row(sprint, self._notes)
        self._rows[found["sprint"]] = found

    def of_issue(self, value: Any) -> list[str]:
        """Ids of the sprints that an issue's value tells, taken in where the list lacks them."""
        ids = []
        for sprint in told(value):
            key = text(sprint["id"]) or ""
            ids.append(key)
            if len(sprint) == 1:
                continue  # its id is all that is told
            if key not in self._rows:
                self._rows[key] = row(sprint, self._notes)
        return ids

    def ordered(self, ids: Iterable[str]) -> list[str]:
        """Ids once each, the last sprint last: closed ones before the active one before those to come, by their start."""
        once = dict.fromkeys(ids)
        return sorted(once, key=self._place)

    def _place(self, key: str) -> tuple[Any, ...]:
        """Sprints of which nothing is known stay behind the others, as the source has them."""
        row = self._rows.get(key)
        return (-STATES[row["state"]], row["start"] or LAST, _number(key)) if row else (1, LAST, (0, ""))

    def rows(self) -> list[dict[str, Any]]:
        """Rows of the table, in order of time."""
        return sorted(self._rows.values(), key=lambda each: (each["start"] or LAST, _number(each["sprint"])))


def _number(key: str) -> tuple[int, str]:
    return (int(key), "") if key.isdigit() else (0, key)

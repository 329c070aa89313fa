"""An issue as Jira's REST interface sends it, Cloud or Data Center, as one row of items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pmo_lib.readers.cells import plain
from pmo_lib.readers.jira.fields import FieldMap
from pmo_lib.readers.jira.sprints import Sprints
from pmo_lib.readers.jira.statuses import Statuses
from pmo_lib.readers.jira.values import REMEDY, day, instant, mapping, minutes, number, text, texts
from pmo_lib.readers.notes import Notes

# types above an item on sites that do not tell a type's level; Jira names the first in every language
EPICS = {"epic", "epos", "epopee", "epica", "epik", "epico", "长篇故事", "史诗", "エピック", "에픽", "эпик"}
PORTFOLIO = {"initiative", "theme", "legend", "saga", "portfolio epic", "capability", "objective", "goal"}
SUBTASKS = {
    "sub-task", "subtask", "sub task", "unteraufgabe", "teilaufgabe", "technical task", "sous-tache", "subtarea", "subtarefa", "podzadanie",
    "sottotask", "sottoattivita", "subtaak", "子任务", "サブタスク", "подзадача"
}  # fmt: skip
NO_WORDS = "the issue has no summary"


class Issues:
    """Reads issues with what the site says of its fields, types, statuses and sprints."""

    def __init__(self, fields: FieldMap, statuses: Statuses, sprints: Sprints, notes: Notes) -> None:
        self._fields, self._statuses, self._sprints, self._notes = fields, statuses, sprints, notes
        self._levels: dict[str, int] = {}
        self.keyless = 0  # issues that were left out for want of a key

    def typed(self, described: Mapping[str, Any]) -> None:
        """A row of the site's list of types of issue."""
        level = described.get("hierarchyLevel")
        if isinstance(level, int):
            self._levels[str(described.get("id"))] = level

    def row(self, issue: Mapping[str, Any]) -> dict[str, Any] | None:
        """The row of items; `parent_level` besides, what the payload says of its parent, and the moments that only lists tell.

        None, and a finding, for an issue without key.
        """
        notes, fields = self._notes, mapping(issue.get("fields"))
        key = text(issue.get("key"))
        if not key:
            self.keyless += 1
            place = f"issue {text(issue.get('id')) or repr((text(fields.get('summary')) or 'without key, id or summary')[:40])}"
            notes.add("error", "item-without-key", place, "an issue without key was left out", REMEDY)
            return None
        place = text(issue.get("place")) or key  # of a list, its row besides
        created = instant(fields.get("created"), "the creation of an issue", place, notes)
        return self._row(issue, key, place, created) if self._whole(issue, created, place) else None

    def _whole(self, issue: Mapping[str, Any], created: datetime | None, place: str) -> bool:
        """Whether an issue says when it was created, which those of a bare list need not, and its status; else a finding says that it does not."""
        fields = mapping(issue.get("fields"))
        if created is None and not (issue.get("bare") and not fields.get("created")):
            if not fields.get("created"):
                message = "an issue that does not say when it was created was left out"
                self._notes.add("error", "item-without-creation", place, message, "pull the field created too")
            return False
        if not mapping(fields.get("status")):
            self._notes.add("error", "item-without-status", place, "an issue that does not say its status was left out", "pull the field status too")
            return False
        return True

    def _row(self, issue: Mapping[str, Any], key: str, place: str, created: datetime | None) -> dict[str, Any]:
        notes, fields = self._notes, mapping(issue.get("fields"))
        status, category = self._statuses.of_issue(mapping(fields.get("status")), place)
        resolved = instant(fields.get("resolutiondate"), "the resolution of an issue", place, notes)
        if resolved and created and resolved < created:
            notes.add("warning", "resolved-before-created", place, "the issue was resolved before it was created; both are kept as the source has them", REMEDY)
        kind = mapping(fields.get("issuetype"))
        parent = mapping(fields.get("parent"))
        return {
            "item": key,
            "uid": text(issue.get("id")),
            "name": text(fields.get("summary")) or self._nameless(place),
            "type": text(kind.get("name")) or "",
            "level": self.level(kind),
            "status": status,
            "category": category,
            "created": created,
            "resolved": resolved,
            "resolution": text(fields.get("resolution")),
            "updated": instant(fields.get("updated"), "the last change of an issue", place, notes),
            "parent": text(parent.get("key")) or text(self._fields.value(fields, "parent")),
            "epic": self._epic(fields),
            "team": text(self._fields.value(fields, "team")),
            "assignee": text(fields.get("assignee")),
            "priority": text(fields.get("priority")),
            "service": text(self._fields.value(fields, "service")),
            "points": self._points(fields, place),
            **self._work(fields, place),
            "start": day(self._fields.value(fields, "start"), "the planned start of an issue", place, notes),
            "due": day(self._due(fields), "the due date of an issue", place, notes),
            "blocked": self._blocked(fields),
            "sprints": self._sprints_of(fields),
            "versions": texts(fields.get("fixVersions")),
            "components": texts(fields.get("components")),
            "labels": texts(fields.get("labels")),
            "parent_level": self.level(mapping(mapping(parent.get("fields")).get("issuetype"))) if parent.get("fields") else None,
            "began": instant(issue.get("began"), "the start of work", place, notes),
            "category_changed": instant(fields.get("statuscategorychangedate"), "the last change of an issue's status category", place, notes),
        }

    def level(self, kind: Mapping[str, Any]) -> str:
        """The level of a type of issue: as the site ranks it, else by its name."""
        rank = kind.get("hierarchyLevel", self._levels.get(str(kind.get("id"))))
        if isinstance(rank, int):
            return "subtask" if rank < 0 else "item" if rank == 0 else "epic" if rank == 1 else "portfolio"
        name = plain(text(kind.get("name")) or "")
        if kind.get("subtask") or name in SUBTASKS:
            return "subtask"
        return "epic" if name in EPICS else "portfolio" if name in PORTFOLIO else "item"

    def _nameless(self, key: str) -> str:
        self._notes.add("warning", "name-missing", key, NO_WORDS, REMEDY)
        return ""

    def _epic(self, fields: Mapping[str, Any]) -> str | None:
        linked = self._fields.value(fields, "epic")
        told = mapping(fields.get("epic"))
        return text(mapping(linked).get("key") or linked) if linked else text(told.get("key"))

    def _due(self, fields: Mapping[str, Any]) -> Any:
        """Jira's own due date; another field where the pull says so, or where that is empty."""
        other = self._fields.value(fields, "due")
        return other if "due" in self._fields.told else fields.get("duedate") or other

    def _points(self, fields: Mapping[str, Any], place: str) -> float | None:
        value = self._fields.value(fields, "points")
        found = number(value)
        if value is not None and (found is None or not 0 <= found < float("inf")):
            self._notes.add("error", "points-unreadable", f"{place}: {str(value)[:40]!r}", "story points that are no amount were left out", REMEDY)
            return None
        return found

    def _work(self, fields: Mapping[str, Any], place: str) -> dict[str, int | None]:
        tracked = mapping(fields.get("timetracking"))
        names = {
            "original_estimate": ("timeoriginalestimate", "originalEstimateSeconds", "an original estimate"),
            "remaining_estimate": ("timeestimate", "remainingEstimateSeconds", "a remaining estimate"),
            "spent": ("timespent", "timeSpentSeconds", "work logged"),
        }
        return {
            column: minutes(fields[name] if fields.get(name) is not None else tracked.get(other), what, place, self._notes)
            for column, (name, other, what) in names.items()
        }

    def _blocked(self, fields: Mapping[str, Any]) -> bool | None:
        if isinstance(fields.get("flagged"), bool):
            return fields["flagged"]
        return bool(self._fields.value(fields, "blocked")) if self._fields.on(fields, "blocked") else None

    def _sprints_of(self, fields: Mapping[str, Any]) -> list[str]:
        values = [self._fields.value(fields, "sprints"), fields.get("closedSprints"), fields.get("sprint")]
        return self._sprints.ordered(key for value in values for key in self._sprints.of_issue(value))

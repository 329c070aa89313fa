"""A task's way, from its stories: the sections it moved through, when it was completed or opened again, and what else changed.

Where Asana tells no story of a change that must have happened, its moment is the latest that it can have been, and a finding says for how many tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pmo_lib.readers.asana.fields import named, says_yes
from pmo_lib.readers.asana.sections import COMPLETED, Phases

COMPLETING = {"marked_complete": True, "marked_incomplete": False, "approval_status_changed": None}
APPROVED = ("approved", "rejected", "changes_requested")
VALUES = ("number_value", "enum_value", "text_value")


@dataclass(slots=True)
class Way:
    """What is known of one task's past."""

    transitions: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    duplicate: bool = False
    missing: list[str] = field(default_factory=list)  # what happened without a story: completed, opened, moved
    early: bool = False  # it was completed before it was created, as the source has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What of the stories concerns this board."""

    phases: Phases
    sections: Mapping[str, str]  # name by gid
    project: str  # gid
    fields: Mapping[str, Any]  # column: name of the field, as asked for
    complete: bool  # whether the pull holds stories at all


def moves(stories: Sequence[Mapping[str, Any]], sections: Mapping[str, str], project: str, *, only: bool) -> list[tuple[datetime, str | None, str | None, Any]]:
    """Moments at which a task changed its section in this project: at, from, to, the story. `only`: the task is in no other project."""
    found = []
    for story in stories:
        if story.get("resource_subtype") != "section_changed":
            continue
        before, after = story.get("old_section") or {}, story.get("new_section") or {}
        mine = (story.get("project") or {}).get("gid")
        known = mine == project if mine else only or any(str(one.get("gid")) in sections for one in (before, after))
        if known:
            found.append((moment(story["created_at"]), _name(before, sections), _name(after, sections), story))
    return found


def way(task: Mapping[str, Any], section: str | None, stories: Sequence[Mapping[str, Any]], reading: Reading, *, only: bool) -> Way:
    """The way of a task that stands in `section` now."""
    found = Way()
    stories = sorted(stories, key=lambda story: story["created_at"])
    statuses = _field_moves(stories, reading) if "status" in reading.fields else moves(stories, reading.sections, reading.project, only=only)
    stood = statuses[0][1] if statuses else section if reading.complete else None
    events = [(at, to, None, story) for at, _, to, story in statuses]
    events += [(moment(story["created_at"]), None, done, story) for story in stories if (done := _completing(story)) is not None]
    item, created, completed = str(task["gid"]), moment(task["created_at"]), False
    status = reading.phases.of(stood, completed=False)
    _step(found, item, created, None, status, None)
    for at, section_now, done, story in sorted(events, key=lambda event: event[0]):
        stood, completed = (section_now, completed) if done is None else (stood, done)
        status = _moved(found, item, max(at, created), status, reading.phases.of(stood, completed=completed), story)
    _caught_up(found, task, status, reading.phases.of(section, completed=bool(task.get("completed"))))
    found.changes = list(_changes(item, stories, reading))
    found.duplicate = any(story.get("resource_subtype") == "marked_duplicate" for story in stories)
    return found


def moment(text: Any) -> datetime:
    """An instant of Asana's."""
    return datetime.fromisoformat(str(text))


def _name(section: Mapping[str, Any], sections: Mapping[str, str]) -> str | None:
    """A section by the name that it has now; one that is gone by the name that it had."""
    return sections.get(str(section.get("gid")), section.get("name"))


def _completing(story: Mapping[str, Any]) -> bool | None:
    kind = story.get("resource_subtype")
    if kind == "approval_status_changed":
        return story.get("new_approval_status") in APPROVED
    return COMPLETING.get(str(kind))


def _moved(found: Way, item: str, at: datetime, before: str, after: str, story: Mapping[str, Any]) -> str:
    if after != before:
        _step(found, item, at, before, after, story)
    return after


def _step(found: Way, item: str, at: datetime, before: str | None, after: str, story: Mapping[str, Any] | None) -> None:
    by, uid = ((story.get("created_by") or {}).get("name"), str(story["gid"]) if story.get("gid") else None) if story else (None, None)
    found.transitions.append({"item": item, "at": at, "before": before, "after": after, "author": by, "uid": uid})


def _caught_up(found: Way, task: Mapping[str, Any], status: str, now: str) -> None:
    """Bring the way to where the task stands: at its completion where Asana says when, else at the last change of anything."""
    if status == now:
        return
    done = now == COMPLETED and task.get("completed_at")
    last, told = found.transitions[-1]["at"], moment(task["completed_at"] if done else task.get("modified_at") or task["created_at"])
    found.early = bool(done) and told < last and len(found.transitions) == 1
    if found.early:
        found.transitions[0]["at"] = last = told  # both moments are kept: the item was there when it was completed
    at = max(last, told)
    _step(found, str(task["gid"]), at, status, now, None)
    if not done:
        found.missing.append("moved")


def _field_moves(stories: Sequence[Mapping[str, Any]], reading: Reading) -> list[tuple[datetime, str | None, str | None, Any]]:
    """As `moves`, of the field that was named as the status."""
    found = []
    for story in stories:
        if story.get("custom_field") and named([story["custom_field"]], "status", reading.fields):
            before, after = story.get("old_enum_value") or {}, story.get("new_enum_value") or {}
            found.append((moment(story["created_at"]), before.get("name"), after.get("name"), story))
    return found


def _changes(item: str, stories: Iterable[Mapping[str, Any]], reading: Reading) -> Iterable[dict[str, Any]]:
    """Rows of `tables.ItemChanges`."""
    for story in stories:
        row = {"item": item, "at": moment(story["created_at"]), "author": (story.get("created_by") or {}).get("name")}
        kind = story.get("resource_subtype")
        if kind == "due_date_changed":
            yield {**row, "field": "due", "before": _day(story.get("old_dates")), "after": _day(story.get("new_dates"))}
        elif kind == "resource_subtype_changed":
            yield {**row, "field": "type", "before": story.get("old_resource_subtype"), "after": story.get("new_resource_subtype")}
        elif story.get("custom_field"):
            for column in ("points", "blocked"):
                if named([story["custom_field"]], column, reading.fields):
                    before, after = (_value(story, side) for side in ("old", "new"))
                    if column == "blocked":
                        before, after = (str(says_yes(each)).lower() for each in (before, after))
                    yield {**row, "field": column, "before": before, "after": after}


def _day(dates: Mapping[str, Any] | None) -> str | None:
    told = dates or {}
    return told.get("due_on") or (str(told["due_at"])[:10] if told.get("due_at") else None)


def _value(story: Mapping[str, Any], side: str) -> str | None:
    for name in VALUES:
        found = story.get(f"{side}_{name}")
        if found is not None:
            return str(found.get("name")) if isinstance(found, dict) else f"{found:g}" if isinstance(found, (int, float)) else str(found)
    return None

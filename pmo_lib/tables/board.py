"""What a board consists of: items, their way through the statuses, sprints, links. Jira and Asana give these; instants are UTC."""

from __future__ import annotations

import dataframely as dy

CATEGORIES = ["to_do", "in_progress", "done"]
LEVELS = ["portfolio", "epic", "item", "subtask"]
LINKED = ["blocks", "other"]
MINUTES_OF_WORK = {"unit": "minutes of work"}


def moment(description: str, *, nullable: bool = True) -> dy.Datetime:
    """An instant in UTC, to the microsecond."""
    return dy.Datetime(nullable=nullable, time_unit="us", time_zone="UTC", metadata={"unit": "UTC"}, description=description)


class Items(dy.Schema):
    """One row an item of work as it stands at the snapshot: an issue in Jira, a task in Asana."""

    item = dy.String(primary_key=True, min_length=1, description="the id that people see: Jira key, Asana gid")
    uid = dy.String(nullable=True, description="the source's internal id, which a moved Jira issue keeps")
    name = dy.String(description="summary or title")
    type = dy.String(description="the source's type, as in Story, Bug, Epic")
    level = dy.Enum(LEVELS, description="where in the hierarchy; only one level is ever counted together")
    status = dy.String(description="status now, as the source names it")
    category = dy.Enum(CATEGORIES, description="what the status counts as")
    created = moment("when it was asked for; null: the source tells only when it was finished, or that it is open")
    resolved = moment("when the source marked it resolved; finishing is told by the transitions")
    resolution = dy.String(nullable=True, description="how it ended, as the source says: Done, Won't Do, Duplicate, …")
    updated = moment("last change of anything")
    parent = dy.String(nullable=True, description="the item that it is part of: a sub-task's story, an Asana task's parent")
    epic = dy.String(nullable=True, description="the epic that it belongs to, directly or through its parent")
    team = dy.String(nullable=True, description="the team, where a field says so; else null")
    assignee = dy.String(nullable=True, description="who works on it")
    priority = dy.String(nullable=True, description="the source's priority")
    service = dy.String(nullable=True, description="class of service, where a field says so")
    points = dy.Float64(nullable=True, min=0, metadata={"unit": "points"}, description="story points or the like")
    original_estimate = dy.Int64(nullable=True, min=0, metadata=MINUTES_OF_WORK, description="estimate at the beginning")
    remaining_estimate = dy.Int64(nullable=True, min=0, metadata=MINUTES_OF_WORK, description="estimate of what is left")
    spent = dy.Int64(nullable=True, min=0, metadata=MINUTES_OF_WORK, description="work logged")
    start = dy.Date(nullable=True, description="planned start, where a field says so")
    due = dy.Date(nullable=True, description="due date")
    blocked = dy.Bool(nullable=True, description="flagged as blocked now; null: the source has no such mark")
    sprints = dy.List(dy.String(), description="ids of the sprints that it was in, the last one last")
    versions = dy.List(dy.String(), description="fix versions")
    components = dy.List(dy.String(), description="components, or Asana's sections")
    labels = dy.List(dy.String(), description="labels or tags")


class Transitions(dy.Schema):
    """One row a change of status, in order of time; an item's first row is its creation, or its finish where nothing else is told."""

    item = dy.String(min_length=1, description="item")
    at = moment("when it changed", nullable=False)
    before = dy.String(nullable=True, description="status before; null: the item was created, or nothing is told of it before")
    after = dy.String(description="status after")
    author = dy.String(nullable=True, description="who changed it")
    uid = dy.String(nullable=True, description="the source's id of the change")


class ItemChanges(dy.Schema):
    """One row a change of a field that flow depends on, other than the status."""

    item = dy.String(min_length=1, description="item")
    at = moment("when it changed", nullable=False)
    field = dy.Enum(["blocked", "sprints", "epic", "parent", "versions", "points", "type", "key", "due"], description="which of the item's columns changed")
    before = dy.String(nullable=True, description="value before, as the source wrote it; several are parted by ', '")
    after = dy.String(nullable=True, description="value after")
    author = dy.String(nullable=True, description="who changed it")


class Statuses(dy.Schema):
    """One row a status that items of the board can have, in the order of the board's columns."""

    status = dy.String(primary_key=True, min_length=1, description="the status as people see it")
    category = dy.Enum(CATEGORIES, description="what it counts as, as the source says")
    column = dy.String(nullable=True, description="the board's column; null: the status is on no column")
    position = dy.Int64(nullable=True, min=0, description="place of the column on the board, from the left; null: on no column")
    limit = dy.Int64(nullable=True, min=0, metadata={"unit": "items"}, description="most items that the column may hold; null: none is set")


class Sprints(dy.Schema):
    """One row a sprint of the board."""

    sprint = dy.String(primary_key=True, min_length=1, description="the source's id")
    name = dy.String(description="its name")
    state = dy.Enum(["future", "active", "closed"], description="what it is now")
    start = moment("when it began, or shall")
    finish = moment("when it was to end")
    completed = moment("when it was closed")
    goal = dy.String(nullable=True, description="its goal")


class ItemLinks(dy.Schema):
    """One row a link between two items, told once."""

    item = dy.String(min_length=1, description="the item that the sentence begins with")
    other = dy.String(min_length=1, description="the item that it ends with")
    kind = dy.Enum(LINKED, description="blocks: the other waits for the item; other: no order follows")
    relation = dy.String(description="the source's words, as in 'is cloned by'")


class Worklogs(dy.Schema):
    """One row a piece of logged work."""

    item = dy.String(min_length=1, description="item")
    started = moment("when the work began", nullable=False)
    minutes = dy.Int64(min=0, metadata=MINUTES_OF_WORK, description="how long it took")
    author = dy.String(nullable=True, description="who did it")

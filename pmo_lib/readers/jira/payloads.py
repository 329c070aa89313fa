"""A board from what Jira's REST interface sent, Cloud or Data Center: `board(payloads)`.

`payloads` is a folder, a ZIP archive or a file of JSON, or a mapping from names of files to what they hold. `pmo_lib.connectors` tells which files a pull
has; but what a file is, is told by its content, so that other tools' downloads are read too: issues one by one, as pages or as lists (`search/jql`,
`search`, `board/{id}/issue`), histories in them or apart (`changelog/bulkfetch`, `issue/{key}/changelog`), statuses, fields, types of issue, boards'
configurations, sprints, worklogs, and DevLake's raw layer.

`pull.json` may say besides: `key` and `name` of the project, `board` (the id of the board whose columns count), and `fields`
(`{"points": "Story Points"}`: one of `jira_fields.ROLES`, and the id or name of the field that holds it).

Instants leave in UTC. One of Jira's projects is not one of ours: all issues of the pull are one board.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.readers.jira import NAME, VERSION
from pmo_lib.readers.jira.answers import Answer, answers, digest, in_order
from pmo_lib.readers.jira.board_tables import board_tables, columns
from pmo_lib.readers.jira.changes import Histories, changed, transitions
from pmo_lib.readers.jira.fields import FieldMap
from pmo_lib.readers.jira.first_status import begun_late
from pmo_lib.readers.jira.issues import Issues
from pmo_lib.readers.jira.links import Worklogs, links
from pmo_lib.readers.jira.pages import Pages, refused
from pmo_lib.readers.jira.sorting import sorted_out
from pmo_lib.readers.jira.sprints import Sprints
from pmo_lib.readers.jira.statuses import Statuses
from pmo_lib.readers.jira.values import mapping, objects, text
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.payloads import Payloads
from pmo_lib.tables import TABLES

EVER = datetime.min.replace(tzinfo=UTC)
Row = dict[str, Any]
Source = str | PathLike[str] | Mapping[str, Any]


def board(payloads: Source, *, fields: Mapping[str, str] | None = None, name: str = "payloads") -> Project:
    """The board that the payloads tell, with a finding for everything that was refused or does not fit.

    `fields` names fields by role, over those of `pull.json`; `name` is what a mapping goes by in messages. Raises `UnreadableFile` where no issue is in
    them, or one is no JSON.
    """
    if isinstance(payloads, Mapping):
        held = ((file, content, None) for file, content in in_order(payloads))
        return _Gathered(name, fields).read(held).project()
    path = Path(payloads)
    plan = _Gathered(path.name, fields).read(answers(path)).project()
    return replace(plan, info=replace(plan.info, file=path.name, content_hash=digest(path)))


class _Gathered:
    """What the payloads said, kind by kind, until all are read; then the tables."""

    def __init__(self, name: str, fields: Mapping[str, str] | None) -> None:
        self.name, self.notes = name, Notes()
        self.pull: Mapping[str, Any] = {}
        self._told = fields
        self.fields = FieldMap(dict(fields or {}))
        self.statuses, self.sprints = Statuses(self.notes), Sprints(self.notes)
        self.issues = Issues(self.fields, self.statuses, self.sprints, self.notes)
        self.histories = Histories(self.fields, self.notes)
        self.worklogs = Worklogs(self.notes)
        self.rows: dict[str, Row] = {}
        self.creators: dict[str, str | None] = {}
        self.links: dict[tuple[str, str, str], Row] = {}
        self.projects: Counter[tuple[str, str]] = Counter()
        self.pages = Pages()
        self.refusal: str | None = None  # what an answer without issues said of it

    def read(self, answers: Iterable[Answer]) -> _Gathered:
        """Take in every answer."""
        for place, content, asked in answers:
            found = False
            self.pages.take(content)
            self.refusal = self.refusal or refused(content)
            for kind, each in sorted_out(content, asked):
                found = True
                self._take(kind, each)
            if not found and content not in ([], {}, None) and not _is_empty_page(content):
                self.notes.add("info", "payload-unknown", place, "a file that is none of Jira's answers was left out")
        return self

    def _take(self, kind: str, each: Mapping[str, Any]) -> None:
        if kind == "issue":
            self._issue(each)
        elif kind == "histories":
            self.histories.apart = self.histories.apart or bool(each.get("bulk"))
            if each.get("issue"):
                self.histories.take(str(each["issue"]), each["histories"], each.get("total"))
        elif kind == "worklog":
            self.worklogs.take(each)
        elif kind == "status":
            self.statuses.listed(each)
        elif kind == "field":
            self.fields.learn(each)
        elif kind == "type":
            self.issues.typed(each)
            for status in objects(each.get("statuses")):  # of a project's own list
                self.statuses.listed(status)
        elif kind == "sprint":
            self.sprints.listed(each)
        elif kind == "configuration":
            self.statuses.configured(each)
        elif kind == "board":
            self.statuses.named[str(each.get("id"))] = text(each.get("name")) or ""
        elif kind == "pull":
            self.pull = each
            for role, said in mapping(each.get("fields")).items():
                if role not in self.fields.told:
                    self.fields.tell(role, str(said))

    def _issue(self, issue: Mapping[str, Any]) -> None:
        if isinstance(issue.get("names"), Mapping):
            self.fields.learn_names(issue["names"])
        self.fields.learn_values(mapping(issue.get("fields")))
        row = self.issues.row(issue)
        if row is None:
            return
        uid, fields = row["uid"] or row["item"], mapping(issue.get("fields"))
        before = self.rows.get(uid)
        if before is not None and not _newer(row, before):
            if {**row, "sprints": None} != {**before, "sprints": None}:
                self.notes.add("info", "issue-twice", row["item"], "an issue came twice; its latest state is kept")
        else:
            self.rows[uid] = row
            self.creators[uid] = text(fields.get("creator")) or text(fields.get("reporter"))
        changelog = issue.get("changelog")
        if isinstance(changelog, Mapping):
            self.histories.take(uid, changelog.get("histories", []), changelog.get("total"))
        for link in links(row["item"], fields.get("issuelinks")):
            self.links.setdefault((link["item"], link["other"], link["relation"]), link)
        self.worklogs.in_issue(uid, fields.get("worklog"))
        project = mapping(fields.get("project"))
        if before is None:
            self.projects[text(project.get("key")) or row["item"].rpartition("-")[0], text(project.get("name")) or ""] += 1

    def project(self) -> Project:
        """The board, once everything is read."""
        if not self.rows:
            errors = self.notes.frame().filter(severity="error")
            because = f": {errors['place'][0]}: {errors['message'][0]}" if errors.height else f": {self.refusal}" if self.refusal else ""
            raise UnreadableFile(self.name, f"it holds no issue of Jira that can be read{because}", remedy="pull or export the issues again")
        if not self.pull:
            self.pages.tell(len(self.rows) + self.issues.keyless, self.name, self.notes)
        self._settle()
        moves, changes = self._past()
        found = {
            "items": _by_column("items", list(self.rows.values())),
            "transitions": columns("transitions", moves),
            "item_changes": columns("item_changes", changes),
            "statuses": _by_column("statuses", self.statuses.rows(text(self.pull.get("board")))),
            "sprints": _by_column("sprints", self.sprints.rows()),
            "item_links": _by_column("item_links", list(self.links.values())),
            "worklogs": _by_column("worklogs", self.worklogs.rows(self._keys())),
        }
        begun_late(found["items"], moves, dict(zip(found["statuses"]["status"], found["statuses"]["category"], strict=True)), self.notes)
        self.fields.describe(self.notes)
        tables = board_tables(found, self.notes)
        return Project(self._info(), tables, self.notes.frame())

    def _keys(self) -> dict[str, str]:
        """Key by id and by key, those of before a move too."""
        keys = {uid: row["item"] for uid, row in self.rows.items()}
        for uid, row in self.rows.items():
            for change in self.histories.changes.get(uid, {}).values():
                if change.role == "key" and change.before[1]:
                    keys.setdefault(str(change.before[1]), row["item"])
        return keys | {row["item"]: row["item"] for row in self.rows.values()}

    def _settle(self) -> None:
        """Histories told by key go to their issue; epics are followed from sub-tasks through their parents; keys stay unique."""
        keys, uids = self._keys(), {row["item"]: uid for uid, row in self.rows.items()}
        if len(uids) < len(self.rows):
            self._one_of_each_key()
            uids = {row["item"]: uid for uid, row in self.rows.items()}
        for named in [each for each in self.histories.changes if each not in self.rows]:
            self.histories.belongs(named, uids.get(keys.get(named, "")))
        by_key = {row["item"]: row for row in self.rows.values()}
        for row in self.rows.values():
            if row["epic"] in by_key and by_key[row["epic"]]["level"] == "item":
                by_key[row["epic"]]["level"] = "epic"
        for row in self.rows.values():
            row["epic"] = _epic(row, by_key)

    def _one_of_each_key(self) -> None:
        """Of two issues with one key, which a site cannot have, the one that changed last."""
        latest: dict[str, str] = {}
        for uid, row in list(self.rows.items()):
            other = latest.setdefault(row["item"], uid)
            if other != uid:
                self.notes.add("error", "key-twice", row["item"], "two issues have one key; the one that changed last is kept", "pull again")
                dropped = other if _newer(row, self.rows[other]) else uid
                latest[row["item"]] = uid if dropped == other else other
                del self.rows[dropped]

    def _past(self) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Rows of transitions and of item_changes; `blocked` of an issue whose flag only its history tells."""
        moves: list[tuple[Any, ...]] = []
        others: list[tuple[Any, ...]] = []
        for uid, row in self.rows.items():
            changes = self.histories.of(uid, row["item"])
            moves += transitions(row, changes, self.histories.known(uid), self.statuses, self.notes, self.creators[uid])
            rest = changed(row, changes)
            others += rest
            flags = [after for _, _, field, _, after, _ in rest if field == "blocked"]
            if row["blocked"] is None and flags:
                row["blocked"] = flags[-1] is not None
        return moves, others

    def _info(self) -> ProjectInfo:
        (key, name), _ = self.projects.most_common(1)[0]
        if len(self.projects) > 1 and not (self.pull.get("key") or self.pull.get("project")):
            others = ", ".join(sorted(each for each, _ in self.projects if each != key))
            told = f"the issues are of {len(self.projects)} projects of Jira; the board is called after {key}, the others are {others[:80]}"
            self.notes.add("info", "several-projects", "issues", told, "give the pull a key in pmo.toml")
        key = text(self.pull.get("key")) or text(self.pull.get("project")) or key or self.name
        return ProjectInfo(
            key=key,
            name=text(self.pull.get("name")) or name or key,
            source=NAME,
            reader=VERSION,
            source_id=text(self.pull.get("site")),
            data_date=Payloads({}, self.pull).local(),
        )


def _newer(row: Row, than: Row) -> bool:
    return (row["updated"] or row["created"] or EVER) > (than["updated"] or than["created"] or EVER)


def _by_column(name: str, rows: list[Row]) -> dict[str, list[Any]]:
    return {column: [row.get(column) for row in rows] for column in TABLES[name].column_names()}


def _epic(row: Row, by_key: Mapping[str, Row]) -> str | None:
    """The epic of an item: its own link, else the parent that is one, else its parent's."""
    if row["level"] in ("epic", "portfolio"):
        return None
    if row["epic"]:
        return row["epic"]
    if row["parent_level"] == "epic":
        return row["parent"]
    parent = by_key.get(row["parent"] or "")
    if parent is None or parent is row:
        return None
    if parent["level"] == "epic":
        return parent["item"]
    return _epic({**parent, "level": "item"}, by_key) if parent["level"] == "item" and row["level"] == "subtask" else None


def _is_empty_page(content: Any) -> bool:
    held = [value for value in content.values() if isinstance(value, list)] if isinstance(content, Mapping) else []
    return bool(held) and not any(held)

"""Rows of a list of issues as what Jira's REST interface would have sent of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from pmo_lib.readers.cells import DateOrder, plain
from pmo_lib.readers.jira.dates import dated, offset, order_of, western, zoned
from pmo_lib.readers.jira.fields import FieldMap
from pmo_lib.readers.jira.headers import IGNORED_TOO, TYPES, understood
from pmo_lib.readers.jira.statuses import usual_category
from pmo_lib.readers.notes import Notes
from pmo_lib.readers.sheets import Sheet

AGAIN = "correct it in Jira and export again"
DATED = ("created", "updated", "resolved", "category_changed", "due")
CATEGORIES = {
    word: key
    for key, words in {
        "new": "to do|zu erledigen|a faire|por hacer|a fazer|itens pendentes|pendente|do zrobienia|к выполнению|сделать|da completare|yapilacak|te doen|"
        "待办|未着手",
        "indeterminate": "in progress|in arbeit|en cours|en curso|em andamento|itens em andamento|w toku|в работе|in corso|devam ediyor|bezig|进行中|進行中",
        "done": "done|fertig|erledigt|termine|terminee|listo|finalizado|finalizada|concluido|itens concluidos|gotowe|готово|выполнено|completata|completato|"
        "tamam|gereed|完成|完了",
    }.items()
    for word in words.split("|")
}
KEYS = {"to_do": "new", "in_progress": "indeterminate", "done": "done"}
NOTHING = {
    "resolution": "unresolved|nicht erledigt|unerledigt|non resolu|non resolue|sin resolver|nao resolvido|нет решения|nierozwiazane|未解决|未解決",
    "assignee": "unassigned|nicht zugewiesen|non assigne|non attribue|sin asignar|nao atribuido|не назначен|nieprzydzielone|未分配|未割り当て",
}  # what a cell says where there is none
NO_STATUS = "an issue that does not say its status was left out"
OPEN, FINISHED = "Open", "Finished"  # where a list says only when an issue was resolved
Made = dict[str, Any]
Cells = list[str]


class IssueList:
    """A list, its columns understood, and what was noticed on the way."""

    def __init__(self, file: str, sheet: Sheet, *, bare: bool = False) -> None:
        """`bare`: a list of finished items, whose keys and creations may be untold.

        Raises `UnreadableFile` where nobody can tell the day from the month in its dates.
        """
        self.sheet, self.notes, self.bare, self.stem = sheet, Notes(), bare, PurePath(file).stem
        self.headers = understood(sheet.headers, bare=bare)
        self.days_only = not any(":" in western(text) for text in self._texts_of(DATED))
        fields = FieldMap()
        fields.learn_names({f"customfield_{name}": name for name in self.headers.custom})
        self._custom = {key: self.headers.custom[fields.names[key]] for keys in fields.ids.values() for key in keys if key in fields.names}
        self._days = {key for key in fields.ids.get("start", ()) if key in self._custom}
        self.names = {key: fields.names[key] for key in self._custom}
        self._order: DateOrder | None = order_of(file, self._texts())
        self._keys: dict[str, str] = {}  # by id
        self._categories = self._category_of_status()
        self._tell(file)

    def projects(self) -> dict[str, list[Made]]:
        """Issues by the project that they name; findings tell of the rows that are none."""
        rows = list(self._rows())
        self._keys = {key: key for _, _, key in rows} | {self.headers.first(line, "id"): key for _, line, key in rows}
        found: dict[str, list[Made]] = {}
        for place, line, key in rows:
            issue = self._issue(place, line, key)
            if self.bare and self.headers.first(line, "resolved") and not issue["fields"]["resolutiondate"]:
                continue  # finished or not hangs on that cell, and a finding tells of it
            needed = ("status",) if self.bare else ("created", "status")
            if fault := next((what for what in needed if not issue["fields"][what]), None):
                lacks = {"created": ("creation", "an issue that does not say when it was created was left out"), "status": ("status", NO_STATUS)}[fault]
                self.notes.add("error", f"item-without-{lacks[0]}", issue["place"], lacks[1], AGAIN)
                continue
            found.setdefault(issue["fields"]["project"]["key"], []).append(issue)
        return found

    def _rows(self) -> Iterator[tuple[str, Cells, str]]:
        seen: set[str] = set()
        for number, line in self.sheet.rows:
            place, key = self.sheet.place(number), self.headers.first(line, "key")
            if self.bare and (not key or key in seen):
                key = f"row {number}"
            if not key:
                self.notes.add("error", "item-without-key", place, "a row without an issue's key was left out", "export it with the column Issue key")
            elif key in seen:
                self.notes.add("error", "key-twice", f"{place}, {key}", "a row whose key came before was left out", AGAIN)
            else:
                seen.add(key)
                yield place, line, key

    def _texts(self) -> Iterator[str]:
        yield from self._texts_of(DATED)
        yield from (line[at] for key in self._days for at in self._custom[key] for _, line in self.sheet.rows if line[at])

    def _texts_of(self, names: Iterable[str]) -> Iterator[str]:
        """Every filled cell of those fields."""
        return (line[at] for name in names for at in self.headers.fields.get(name, ()) for _, line in self.sheet.rows if line[at])

    def _category_of_status(self) -> dict[str, str]:
        """What each status counts as: what the list says of it; else done, where most of its issues are resolved, else what its name usually means."""
        told: dict[str, str] = {}
        resolved: Counter[str] = Counter()
        count: Counter[str] = Counter()
        for _, line in self.sheet.rows:
            status = self.headers.first(line, "status")
            category = CATEGORIES.get(plain(self.headers.first(line, "category")))
            if category:
                told[status] = category
            count[status] += 1
            resolved[status] += bool(self.headers.first(line, "resolved"))
        for status in count.keys() - told.keys() - {""}:
            ended = "resolved" in self.headers.fields and 2 * resolved[status] > count[status]
            told[status] = "done" if ended else KEYS[usual_category(status)]
            if "category" in self.headers.fields or "resolved" not in self.headers.fields or usual_category(status) == "in_progress":
                message = f"the list does not say what the status {status!r} counts as; it is taken as {_words(told[status])}"
                self.notes.add("warning", "category-missing", f"status {status}", message, "export the column Status Category too")
        return told

    def _tell(self, file: str) -> None:
        if self.sheet.encoding:
            self.notes.add("info", "encoding", file, f"the text is not Unicode and was read as {self.sheet.encoding}", "save it as UTF-8 if letters look wrong")
        if not self.days_only and any(not zoned(self.headers.first(line, "created")) for _, line in self.sheet.rows):
            self.notes.add(
                "info", "time-without-zone", file, "the times of the list have no zone and are taken as UTC", "pull the project to have them exactly"
            )
        if self.bare:
            self._tell_bare(file)
        elif "status" not in self.headers.fields:
            message = f"the list has no status: an issue is {FINISHED!r} once it was resolved, and {OPEN!r} before"
            self.notes.add("warning", "status-missing", file, message, "export the column Status too")
        if (statuses := set(self._texts_of(["status"]))) and all(status.isdigit() for status in statuses):
            message = "the statuses are numbers, as in a table of a warehouse: what they count as is guessed from the resolutions alone"
            self.notes.add("warning", "status-numbers", file, message, "put the names of the statuses in their place, or pull the project")
        unused = [name for name in self.headers.unknown if plain(name) not in IGNORED_TOO]
        unused += [name for name in self.headers.custom if f"customfield_{name}" not in self._custom]
        if unused:
            named = ", ".join(dict.fromkeys(unused))
            self.notes.add("info", "columns-unused", file, f"columns that a board does not need were left out: {named[:300]}{'…' if len(named) > 300 else ''}")

    def _tell_bare(self, file: str) -> None:
        """What a list of finished items cannot say."""
        if "created" not in self.headers.fields:
            message = "the list says only when items were finished: throughput and forecasts follow from it, and no cycle time, lead time or arrivals"
            self.notes.add("warning", "finish-dates-only", file, message, "export when they were created too, or pull the board with its history")
        if not set(self.headers.fields) & {"key"}:
            self.notes.add("info", "item-without-key", file, "the items go by their row, and cannot be followed from one list to the next", "add a column Key")

    def _issue(self, place: str, line: Cells, key: str) -> Made:
        first, every = self.headers.first, self.headers.every
        place = f"{place}, {key}"
        project = first(line, "project") or (self.stem if self.bare else key.rpartition("-")[0] or self.stem)
        fields: Made = {
            "summary": first(line, "summary") or key,
            "issuetype": {"name": first(line, "type") or "Issue"},
            "project": {"key": project, "name": first(line, "project_name") or (f"Project {project}" if project.isdigit() else project)},
            "status": self._status(line),
            "created": self._instant(first(line, "created"), "the creation", place),
            "updated": self._instant(first(line, "updated"), "the last change", place),
            "resolutiondate": self._instant(first(line, "resolved"), "the resolution", place),
            "statuscategorychangedate": self._instant(first(line, "category_changed"), "the last change of category", place),
            "duedate": self._day(first(line, "due"), "the due date", place),
            "resolution": _but(first(line, "resolution"), NOTHING["resolution"]),
            "priority": first(line, "priority") or None,
            "assignee": _but(first(line, "assignee"), NOTHING["assignee"]),
            "creator": first(line, "creator") or None,
            "timeoriginalestimate": first(line, "original") or None,
            "timeestimate": first(line, "remaining") or None,
            "timespent": first(line, "spent") or None,
            "fixVersions": every(line, "versions"),
            "components": every(line, "components"),
            "labels": [word for cell in every(line, "labels") for word in cell.split()],
            "sprint": every(line, "sprints"),
            "parent": self._parent(first(line, "parent"), place),
            "issuelinks": self._links(line),
            "worklog": {"worklogs": list(self._worklogs(line, key, place))},
        }
        for field, columns in self._custom.items():
            value = next((line[at] for at in columns if line[at]), None)
            fields[field] = self._day(value, "the planned start", place) if value and field in self._days else value
        began = self._instant(first(line, "started"), "the start of work", place)
        return {"id": first(line, "id") or key, "key": key, "place": place, "fields": fields, "bare": self.bare, "began": began}

    def _status(self, line: Cells) -> Made:
        name = self.headers.first(line, "status")
        if "status" not in self.headers.fields:
            name = FINISHED if self.headers.first(line, "resolved") else OPEN
            return {"id": name, "name": name, "statusCategory": {"key": "done" if name == FINISHED else "new"}}
        return {"id": name, "name": name, "statusCategory": {"key": self._categories.get(name)}} if name else {}

    def _instant(self, text: str, what: str, place: str) -> str | None:
        if not text:
            return None
        found = dated(text, self._order)
        if found is None:
            self.notes.add("error", "date-unreadable", f"{place}: {text[:40]!r}", f"{what} of an issue is no date and was left out", AGAIN)
            return None
        at = found.at.replace(hour=12) if self.days_only else found.at  # a day alone is that day in every zone
        return f"{at.isoformat()}{offset(text)}"

    def _day(self, text: str, what: str, place: str) -> str | None:
        """The day on its own clock."""
        found = self._instant(text, what, place)
        return found[:10] if found else None

    def _parent(self, told: str, place: str) -> Made | None:
        """The parent by its key; an id is followed within the list alone."""
        if told.isdigit() and told not in self._keys:
            self.notes.add("info", "parent-unknown", place, "a parent that is told by its id, and is not in the list, was left out", "export the parents too")
            return None
        return {"key": self._keys.get(told, told)} if told else None

    def _links(self, line: Cells) -> list[Made]:
        found = []
        for at, kind, outward in self.headers.links:
            if line[at]:
                words = TYPES.get(plain(kind), (kind.lower(), kind.lower()))
                found.append({"type": {"name": kind, "outward": words[0], "inward": words[1]}, "outwardIssue" if outward else "inwardIssue": {"key": line[at]}})
        return found

    def _worklogs(self, line: Cells, key: str, place: str) -> Iterator[Made]:
        """Logged work, written as `comment;date;author;seconds`."""
        for number, cell in enumerate(self.headers.every(line, "worklogs")):
            parts = cell.rsplit(";", 3)
            started = self._instant(parts[-3], "logged work", place) if len(parts) >= 3 else None
            if started:
                yield {"id": f"{key}/{number}", "started": started, "author": parts[-2], "timeSpentSeconds": parts[-1]}
            elif len(parts) < 3:
                self.notes.add("error", "worklog-unreadable", place, "logged work that is not written as comment;date;author;seconds was left out", AGAIN)


def _but(said: str, nothing: str) -> str | None:
    """What a cell says; None where it says in words that there is nothing."""
    return None if not said or plain(said) in nothing.split("|") else said


def _words(key: str) -> str:
    return {"new": "not begun", "indeterminate": "in progress", "done": "done"}[key]

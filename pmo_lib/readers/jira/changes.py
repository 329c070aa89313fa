"""Histories as transitions and changes of other fields, in order of time; what does not fit together is told with its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pmo_lib.readers.jira.fields import FieldMap
from pmo_lib.readers.jira.statuses import Statuses
from pmo_lib.readers.jira.values import instant, objects, text
from pmo_lib.readers.notes import Notes

# names of built-in fields in histories, which are English on every site
BUILT_IN = {
    "status": "status", "fixversions": "versions", "fix version": "versions", "issuetype": "type", "issue type": "type", "key": "key", "parent": "parent",
    "issueparentassociation": "parent", "flagged": "blocked", "sprint": "sprints", "epic link": "epic", "epic child": None, "story points": "points",
    "duedate": "due", "due date": "due",
}  # fmt: skip
BY_ID = {"sprints", "due"}  # whose values are told as in the tables: the ids of sprints, days as 2026-03-31
BEGUN = "Created"  # the status of an item before the first that the source tells
APART = timedelta(microseconds=1)  # between what came one after the other on a day of which no more is told
STARTED = "Started"  # that of a finished item of which only the moment is told when work on it began
NO_HISTORY = "without history only creation and resolution are known, so there is no cycle time; these items stand in the status 'Created' until then"

BY_DATES = f"only creation, start and finish are known: cycle times are from start to finish, and until then the items stand in {STARTED!r}"
START_UNTOLD = "it is not told since when an issue is in progress; it is taken to be so since its last change, so its age is the least that it can be"


class Change(NamedTuple):
    """One changed field of one history."""

    at: datetime
    order: tuple[int, int]  # of histories of one instant
    author: str | None
    history: str
    role: str
    before: tuple[Any, Any]  # id, words
    after: tuple[Any, Any]


class Histories:
    """What is known of the issues' past, by issue, whatever payload told it."""

    def __init__(self, fields: FieldMap, notes: Notes) -> None:
        self._fields, self._notes = fields, notes
        self._roles: dict[tuple[str | None, str | None], str | None] = {}
        self.changes: dict[str, dict[tuple[str, int], Change]] = {}
        self._held: dict[str, set[str]] = {}
        self._total: dict[str, int] = {}
        self.apart = False  # histories came on pages of their own, which name no issue that never changed

    def take(self, issue: str, histories: Any, total: Any = None) -> None:
        """Take in histories of an issue, by its id or key. `total` is how many the source says there are."""
        held, changes = self._held.setdefault(issue, set()), self.changes.setdefault(issue, {})
        if not isinstance(histories, list):
            self._notes.add("error", "history-unreadable", issue, "what should be a list of changes is none and was left out", "pull again")
        for number, history in enumerate(objects(histories)):
            key = text(history.get("id")) or f"{history.get('created')}/{number}"
            held.add(key)
            relevant = [(i, role, item) for i, item in enumerate(objects(history.get("items"))) if (role := self._role(item))]
            if not relevant:
                continue
            place = f"{issue}, history {key}"
            at = instant(history.get("created"), "the instant of a change", place, self._notes)
            if at is None:
                if not history.get("created"):
                    self._notes.add("error", "change-without-time", place, "a change that does not say when it was made was left out", "pull again")
                continue
            author = text(history.get("author"))
            order = int(key) if key.isdigit() else 0
            for i, role, item in relevant:
                before, after = (item.get("from"), item.get("fromString")), (item.get("to"), item.get("toString"))
                changes[key, i] = Change(at, (order, i), author, key, role, before, after)
        if isinstance(total, int):
            self._total[issue] = max(total, self._total.get(issue, 0))

    def _role(self, item: Mapping[str, Any]) -> str | None:
        named = text(item.get("fieldId")), text(item.get("field"))
        if named not in self._roles:
            built_in = BUILT_IN.get(str(named[1]).casefold())
            found = built_in or self._fields.role_of(each for each in named if each)
            beside = found == "due" and not built_in and "due" not in self._fields.told  # stands in only where Jira's own due date is empty
            self._roles[named] = found if found in ROLES and not beside else None
        return self._roles[named]

    def belongs(self, named: str, issue: str | None) -> None:
        """What was told under a key belongs to the issue of that id; None: to none of the pull."""
        changes, held, total = self.changes.pop(named), self._held.pop(named), self._total.pop(named, 0)
        if issue is None:
            self._notes.add("info", "history-elsewhere", f"issue {named}", "the history of an issue that is not in the pull was left out", "pull the issue too")
            return
        self.changes.setdefault(issue, {}).update(changes)
        self._held.setdefault(issue, set()).update(held)
        self._total[issue] = max(total, self._total.get(issue, 0))

    def known(self, issue: str) -> bool:
        """Whether the source told the issue's past, be it that nothing ever changed."""
        return self.apart or issue in self._held

    def of(self, uid: str, key: str) -> list[Change]:
        """The issue's changes in order of time, and a finding where there should be more."""
        held, total = len(self._held.get(uid, ())), self._total.get(uid, 0)
        if total > held:
            self._notes.add(
                "error",
                "history-cut",
                f"{key}: {held:,} of {total:,} changes",
                "the history of an issue is not whole, so its times are not reliable",
                "pull its changelog page by page",
            )
        return sorted(self.changes.get(uid, {}).values(), key=lambda change: (change.at, change.order))


ROLES = {"status", "blocked", "sprints", "epic", "parent", "versions", "points", "type", "key", "due"}


def transitions(row: Mapping[str, Any], changes: list[Change], known: bool, statuses: Statuses, notes: Notes, creator: str | None) -> list[tuple[Any, ...]]:
    """Rows of transitions of one item: item, at, before, after, author, uid; the first is its creation."""
    moves = [change for change in changes if change.role == "status"]
    if not known:
        return _untold(row, statuses, notes)
    if not moves:
        return [(row["item"], row["created"], None, row["status"], creator, None)]
    rows, at = _told(row, moves, statuses, notes, creator)
    return rows if at == row["status"] else rows + _left(row, rows[-1][1], at, notes)


def _untold(row: Mapping[str, Any], statuses: Statuses, notes: Notes) -> list[tuple[Any, ...]]:
    """Rows of an item whose history nobody has: what its dates say of it."""
    began = _began(row, notes)
    if row["created"] is not None:
        statuses.made_up(BEGUN, "to_do")
    if began is not None and row["category"] == "done":
        statuses.made_up(STARTED, "in_progress")
    return _by_dates(row, began, notes) if began else _without_history(row, notes) if row["created"] is not None else _finish_alone(row)


def _told(row: Mapping[str, Any], moves: list[Change], statuses: Statuses, notes: Notes, creator: str | None) -> tuple[list[tuple[Any, ...]], str]:
    """Rows of an item's moves, and the status in which they leave it."""
    key, created = row["item"], row["created"]
    at = statuses.in_history(*moves[0].before, key) or row["status"]
    begun = min(created, moves[0].at)
    if begun < created:
        notes.add(
            "warning", "change-before-creation", f"{key}, history {moves[0].history}", "a change is older than its issue; the issue begins with it",
            "see whether the issue was imported with its history",
        )  # fmt: skip
    rows: list[tuple[Any, ...]] = [(key, begun, None, at, creator, None)]
    for move in moves:
        place = f"{key}, history {move.history}"
        before, after = statuses.in_history(*move.before, place), statuses.in_history(*move.after, place)
        if after is None:
            notes.add("error", "status-missing", place, "a change of status that does not say to which was left out", "pull again")
            continue
        if before is not None and before != at:
            notes.add(
                "warning", "history-gap", f"{place} ({before!r} after {at!r})", "a change leaves a status in which its issue did not stand",
                "see the issue's history in Jira; the change is kept as it stands",
            )  # fmt: skip
        rows.append((key, move.at, before or at, after, move.author, move.history))
        at = after
    return rows, at


def _left(row: Mapping[str, Any], last: datetime, at: str, notes: Notes) -> list[tuple[Any, ...]]:
    """The change that no history tells, where the history leaves an item in another status than it has; a finding says so."""
    more = _since(row, last, at, row["status"])
    rest = "the source's own date of the change of category, or of the resolution, ends it" if more else "its last times are not reliable"
    message = f"a history ends in another status than its issue has now; {rest}"
    notes.add("warning", "status-disagrees", f"{row['item']}: {at!r}, now {row['status']!r}", message, "see the issue in Jira")
    return more


def _since(row: Mapping[str, Any], last: datetime, at: str, now: str) -> list[tuple[Any, ...]]:
    """The change that no history tells, where the source says when the category of the status changed, or when the issue was resolved."""
    moments = [row["category_changed"], row["resolved"] if row["category"] == "done" else None]
    when = next((moment for moment in moments if moment and moment > last), None)
    return [(row["item"], when, at, now, None, None)] if when else []


def _began(row: Mapping[str, Any], notes: Notes) -> datetime | None:
    """When work began, where the source tells that and it can be so."""
    began, ended = row["began"], row["resolved"] if row["category"] == "done" else None
    if began is None:
        return None
    if row["category"] == "to_do" or (ended is None and row["category"] == "done"):
        fault = "start-without-work", "an item that is not in progress, and not known to be finished, has a start"
    elif ended is not None and began > ended:
        fault = "start-after-finish", "work on an item begins after it was finished"
    elif row["created"] is not None and began.date() < row["created"].date():
        fault = "start-before-creation", "work on an item begins before it was created"
    else:
        return began
    notes.add("warning", fault[0], f"{row['item']}: {began:%Y-%m-%d}", f"{fault[1]}; the start was left out", "correct its dates in the source")
    return None


def _by_dates(row: Mapping[str, Any], began: datetime, notes: Notes) -> list[tuple[Any, ...]]:
    """What creation, start and finish tell."""
    notes.add("info", "history-by-dates", row["item"], BY_DATES, "pull the changelog of the items to have every status")
    key, created, done = row["item"], row["created"], row["category"] == "done"
    working = STARTED if done else row["status"]
    born = [] if created is None else [(key, min(created, began), None, BEGUN, None, None)]
    rows = [*born, (key, began, BEGUN if born else None, working, None, None)]
    return [*rows, (key, max(row["resolved"], began + APART), working, row["status"], None, None)] if done else rows


def _finish_alone(row: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What a finish alone tells."""
    return [(row["item"], row["resolved"], None, row["status"], None, None)] if row["resolved"] else []


def _without_history(row: Mapping[str, Any], notes: Notes) -> list[tuple[Any, ...]]:
    """What creation, resolution and the last change of category tell."""
    notes.add("warning", "no-history", row["item"], NO_HISTORY, "pull the changelog of the issues too")
    key, created, category = row["item"], row["created"], row["category"]
    if category == "to_do":
        return [(key, created, None, row["status"], None, None)]
    when = row["resolved"] if category == "done" else None
    when = when or row["category_changed"]
    if when is None and category == "in_progress" and row["updated"]:
        notes.add("warning", "start-untold", key, START_UNTOLD, "pull the changelog of the issues, or export the column Status Category Changed")
        when = row["updated"]
    begun = [(key, created, None, BEGUN, None, None)]
    return begun if when is None else [(key, min(created, when), None, BEGUN, None, None), (key, when, BEGUN, row["status"], None, None)]


def changed(row: Mapping[str, Any], changes: list[Change]) -> list[tuple[Any, ...]]:
    """Rows of item_changes of one item: item, at, field, before, after, author."""
    return [
        (row["item"], change.at, change.role, _said(change.role, change.before), _said(change.role, change.after), change.author)
        for change in changes
        if change.role != "status"
    ]


def _said(role: str, value: tuple[Any, Any]) -> str | None:
    key, words = value
    return text(key) if role in BY_ID and text(key) else text(words) or text(key)

"""Links between issues, each told once in the direction in which it reads, and logged work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pmo_lib.readers.cells import plain
from pmo_lib.readers.jira.values import instant, mapping, minutes, objects, text
from pmo_lib.readers.notes import Notes

# how a link reads from the one that must be done first, and from the one that waits for it; the second is turned round
FIRST = {
    "blocks", "has to be done before", "has to be finished before", "is a prerequisite of", "is a prerequisite for", "is depended on by", "is required by",
    "precedes", "is predecessor of", "is a predecessor of", "must be done before", "blockiert", "bloque", "bloquea", "blokkeert", "阻塞",
    "has to be finished together with start of", "is a dependency for", "is dependency for", "gates",
}  # fmt: skip
WAITS = {
    "depends on", "is dependent on", "requires", "follows", "is successor of", "is a successor of", "is blocked by", "has to be done after",
    "hangt ab von", "depend de", "depende de", "waits for", "needs",
}  # fmt: skip


def links(key: str, value: Any) -> Iterator[dict[str, Any]]:
    """Rows of item_links that an issue tells."""
    for link in objects(value):
        kind = mapping(link.get("type"))
        outward, inward = text(kind.get("outward")) or text(kind.get("name")) or "", text(kind.get("inward")) or ""
        to, source = text(mapping(link.get("outwardIssue")).get("key")), text(mapping(link.get("inwardIssue")).get("key"))
        if to:
            yield _row(key, to, outward, inward)
        elif source:
            yield _row(source, key, outward, inward)


def _row(item: str, other: str, outward: str, inward: str) -> dict[str, Any]:
    """`item outward other`; what says that the first waits is turned, so that `blocks` always reads in the order of work."""
    if plain(outward) in FIRST or (plain(inward) in WAITS and plain(outward) not in WAITS):
        return {"item": item, "other": other, "kind": "blocks", "relation": outward}
    if plain(outward) in WAITS:
        return {"item": other, "other": item, "kind": "blocks", "relation": inward or outward}
    return {"item": item, "other": other, "kind": "other", "relation": outward}


class Worklogs:
    """Logged work, each piece once, whether it came in its issue or on a page of its own."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._rows: dict[str, dict[str, Any]] = {}
        self._cut: dict[str, int] = {}
        self._of: dict[str, int] = {}

    def in_issue(self, uid: str, value: Any) -> None:
        """The pieces within an issue, which Jira cuts at twenty."""
        held = mapping(value)
        for log in objects(held.get("worklogs")):
            self.take({"issueId": uid, **log})
        total = held.get("total")
        if isinstance(total, int) and total > len(objects(held.get("worklogs"))):
            self._cut[uid] = total

    def take(self, log: Mapping[str, Any]) -> None:
        """One piece of work."""
        owner = text(log.get("issueId")) or ""
        key = str(log.get("id") or len(self._rows))
        place = f"worklog {key}"
        started = instant(log.get("started") or log.get("created"), "the start of logged work", place, self._notes)
        length = minutes(log.get("timeSpentSeconds"), "logged work", place, self._notes)
        if started is None or length is None:
            if not (log.get("started") or log.get("created")):
                self._notes.add("error", "worklog-without-time", place, "logged work that does not say when was left out", "pull again")
            return
        if key not in self._rows:
            self._of[owner] = self._of.get(owner, 0) + 1
        self._rows[key] = {"item": owner, "started": started, "minutes": length, "author": text(log.get("author"))}

    def rows(self, keys: Mapping[str, str]) -> list[dict[str, Any]]:
        """Rows of the table; `keys` gives an issue's key by its id or key."""
        for uid, total in self._cut.items():
            if self._of.get(uid, 0) < total:
                place = f"{keys.get(uid, uid)}: {self._of.get(uid, 0):,} of {total:,} pieces"
                self._notes.add("warning", "worklogs-cut", place, "the logged work of an issue is not whole", "pull its worklogs page by page")
        found = []
        for key, row in self._rows.items():
            if row["item"] in keys:
                found.append({**row, "item": keys[row["item"]]})
            else:
                self._notes.add(
                    "info", "worklog-elsewhere", f"worklog {key}", "work logged on an issue that is not in the pull was left out", "pull the issue too"
                )
        return sorted(found, key=lambda row: row["started"])

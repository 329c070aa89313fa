"""What a comparison says in sentences: whether it is one plan, what moved its finish, its critical path and its floats.

`found` is `schedule.Comparison`; each sentence holds without the page it stands on, and ends without a full stop.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.plots import words
from pmo_lib.schedule import Comparison

INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
NAMED = 3  # activities named before "and n more"
CHANGES = {
    "relinked": "re-linked",
    "actuals": "actual dates",
    "hours": "working time",
    "kind": "type",
}
VALUES = {"True": "yes", "False": "no", "p6": "Primavera P6", "msp": "Microsoft Project"}


def headline(found: Comparison) -> str:
    """By how many working days the finish moved, and by which groups of changes; or that these are different plans."""
    if found.verdict == "different":
        return f"These are different plans: {_shared(found)}"
    if found.attribution is None:
        return f"What moved the finish cannot be told: {words.reason(found.reason or 'one of the plans has no dates')}"
    total = found.attribution.filter(pl.col("group") == "total").row(0, named=True)
    assert found.older_finish is not None
    assert found.newer_finish is not None
    parts = _parts(found.attribution)
    if not total["minutes"]:
        return f"The finish stays on {words.day(found.newer_finish)}" + (f": {parts}" if parts else "")
    way = "later" if total["minutes"] > 0 else "earlier"
    return f"The finish moved {_working(total['days'])} {way}, from {words.day(found.older_finish)} to {words.day(found.newer_finish)}: {parts}"


def title(found: Comparison, since: datetime | None) -> str:
    """The same without its parts, for a card which shows them."""
    when = f" since {words.day(since)}" if since else ""
    if found.verdict == "different":
        return f"This plan and the one{f' of {words.day(since)}' if since else ' before'} are different plans"
    if found.attribution is None:
        return f"{words.count(edits(found).height, 'change')}{when}"
    total = found.attribution.row(by_predicate=pl.col("group") == "total", named=True)
    if not total["minutes"]:
        return f"The finish has not moved{when}"
    return f"The finish moved {_working(total['days'])} {'later' if total['minutes'] > 0 else 'earlier'}{when}"


def _parts(attribution: pl.DataFrame) -> str:
    rows = [row for row in attribution.iter_rows(named=True) if row["minutes"] and row["group"] != "total"]
    said = [f"{words.days(row['days'])} by {words.GROUPS[row['group']]}" for row in sorted(rows, key=lambda row: -abs(row["minutes"]))]
    return ", ".join(said)


def _shared(found: Comparison) -> str:
    both = found.matching["method"].is_not_null().sum()
    smaller = min(found.matching["older"].count(), found.matching["newer"].count())
    return f"{both:,} of the {smaller:,} activities of the {'smaller' if smaller else 'older'} one are in both"


def doubt(found: Comparison) -> str | None:
    """Why the comparison is to be read with care, where it is."""
    if found.verdict != "doubtful":
        return None
    what = "their durations and relationships differ" if found.share >= 0.5 else "the plan was rewritten"
    return f"{words.capitalised(_shared(found))}: {what}, or these are two plans; read what follows with care"


def matched(found: Comparison) -> str:
    """How many activities were found again, and by what."""
    counts = found.matching.drop_nulls("method").group_by(pl.col("method").cast(pl.String)).len().sort("len", "method", descending=[True, False]).rows()
    by = ", ".join(f"{count:,} by {words.METHODS[method]}" for method, count in counts)
    added, removed = found.matching["older"].null_count(), found.matching["newer"].null_count()
    rest = "".join(f"; {count:,} {what}" for count, what in ((added, "added"), (removed, "removed")) if count)
    return f"{words.count(sum(count for _, count in counts), 'activity', 'activities')} found again{': ' if by else ''}{by}{rest}"


def path(found: Comparison) -> str | None:
    """What entered the critical path, and what left it."""
    if found.path is None:
        return None
    said = []
    for change, text in (("entered", "entered"), ("added", "added"), ("left", "left"), ("completed", "completed"), ("removed", "removed")):
        names = found.path.filter(pl.col("change") == change)["name"].to_list()
        if names:
            said.append(f"{len(names):,} {text} ({named(names)})")
    stayed = found.path.filter(pl.col("change") == "stayed").height
    return f"Critical path: {', '.join(said)}{', ' if said else ''}{stayed:,} stayed"


def eroded(found: Comparison) -> str | None:
    """How many activities lost float, and which lost most."""
    if found.floats is None:
        return None
    lost = found.floats.filter(pl.col("days") < 0)
    if lost.is_empty():
        return "No activity lost float"
    first = lost.row(0, named=True)
    return f"{words.count(lost.height, 'activity', 'activities')} lost float, most {first['name']}: {_working(first['days'])}"


def _working(days: float) -> str:
    size = words.days(abs(days))
    return f"{size} working day{'' if size == '1' else 's'}"


def retroactive(found: Comparison) -> str | None:
    """Actual dates that rewrite the time before the older status date."""
    late = found.changes.filter("retroactive")
    if late.is_empty():
        return None
    many = words.count(late.height, "retroactive actual date")
    return f"{many}, reported for the time before the older status date, changed or withdrawn: {named(late['activity'].unique(maintain_order=True).to_list())}"


def named(names: list[str]) -> str:
    """The first names, and how many more."""
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED:,} more" if len(names) > NAMED else "")


def edits(found: Comparison) -> pl.DataFrame:
    """What people changed: the changes without the dates that follow from them."""
    return found.changes.filter(~pl.col("change").cast(pl.String).is_in(["slipped", "gained"]))


def listed(found: Comparison) -> pl.DataFrame:
    """The same for a card, whose title names the status dates."""
    return edits(found).filter(pl.col("field").ne_missing("data date"))


def slips(found: Comparison) -> pl.DataFrame:
    """The finishes that moved."""
    return found.changes.filter(pl.col("change").cast(pl.String).is_in(["slipped", "gained"]))


def what(row: dict[str, Any]) -> str:
    """The kind of a change, with the value's name where that says more."""
    kind = str(CHANGES.get(row["change"], row["change"]))
    field: str | None = row.get("field")
    if row["change"] == "renamed":
        return f"renamed {field}"
    return kind if field is None or row["change"] in ("slipped", "gained", "hours") else field


def from_to(row: dict[str, Any]) -> str:
    """The values before and after; instants as days, and with their time where the day is the same. What was added or removed has none."""
    if row["before"] is None and row["after"] is None:
        return ""
    values = [in_words(row, row["before"]), in_words(row, row["after"])]
    both = [said(value) for value in values]
    if both[0] == both[1]:
        both = [said(value, time=True) for value in values]
    return " → ".join(both)


def in_words(row: dict[str, Any], value: str | None) -> str | None:
    """A value as people call it where it is one of ours, as in progress_override; names and ids stay as they are."""
    if value is None or row["change"] not in ("option", "kind", "resources", "constraint") or row["field"] in ("assigned", "resource calendars"):
        return value
    return VALUES.get(value) or value.replace("_", " ")


def said(value: str | None, *, time: bool = False) -> str:
    """A value of a change as people read it: every instant in it as a day."""

    def shown(match: re.Match[str]) -> str:
        at = datetime.fromisoformat(match[0])
        return f"{words.day(at)} {at:%H:%M}" if time else words.day(at)

    return "none" if value is None else INSTANT.sub(shown, value)

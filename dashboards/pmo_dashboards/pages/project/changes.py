"""What changed since the last snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pmo_dashboards import parts
from pmo_dashboards.pages.project.answers import why
from pmo_dashboards.safe import html
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words

CHANGED = 5  # changes before "and n more"


def changes_card(known: Assessment) -> Any:
    """What changed since the last snapshot."""
    if known.changes is None:
        return parts.words_card(
            "What changed", parts.state(parts.sentence(why(known, "changes", "this is the first snapshot")), "The next import shows what moved.")
        )
    if known.changes.is_empty():
        return parts.words_card(headlines.changes(known.changes, known.previous_date), parts.state("The plan is as it was."))
    rows = [_change_row(row) for row in known.changes.head(CHANGED).iter_rows(named=True)]
    body = parts.table([("Activity", False), ("Change", False), ("Working days", True)], rows, "Changes since the last snapshot")
    return parts.words_card(
        headlines.changes(known.changes, known.previous_date), html("{}{}", body, parts.rest(known.changes.height, CHANGED)), "Largest first"
    )


def _change_row(row: dict[str, Any]) -> tuple[Any, ...]:
    from_to = " → ".join(_said(value) for value in (row["before"], row["after"]) if value is not None)
    name = html('<span title="{} {}">{}</span>', row["activity"], row["name"], row["name"])
    return (
        ("w", name),
        ("w", html('{}<br><span class="s">{}</span>', row["change"], from_to)),
        words.signed(row["days"], "wd") if row["days"] is not None else ("q", "–"),
    )


def _said(value: str) -> str:
    """A value of a change; instants as days."""
    try:
        return words.day(datetime.fromisoformat(value))
    except ValueError:
        return value

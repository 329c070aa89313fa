"""The flow of each team, type, epic or class of service: the reader chooses by what the items are grouped."""

from __future__ import annotations

from typing import Any

from pmo_dashboards import parts
from pmo_dashboards.fields import choice
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Selection
from pmo_lib.office import BoardFlow
from pmo_lib.plots import flow_words, words

SAID = {
    "team": "Team", "type": "Type", "epic": "Epic", "service": "Class of service", "assignee": "Assignee", "priority": "Priority", "parent": "Parent",
    "versions": "Version", "components": "Component", "labels": "Label",
}  # fmt: skip
MOST = 12  # groups that are listed, the largest first


def groups_card(known: BoardFlow, chosen: Selection) -> list[Any]:
    """How each group flows; no card for a board whose items name no group."""
    if not known.groups:
        return []
    names = {SAID[by]: by for by in known.groups}

    def by() -> str:
        return chosen.by if chosen.by in known.groups else next(iter(known.groups))

    title, table = parts.show(_title(known, by())), parts.show(_table(known, by()))

    def regroup(*events: Any) -> None:
        title.object, table.object = str(_title(known, by())), str(_table(known, by()))

    chosen.param.watch(regroup, "by")
    select = choice(chosen, "by", "Group by", names, by())
    return [parts.box(parts.box(title, parts.filters(select), kind="ctx title"), table, kind="card")]


def _title(known: BoardFlow, by: str) -> Markup:
    shown = known.groups[by].drop("group").rename({"name": "group"})
    several = "; an item counts in each that it names" if by in ("versions", "components", "labels") else ""
    line = f"Items by {SAID[by].lower()}, the largest group first; cycle times in calendar days; finished a week: the latest twelve whole weeks{several}"
    return parts.title(flow_words.groups(shown, SAID[by].lower()), line)


def _table(known: BoardFlow, by: str) -> Markup:
    table = known.groups[by]
    rows = [_row(row) for row in table.head(MOST).iter_rows(named=True)]
    headers = [
        (SAID[by], False),
        ("Items", True),
        ("Left", True),
        ("In progress", True),
        ("Finished a week", True),
        *((f"{p} % within", True) for p in (50, 85, 95)),
    ]
    return html("{}{}", parts.table(headers, rows, f"Flow by {SAID[by].lower()}"), parts.rest(table.height, MOST))


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    named = row["group"] is not None
    name = ("w b" if named else "w q", html('<span title="{}">{}</span>', row["group"] or "", words.shortened(row["name"], 48) if named else "none is named"))
    counts = (words.number(row[column]) for column in ("items", "left", "in_progress"))
    within = (("q", words.NONE) if row[p] is None else f"{words.days(row[p])}{words.SPACE}d" for p in ("p50", "p85", "p95"))
    return name, *counts, words.number(row["weekly"], 1), *within

"""The rules by which a board is counted, as they came out: what was told, and what is a guess."""

from __future__ import annotations

import polars as pl

from pmo_lib.flow.counting import levels
from pmo_lib.flow.crossings import History, history
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

MOST = 6  # names that are listed


def rules_in_force(board: Project | History, rules: FlowRules | None = None) -> pl.DataFrame:
    """One row a rule (`tables.flow_results.RulesInForce`): its value in words, and whether it is a guess that a setting would replace."""
    from pmo_lib.tables.flow_results import RulesInForce
    from pmo_lib.tables.framing import framed

    given = rules or FlowRules()
    h = history(board, given)
    rows = [
        ("level", _counted(h, given), given.level is None),
        ("started", _started(h), given.started is None),
        ("done", f"in {h.columns[h.done]}, the last time", given.done is None),
        ("cancelled", _cancelled(h), given.cancelled == FlowRules().cancelled),
        ("waiting", "not told, so that flow efficiency is unknown" if given.waiting is None else _listed(given.waiting), given.waiting is None),
        ("zone", f"days are those of {given.zone}", given.zone == FlowRules().zone),
        ("days", "both ends of a cycle time count" if given.days == "inclusive" else "elapsed hours / 24", False),
    ]
    return framed(RulesInForce, rows)


def _started(h: History) -> str:
    """The column in which work begins; none where items are open or done and nothing else."""
    return "not told: the board has no column of work" if h.started == h.done else f"in {h.columns[h.started]}, the first time"


def _counted(h: History, rules: FlowRules) -> str:
    """The types that are counted, and those that are left aside, with how many there are."""
    found = levels(h.board, rules)
    parts = []
    for counted in (True, False):
        rows = found.filter(pl.col("counted") == counted)
        names = _listed([f"{row['items']:,} {row['type']}" for row in rows.iter_rows(named=True)])
        parts.append(names or "nothing")
    return f"{parts[0]}; left aside: {parts[1]}"


def _cancelled(h: History) -> str:
    """The statuses and resolutions of the board that mean that an item ended without being delivered."""
    own = h.items.filter(pl.Series(h.cancelled))
    words = {word.casefold() for word in h.rules.cancelled}
    seen = [name for column in ("status", "resolution") for name in own[column].drop_nulls().unique(maintain_order=True) if name.casefold() in words]
    return f"{own.height:,} items, by {_listed(list(dict.fromkeys(seen)))}" if seen else "none"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names[:MOST]) + (f" and {len(names) - MOST} more" if len(names) > MOST else "")

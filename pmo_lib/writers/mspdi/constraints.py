"""P6's constraints as MS Project's: one constraint and a deadline, which like P6's "on or before" of a finish bounds late dates alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pmo_lib.project import Project
from pmo_lib.writers.mspdi.elements import Row, rows

# of P6's soft kinds the bound on the early date is what survives
AFTER = {"start_on": "start_on_or_after", "finish_on": "finish_on_or_after"}


def held(row: Row) -> dict[str, Any]:
    """An activity's `constraint`, `constraint_date` and `deadline` in MS Project."""
    deadline: datetime | None = row["deadline"]
    rest: list[tuple[str, datetime | None]] = []
    for kind, when in ((row["constraint"], row["constraint_date"]), (row["constraint_2"], row["constraint_2_date"])):
        if kind in ("finish_on", "finish_on_or_before") and when is not None:
            deadline = when if deadline is None else min(deadline, when)
        if kind is not None and kind != "finish_on_or_before":
            rest.append((AFTER.get(kind, kind), when))
    first = rest[0] if rest else (None, None)
    return {"constraint": first[0], "constraint_date": first[1], "deadline": deadline}


def honours(plan: Project) -> bool:
    """Whether MS Project shall hold constraint dates against links, as P6 holds mandatory ones and no others."""
    if plan.info.application == "msp":
        return plan.info.options.honour_constraints
    kinds = {kind for row in rows(plan, "activities") for kind in (row["constraint"], row["constraint_2"])}
    return bool(kinds & {"mandatory_start", "mandatory_finish"}) and "start_on_or_before" not in kinds

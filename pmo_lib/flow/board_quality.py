"""Board quality: whether the board tells the truth about the work, check by check, each with its items."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from pmo_lib.flow.crossings import History, history
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.standards import Standards


def checks(board: Project | History, rules: FlowRules | None = None, *, standard: Standards | None = None, at: datetime | None = None) -> pl.DataFrame:
    """Every check with its value, threshold and offending items (`tables.schedule_results.Checks`); what cannot be measured says why.

    Thresholds are those of `[board]` in the standards: the organisation's, for no published standard sets any. `mixed_levels` looks at the items that are
    counted, at one level, as every other check does.

    Source: the manner is DCMA's (EA PAM 200.1, section 4); what is checked are the assumptions of the measures of flow, as in Vacanti.
    """
    from pmo_lib.flow.quality import CHECKS
    from pmo_lib.flow.quality.facts import Facts
    from pmo_lib.standards import standards
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.schedule_results import Checks

    facts = Facts(history(board, rules, at=at), (standard or standards()).board)
    rows = [check.row(facts) for check in CHECKS.values()]
    return framed(Checks, rows)

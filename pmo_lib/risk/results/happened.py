"""What occurred in a simulation: each risk, and each branch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pmo_lib.risk.engine.effects import EffectScratch
from pmo_lib.risk.inputs.branching import Choice
from pmo_lib.risk.inputs.register import Risk


def occurrences(risks: Sequence[Risk], tally: Sequence[EffectScratch], iterations: int) -> pl.DataFrame:
    """How often each risk occurred (`tables.risk_results.Occurrences`)."""
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Occurrences

    counts = np.sum([each.occurred for each in tally], axis=0) if tally else []
    rows = [
        {
            "risk": risk.risk,
            "name": risk.name,
            "kind": risk.kind,
            "probability": risk.probability,
            "activities": len(risk.rows),
            "share": int(count) / (iterations * (1 if risk.shared else max(len(risk.rows), 1))),
        }
        for risk, count in zip(risks, counts, strict=True)
    ]
    return framed(Occurrences, rows)


def ways(choices: Sequence[Choice], tally: Sequence[EffectScratch], iterations: int) -> pl.DataFrame:
    """How often each branch was taken (`tables.risk_results.Ways`)."""
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Ways

    branches = [(choice.node, branch) for choice in choices for branch in choice.branches]
    counts = np.sum([each.taken for each in tally], axis=0) if branches else []
    rows = [
        {"node": node, "branch": branch.name, "probability": branch.probability, "activities": len(branch.rows), "share": int(count) / iterations}
        for (node, branch), count in zip(branches, counts, strict=True)
    ]
    return framed(Ways, rows)

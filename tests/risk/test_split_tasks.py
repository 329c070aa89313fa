"""The rest between the parts of a split task is no work: ranges and risks leave it as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from pmo_lib import make_plan, risk
from pmo_lib.project import Project
from pmo_lib.risk.again import tiles
from pmo_lib.standards import RangeRule, standards
from pmo_lib.tables import TABLES

DAY = 480
PARTS = [("2026-01-05T08:00", "2026-01-06T17:00"), ("2026-01-09T08:00", "2026-01-09T17:00")]  # two days, two of rest, one day


def split_plan() -> Project:
    """B: three days of work with two of rest in it, then a day of C."""
    plan = make_plan({"B": 3, "C": (1, "B")})
    rows = [{"activity": "B", "start": datetime.fromisoformat(start), "finish": datetime.fromisoformat(finish)} for start, finish in PARTS]
    splits = pl.DataFrame(rows, schema=dict(TABLES["splits"].create_empty().schema))
    return Project(replace(plan.info, application="msp"), {**plan.tables, "splits": splits})


def by_range(low: float, high: float, systemic: float = 1.0) -> RangeRule:
    known = standards().forecast.rules[standards().forecast.rule]
    return replace(known, shape="triangular", low=low, likely=1.0, high=high, systemic_low=1.0, systemic_likely=1.0, systemic_high=systemic)


def durations(sim: Any, activity: str = "B") -> np.ndarray:
    row = sim.network.activities.index(activity)
    return np.concatenate([block for _, block in tiles(sim, durations=True)])[row]


def test_a_certain_split_task_ends_on_its_date() -> None:
    sim = risk.simulate(split_plan(), rule=by_range(1, 1), iterations=200)
    assert set(sim.finish.tolist()) == {datetime(2026, 1, 12, 17)} == {sim.deterministic_finish}


def test_a_range_moves_the_work_alone() -> None:
    drawn = durations(risk.simulate(split_plan(), rule=by_range(0.9, 1.1), iterations=2_000))
    assert drawn.min() == pytest.approx(2 * DAY + 0.9 * 3 * DAY, abs=10)
    assert drawn.max() == pytest.approx(2 * DAY + 1.1 * 3 * DAY, abs=10)
    assert drawn.mean() == pytest.approx(5 * DAY, abs=2)


def test_a_factor_shared_by_all_moves_the_work_alone() -> None:
    drawn = durations(risk.simulate(split_plan(), rule=by_range(1, 1, systemic=2.0), iterations=2_000))
    assert drawn.min() >= 5 * DAY
    assert 8 * DAY >= drawn.max() > 7.8 * DAY


def test_an_estimate_in_days_is_of_the_work() -> None:
    estimates = pl.DataFrame({"activity": ["B"], "shape": ["uniform"], "low": [4.0], "high": [6.0]})
    drawn = durations(risk.simulate(split_plan(), estimates, iterations=2_000))
    assert (drawn.min(), drawn.max()) == pytest.approx((6 * DAY, 8 * DAY), abs=2)


@pytest.mark.parametrize(("unit", "impact", "least", "most"), [("factor", 2.0, 1.8, 2.2), ("percent", 100.0, 1.8, 2.2), ("days", 3.0, 1.9, 2.1)])
def test_a_risk_stretches_the_work_alone(unit: str, impact: float, least: float, most: float) -> None:
    kind = "driver" if unit == "factor" else "event"
    row = {"risk": "R", "kind": kind, "probability": 1.0, "unit": unit, "shape": "uniform", "low": impact, "high": impact, "activities": "B"}
    drawn = durations(risk.simulate(split_plan(), rule=by_range(0.9, 1.1), risks=pl.DataFrame([row]), iterations=2_000))
    assert (drawn.min(), drawn.max()) == pytest.approx(((2 + 3 * least) * DAY, (2 + 3 * most) * DAY), abs=20)

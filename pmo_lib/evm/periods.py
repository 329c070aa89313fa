"""Earned value over time: a row a period with earned schedule, and the month-by-month curve of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import overload

import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.evm.formulas import indices, ratio
from pmo_lib.evm.measured import budget, metrics, planned_value
from pmo_lib.project import Project

FIGURES = ["pv", "ev", "ac", "bac", "cv", "sv", "cpi", "spi", "eac", "etc", "vac", "tcpi"]


@overload
def series(plan: Project, *, earlier: Sequence[Project] = ()) -> pl.DataFrame: ...
@overload
def series(*, pv: Sequence[float], ev: Sequence[float], ac: Sequence[float] | None = None, bac: float | None = None) -> pl.DataFrame: ...
def series(
    plan: Project | None = None,
    *,
    earlier: Sequence[Project] = (),
    pv: Sequence[float] = (),
    ev: Sequence[float] = (),
    ac: Sequence[float] | None = None,
    bac: float | None = None,
) -> pl.DataFrame:
    """Cumulative values over time.

    From a plan: date, pv, ev, ac, a row a month end and status date; ev and ac only where a snapshot (this one or an `earlier` one) was taken.
    From cumulative figures a period: period, the figures of `indices`, and es, sv_t, spi_t, ieac_t [periods]; null after the last `ev`.

    Raises `NotAvailable` as `metrics` does, `InvalidInput` where the figures fall or differ in length.
    """
    return _periods(pv, ev, ac, bac) if plan is None else _curve(plan, earlier)


def earned_schedule(pv: Sequence[float], ev: float) -> float:
    """When the plan meant to have earned what is earned now [periods], linear within a period (Lipke).

    On a plateau the later period counts, but for the finish: the first period in which the plan reaches its budget.
    """
    if ev >= pv[-1]:
        return float(duration(pv))
    whole = sum(1 for value in pv if value <= ev)
    before = pv[whole - 1] if whole else 0.0
    return whole + (ev - before) / (pv[whole] - before)


def duration(pv: Sequence[float]) -> int:
    """The planned duration [periods]: the first in which cumulative planned value reaches the budget."""
    return 1 + next(i for i, value in enumerate(pv) if value >= pv[-1])


def _periods(pv: Sequence[float], ev: Sequence[float], ac: Sequence[float] | None, bac: float | None) -> pl.DataFrame:
    _check(pv, ev, ac)
    rows = []
    for i, planned in enumerate(pv):
        earned_so_far = ev[i] if i < len(ev) else None
        spent = ac[i] if ac is not None and i < len(ac) else None
        figures = indices(pv[-1] if bac is None else bac, planned, earned_so_far, spent)
        rows.append({"period": i + 1, **figures, **_in_time(pv, i + 1, earned_so_far)})
    numbers = [*FIGURES, "es", "sv_t", "spi_t", "ieac_t"]
    return pl.DataFrame(rows, schema={"period": pl.Int64, **dict.fromkeys(numbers, pl.Float64)})


def _check(pv: Sequence[float], ev: Sequence[float], ac: Sequence[float] | None) -> None:
    if not pv or pv[-1] <= 0:
        raise InvalidInput("evm.series needs cumulative planned value that ends above zero")
    if len(ev) > len(pv):
        raise InvalidInput(f"evm.series: ev has {len(ev)} periods and pv {len(pv)}; repeat the budget in pv for periods after the planned finish")
    if ac is not None and len(ac) != len(ev):
        raise InvalidInput(f"evm.series: ac has {len(ac)} periods and ev {len(ev)}; give both to the same status date")
    for i in range(1, len(pv)):
        if pv[i] < pv[i - 1]:
            raise InvalidInput(f"evm.series: planned value falls in period {i + 1}; give cumulative values")


def _in_time(pv: Sequence[float], elapsed: int, ev: float | None) -> dict[str, float | None]:
    if ev is None:
        return {"es": None, "sv_t": None, "spi_t": None, "ieac_t": None}
    es = earned_schedule(pv, ev)
    spi_t = es / elapsed
    return {"es": es, "sv_t": es - elapsed, "spi_t": spi_t, "ieac_t": ratio(duration(pv), spi_t)}


def _curve(plan: Project, earlier: Sequence[Project]) -> pl.DataFrame:
    base = budget(plan)
    dated = {snapshot.info.data_date: snapshot for snapshot in (*earlier, plan) if snapshot.info.data_date}
    instants = sorted({*_month_ends(base), *dated})
    planned = planned_value(plan, base, instants).sum(axis=1)
    earned = [_at_snapshot(dated[at]) if at in dated else (None, None) for at in instants]
    columns = {"date": instants, "pv": planned, "ev": [ev for ev, _ in earned], "ac": [ac for _, ac in earned]}
    return pl.DataFrame(columns, schema={"date": pl.Datetime("us"), "pv": pl.Float64, "ev": pl.Float64, "ac": pl.Float64})


def _at_snapshot(snapshot: Project) -> tuple[float | None, float | None]:
    """Earned value and actual cost of one snapshot; None where it cannot be measured."""
    try:
        row = metrics(snapshot).row(0, named=True)
    except NotAvailable:
        return None, None
    return row["ev"], row["ac"]


def _month_ends(base: pl.DataFrame) -> list[datetime]:
    """The month ends from before the baseline's first start to after its last finish."""
    first, last = base["start"].min(), base["finish"].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return []
    ends = [datetime(first.year, first.month, 1)]
    while ends[-1] < last:
        ends.append((ends[-1] + timedelta(days=32)).replace(day=1))
    return ends

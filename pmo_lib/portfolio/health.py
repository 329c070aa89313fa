"""Health (RAG): the computed status beside the declared one, by the standard's explicit rules.

The overall status is the worst of its dimensions: the chance of the target, SPI, CPI (methods: no data is never green).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pmo_lib.standards import Standards, standards
from pmo_lib.tables.portfolio_results import STATUSES, Health

SEVERITY = {"on_track": 0, "no_data": 1, "at_risk": 2, "off_track": 3}
WORDS = {"on_track": "on track", "at_risk": "at risk", "off_track": "off track", "no_data": "no data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Computed beside declared; words as in `tables.portfolio_results.STATUSES`."""

    computed: str
    declared: str
    watermelon: bool
    reason: str


def status(
    *,
    chance: float | None,
    spi: float | None = None,
    cpi: float | None = None,
    indicative: bool = False,
    declared: str | None = None,
    standard: Standards | None = None,
) -> Status:
    """The computed status and the rule that decided it.

    `chance` is that of meeting the target [0..1]. With assumed ranges (`indicative`) a good chance proves nothing: the status is then
    no data instead of on track; a bad chance still counts. Without any figure the status is no data.
    """
    rules = (standard or standards()).status
    verdicts = [
        _by_chance(chance, indicative, rules.on_track_chance, rules.at_risk_chance),
        _by_index("SPI", spi, rules.spi_on_track, rules.spi_at_risk),
        _by_index("CPI", cpi, rules.cpi_on_track, rules.cpi_at_risk),
    ]
    known = [verdict for verdict in verdicts if verdict]
    computed, reason = (
        max(known, key=lambda verdict: SEVERITY[verdict[0]]) if known else ("no_data", "There is neither a target with a forecast nor earned value.")
    )
    declared = declared or "no_data"
    return Status(computed=computed, declared=declared, watermelon=declared == "on_track" and computed == "off_track", reason=reason)


def health(facts: pl.DataFrame, *, standard: Standards | None = None) -> pl.DataFrame:
    """`tables.portfolio_results.Health` from a frame with its columns less `computed`, `watermelon` and `reason`: one row a project, worst first."""
    judged = [
        status(chance=row["chance"], spi=row["spi"], cpi=row["cpi"], indicative=row["indicative"], declared=row["declared"], standard=standard)
        for row in facts.iter_rows(named=True)
    ]
    columns = {name: pl.Series(name, [getattr(verdict, name) for verdict in judged], dtype=kind) for name, kind in _JUDGED.items()}
    order = pl.col("computed").replace_strict(SEVERITY, return_dtype=pl.Int64)
    frame = facts.with_columns(**columns).sort([~pl.col("watermelon"), -order, pl.col("chance"), pl.col("key")], nulls_last=True)
    return Health.validate(frame.select(Health.column_names()), cast=True)


_JUDGED = {"computed": pl.Enum(STATUSES), "watermelon": pl.Boolean, "reason": pl.String}


def _by_chance(chance: float | None, indicative: bool, on_track: float, at_risk: float) -> tuple[str, str] | None:
    if chance is None:
        return None
    said = f"The chance of the target is {_percent(chance)}"
    if chance < at_risk:
        return "off_track", f"{said}, below {_percent(at_risk)}."
    if chance < on_track:
        return "at_risk", f"{said}, below {_percent(on_track)}."
    if indicative:
        return "no_data", f"{said}, but its ranges are assumed: estimate the activities to call it on track."
    return "on_track", f"{said}, at least {_percent(on_track)}."


def _by_index(name: str, index: float | None, on_track: float, at_risk: float) -> tuple[str, str] | None:
    if index is None:
        return None
    if index < at_risk:
        return "off_track", f"{name} is {index:.2f}, below {at_risk:.2f}."
    if index < on_track:
        return "at_risk", f"{name} is {index:.2f}, below {on_track:.2f}."
    return "on_track", f"{name} is {index:.2f}, at least {on_track:.2f}."


def _percent(share: float) -> str:
    """A chance in whole per cent; a sample never proves 0 or 100."""
    if share < 0.01:
        return "<\u00a01\u00a0%"
    if share > 0.99:
        return ">\u00a099\u00a0%"
    return f"{share * 100:.0f}\u00a0%"

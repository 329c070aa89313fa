"""What the cards of the page take from the office's answer."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_lib.office import Assessment
from pmo_lib.plots import words

CHARTED = 232  # [pixels] height of a chart in the aside


def name_of(known: Assessment) -> str:
    """The project's name: the organisation's, else the source's."""
    return (known.listing or {}).get("name") or known.info.name


def aim(known: Assessment) -> dict[str, Any] | None:
    """The target that the finish is measured against: the first of its kind."""
    if known.forecast is None:
        return None
    own = known.forecast.targets.filter(pl.col("kind") != "milestone")
    return own.row(0, named=True) if own.height else None


def aim_before(known: Assessment) -> float | None:
    """The chance of the same target, a snapshot earlier."""
    if known.previous_forecast is None:
        return None
    own = known.previous_forecast.targets.filter(pl.col("kind") != "milestone")
    return own["chance"][0] if own.height else None


def p80(forecast: Any) -> dict[str, Any]:
    """P80 finish and its interval."""
    return forecast.percentiles.filter(pl.col("p") == 80).row(0, named=True)


def move(known: Assessment) -> float | None:
    """How far the P80 moved since the previous snapshot [days], later is positive."""
    if known.forecast is None or known.previous_forecast is None:
        return None
    return words.days_between(p80(known.previous_forecast)["finish"], p80(known.forecast)["finish"])


def why(known: Assessment, part: str, otherwise: str) -> str:
    """Why a part of the page is missing."""
    return words.reason(known.refusals.get(part) or otherwise)


def indicative(known: Assessment) -> str:
    """What a card with assumed ranges says of them."""
    return "Indicative, ranges assumed" if known.forecast is not None and known.forecast.indicative else ""

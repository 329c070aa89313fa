"""Pictures of convergence, of a what-if and of criticality, as data and drawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from pmo_lib import plots
from pmo_lib.plots import headlines
from pmo_lib.plots.theme import DARK, LIGHT

DAY = datetime(2027, 3, 1)


def curve(shift: float) -> pl.DataFrame:
    rows = [(float(p), DAY + timedelta(days=shift + p / 4)) for p in range(1, 100)]
    return pl.DataFrame(rows, schema=["p", "finish"], orient="row").with_columns(finish_low=pl.col("finish"), finish_high=pl.col("finish"))


def parts(overlay: Any) -> dict[str, Any]:
    return {element.label: element for element in overlay.values() if element.label}


def difference(days: float, half: float) -> pl.DataFrame:
    return pl.DataFrame({"p": [80.0], "working_days": [days], "low": [days - half], "high": [days + half]})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("shift", [-9.0, 0.0, 6.0])
def test_what_if(theme: object, shift: float, rendered: Callable[[Any], Any]) -> None:
    drawn = plots.what_if(curve(0), curve(shift), moved="−9 d", theme=theme)  # type: ignore[arg-type]
    named = parts(drawn)
    assert named["before"].dimension_values("chance")[-1] == 0.99
    moved = named["move"].dimension_values("to")[0] - named["move"].dimension_values("at")[0]
    assert moved == np.timedelta64(int(shift), "D")
    assert named["P80"].dimension_values(2)[0].startswith("P80 ")
    assert rendered(drawn)


def test_convergence(rendered: Callable[[Any], Any]) -> None:
    rows = [(100 * i, DAY, DAY - timedelta(days=9 / i), DAY + timedelta(days=9 / i)) for i in range(2, 30)]
    trace = pl.DataFrame(rows, schema=["iterations", "finish", "finish_low", "finish_high"], orient="row")
    drawn = plots.convergence(trace)
    named = parts(drawn)
    assert named["percentile"].dimension_values("iterations").tolist() == list(range(200, 3_000, 100))
    assert named["end"].dimension_values(2).tolist() == ["P80"]
    assert rendered(drawn)
    assert rendered(plots.convergence(trace.head(1)))
    within_a_day = pl.lit(DAY + timedelta(hours=9)).cast(trace.schema["finish"])
    assert rendered(plots.convergence(trace.with_columns(within_a_day.alias(name) for name in ("finish", "finish_low", "finish_high"))))


def test_criticality_of_activities(rendered: Callable[[Any], Any]) -> None:
    drawn = plots.criticality(pl.DataFrame({"activity": ["a", "b", "c"], "name": ["Dig", "Pour", "Wait"], "criticality": [0.4, 0.95, 0.0]}))
    assert parts(drawn)["drivers"].dimension_values("name").tolist() == ["Pour", "Dig"]
    assert rendered(drawn)


@pytest.mark.parametrize(
    ("days", "half", "said"),
    [
        (-7.6, 0.9, "Without R7 the P80 would be 8\u00a0wd ±\u00a01\u00a0wd earlier"),
        (3.24, 0.12, "Without R7 the P80 would be 3.2\u00a0wd ±\u00a00.1\u00a0wd later"),
        (0.4, 0.9, "Without R7 the P80 would not move beyond the sampling error"),
    ],
)
def test_headline_of_a_what_if(days: float, half: float, said: str) -> None:
    assert headlines.what_if(difference(days, half), "Without R7") == said

"""Earned value to the status date."""

from __future__ import annotations

from typing import Any

from pmo_dashboards import later, parts
from pmo_dashboards.pages.project.answers import CHARTED, why
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words


def earned_card(known: Assessment, chosen: Selection) -> Any:
    """Earned value, or why there is none."""
    figures, series = known.earned_value, known.earned_value_series
    if figures is None:
        return parts.absent("Earned value", "Not available, because " + why(known, "earned_value", "the plan has no baseline, progress or costs") + ".")
    heading = headlines.earned_value(figures)
    currency = known.info.currency
    names = [
        ("pv", "Planned value"),
        ("ev", "Earned value"),
        ("ac", "Actual cost"),
        ("bac", "Budget at completion"),
        ("eac", "Estimate at completion"),
        ("vac", "Variance at completion"),
    ]
    rows = [(name, words.money(figures.get(key), currency)) for key, name in names] + [
        (key.upper(), words.index(figures.get(key))) for key in ("spi", "cpi", "tcpi")
    ]
    if series is None or series.height < 2:
        return parts.words_card(heading, parts.table([("Figure", False), ("Value", True)], rows, "Earned value"), "To the status date")
    chart = later.picture(
        lambda tokens: plots.earned_value(series, currency=currency, theme=tokens, height=CHARTED, narrow=True), chosen, f"Earned value: {heading}", CHARTED
    )
    return parts.card(heading, "Cumulative, by month", chart, parts.as_table([("Figure", False), ("Value", True)], rows, "Earned value"))

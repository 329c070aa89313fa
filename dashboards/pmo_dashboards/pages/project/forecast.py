"""When it will finish, and the chance of each target."""

from __future__ import annotations

from typing import Any

from pmo_dashboards import later, parts
from pmo_dashboards.pages.project.answers import CHARTED, aim, indicative, why
from pmo_dashboards.safe import html
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words


def finish_card(known: Assessment, chosen: Selection) -> Any:
    """The finish distribution; its chart fills what the cards beneath leave of the aside."""
    forecast = known.forecast
    if forecast is None:
        reason = parts.sentence(why(known, "forecast", "it was not made"))
        return parts.absent("There is no forecast", reason)
    target = aim(known)
    date, chance = (target["date"], target["chance"]) if target else (None, None)
    heading = headlines.finish(chance, date)

    def draw(tokens: Any) -> Any:
        return plots.finish_distribution(forecast, target=date, chance=chance, theme=tokens, height=None, narrow=True)

    rows = [
        (f"P{row['p']:.0f}", words.day(row["finish"]), f"{words.day(row['finish_low'])} to {words.day(row['finish_high'])}")
        for row in forecast.percentiles.iter_rows(named=True)
        if row["p"] in (10, 25, 50, 75, 80, 90)
    ]
    folded = parts.as_table([("Percentile", False), ("Finish", True), ("95 % interval", True)], rows, "Finish dates by percentile")
    line = "Chance of finishing by a date, with its 95 % sampling band; bars: how often" + (". Indicative, ranges assumed" if forecast.indicative else "")
    return parts.card(heading, line, later.picture(draw, chosen, f"Finish distribution: {heading}", CHARTED, fills=True), folded, kind="grows")


def targets_card(known: Assessment) -> Any:
    """Targets and key milestones."""
    if known.forecast is None or known.forecast.targets.is_empty():
        missing = why(known, "forecast", "give an approved finish in the project list, or a must-finish date, deadline or baseline in the plan")
        return parts.absent("Targets and milestones", "There is no target to measure against.", parts.sentence(missing))
    rows = [_target_row(row) for row in known.forecast.targets.iter_rows(named=True)]
    headers = [("Target or milestone", False), ("Date", True), ("P80", True), ("Late", True), ("Chance", True)]
    return parts.words_card(headlines.targets(known.forecast.targets), parts.table(headers, rows, "Targets and milestones"), indicative(known))


def _target_row(row: dict[str, Any]) -> tuple[Any, ...]:
    late = words.days_between(row["date"], row["p80"]) if row["date"] else None
    kind = "b" if row["activity"] is None else ""
    chance = (
        ("q", html('<span title="no date to meet">{}</span>', words.NONE))
        if row["chance"] is None
        else ("b" if row["chance"] < 0.5 else "", words.chance(row["chance"]))
    )
    due = ("q", html('<span title="no date was given">{}</span>', words.NONE)) if row["date"] is None else ("m", words.day(row["date"]))
    gap = ("q", words.NONE) if late is None else ("b" if late > 0 else "", words.change(late))
    return (kind, words.capitalised(row["target"])), due, words.day(row["p80"]), gap, chance

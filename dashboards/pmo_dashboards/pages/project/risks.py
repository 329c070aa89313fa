"""What may happen: the register of risks, what each adds to the P80, and whether the forecast looks surer than it is."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_dashboards import later, marks, parts
from pmo_dashboards.pages.project.answers import p80, why
from pmo_dashboards.safe import html, join
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import Assessment
from pmo_lib.plots import contributed, headlines, words

ROW, SETTLED = 28, 160  # [pixels] of a bar, and of the picture of convergence
HEADERS = [("Id", False), ("Risk", False), ("Chance", True), ("Impact: low / likely / high", True), ("Occurred", True), ("Adds to P80, wd", True), ("±", True)]
UNITS = {"factor": ("× ", ""), "days": ("", " wd"), "percent": ("", " %")}


def risks_card(known: Assessment, chosen: Selection) -> Any:
    """What each risk adds to the P80, and the register."""
    forecast = known.forecast
    heading = "What the risks add to the P80"
    if forecast is None:
        return parts.absent(heading, "There is no forecast.", parts.sentence(why(known, "forecast", "it was not made")))
    if forecast.occurrences is None or forecast.occurrences.is_empty():
        how = html("Keep a register with <code>pmo forecast {} --risks FILE</code>; <code>--template OUT.xlsx</code> writes one to fill in.", known.info.key)
        return parts.absent("No risk is in the model", "The forecast knows the ranges of durations alone.", how)
    table = forecast.contributions
    folded = parts.as_table(HEADERS, _rows(known), "Register of risks")
    if table is None or table.is_empty():
        return parts.card(heading, "", folded)
    said = headlines.contributions(table)
    method = "Shapley share" if "shapley" in table["method"].cast(pl.String).to_list() else "without the risk the P80 would be so much earlier"
    line = f"Working days; {method}; line: 95{words.SPACE}% sampling error; hollow: it shortens the project"
    height = min(table.height, contributed.MOST) * ROW + 8
    chart = later.picture(lambda tokens: plots.contributions(table, theme=tokens, row=ROW), chosen, f"Risks: {said}", height)
    return parts.card(said, line, chart, folded)


def _rows(known: Assessment) -> list[tuple[Any, ...]]:
    """The register, the costliest first."""
    forecast = known.forecast
    assert forecast is not None
    assert forecast.occurrences is not None
    adds = {} if forecast.contributions is None else {row["item"]: row for row in forecast.contributions.iter_rows(named=True)}
    given = {} if forecast.register is None else {row["risk"]: row for row in forecast.register.iter_rows(named=True)}
    found = []
    for row in sorted(forecast.occurrences.iter_rows(named=True), key=lambda one: -(adds.get(one["risk"], {}).get("contribution") or 0.0)):
        own = adds.get(row["risk"])
        adding = ("", "") if own is None else (words.number(own["contribution"], 1), words.number(1.96 * own["error"], 1))
        found.append((row["risk"], ("b", row["name"]), words.share(row["probability"]), _impact(given.get(row["risk"])), words.share(row["share"]), *adding))
    return found


def _impact(row: dict[str, Any] | None) -> str:
    """An impact as the register gives it; points that it lacks are left out."""
    if row is None:
        return words.NONE
    unit = row.get("unit") or ("factor" if row.get("kind") == "driver" else "days")
    before, after = UNITS[unit]
    digits = 2 if unit == "factor" else 0
    points = [row.get(point) for point in ("low", "likely", "high")]
    return before + " / ".join(words.number(point, digits) for point in points if point is not None) + after.replace(" ", words.SPACE)


def certainty_cards(known: Assessment, chosen: Selection) -> list[Any]:
    """Whether the finish looks surer than it is, and how the P80 settled as iterations were added."""
    forecast = known.forecast
    if forecast is None:
        return []
    heading = "The finish looks surer than it is" if forecast.falsely_certain else "The spread is that of the ranges and risks given"
    glyph = marks.glyph("at_risk") if forecast.falsely_certain else ""
    said = join([html("<p>{}{}</p>", glyph if i == 0 else "", sentence) for i, sentence in enumerate(forecast.certainty)])
    if not forecast.certainty:
        said = parts.state("It was not checked when this forecast was made.", "Forecast again: pmo forecast.")
    sure = parts.words_card(heading, said)
    if forecast.trace is None or forecast.trace.height < 2:
        return [sure]
    row, trace = p80(forecast), forecast.trace
    half = max(1, round(words.days_between(row["finish_low"], row["finish_high"]) / 2))
    line = f"P80 and its 95{words.SPACE}% interval as iterations were added; ±{words.SPACE}{half}{words.SPACE}d at the end"
    chart = later.picture(lambda tokens: plots.convergence(trace, theme=tokens, height=SETTLED), chosen, "The P80 as iterations were added", SETTLED)
    return [sure, parts.card("How the P80 settled", line, chart)]

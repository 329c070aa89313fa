"""Levers: risks switched off and ranges narrowed, the forecast run again on the same random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import panel as pn
import panel_material_ui as pmui
import polars as pl

from pmo_dashboards import later, parts
from pmo_dashboards.pages.project.answers import aim, p80, why
from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Desk, Selection
from pmo_lib import plots
from pmo_lib.errors import PMOError
from pmo_lib.office import Assessment, Forecast, WhatIf
from pmo_lib.plots import headlines, words
from pmo_lib.plots.theme import tokens

MOST = 6  # risks that have a switch of their own
SPREADS = {"as estimated": 1.0, "× 0.75": 0.75, "half": 0.5, "a quarter": 0.25, "certain": 0.0}
AS_ESTIMATED = next(iter(SPREADS))
TALL, EACH, SLIM = 300, 24, 236  # [pixels] of the chart beside switches, for each of them, and where there is none


@dataclass(frozen=True, slots=True)
class Lever:
    """A risk that can be switched off."""

    risk: str
    name: str
    chance: float


def levers_card(desk: Desk, known: Assessment, chosen: Selection) -> Any:
    """What would happen without a risk, or with better known durations."""
    forecast = known.forecast
    if forecast is None:
        return parts.absent("What if", "There is nothing to change.", parts.sentence(why(known, "forecast", "there is no forecast")))
    levers = _levers(forecast)
    switches = [_switch(lever) for lever in levers]
    spread = pmui.Select(options=list(SPREADS), value=AS_ESTIMATED, size="small", variant="outlined", label="Spread of all durations", width=180, margin=0)
    height = TALL + EACH * len(levers) if levers else SLIM
    told, drawn = parts.show(_published(known)), pn.pane.HoloViews(None, sizing_mode="stretch_width", margin=0, linked_axes=False, theme=None)
    asked = False  # a run waits for its turn

    def change(*events: Any) -> None:
        nonlocal asked
        if asked:
            return
        asked = True
        told.css_classes = ["waits"]
        later.soon(rerun, chosen)

    def rerun() -> None:
        nonlocal asked
        asked = False
        without = [lever for lever, switch in zip(levers, switches, strict=True) if not switch.value]
        untouched = not without and spread.value == AS_ESTIMATED
        try:
            found = None if untouched else desk.what_if(known.info.key, chosen.instant, tuple(lever.risk for lever in without), SPREADS[str(spread.value)])
        except PMOError as error:
            told.param.update(object=str(parts.state("This cannot be run.", parts.sentence(str(error)))), css_classes=[])
            return
        told.param.update(object=str(_published(known) if found is None else _answer(found, _change(without, str(spread.value)))), css_classes=[])
        draw(found)

    def draw(found: WhatIf | None) -> None:
        before, after = (forecast.percentiles, forecast.percentiles) if found is None else (found.before, found.after)
        moved = None if found is None else headlines.moved(found.difference)
        drawing = plots.what_if(before, after, moved=moved, theme=tokens(chosen.dark), height=height)
        drawn.object = later.with_hook(drawing, f"What if: {'as published' if found is None else f'P80 {moved}'}")

    for each in (*switches, spread):
        each.param.watch(change, "value")
    chosen.param.watch(change, "theme")
    pn.state.onload(lambda: later.soon(lambda: draw(None), chosen))
    line = f"{'Switch a risk off, or narrow' if levers else 'Narrow'} every range: a full run on the same random numbers; nothing is saved"
    controls = parts.box(
        parts.show(_caption(forecast, levers)), *switches, parts.show(html('<p class="s lever">Spread of all durations</p>')), spread, kind="flow controls"
    )
    shown = pn.Column(drawn, min_height=height, css_classes=["curves"], sizing_mode="stretch_width", margin=0)
    return parts.card("What if", line, parts.box(parts.box(told, kind="told"), controls, shown, kind="levers" if levers else "levers slim"))


def _levers(forecast: Forecast) -> list[Lever]:
    """The risks with a switch: those that add most to the P80."""
    table, listed = forecast.contributions, forecast.occurrences
    if listed is None or listed.is_empty():
        return []
    found = {row["risk"]: Lever(row["risk"], row["name"], row["probability"]) for row in listed.iter_rows(named=True)}
    order = list(found) if table is None else [item for item in table.sort("contribution", descending=True)["item"] if item in found]
    return [found[risk] for risk in order[:MOST]]


def _switch(lever: Lever) -> pmui.Switch:
    name = f"{lever.risk}  {lever.name}" if lever.risk != lever.name else lever.name
    label = f"{words.shortened(name, 52)}, {words.chance(lever.chance) if lever.chance < 1 else words.share(lever.chance)}"
    return pmui.Switch(
        value=True, label=label, margin=(0, 0, 4, 0), size="small", sizing_mode="stretch_width", sx={"& .MuiFormControlLabel-label": {"ml": "8px"}}
    )


def _caption(forecast: Forecast, levers: Sequence[Lever]) -> Markup:
    """What the switches are, and how many risks have none."""
    if not levers:
        return html('<p class="s lever">No risk is in the model, so there is none to switch off.</p>')
    assert forecast.occurrences is not None
    left = forecast.occurrences.height - len(levers)
    return html('<p class="s lever">Risks in the model, and their chance{}</p>', f"; the {left:,} that add least have no switch" if left else "")


def _change(without: Sequence[Lever], spread: str) -> str:
    """The change in words, as a headline begins."""
    said = [f"Without {words.listed([lever.risk for lever in without])}" if without else "", "" if spread == AS_ESTIMATED else f"with ranges {spread}"]
    return words.capitalised(" and ".join(part for part in said if part))


def _day(table: pl.DataFrame, p: int) -> str:
    return words.day(table.filter(pl.col("p") == p)["finish"][0])


def _published(known: Assessment) -> Markup:
    """The figures that the levers move, as the forecast has them."""
    forecast, target = known.forecast, aim(known)
    assert forecast is not None
    figures = [Figure("P80 finish", words.day(p80(forecast)["finish"]), "as published"), Figure("P50 finish", _day(forecast.percentiles, 50), "as published")]
    if target is not None and target["chance"] is not None:
        figures.append(Figure(f"Chance of {words.day(target['date'])}", words.chance(target["chance"]), "as published"))
    return parts.strip(figures, "plain")


def _answer(found: WhatIf, change: str) -> Markup:
    """The same figures after the change, each with its difference and that difference's own error."""
    figures = []
    for p in (80, 50):
        moved = headlines.moved(found.difference, p)
        was = html("<b>{}</b> against {}", moved, _day(found.before, p)) if moved else html("as {}, within the sampling error", _day(found.before, p))
        figures.append(Figure(f"P{p} finish", _day(found.after, p), was))
    if found.chance is not None and found.target is not None:
        value = html("{} <small>{}</small>", words.chance(found.chance[0]), words.error(*found.chance[1:]))
        figures.append(Figure(f"Chance of {words.day(found.target['date'])}", value, f"was {words.chance(found.target['chance'])}"))
    return html('<p class="b" role="status">{}.</p>{}', headlines.what_if(found.difference, change), parts.strip(figures, "plain"))

"""Levers: risks switched off and ranges narrowed, the forecast run again on the same random numbers."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui

from pmo_dashboards import parts
from pmo_dashboards.pages.project.answers import CHARTED, why
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Desk, Selection
from pmo_lib import plots
from pmo_lib.errors import PMOError
from pmo_lib.office import Assessment, WhatIf
from pmo_lib.plots import headlines, words
from pmo_lib.plots.theme import tokens

MOST = 6  # risks that have a switch of their own
SPREADS = {"as estimated": 1.0, "× 0.75": 0.75, "half": 0.5, "a quarter": 0.25, "certain": 0.0}


def levers_card(desk: Desk, known: Assessment, chosen: Selection) -> Any:
    """What would happen without a risk, or with better known durations."""
    if known.forecast is None:
        return parts.words_card("What if", parts.state("There is nothing to change.", parts.sentence(why(known, "forecast", "there is no forecast"))))
    switches = [_switch(risk, name) for risk, name in _risks(known)]
    spread = pmui.Select(options=list(SPREADS), value="as estimated", size="small", variant="outlined", label="Ranges of durations", width=180, margin=0)
    told, drawn = parts.show(_untouched()), pn.pane.HoloViews(None, sizing_mode="stretch_width", margin=0, linked_axes=False, theme=None)

    def rerun(*events: Any) -> None:
        without = [risk for (risk, _), switch in zip(_risks(known), switches, strict=True) if not switch.value]
        share = SPREADS[str(spread.value)]
        if not without and share == 1:
            told.object, drawn.object = str(_untouched()), None
            return
        try:
            found = desk.what_if(known.info.key, chosen.instant, tuple(without), share)
        except PMOError as error:
            told.object, drawn.object = str(parts.state("This cannot be run.", parts.sentence(str(error)))), None
            return
        told.object = str(_answer(found, _change(without, str(spread.value))))
        drawn.object = plots.what_if(found.before, found.after, theme=tokens(chosen.dark), height=CHARTED)

    for each in (*switches, spread):
        each.param.watch(rerun, "value")
    chosen.param.watch(rerun, "theme")
    line = "Switch a risk off, or narrow every range: a full run on the same random numbers; nothing is saved"
    return parts.card("What if", line, *switches, spread, told, drawn)


def _risks(known: Assessment) -> list[tuple[str, str]]:
    """The risks with a switch: those that add most to the P80."""
    assert known.forecast is not None
    table, listed = known.forecast.contributions, known.forecast.occurrences
    if listed is None or listed.is_empty():
        return []
    names = dict(listed.select("risk", "name").iter_rows())
    order = list(names) if table is None else [item for item in table.sort("contribution", descending=True)["item"] if item in names]
    return [(risk, names[risk]) for risk in order[:MOST]]


def _switch(risk: str, name: str) -> pmui.Switch:
    return pmui.Switch(value=True, label=words.shortened(f"{risk}  {name}" if risk != name else name), margin=(0, 0, 0, -8), size="small")


def _change(without: list[str], spread: str) -> str:
    """The change in words, as a headline begins."""
    said = [f"Without {words.listed(without)}" if without else "", "" if spread == "as estimated" else f"with ranges {spread}"]
    return words.capitalised(" and ".join(part for part in said if part))


def _untouched() -> Markup:
    return html('<p class="m">{}</p>', "As published.")


def _answer(found: WhatIf, change: str) -> Markup:
    sentence = headlines.what_if(found.difference, change)
    if found.chance is None or found.target is None:
        return html("<p><b>{}</b></p>", sentence)
    chance, low, high = found.chance
    told = f"{words.chance(found.target['chance'])} as published"
    return html(
        "<p><b>{}</b><br>Chance of {}: <b>{}</b> {}, {}.</p>", sentence, words.day(found.target["date"]), words.chance(chance), words.error(low, high), told
    )

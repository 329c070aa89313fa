"""Cards of the outlook: when it will finish, how sure that is, what changed and what drives it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pmo_lib.office import Assessment, Forecast
from pmo_lib.plots import compared, headlines, words
from pmo_lib.plots.waterfall import falls
from pmo_lib.reports import figures, sentences
from pmo_lib.reports.document import Block, Card, Cell, Column, Figure, Table, Text
from pmo_lib.reports.figures.ranking import MEASURES, ranked
from pmo_lib.reports.figures.sheet import width_of
from pmo_lib.reports.pieces import MOST, assumed, day, left_out
from pmo_lib.reports.risks import certainty_card, register_card
from pmo_lib.schedule import Comparison


def standing(assessment: Assessment) -> list[Card]:
    forecast = assessment.forecast
    if forecast is None:
        reason = "Nothing is left to forecast." if sentences.finished(assessment) else sentences.refusal(assessment, "forecast")
        return [Card("There is no forecast", [Text(reason), Text(sentences.status_reason(assessment), note=True)])]
    target = sentences.main_target(forecast)
    earlier = assessment.previous_forecast
    if earlier is not None and earlier.percentiles["finish"].equals(forecast.percentiles["finish"]):
        earlier = None  # the curves would cover each other
    chart = figures.finish_distribution(
        forecast,
        target=target["date"] if target else None,
        chance=target["chance"] if target else None,
        earlier=earlier,
        earlier_date=assessment.previous_date,
        width=width_of(7),
        height=138,
    )
    title = headlines.finish(target["chance"] if target else None, target["date"] if target else None)
    grey = f"; grey: as of {words.day(assessment.previous_date)}" if earlier is not None and assessment.previous_date else ""
    return [
        Card(title, [Figure(chart, title)], assumed(f"Chance of finishing by a date; band: 95{words.SPACE}% sampling error{grey}", forecast), 7),
        _targets_card(assessment, forecast),
        *_doubts(assessment, forecast),
    ]


def _doubts(assessment: Assessment, forecast: Forecast) -> list[Card]:
    """Risks, and whether the finish looks surer than it is; what drives it too, where nothing has changed beside which that would stand."""
    register, sure = register_card(forecast), certainty_card(forecast)
    drivers = _drivers(forecast, 5 if register else 7) if assessment.comparison is None else None
    cards = [card for card in (register, drivers, sure) if card is not None]
    return [replace(card, width=5 if card is sure and len(cards) == 2 else card.width) for card in cards]


def _targets_card(assessment: Assessment, forecast: Forecast) -> Card:
    after = [*_steps(forecast), Text(sentences.status_reason(assessment), note=True)]
    if forecast.targets.is_empty():
        return Card("No target is set", [Text(NO_TARGET), *after], None, 5)
    return Card(headlines.targets(forecast.targets), [_targets(forecast), *after], None, 5)


NO_TARGET = "Give the project an approved finish in the project list, or a must-finish date or a deadline in its plan, to see the chance of meeting it."


def _targets(forecast: Forecast) -> Block:
    rows = []
    for row in forecast.targets.head(MOST).iter_rows(named=True):
        weak = row["chance"] is not None and row["chance"] < 0.5
        rows.append(
            [
                Cell(words.capitalised(row["target"])),
                day(row["date"]),
                day(row["p80"], True),
                Cell(words.chance(row["chance"]), strong=weak, quiet=row["chance"] is None),
            ]
        )
    return Table([Column("Target", share=2.2), Column("Date", "right", 1.3), Column("P80", "right", 1.3), Column("Chance", "right", 0.9)], rows)


def _steps(forecast: Forecast) -> list[Block]:
    """What each preparation of the forecast moved."""
    said = [f"{words.capitalised(row['step'])}: {words.change(row['days'])}" for row in forecast.steps.iter_rows(named=True) if row["count"] or row["days"]]
    return [Text("Before sampling: " + "; ".join(said) + ".", note=True)] if said else []


def changes(assessment: Assessment) -> list[Card]:
    """What changed, and beside it what drives the finish now."""
    if assessment.forecast is None or assessment.comparison is None:
        return [_changed(assessment, 12)]
    return [_changed(assessment, 7), _drivers(assessment.forecast, 5)]


def _drivers(forecast: Forecast, width: int) -> Card:
    measure, rows = ranked(forecast.sensitivity)
    title = headlines.drivers(forecast.sensitivity, measure)
    blocks: list[Block] = [Figure(figures.drivers(forecast.sensitivity, width=width_of(width)), title)] if rows.height else []
    return Card(title, blocks, assumed(MEASURES[measure], forecast), width)


def _changed(assessment: Assessment, width: int) -> Card:
    found = assessment.comparison
    if found is None:
        return Card("There is nothing to compare with", [Text(sentences.refusal(assessment, "comparison"))], None, width)
    title = compared.title(found, assessment.previous_date)
    said = [compared.doubt(found), compared.path(found), compared.eroded(found), compared.retroactive(found)]
    if found.verdict == "different":
        return Card(title, [Text(f"{compared.headline(found)}.")], None, width)
    blocks: list[Block] = [*_moved(found, width), *(Text(f"{sentence}.", note=True) for sentence in said if sentence)]
    edits = compared.listed(found)
    sized = 4 if edits["days"].null_count() < edits.height else 3  # a column of dashes says nothing
    rows = [_change(row)[:sized] for row in edits.head(MOST_CHANGES).iter_rows(named=True)]
    columns = [Column("Activity", share=3.1), Column("Change", share=1.1), Column("From, to", share=2.1), Column("Days", "right", 0.7)][:sized]
    blocks += [Table(columns, rows), *left_out(edits.height, "change", MOST_CHANGES)] if rows else []
    return Card(title, blocks, "Working days by group of changes, applied one after another; then the changes, the largest first", width)


def _moved(found: Comparison, width: int) -> list[Block]:
    """What moved the finish, drawn where there is more than nothing to draw."""
    if found.attribution is None:
        return [Text(f"{compared.headline(found)}.")]
    if len(falls(found.attribution)) == 1:  # the whole alone, which is nothing
        return []
    return [Figure(figures.waterfall(found.attribution, width=width_of(width) * 0.72), compared.headline(found))]


MOST_CHANGES = 10
LABEL = 40  # characters of an activity's id and name on one line


def _change(row: dict[str, Any]) -> list[Cell]:
    days = row["days"]
    return [
        Cell(sentences.short(row["name"] if row["name"] == row["activity"] else f"{row['activity']} {row['name']}", LABEL)),
        Cell(words.capitalised(compared.what(row)), strong=row["retroactive"]),
        Cell(compared.from_to(row) or "–", quiet=days is None),
        Cell("–" if days is None else f"{words.days(days, sign=True)}{words.SPACE}wd", strong=abs(days or 0) >= 1, quiet=days is None),
    ]

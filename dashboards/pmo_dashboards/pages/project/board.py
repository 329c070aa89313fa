"""A project that is a board: what is left, how fast it goes and when it is done; of a network's figures there are none, and none is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.project.answers import name_of, why
from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Selection
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words


def board_opening(known: Assessment) -> Markup:
    """When what is left will be done, and what that rests on."""
    made = known.board_forecast
    target = datetime.fromisoformat(made.target["date"]) if made and made.target else None
    said = parts.sentence(known.status.reason) if made else parts.sentence(why(known, "forecast", known.status.reason))
    return parts.head(
        headlines.project(name_of(known), _finish(known, 80), target), f"{said} {parts.sentence(words.capitalised(made.told()))}" if made else said
    )


def board_figures(known: Assessment) -> list[Figure]:
    """The strip: what is left, throughput, service level, finish, chance, status."""
    board, made = known.board, known.board_forecast
    nothing = why(known, "board", "the board could not be read")
    none = why(known, "forecast", "there is no forecast")
    figures = [Figure(name, "not available", nothing, nothing, missing=True) for name in ("Items left", "Finished a week", "Done within")]
    if board is not None:
        figures[0] = Figure("Items left", words.number(board.left), f"{words.number(board.in_progress)} in progress; {words.number(board.finished)} finished")
        if board.weekly is not None:
            figures[1] = Figure("Finished a week", words.number(board.weekly, 1), f"{words.count(board.counted, 'item')} in {words.count(board.weeks, 'week')}")
        if board.within is not None:
            figures[2] = Figure("Done within", words.count(round(board.within), "day"), f"{words.share(board.share)} of {words.count(board.measured, 'item')}")
    finish = _finish(known, 80)
    median = words.day(_finish(known, 50))
    figures.append(Figure("P80 finish", words.day(finish), f"P50 {median}") if finish else Figure("P80 finish", "not available", none, none, missing=True))
    if made and made.target:
        aim = f"target {words.day(datetime.fromisoformat(made.target['date']))}"
        figures.append(Figure("Chance of the target", words.chance(made.target["chance"]), aim))
    else:
        figures.append(Figure("Chance of the target", "not available", "no target: give an approved finish, or the project's due date", "", missing=True))
    status = html("{}", marks.status(known.status.computed, known.status.watermelon))
    declared = f"declared {words.status(known.status.declared).lower()}" if known.status.declared != "no_data" else "nobody declared one"
    return [*figures, Figure("Computed status", status, declared, known.status.reason)]


def flow_card(known: Assessment, chosen: Selection) -> Any:
    """Where its flow is shown."""
    link = html('<p><a href="{}">Open its Flow page</a></p>', chosen.link("Flow", key=known.info.key))
    return parts.words_card("This project is a board: how its work flows, and when the rest is done", link)


def _finish(known: Assessment, p: int) -> datetime | None:
    made = known.board_forecast
    return None if made is None else made.percentiles.filter(pl.col("p") == p)["finish"][0]

"""A project that is a board, as its leader asks after it: when the rest is done, against what was promised, what changed, what is stuck, whether it holds.

How the work flows in detail stands on the Flow page; of a network's figures there are none, and none is shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.flow.charts import burn_up_card, sprints_card, throughput_card
from pmo_dashboards.pages.flow.tables import checks_card, oldest_card, when_card
from pmo_dashboards.pages.project.answers import name_of, why
from pmo_dashboards.pages.project.findings import findings_card
from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import Markup, html, join
from pmo_dashboards.state import Desk, Selection
from pmo_lib.errors import PMOError
from pmo_lib.office import Assessment, BoardFlow
from pmo_lib.plots import flow_words, headlines, words


def board_page(desk: Desk, known: Assessment, chosen: Selection) -> list[Any]:
    """Everything beneath the context row but the foot."""
    top = [parts.show(board_opening(known, chosen)), parts.show(parts.strip(board_figures(known)))]
    try:
        flow = desk.flow(known.info.key, chosen.instant)
    except PMOError as error:
        lost = parts.words_card("How its work flows cannot be told", parts.state(parts.sentence(words.reason(str(error))), "Pull the board with its history."))
        return [*top, parts.box(lost, changes_card(known), kind="g11 gap"), parts.box(findings_card(known), kind="flow gap")]
    first = parts.box(burn_up_card(flow, chosen), parts.box(*_asides(flow), changes_card(known), kind="stack"), kind="g2 gap")
    weekly = parts.box(*parts.folded([throughput_card(flow, chosen), *sprints_card(flow, chosen)]), kind="stack" if flow.ages.height else "g11")
    second = parts.box(*parts.folded([oldest_card(flow)]), weekly, kind="g11 gap tables") if flow.ages.height else parts.box(weekly, kind="flow gap")
    checked = parts.folded([checks_card(flow), findings_card(known)])
    third = parts.beside(checked) if known.findings.height > FEW else [row for card in checked for row in parts.beside([card])]
    return [*top, first, second, *third]


FEW = 3  # findings that would leave most of a card beside the checks empty


def _asides(flow: BoardFlow) -> list[Any]:
    """The date by confidence, where the picture beside it has one."""
    return [when_card(flow)] if flow.fan is not None else []


def board_opening(known: Assessment, chosen: Selection) -> Markup:
    """When what is left will be done, and what that rests on."""
    made = known.board_forecast
    target = datetime.fromisoformat(made.target["date"]) if made and made.target else None
    said = [parts.sentence(known.status.reason) if made else parts.sentence(why(known, "forecast", known.status.reason))]
    if (before := known.previous_board_forecast) is not None and made is not None and known.previous_date is not None:
        said.insert(0, flow_words.moved(words.days_between(before.finish(80), made.finish(80)), known.previous_date))
    more = html('<a href="{}">How its work flows →</a>', chosen.link("Flow", key=known.info.key))
    done = _all_done(known)
    sentence = flow_words.page(name_of(known), 0, None) if done else headlines.project(name_of(known), made.finish(80) if made else None, target)
    return parts.head(sentence, " ".join(said), more=more)


def _all_done(known: Assessment) -> bool:
    return known.board is not None and known.board.left == 0


def board_figures(known: Assessment) -> list[Figure]:
    """The strip: finish, chance, status, what is left, throughput, service level."""
    return [_finish_figure(known), _chance_figure(known), _status_figure(known), *_standing_figures(known)]


def _finish_figure(known: Assessment) -> Figure:
    made, before = known.board_forecast, known.previous_board_forecast
    if _all_done(known):
        return Figure("P80 finish", "all items are done", "nothing is left to forecast", missing=True)
    if made is None:
        none = why(known, "forecast", "there is no forecast")
        return Figure("P80 finish", "not available", none, none, missing=True)
    moved = html("<b>{}</b> since {}; ", words.change(words.days_between(before.finish(80), made.finish(80))), _since(known)) if before else ""
    return Figure(
        "P80 finish",
        words.day(made.finish(80)),
        html("{}P50 {}", moved, words.day(made.finish(50), year=False)),
        "The day by which 80 % of the forecasts have all done.",
    )


def _chance_figure(known: Assessment) -> Figure:
    made, before = known.board_forecast, known.previous_board_forecast
    if made is None or not made.target:
        return Figure("Chance of the target", "not available", "no target: give an approved finish, or the project's due date", "", missing=True)
    day = words.day(datetime.fromisoformat(made.target["date"]))
    kind = words.TARGETS.get(made.target["kind"], "")
    same = before is not None and before.target is not None and before.target["date"] == made.target["date"]
    below = html("was <b>{}</b> on {}", words.chance(before.target["chance"]), _since(known)) if before and before.target and same else kind
    return Figure(f"Chance of the target, {day}", words.chance(made.target["chance"]), below, f"Share of the forecasts that have all done by {day}: {kind}.")


def _status_figure(known: Assessment) -> Figure:
    status = known.status
    shape = marks.glyph("watermelon" if status.watermelon else status.computed, 16)
    said = "nobody declared one" if status.declared == "no_data" else html("declared <b>{}</b>", words.status(status.declared).lower())
    return Figure("Computed status", html("{}{}", shape, words.status(status.computed)), said, parts.sentence(status.reason))


def _standing_figures(known: Assessment) -> list[Figure]:
    """What is left, how much is finished a week, and within how many days an item is done."""
    board = known.board
    if board is None:
        nothing = why(known, "board", "the board could not be read")
        return [Figure(name, "not available", nothing, nothing, missing=True) for name in ("Items left", "Finished a week", "Done within")]
    changes = known.board_changes
    since = html("<b>{}</b> since {}; ", words.signed(board.left - changes.before, "").strip(), _since(known)) if changes else ""
    left = Figure(
        "Items left", words.number(board.left), html("{}{} in progress", since, words.number(board.in_progress)), "Items neither finished nor dropped."
    )
    weekly = Figure("Finished a week", words.number(board.weekly, 1), f"{words.count(board.counted, 'item')} in {words.count(board.weeks, 'week')}")
    within = Figure("Done within", words.NONE, "no finished item has a cycle time", missing=True)
    if board.within is not None:
        days = words.count(round(board.within), "day")
        within = Figure(
            "Done within", days, f"{words.share(board.share)} of {words.count(board.measured, 'item')}", "Service-level expectation, from start to finish."
        )
    return [left, weekly, within]


def changes_card(known: Assessment) -> Any:
    """How the number of items that are left came about since the snapshot before."""
    made = known.board_changes
    if made is None:
        return parts.absent("What changed", parts.sentence(why(known, "comparison", "this is the first snapshot")), "The next pull shows it.")
    found = flow_words.steps(made)
    largest = max((abs(count) for _, count in found), default=1)
    rows = [
        (html("<b>Left on {}</b>", _since(known)), "", words.number(made.before)),
        *((name, marks.move(count, largest), words.signed(count, "").strip()) for name, count in found),
        (html("<b>Left now</b>"), "", words.number(made.left)),
    ]
    items = join(html('<li><span>{}</span><span>{}</span><span class="n b">{}</span></li>', *row) for row in rows)
    line = f"Items, since the snapshot of {words.day(known.previous_date)}; work was begun on {words.count(made.count('begun'), 'item')}"
    return parts.words_card(flow_words.became(made), html('<ul class="rows moves">{}</ul>', items), line)


def _since(known: Assessment) -> str:
    return words.day(known.previous_date, year=False)

"""How does work flow over this board, and when is the rest done?"""

from __future__ import annotations

from typing import Any

from pmo_dashboards import later, parts
from pmo_dashboards.fields import choice
from pmo_dashboards.pages.flow.charts import ageing_card, burn_up_card, cycle_card, sprints_card, state_card, throughput_card
from pmo_dashboards.pages.flow.groups import groups_card
from pmo_dashboards.pages.flow.head import crumbs, foot, name_of, opening
from pmo_dashboards.pages.flow.strip import figures
from pmo_dashboards.pages.flow.tables import checks_card, counted_card, oldest_card, when_card
from pmo_dashboards.safe import Markup, html, join
from pmo_dashboards.state import Desk, Selection, selection
from pmo_lib.errors import NotAvailable, PMOError
from pmo_lib.office import BoardFlow
from pmo_lib.plots import words

BOARD = 260  # [pixels] width of the choice of a board


def page(desk: Desk) -> Any:
    """The Flow page of this session."""
    chosen = selection()
    body = parts.box(kind="flow")
    answer: BoardFlow | PMOError | None = None
    boards: dict[str, str] = {}

    def refresh(*events: Any) -> None:
        nonlocal answer, boards
        later.anew(chosen)
        boards = _boards(desk, chosen)
        answer = _asked(desk, chosen, boards)
        body[:] = _filled(desk, chosen, boards, answer) if isinstance(answer, BoardFlow) else [parts.show(_missing(answer, boards, chosen))]

    refresh()
    chosen.param.watch(refresh, ["key", "as_of"])
    return parts.shell(f"Flow of {name_of(answer)}" if isinstance(answer, BoardFlow) else "Flow", "Flow", chosen, [body])


def _boards(desk: Desk, chosen: Selection) -> dict[str, str]:
    try:
        return desk.boards(chosen.instant)
    except PMOError:
        return {}


def _asked(desk: Desk, chosen: Selection, boards: dict[str, str]) -> BoardFlow | PMOError | None:
    """The board chosen, else the first; None: there is none."""
    key = chosen.key or next(iter(boards), "")
    if not key:
        return None
    try:
        return desk.flow(key, chosen.instant)
    except PMOError as error:
        return error


def _missing(error: PMOError | None, boards: dict[str, str], chosen: Selection) -> Markup:
    """What to do where there is no board to show."""
    if error is None:
        head = parts.head("No board yet", "Flow is measured on boards: items that move through statuses, as Jira and Asana keep them.")
        remedy = html("Run: <code>pmo pull jira</code> or <code>pmo pull asana</code>, or <code>pmo import FILE</code> with an export of either.")
        return html("{}{}", head, html('<div class="card">{}</div>', parts.state("The workspace holds no board.", remedy)))
    if not isinstance(error, NotAvailable):
        return html("{}{}", parts.failure(error), _others(boards, chosen))
    said = parts.sentence(words.reason(str(error)))
    own = html('<a href="{}">Open its Project page</a>', chosen.link("Project"))
    remedy = html("Its forecast stands on the Project page: {}.{}", own, _others(boards, chosen))
    return html(
        "{}{}", parts.head(f"{chosen.key} has no flow to show", said), html('<div class="card">{}</div>', parts.state("There is no board here.", remedy))
    )


def _others(boards: dict[str, str], chosen: Selection) -> Markup:
    links = join([html('<a href="{}">{}</a>', chosen.link("Flow", key=key), name) for key, name in boards.items()], ", ")
    return html("<br>Boards of this workspace: {}.", links) if boards else html("<br>The workspace holds no board; <code>pmo pull jira</code> brings one.")


def _filled(desk: Desk, chosen: Selection, boards: dict[str, str], known: BoardFlow) -> list[Any]:
    dates = {"Latest snapshot": "", **{words.day(at): at.strftime("%Y-%m-%d") for at in sorted(desk.status_dates(), reverse=True)}}
    names = {_unique(name, key, boards): key for key, name in boards.items()} or {known.info.key: known.info.key}
    board = choice(chosen, "key", "Board", names, known.info.key)
    board.width = BOARD
    fields = parts.filters(board, choice(chosen, "as_of", "Status date", dates))
    top = [parts.box(parts.show(crumbs(known, chosen)), fields, kind="ctx"), parts.show(opening(known)), parts.show(parts.strip(figures(known)))]
    going = bool(known.left or known.ages.height)  # else no column holds anything
    cards = [*([state_card(known, chosen)] if going else []), throughput_card(known, chosen), cycle_card(known, chosen), ageing_card(known, chosen)]
    return [*top, _first(known, chosen), *parts.pairs(parts.folded(cards)), *_parts_of_it(known, chosen), _last(known), parts.show(foot(known))]


def _first(known: BoardFlow, chosen: Selection) -> Any:
    """When the rest is done, and what is counted; a forecast that there is not takes no room."""
    if known.fan is None:
        return parts.box(burn_up_card(known, chosen), counted_card(known), kind="g11 gap")
    return parts.box(burn_up_card(known, chosen), parts.box(when_card(known), *parts.folded([counted_card(known)]), kind="stack"), kind="g2 gap")


def _parts_of_it(known: BoardFlow, chosen: Selection) -> list[Any]:
    """The groups and the sprints, where there are any."""
    cards = parts.folded([*groups_card(known, chosen), *sprints_card(known, chosen)])
    return [parts.box(*cards, kind="g11 gap tables" if len(cards) > 1 else "flow gap")] if cards else []


def _last(known: BoardFlow) -> Any:
    """Whether the board can be believed, and beside it the oldest work, where there is any."""
    beside = [oldest_card(known)] if known.ages.height else []
    return parts.box(*parts.folded([checks_card(known), *beside]), kind="g11 gap tables" if beside else "flow gap")


def _unique(name: str, key: str, boards: dict[str, str]) -> str:
    return name if list(boards.values()).count(name) == 1 else f"{name} ({key})"

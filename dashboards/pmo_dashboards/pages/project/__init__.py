"""When will this project finish, how sure are we, and what drives it?"""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_dashboards import later, parts
from pmo_dashboards.fields import choice
from pmo_dashboards.pages.project.activities import activities_card
from pmo_dashboards.pages.project.agreed import agreement_card
from pmo_dashboards.pages.project.answers import name_of
from pmo_dashboards.pages.project.board import board_page
from pmo_dashboards.pages.project.changes import changes_card
from pmo_dashboards.pages.project.drivers import drivers_card
from pmo_dashboards.pages.project.earned import earned_card
from pmo_dashboards.pages.project.findings import findings_card
from pmo_dashboards.pages.project.forecast import finish_card, targets_card
from pmo_dashboards.pages.project.gantt import gantt_card, shown_rows
from pmo_dashboards.pages.project.head import crumbs, foot, opening
from pmo_dashboards.pages.project.levers import levers_card
from pmo_dashboards.pages.project.quality import checks_card, trend_card
from pmo_dashboards.pages.project.risks import certainty_cards, risks_card
from pmo_dashboards.pages.project.strip import figures
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Desk, Selection, selection
from pmo_lib.errors import NotFound, PMOError
from pmo_lib.office import Assessment
from pmo_lib.plots import words
from pmo_lib.reports.sentences import finished


def page(desk: Desk) -> Any:
    """The Project page of this session."""
    chosen = selection()
    body = parts.box(kind="flow")
    answer: Assessment | PMOError | None = None

    def refresh(*events: Any) -> None:
        nonlocal answer
        later.anew(chosen)
        answer = _asked(desk, chosen)
        body[:] = [parts.show(_refused(answer, chosen))] if isinstance(answer, PMOError) else _filled(desk, chosen, answer)

    refresh()
    chosen.param.watch(refresh, ["key", "as_of"])
    return parts.shell(_tab(answer), "Project", chosen, [body])


def _tab(answer: Assessment | PMOError | None) -> str:
    """What the browser's tab says."""
    return "Project" if answer is None or isinstance(answer, PMOError) else name_of(answer)


def _asked(desk: Desk, chosen: Selection) -> Assessment | PMOError:
    try:
        if not chosen.key:
            raise NotFound("no project is chosen; open one from the portfolio")
        return desk.assess(chosen.key, chosen.instant)
    except PMOError as error:
        return error


def _refused(error: PMOError, chosen: Selection) -> Markup:
    back = html('<a href="{}">Back to the portfolio</a>', chosen.link("Portfolio", key=""))
    return html("{}{}", parts.failure(error), back)


def _filled(desk: Desk, chosen: Selection, known: Assessment) -> list[Any]:
    dates = {"Latest snapshot": "", **{words.day(at): at.strftime("%Y-%m-%d") for at in sorted(desk.status_dates(), reverse=True)}}
    context = parts.box(parts.show(crumbs(known, chosen)), parts.filters(choice(chosen, "as_of", "Status date", dates)), kind="ctx")
    if "items" in known.plan.tables:
        return [context, *board_page(desk, known, chosen), parts.show(foot(known))]
    rows = shown_rows(known)
    told = parts.folded([earned_card(known, chosen), changes_card(known, chosen)])
    top = [context, parts.show(opening(known)), parts.show(parts.strip(figures(known)))]
    checks, *evidence = parts.folded([checks_card(known), agreement_card(known), trend_card(known, chosen), findings_card(known)])
    last = parts.box(checks, parts.box(*evidence, kind="stack"), kind="g2 gap")
    middle = _without_forecast if known.forecast is None else _with_forecast
    upper = [*top, *middle(desk, known, chosen, rows, told), last]
    every = parts.box(*parts.folded([activities_card(known, chosen)]), kind="flow gap")  # made last, and so filled last
    return [*upper, every, parts.show(foot(known))]


def _without_forecast(desk: Desk, known: Assessment, chosen: Selection, rows: pl.DataFrame | None, told: list[Any]) -> list[Any]:
    """The plan, beside it why there is no forecast: said once, and not by each card that would show one."""
    full, missing = parts.parted(told)
    why = [] if finished(known) else [finish_card(known, chosen)]  # the page's sentence says that all work is done
    aside = parts.box(*why, *full[:1], *missing, kind="stack")
    return [parts.box(gantt_card(known, chosen, rows), aside, kind="g2 gap"), *parts.beside(full[1:])]


def _with_forecast(desk: Desk, known: Assessment, chosen: Selection, rows: pl.DataFrame | None, told: list[Any]) -> list[Any]:
    """The plan, when it ends, what drives that, and what would be otherwise. Cards with nothing to show stand in the aside, whose chart fills what is left."""
    full, missing = parts.parted([*parts.folded([drivers_card(known, chosen)]), *told])
    aside = parts.box(finish_card(known, chosen), targets_card(known), *missing, kind="stack aside")
    first = parts.box(gantt_card(known, chosen, rows), aside, kind="g2 gap")
    levers, risks, *doubt = parts.folded([levers_card(desk, known, chosen), risks_card(known, chosen), *certainty_cards(known, chosen)])
    if len(full) > 1 or not parts.parted([risks])[1]:
        return [first, *parts.beside(full), parts.box(levers, parts.box(risks, *doubt, kind="stack"), kind="g2 gap")]
    settled = parts.box(*doubt[1:], kind="stack")
    return [first, *parts.beside([*full, levers]), parts.box(settled, parts.box(*doubt[:1], risks, kind="stack"), kind="g11 gap")]

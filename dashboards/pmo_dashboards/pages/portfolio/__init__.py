"""Where do all the projects stand? Every project's computed status beside its declared one, its finish and its doubt."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.portfolio.cards import asks, moves
from pmo_dashboards.pages.portfolio.filters import filtered, filters
from pmo_dashboards.pages.portfolio.strip import figures
from pmo_dashboards.pages.portfolio.table import cells, instants, table
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Desk, Selection, selection
from pmo_lib.errors import PMOError
from pmo_lib.plots import headlines, words

LEGEND = "Worst first. Bar P10–P90, stronger P25–P75, cut at P50. Blue tick: P80, with its move since the last snapshot. Tall tick: target."


def page(desk: Desk) -> Any:
    """The Portfolio page of this session."""
    chosen = selection()
    body = parts.box(kind="flow")
    last: dict[str, Any] = {}

    def refresh(*events: Any) -> None:
        if not last or last["as_of"] != chosen.as_of:
            last.update(as_of=chosen.as_of, answer=_asked(desk, chosen))
            body[:] = _body(desk, chosen, last["answer"])

    refresh()
    chosen.param.watch(refresh, "as_of")
    return parts.shell("Portfolio", "Portfolio", chosen, [body])


def _asked(desk: Desk, chosen: Selection) -> pl.DataFrame | PMOError:
    try:
        return desk.portfolio(chosen.instant)
    except PMOError as error:
        return error


def _body(desk: Desk, chosen: Selection, answer: pl.DataFrame | PMOError) -> list[Any]:
    if isinstance(answer, PMOError):
        return [parts.show(parts.failure(answer))]
    if answer.is_empty():
        return [parts.show(_empty())]
    return _filled(desk, chosen, answer)


def _empty() -> Markup:
    what = "with plans of Microsoft Project or Primavera P6, or boards of Jira or Asana"
    remedy = html("Run: <code>pmo import FILE…</code> {}, or <code>pmo demo</code> for an example.", what)
    return html("{}{}", parts.head("No project yet", ""), html('<div class="card">{}</div>', parts.state("No project yet.", remedy)))


def _filled(desk: Desk, chosen: Selection, health: pl.DataFrame) -> list[Any]:
    on = marks.axis(instants(health))
    head, strip, foot = (parts.show(Markup("")) for _ in range(3))
    moved, asked = parts.show(Markup("")), parts.show(Markup(""))
    grid, nothing = table(health, on), parts.show(Markup(""))

    def refresh(*events: Any) -> None:
        shown = filtered(health, chosen)
        head.object = str(parts.head(headlines.portfolio(shown), LEGEND, _caveat(shown)))
        strip.object = str(parts.strip(figures(shown)))
        grid.value = cells(shown, on, chosen)
        grid.visible, nothing.visible = bool(shown.height), not shown.height
        nothing.object = str(parts.state("No project matches these filters.", html('<a href="{}">Clear the filters</a>', _cleared(chosen))))
        moved.object, asked.object = str(moves(shown)), str(asks(shown, chosen))
        foot.object = str(_foot(shown, health))

    refresh()
    chosen.param.watch(refresh, ["programme", "portfolio", "status", "find", "theme", "scale"])
    context = parts.box(parts.show(parts.crumbs(("Portfolio", None))), parts.filters(*filters(desk, chosen, health)), kind="ctx")
    cards = parts.box(parts.box(moved, kind="card"), parts.box(asked, kind="card"), kind="g2 gap")
    return [context, head, strip, parts.box(grid, parts.box(nothing, kind=""), kind="card tbl gap"), cards, foot]


def _cleared(chosen: Selection) -> str:
    return chosen.link("Portfolio", programme="", portfolio="", status="", find="")


def _caveat(health: pl.DataFrame) -> str | None:
    count = health.filter("indicative").height
    if not count:
        return None
    who = "All forecasts are" if count == health.drop_nulls("p80").height else f"{words.count(count, 'forecast')} {'is' if count == 1 else 'are'}"
    return f"{who} indicative, ranges assumed: nobody estimated them. Such a forecast cannot make a status on track. Marked with ≈."


def _foot(shown: pl.DataFrame, health: pl.DataFrame) -> Markup:
    read = health.drop_nulls("snapshot")
    oldest = f", oldest {words.day(read['data_date'].min())}" if read["data_date"].drop_nulls().len() else ""  # type: ignore[arg-type]
    findings = words.count(int(shown["findings"].sum()), "finding")
    agreement = "agreement = share of the source tool’s own dates that we reproduce"
    left = f"{read.height} of {words.count(health.height, 'project')} read{oldest} · {findings} · {agreement}"
    return parts.foot(left, f"{words.count(shown.height, 'project')} shown")

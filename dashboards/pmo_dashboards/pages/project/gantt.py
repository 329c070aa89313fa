"""The plan on a time axis, drivers first."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_dashboards import later, parts
from pmo_dashboards.pages.project.answers import aim, why
from pmo_dashboards.safe import Markup, html, join
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words
from pmo_lib.plots.schedule import ROW
from pmo_lib.plots.schedule_rows import finish_text, spans_years


def shown_rows(known: Assessment) -> pl.DataFrame | None:
    """The bars of the Gantt chart; None where the plan has no dates."""
    if known.dates is None or known.dates.is_empty():
        return None
    forecast = known.forecast.activities if known.forecast else None
    return plots.gantt_rows(known.dates, known.plan.tables, forecast, data_date=known.info.data_date)


def gantt_card(known: Assessment, chosen: Selection, rows: pl.DataFrame | None) -> Any:
    """The drivers on a time axis, with names on the left and P80 and float on the right as text. `rows` is `shown_rows`."""
    if known.dates is None or rows is None:
        return parts.absent("Gantt chart", "There is no Gantt chart.", parts.sentence(why(known, "dates", "the plan has no dates")))
    forecast = known.forecast
    target = aim(known)
    heading = headlines.gantt(rows)

    def draw(tokens: Any) -> Any:
        at = target["date"] if target else None
        return plots.gantt(rows, known.plan.tables.get("relationships"), data_date=known.info.data_date, target=at, names=False, theme=tokens)

    below = "Thin line: baseline." if rows["baseline_finish"].is_not_null().any() else "There is no baseline."
    finish = " Finish: cut at P10, tick at P80, whisker to P90." if forecast is not None else ""
    line = f"Neutral: done. Blue: to come, solid where critical. {below}{finish}"
    count = html('<span class="s">{} of {}, drivers first</span>', f"{rows.height:,}", words.count(known.dates.height, "activity", "activities"))
    chart = later.picture(draw, chosen, f"Gantt chart: {heading}")
    years = spans_years(rows)
    grid = parts.box(parts.show(_names(rows)), chart, parts.show(_numbers(rows, known, years)), kind="gantt years" if years else "gantt")
    return parts.card(heading, line, grid, aside=count)


def _lines(rows: pl.DataFrame, draw: Any, top: Markup, headed: bool = True) -> Markup:
    """One line of `ROW` pixels for each row of the chart, headings and the free first line included."""
    assert ROW == 28, "page.css has the same height"
    placed = {row["row"]: row for row in rows.iter_rows(named=True)}
    headings = {row["row"] - 1: row["heading"] for row in placed.values() if row["heading"] and headed}

    def line(place: int) -> Markup:
        return (
            draw(placed[place])
            if place in placed
            else html('<div class="h{}"><span class="nm">{}</span></div>', " first" if place == 0 else "", headings.get(place, ""))
        )

    return html('<div class="gr">{}</div>', join([top, *(line(place) for place in range(max(placed) + 1))]))


def _kind(row: dict[str, Any]) -> str:
    return "f" if row["finished"] else "c" if row["critical"] else ""


def _names(rows: pl.DataFrame) -> Markup:
    def draw(row: dict[str, Any]) -> Markup:
        return html(
            '<div class="{0}" title="{1} {2}"><span class="id wide">{1}</span><span class="nm">{2}</span></div>', _kind(row), row["activity"], row["name"]
        )

    return _lines(rows, draw, html('<div class="top">Activity</div>'))


def _numbers(rows: pl.DataFrame, known: Assessment, years: bool) -> Markup:
    per_day = known.info.options.minutes_per_day

    def draw(row: dict[str, Any]) -> Markup:
        slack = "" if row["finished"] else words.working_days(row["total_float"], per_day)
        whole = words.day(row["p80"] or row["early_finish"])
        return html('<div class="{} two"><span title="{}">{}</span><span>{}</span></div>', _kind(row), whole, finish_text(row, years), slack)

    title = "P80" if rows["p80"].drop_nulls().len() else "Finish"
    return _lines(rows, draw, html('<div class="top two"><span>{}</span><span>Float</span></div>', title), headed=False)

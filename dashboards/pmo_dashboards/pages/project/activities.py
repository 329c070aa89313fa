"""Every activity of the plan, a page at a time: when it is, what is left of it, whether its date is the source's, which checks it offends."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui
import polars as pl

from pmo_dashboards import later, marks, parts, theme
from pmo_dashboards.fields import choice, find
from pmo_dashboards.pages.project.answers import why
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.scripts import GRID, SHEETS
from pmo_dashboards.state import NARROWED, Selection
from pmo_lib import office
from pmo_lib.office import Assessment
from pmo_lib.plots import agreed, words
from pmo_lib.writers.csv_text import csv_text

PAGE = 20  # rows
HIGH = 320  # [pixels] that the card takes until it is filled
TITLES = {
    "activity": "Id",
    "name": "Activity",
    "wbs": "WBS",
    "start": "Start",
    "finish": "Finish",
    "remaining": "Remaining<br>days",
    "float": "Total float<br>days",
    "agrees": "Agreement",
    "failed": "Failed checks",
}
COLUMNS = list(TITLES)
RIGHT = ["start", "finish", "remaining", "float"]
KINDS = {"Every activity": "", "Critical": "critical", "Late": "late", "Open": "open", "Dates differ": "differs", "Fails a check": "failed"}
BUTTON = {  # as the fields beside it
    "height": 28,
    "fontSize": 12,
    "fontWeight": 400,
    "textTransform": "none",
    "color": "var(--ink)",
    "backgroundColor": "var(--surface)",
    "border": "1px solid var(--edge)",
    "borderRadius": "6px",
    "boxShadow": "none",
    "&:hover": {"backgroundColor": "var(--sunken)", "boxShadow": "none"},
}
LINE = "Open ones with the least float first; critical in bold. ▲ late: to finish after its baseline, or with float below zero"


def activities_card(known: Assessment, chosen: Selection) -> Any:
    """The table with its search, filters and download, put together after all else on the page."""
    if known.dates is None:
        return parts.absent("Activities", "There is no list of activities.", parts.sentence(why(known, "dates", "the plan has no dates")))
    if known.dates.is_empty():
        return parts.absent("Activities", "The plan has no activities.", "Import a plan that has some.")
    place = parts.box(kind="waiting")
    place.min_height = HIGH
    place.jscallback(css_classes=GRID + SHEETS)  # the page's own run was before there was this table

    def fill() -> None:
        try:
            place[:] = _filled(known, chosen)
        finally:
            place.css_classes, place.min_height = [], None

    later.when_loaded(fill, chosen)
    heading = f"All {words.count(known.dates.height, 'activity', 'activities')}" if known.dates.height > 1 else "The activity"
    return parts.card(heading, LINE, place)


def _filled(known: Assessment, chosen: Selection) -> list[Any]:
    found = office.activities(known)
    told = cells(found, agreed.tool(known.info.application)).set_index(pd.Index(found["activity"].to_list()))
    grid, count = table(), parts.show(Markup(""))

    def shown() -> pl.DataFrame:
        return office.chosen_activities(found, text=chosen.activity, show=chosen.show, wbs=chosen.wbs)

    def refresh(*events: Any) -> None:
        left = shown()
        grid.visible = bool(left.height)
        if left.height:  # a table that is emptied while it is hidden stays empty
            grid.value = told.loc[left["activity"].to_list()].reset_index(drop=True)
        count.object = str(_count(left.height, found.height))

    refresh()
    chosen.param.watch(refresh, list(NARROWED))
    return [parts.box(parts.filters(*_fields(found, chosen), _download(known, shown)), count, kind="narrow"), grid]


def _fields(found: pl.DataFrame, chosen: Selection) -> list[Any]:
    """Search, kind and WBS element; a plan that differs nowhere or fails no check has no such kind, one without WBS no such field."""
    empty = {kind for kind in ("differs", "failed") if not office.chosen_activities(found, show=kind).height and chosen.show != kind}
    elements = {f"{2 * words.SPACE * depth}{words.shortened(name, 40)}{words.SPACE * k}": key for k, (key, name, depth) in enumerate(office.wbs_choices(found))}
    kinds = {name: kind for name, kind in KINDS.items() if kind not in empty}
    fields = [find(chosen, "activity", "Find an activity"), choice(chosen, "show", "Which activities", kinds)]
    return [*fields, choice(chosen, "wbs", "WBS element", {"Whole WBS": "", **elements})] if elements else fields


def _download(known: Assessment, shown: Any) -> pmui.FileDownload:
    """What the filters leave, on all pages, in full precision."""
    return pmui.FileDownload(
        callback=lambda: io.BytesIO(csv_text(shown()).encode()),
        filename=f"{known.info.key}-activities.csv",
        label="CSV",
        description="Download what is shown, all pages, as CSV",
        size="small",
        width=76,
        margin=0,
        sx=BUTTON,
    )


def _count(left: int, of: int) -> Markup:
    if not left:
        return parts.state("No activity matches.", "Search for a part of an id or a name, or choose every activity and the whole WBS.")
    return html('<p class="s" role="status">{}</p>', f"{left:,} of {words.count(of, 'activity', 'activities')}") if left < of else Markup("")


def table() -> pn.widgets.Tabulator:
    """The empty table; its pages are asked of the server one at a time."""
    return pn.widgets.Tabulator(
        pd.DataFrame({name: pd.Series(dtype=str) for name in COLUMNS}),
        titles=TITLES,
        formatters={name: {"type": "html"} for name in COLUMNS},
        text_align=dict.fromkeys(RIGHT, "right"),
        header_align=dict.fromkeys(RIGHT, "right"),
        layout="fit_columns",
        pagination="remote",
        page_size=PAGE,
        show_index=False,
        disabled=True,
        selectable=False,
        row_height=36,
        sizing_mode="stretch_width",
        margin=0,
        stylesheets=[theme.css("table"), theme.css("activities")],
        configuration={"columnDefaults": {"headerSortTristate": True}, "renderVertical": "basic", "resizableColumnFit": False},
    )


def cells(found: pl.DataFrame, tool: str) -> pd.DataFrame:
    """The table's cells as HTML, each after a comment that makes its text sort as its figure does. What repeats is made once: a plan has thousands of rows."""
    made = {
        "activity": [html('<span title="{}">{}</span>', one, one) for one in found["activity"].to_list()],
        "name": [_name(*row) for row in found.select("name", "critical").iter_rows()],
        "wbs": _made(found, ["wbs_names"], _element),
        "start": _made(found, ["start"], lambda at: html("<!--{}-->{}", f"{at}", words.day(at))),
        "finish": _made(found, ["finish", "late", "baseline_finish"], _finish),
        "remaining": _figures(found, "remaining_days", "done"),
        "float": _figures(found, "total_float_days", words.NONE),
        "agrees": _made(found, ["agrees", "cause", "difference"], lambda *said: _agrees(*said, tool=tool)),
        "failed": _made(found, ["failed"], _failed),
    }
    return pd.DataFrame({name: [str(one) for one in values] for name, values in made.items()}, columns=COLUMNS)


def _made(found: pl.DataFrame, columns: list[str], draw: Any) -> list[Markup]:
    """What is drawn of these columns' values in each row; drawn once for values that repeat."""
    known: dict[Any, Markup] = {}
    rows = [tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in found.select(columns).iter_rows()]
    for row in rows:
        if row not in known:
            known[row] = draw(*row)
    return [known[row] for row in rows]


def _name(name: str, critical: bool) -> Markup:
    return html('<span title="{}" class="{}">{}</span>', name, "b" if critical else "", name)


def _element(names: tuple[str, ...]) -> Markup:
    if not names:
        return html('<span class="q" title="it belongs to no WBS element">{}</span>', words.NONE)
    return html('<span title="{}">{}</span>', " / ".join(names), names[-1])


def _finish(at: Any, late: bool, planned: Any) -> Markup:
    if not late:
        return html("<!--{}-->{}", f"{at}", words.day(at))
    said = f"late: its baseline finish is {words.day(planned)}" if planned is not None and at > planned else "late: its total float is below zero"
    return html('<!--{}--><span class="late" title="{}">{}{}</span>', f"{at}", said, marks.glyph("at_risk"), words.day(at))


def _figures(found: pl.DataFrame, column: str, missing: str) -> list[Markup]:
    """Days, all with a decimal where one of them needs it, so that they stand beneath each other; a phone, which has no headers, reads what they are."""
    digits = 0 if ((found[column] - found[column].round()).abs().fill_null(0) < 0.05).all() else 1

    def draw(days: float | None) -> Markup:
        if days is None:
            return html('<!--~--><span class="q" title="it is complete">{}</span>', missing)
        return html("<!--{}--><i>float </i>{}<i> wd</i>", f"{days + 1e6:013.4f}", words.number(days, digits))

    return _made(found, [column], draw)


def _agrees(agrees: bool | None, cause: str | None, difference: str | None, *, tool: str) -> Markup:
    if agrees is None:
        return html('<!--2--><span class="q" title="complete, manually scheduled, or without stored dates"><i>agreement </i>{}</span>', words.NONE)
    if agrees:
        return html('<!--1--><span class="m">as in {}</span>', tool)
    return html('<!--0--><span class="st" title="{}">{}{}</span>', f"{agreed.cause(cause)}; {difference}", marks.glyph("at_risk"), agreed.cause(cause))


def _failed(titles: tuple[str, ...]) -> Markup:
    if not titles:
        return html('<!--~--><span class="q"><i>failed checks: </i>none</span>')
    return html('<!--{}--><span title="{}">{}</span>', f"{999 - len(titles):03}", ", ".join(titles), ", ".join(titles))

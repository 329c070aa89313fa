"""Pictures of schedule quality."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_lib.plots import measures, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.theme import LIGHT, Tokens, hook

LINE = 26  # [pixels] of a check
MOST = 12  # snapshots side by side
LOOKS = {  # result: marker (a square stands on its corner), size [pixels], token of its colour
    "passed": ("circle", 9, "on_track"),
    "failed": ("square", 8.5, "off_track"),
    "for information": ("dash", 8, "ink_3"),
    "not available": ("circle", 9, "ink_3"),
}


def quality_trend(trend: pl.DataFrame, *, group: str = "dcma", theme: Tokens = LIGHT, most: int = MOST) -> Element:
    """What became of each check at each of the latest snapshots: a circle passed, a diamond failed, an empty ring was not available.

    `trend` is `tables.schedule_results.CheckTrend`; one row a check in its own order, one column a status date.
    """
    marks, dates, titles = marked(trend, group, most)
    parts: list[Any] = []
    for said, (marker, size, token) in LOOKS.items():
        points = marks.filter(result=said)
        color = getattr(theme, token)
        looks = {
            "marker": marker,
            "size": size,
            "line_color": color,
            "angle": 45 if marker == "square" else 0,
            "color": theme.surface if said == "not available" else color,
            "tools": ["hover"],
        }
        table = points.select("x", "y", "check", "status_date", "value", "threshold").to_pandas()
        parts.append(hv.Points(table, ["x", "y"], ["check", "status_date", "value", "threshold"], label=said).opts(**looks))
    height = len(titles) * LINE + 28

    def axes(plot: Any, element: Any) -> None:
        from bokeh.models import NoOverlap

        for axis in plot.state.yaxis:
            axis.major_label_text_color = theme.ink_2
        for axis in plot.state.xaxis:
            axis.major_label_policy = NoOverlap()

    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(-0.6, max(len(dates), 2) - 0.4),
            ylim=(-0.6, len(titles) - 0.4),
            xticks=[(k, text) for k, text in enumerate(dates)],
            yticks=[(len(titles) - 1 - k, title) for k, title in enumerate(titles)],
            xaxis="top",
            xlabel="",
            ylabel="",
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme, value_axis="y"), axes],
        )
    )


def marked(trend: pl.DataFrame, group: str, most: int = MOST) -> tuple[pl.DataFrame, list[str], list[str]]:
    """The marks with their places, from the top; the status dates as people read them; the checks' titles."""
    rows = trend.filter(pl.col("group").cast(pl.String) == group)
    snapshots = rows.select("snapshot", "data_date").unique(maintain_order=True).tail(most)
    titles = rows["title"].unique(maintain_order=True).to_list()
    at = {(row["snapshot"], row["data_date"]): k for k, row in enumerate(snapshots.iter_rows(named=True))}
    dates = _dates(snapshots)
    marks = [
        {
            "x": at[row["snapshot"], row["data_date"]],
            "y": len(titles) - 1 - titles.index(row["title"]),
            "check": row["title"],
            "status_date": words.day(row["data_date"]),
            "result": measures.result(row),
            "value": measures.value(row),
            "threshold": measures.threshold(row),
        }
        for row in rows.iter_rows(named=True)
        if (row["snapshot"], row["data_date"]) in at
    ]
    types = {"x": pl.Int64, "y": pl.Int64, "check": pl.String, "status_date": pl.String, "result": pl.String, "value": pl.String, "threshold": pl.String}
    return pl.DataFrame(marks, schema=types), dates, titles


def _dates(snapshots: pl.DataFrame) -> list[str]:
    """Months where each has its own, days otherwise; the first names its year, and each January."""
    known = snapshots["data_date"].to_list()
    months = [(at.year, at.month) if at else None for at in known]
    if None in months or len(set(months)) < len(months):
        return [words.day(at, year=False) if at else words.NONE for at in known]
    return [(f"{at.year}\n" if k == 0 or at.month == 1 else "") + words.MONTHS[at.month - 1] for k, at in enumerate(known)]

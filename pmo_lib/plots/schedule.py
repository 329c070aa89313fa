"""The Gantt chart: `gantt` draws what `schedule_rows.gantt_rows` chose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.plots import timeline, words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.schedule_rows import MILESTONES, Window, window
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

ROW = 28  # [pixels]
NAMED = 0.09  # share of the width that the name of a month or a year needs


def gantt(
    rows: pl.DataFrame,
    relationships: pl.DataFrame | None = None,
    *,
    shown: Window | None = None,
    data_date: datetime | None = None,
    target: datetime | None = None,
    names: bool = True,
    theme: Tokens = LIGHT,
    most_marks: int = 9,
) -> Element:
    """Bars of `gantt_rows`: done in ink, to come in blue (solid where critical), baseline beneath; finish cut at P10, tick at P80, whisker to P90.

    `names=False` leaves names to the page, whose rows are `ROW` pixels high beneath a header of the same height.
    """
    shown = shown or window(rows, data_date, target)
    bottom = int(rows["row"].max() or 0) + 1  # type: ignore[arg-type]
    beneath = [*_months(shown, bottom, theme, most_marks), *_groups(rows, shown, theme), *_links(rows, relationships, theme)]
    parts = [_segments(beneath, "beneath"), _bars(rows, shown, theme), _segments([*_doubt(rows, theme), *_target(shown, bottom, target, theme)], "marks")]
    parts += [*_milestones(rows, theme), *_notches(rows, shown, theme), *_status(shown, bottom, data_date, theme)]
    parts += _texts(_month_names(shown, theme, most_marks) + _line_names(shown, data_date, target, theme))
    ticks = [(row, f"{activity}  {name}") for row, activity, name in rows.select("row", "activity", "name").iter_rows()]
    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=(bottom + 1) * ROW,
            xlim=(shown.start, shown.end),
            ylim=(-1.5, bottom - 0.5),
            invert_yaxis=True,
            xaxis=None,
            xlabel="",
            ylabel="",
            yaxis="left" if names else None,
            yticks=ticks,
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme)],
        )
    )


# Each element of an overlay costs some 40 ms to draw, so that lines, bars and texts go together and carry their looks as columns.


def _segments(rows: list[tuple[Any, ...]], name: str) -> Element:
    return hv.Segments(rows, ["from", "top", "to", "bottom"], ["mark", "color", "width", "alpha"], label=name).opts(
        color="color", line_width="width", alpha="alpha"
    )


def _months(shown: Window, bottom: int, theme: Tokens, most: int) -> list[tuple[Any, ...]]:
    header = (shown.start, -0.5, shown.end, -0.5, "header", theme.line_2, 1.0, 1.0)
    return [*((mark.at, -0.5, mark.at, bottom, "month", theme.grid, 1.0, 1.0) for mark in timeline.named(shown.start, shown.end, most)), header]


def _groups(rows: pl.DataFrame, shown: Window, theme: Tokens) -> list[tuple[Any, ...]]:
    """A hairline over each heading but the first."""
    tops = [row - 1.5 for row in rows.filter(pl.col("heading").is_not_null())["row"].to_list() if row > 1]
    return [(shown.start, y, shown.end, y, "group", theme.line, 1.0, 1.0) for y in tops]


def _links(rows: pl.DataFrame, relationships: pl.DataFrame | None, theme: Tokens) -> list[tuple[Any, ...]]:
    """Thin elbows along the driving chain, finish to start only: other types have no corner that reads."""
    if relationships is None:
        return []
    at = {row["activity"]: row for row in rows.iter_rows(named=True)}
    chain = {name for name, row in at.items() if row["longest_path"]}
    look = ("link", theme.accent, 1.0, 0.7)
    elbows: list[tuple[Any, ...]] = []
    for before, after, kind in relationships.select("predecessor", "successor", pl.col("type").cast(pl.String)).iter_rows():
        if kind == "FS" and before in chain and after in chain and not at[before]["finished"] and at[after]["row"] > at[before]["row"]:
            x1, x2, y1, y2 = at[before]["early_finish"], at[after]["early_start"], at[before]["row"], at[after]["row"]
            elbows += [(x1, y1 + 0.16, x1, y2 - 0.34, *look), (x1, y2 - 0.34, x2, y2 - 0.34, *look), (x2, y2 - 0.34, x2, y2 - 0.16, *look)]
    return elbows


def _bars(rows: pl.DataFrame, shown: Window, theme: Tokens) -> Element:
    bars = rows.filter(~pl.col("kind").cast(pl.String).is_in(MILESTONES) & (pl.col("early_finish") > shown.start))
    done = bars.filter(pl.col("started") & (pl.col("split") > shown.start))
    base = rows.filter((pl.col("baseline_finish") > shown.start) & (pl.col("baseline_start") < shown.end))
    to_come = bars.filter(~pl.col("finished"))
    cut = [
        *_cut(base, shown, ("baseline_start", "baseline_finish"), (0.23, 0.34), ("baseline", theme.plan, 0.7)),
        *_cut(done, shown, ("early_start", "split"), (-0.16, 0.16), ("done", theme.ink_2, 1.0)),
        *_cut(to_come.filter("critical"), shown, ("split", "early_finish"), (-0.16, 0.16), ("critical", theme.accent, 1.0)),
        *_cut(to_come.filter(~pl.col("critical")), shown, ("split", "early_finish"), (-0.16, 0.16), ("to come", theme.accent, 0.42)),
    ]
    bounds = ["start", "top", "finish", "bottom"]
    return hv.Rectangles(cut, bounds, ["activity", "bar", "color", "alpha"], label="bars").opts(color="color", alpha="alpha", line_width=0)


def _cut(rows: pl.DataFrame, shown: Window, ends: tuple[str, str], edges: tuple[float, float], look: tuple[str, str, float]) -> list[tuple[Any, ...]]:
    """Bars from one instant to the other, cut by the window; `edges` from the middle of the row, downwards; `look`: name, color, alpha."""
    left, right = (pl.col(end).clip(shown.start, shown.end).alias(side) for end, side in zip(ends, ("start", "finish"), strict=True))
    return [
        (start, row + edges[0], finish, row + edges[1], activity, *look)
        for start, finish, row, activity in rows.select(left, right, "row", "activity").iter_rows()
    ]


def _doubt(rows: pl.DataFrame, theme: Tokens) -> list[tuple[Any, ...]]:
    """P10 a cut in the bar, P80 a tick, P90 the end of a whisker."""
    known = rows.filter(pl.col("p90").is_not_null() & ~pl.col("finished"))
    found: list[tuple[Any, ...]] = []
    for row, p10, p80, p90, split, finish in known.select("row", "p10", "p80", "p90", "split", "early_finish").iter_rows():
        if p90 > finish:
            found.append((finish, row, p90, row, "whisker", theme.accent, 1.25, 1.0))
        found.append((p90, row - 0.12, p90, row + 0.12, "p90", theme.accent, 1.25, 1.0))
        if split < p10 < finish:
            found.append((p10, row - 0.16, p10, row + 0.16, "p10", theme.surface, 1.5, 1.0))
        found.append((p80, row - 0.24, p80, row + 0.24, "p80", theme.accent, 2.5, 1.0))
    return found


def _target(shown: Window, bottom: int, target: datetime | None, theme: Tokens) -> list[tuple[Any, ...]]:
    return [(target, -0.5, target, bottom, "target", theme.ink, 1.25, 1.0)] if target is not None and shown.start < target < shown.end else []


def _status(shown: Window, bottom: int, data_date: datetime | None, theme: Tokens) -> list[Any]:
    if data_date is None or not shown.start < data_date < shown.end:
        return []
    line = hv.Segments([(data_date, -0.5, data_date, bottom)], ["at", "top", "to", "bottom"], label="status date")
    return [line.opts(color=theme.ink_3, line_dash="dotted", line_width=1.25)]


def _milestones(rows: pl.DataFrame, theme: Tokens) -> list[Any]:
    found = rows.filter(pl.col("kind").cast(pl.String).is_in(MILESTONES))
    points = [
        (at, row, "planned", theme.surface, theme.plan, 11) for at, row in found.drop_nulls("baseline_finish").select("baseline_finish", "row").iter_rows()
    ]
    for at, row, finished in found.select("early_finish", "row", "finished").iter_rows():
        color = theme.ink_2 if finished else theme.accent
        points.append((at, row, "met" if finished else "to come", color, color, 12))
    if not points:
        return []
    looks = {"marker": "diamond", "size": "size", "color": "color", "line_color": "edge", "line_width": 1.5}
    return [hv.Scatter(points, "finish", ["row", "milestone", "color", "edge", "size"], label="milestones").opts(**looks)]


def _notches(rows: pl.DataFrame, shown: Window, theme: Tokens) -> list[Any]:
    """A wedge where a bar is cut by the window."""
    cut = rows.filter((pl.col("early_start") < shown.start) & (pl.col("early_finish") > shown.start) & ~pl.col("kind").cast(pl.String).is_in(MILESTONES))
    places = [(shown.start, row) for row in cut["row"].to_list()]
    return (
        [hv.Scatter(places, "start", "row", label="notches").opts(marker="triangle", angle=-90, size=11, color=theme.surface, line_width=0)] if places else []
    )


Text = tuple[datetime, float, str, str, bool, str]  # where, row, text, color, bold, align


def _texts(found: list[Text]) -> list[Any]:
    """Labels, as few elements as Bokeh allows: weight and alignment belong to the element, color to the text."""
    elements = []
    for look in sorted({(bold, align) for *_, bold, align in found}):
        rows = [(at, y, text, color) for at, y, text, color, bold, align in found if (bold, align) == look]
        options = {**label(LIGHT, bold=look[0], align=look[1]), "text_color": "color"}
        elements.append(hv.Labels(rows, ["at", "row"], ["text", "color"], label=f"texts {look[1]} {'bold' if look[0] else 'plain'}").opts(**options))
    return elements


def _month_names(shown: Window, theme: Tokens, most: int) -> list[Text]:
    span = shown.end - shown.start
    marks = [mark for mark in timeline.named(shown.start, shown.end, most) if mark.at < shown.end - span * NAMED]
    if len(marks) > 1 and len(marks[0].text) > 4 and marks[1].at - marks[0].at < span * 0.25:  # "Feb 2009" needs the place of two
        del marks[1]
    return [(mark.at + span * 0.006, -1.0, mark.text, theme.ink if mark.year else theme.ink_3, mark.year, "left") for mark in marks]


def _line_names(shown: Window, data_date: datetime | None, target: datetime | None, theme: Tokens) -> list[Text]:
    """What the two lines are, each on the side that has room; one above the other where they would meet on a narrow chart."""
    span = shown.end - shown.start
    both = data_date is not None and target is not None
    gap = abs(target - data_date) if data_date is not None and target is not None else span
    found: list[Text] = []
    for name, at, color, bold in (("Status date", data_date, theme.ink_3, False), ("Target", target, theme.ink, True)):
        if at is None or not shown.start < at < shown.end:
            continue
        first = both and at == min(one for one in (data_date, target) if one is not None)
        left = at > shown.start + span * 0.72 or (gap < span * 0.3 and first and at > shown.start + span * 0.25)
        line = -0.1 if gap > span * 0.75 else -0.28 if bold else 0.2
        found.append((at - span * 0.008 if left else at + span * 0.008, line, f"{name} {words.day(at, year=False)}", color, bold, "right" if left else "left"))
    return found

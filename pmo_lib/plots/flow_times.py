"""Pictures of how long items take: cycle times of what is finished, ages of what is in progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.over_time import fitted, instant, over_time, parted, stamps, tip, values, wide
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

MANY = 3_000  # points above which they are counted into cells instead of drawn one by one
AXIS = 22  # [pixels] that the axis beneath takes
FAR = 0.98  # share of the points that the axis must hold when it is cut
CELLS = 240  # across, where points are counted
NOTED = 60  # points beyond the axis that are marked one by one
NAMED = 5  # items in progress that get their name


def cycle_times(cycles: pl.DataFrame, levels: pl.DataFrame, *, theme: Tokens = LIGHT, height: int = 260) -> Element:
    """A point a finished item, by its finish and its cycle time [days]; lines at the service levels.

    `cycles` is `flow.cycle_times`, `levels` is `flow.service_level`: the line of 0.85 is the expectation. Above a few thousand points each cell is as dark
    as it holds items (datashader). Points beyond the axis are counted, few of them marked on its upper edge.
    """
    done = finished(cycles)
    days, taken = stamps(done["finished"]), done["cycle_time"].to_numpy()
    top = ceiling(taken, levels)
    inside = taken <= top
    first, last = done["finished"].min(), done["finished"].max()
    start, end = instant(first.replace(tzinfo=None)), instant(last.replace(tzinfo=None))  # type: ignore[union-attr]
    parts: list[Any] = []
    if done.height > MANY:
        parts.append(_cells(days[inside], taken[inside], (start, end), top, theme, height))
    else:
        table = done.filter(pl.Series(inside)).select(days=pl.Series(days[inside]), taken="cycle_time", item="item", name="name").to_pandas()
        dots = hv.Points(table, ["days", "taken"], ["item", "name"], label="items")
        parts.append(dots.opts(color=theme.ink, alpha=0.5, size=5, line_color=None, tools=["hover"]))
    parts += _beyond(days[~inside], start, top, theme)
    parts += _levels(levels, start, end, top, height, theme)
    return over_time(parts, start, end, top=top, height=height, theme=theme, unit="d")


def finished(cycles: pl.DataFrame) -> pl.DataFrame:
    """The items that have a cycle time."""
    return cycles.drop_nulls("cycle_time").select("item", "name", "finished", "cycle_time")


def ceiling(taken: np.ndarray, levels: pl.DataFrame) -> float:
    """How far the axis reaches [days]: to the longest, or, where a few would squeeze the rest, somewhat beyond 98 of 100."""
    longest, most = float(taken.max()), float(np.quantile(taken, FAR, method="inverted_cdf"))
    expected = float(levels["days"].max() or 0)  # type: ignore[arg-type]
    cut = max(most * 1.25, expected * 1.1)
    return longest * 1.06 if longest <= 1.6 * cut else cut


def ready() -> None:
    """Loads what counts many points, which takes longer than to count them."""
    from holoviews.operation.datashader import rasterize  # noqa: F401


def _cells(days: np.ndarray, taken: np.ndarray, span: tuple[Any, Any], top: float, theme: Tokens, height: int) -> Element:
    """The points counted by datashader into cells of the picture."""
    from holoviews.operation.datashader import rasterize

    width = span[1] - span[0] or timedelta(days=7)
    rows = int(top) if 20 <= top <= height / 2 else max(height // 4, 40)  # whole days stand in cells of their own
    counted = rasterize(
        hv.Points((days, taken), ["days", "taken"]),
        dynamic=False,
        width=CELLS,
        height=rows,
        x_range=(span[0], span[0] + width),
        y_range=(0.5, rows + 0.5) if rows == int(top) else (0, top),
    )
    ramp = [theme.line_2, theme.edge, theme.ink_3, theme.ink_2, theme.ink]
    return counted.relabel("items").opts(cmap=ramp, cnorm="log", colorbar=False)


def _beyond(days: np.ndarray, start: Any, top: float, theme: Tokens) -> list[Any]:
    """The points that lie above the axis: how many, and where while they can be told apart."""
    if not days.size:
        return []
    marks = hv.Points([(at, top * 0.985) for at in days[-NOTED:]] if days.size <= NOTED else [], ["days", "taken"], label="beyond")
    said = f"▲ {words.count(days.size, 'item')} took longer"
    return [
        marks.opts(marker="triangle", color=theme.ink, alpha=0.5, size=6, line_color=None),
        tip(theme, start, top * 0.93, said, color=theme.ink_3, bold=False, name="beyond text"),
    ]


def _levels(levels: pl.DataFrame, start: Any, end: Any, top: float, height: int, theme: Tokens) -> list[Any]:
    rows = sorted(((row["days"], row["confidence"]) for row in levels.iter_rows(named=True) if row["days"] <= top), reverse=True)
    places = parted([days for days, _ in rows], top, height - AXIS)
    width = end - start or timedelta(days=7)
    parts: list[Any] = []
    for (days, confidence), at in zip(rows, places, strict=True):
        expected = abs(confidence - 0.85) < 1e-9
        line = hv.Segments([(start, days, end, days)], ["from", "a", "to", "b"], label=f"P{confidence * 100:.0f}")
        parts.append(line.opts(color=theme.accent, line_width=2.5 if expected else 1, line_dash="solid" if expected else "dotted"))
        said = f"{words.share(confidence)} in {words.days(days)}{words.SPACE}d"
        parts.append(tip(theme, end + width * 0.015, at, said, color=theme.accent, bold=expected, name=f"P{confidence * 100:.0f} text"))
    return parts


@dataclass(frozen=True, slots=True)
class Standing:
    """An item in progress as it is drawn."""

    item: str
    name: str
    x: float  # its column's place, and a little aside where several stand
    age: float  # [days]
    look: str  # "usual"; "late": older than 85 % were when they left the column; "very late": than 95 %


SQUEEZED = 2.5  # times the slowest column's past: what is older stands at the upper edge, with its age
LOOKS = {"usual": ("circle", 6, "ink"), "late": ("triangle", 9, "at_risk"), "very late": ("square", 8, "off_track")}  # marker, size, token


def placed(ages: pl.DataFrame, pace: pl.DataFrame, columns: list[str]) -> list[Standing]:
    """The items in progress with their places, oldest first. `pace` is `flow.pace`."""
    known = {(row["column"], row["confidence"]): row["days"] for row in pace.iter_rows(named=True)}
    crowd = dict(ages["column"].value_counts().iter_rows())
    seen: dict[str, int] = {}
    found = []
    for row in ages.iter_rows(named=True):
        column = row["column"]
        if column not in columns:
            continue
        number = seen[column] = seen.get(column, 0) + 1
        spread = 0.0 if crowd[column] == 1 else 0.5 * ((number * 0.618) % 1.0 - 0.5)  # golden ratio: neighbours in age stand apart
        late, very = (known.get((column, share), np.inf) for share in (0.85, 0.95))
        look = "very late" if row["age"] > very else "late" if row["age"] > late else "usual"
        found.append(Standing(row["item"], row["name"], columns.index(column) + spread, row["age"], look))
    return found


def ageing(ages: pl.DataFrame, pace: pl.DataFrame, columns: list[str], *, theme: Tokens = LIGHT, height: int = 260) -> Element:
    """A mark an item in progress, in its column and by its age [days]; behind it how old finished items were when they left that column.

    Grey steps end at 50, 85 and 95 % of them. A triangle is older than 85 % were, a diamond older than 95 %. What is far older stands at the
    upper edge, with its age. `ages` is `flow.ageing`, `pace` is `flow.pace`, `columns` are those in which work is in progress, from the left.
    """
    marks = placed(ages, pace, columns)
    top = oldest_drawn(marks, pace) * 1.12
    parts: list[Any] = [*_past(pace, columns, theme)]
    for look, (marker, size, token) in LOOKS.items():
        table = pl.DataFrame([(m.x, min(m.age, top * 0.96), m.item, m.name) for m in marks if m.look == look], ["x", "age", "item", "name"], orient="row")
        points = hv.Points(table.to_pandas() if table.height else [], ["x", "age"], ["item", "name"], label=look)
        angle = 45 if marker == "square" else 0
        parts.append(points.opts(marker=marker, size=size, angle=angle, color=getattr(theme, token), line_color=theme.surface, tools=["hover"]))
    parts += _named(marks, top, height, len(columns), theme)
    parts += _steps_named(pace, columns, top, height, theme)
    crowd = dict(ages["column"].value_counts().iter_rows())
    ticks = [(k, f"{words.shortened(name, 14)} {crowd.get(name, 0):,}") for k, name in enumerate(columns)]

    def axes(plot: Any, element: Any) -> None:
        plot.state.xaxis[0].major_label_text_color = theme.ink_2
        fitted(plot.state, -0.5, max(len(columns), 1), turn=7.0 * max(map(len, (name for _, name in ticks)), default=0))

    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(-0.5, wide(max(len(columns), 1)) - 0.5),
            ylim=(0, top),
            xticks=ticks,
            yticks=values(top, "d"),
            xlabel="",
            ylabel="",
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme, value_axis="y"), axes],
        )
    )


STEPS = ((0.95, 0.07), (0.85, 0.08), (0.5, 0.10))  # confidence and alpha, overlaid


def _past(pace: pl.DataFrame, columns: list[str], theme: Tokens) -> list[Any]:
    """Steps of how old finished items were when they left each column."""
    parts: list[Any] = []
    for confidence, alpha in STEPS:
        rows = [
            (columns.index(row["column"]) - 0.46, 0.0, columns.index(row["column"]) + 0.46, row["days"])
            for row in pace.filter(pl.col("confidence") == confidence).iter_rows(named=True)
            if row["column"] in columns
        ]
        steps = hv.Rectangles(rows, ["from", "floor", "to", "days"], label=f"past {confidence:.0%}")
        parts.append(steps.opts(color=theme.ink, alpha=alpha, line_width=0))
    return parts


def oldest_drawn(marks: list[Standing], pace: pl.DataFrame) -> float:
    """The age that the axis must hold [days]: the oldest, or, where it would squeeze the rest, some times the past of the slowest column."""
    oldest = max([1.0, *(mark.age for mark in marks), *pace["days"].to_list()])
    usual = SQUEEZED * max(pace["days"].to_list(), default=oldest)
    return min(oldest, usual)


def _steps_named(pace: pl.DataFrame, columns: list[str], top: float, height: int, theme: Tokens) -> list[Any]:
    """What share each step of the last column stands for."""
    ends = pace.filter(pl.col("column") == columns[-1]).sort("confidence", descending=True) if columns else pace.head(0)
    places = parted(ends["days"].to_list(), top, height - AXIS)
    rows = [
        (len(columns) - 0.52, at, f"{words.share(share)} in {words.days(days)}{words.SPACE}d")
        for at, share, days in zip(places, ends["confidence"], ends["days"], strict=True)
    ]
    return [hv.Labels(rows, label="steps").opts(**label(theme, color=theme.ink_3), xlabel="", ylabel="")] if rows else []


def _named(marks: list[Standing], top: float, height: int, columns: int, theme: Tokens) -> list[Any]:
    """The ids of the oldest that are late, where they do not touch; in the last column on the left, since labels stand on its right."""
    gap, taken = 14.0 * top / max(height - AXIS, 1), []
    sides: dict[str, list[tuple[float, float, str]]] = {"left": [], "right": []}
    for mark in [one for one in marks if one.look != "usual"][:NAMED]:
        age = min(mark.age, top * 0.96)
        if all(abs(age - other) > gap or abs(mark.x - x) > 0.8 for x, other in taken):
            taken.append((mark.x, age))
            last = mark.x > columns - 1.5
            said = words.shortened(mark.item, 12) + (f" {words.days(mark.age)}{words.SPACE}d" if mark.age > age else "")
            sides["right" if last else "left"].append((mark.x + (-0.08 if last else 0.08), age, said))
    looks = {"xlabel": "", "ylabel": ""}
    return [
        hv.Labels(texts, label=f"names {side}").opts(**label(theme, color=theme.ink, bold=True, align=side), **looks) for side, texts in sides.items() if texts
    ]

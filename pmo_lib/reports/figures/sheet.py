"""A sheet to draw on: matplotlib's axes in points, the origin top left; text becomes outlines, so that no font is asked for and no text can act."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke

from pmo_lib.plots.theme import LIGHT

FONTS = Path(__file__).parents[1] / "fonts"
SIZE = 8.5  # [pt] of all text
PAGE = 757.0  # [pt] width of an A4 page, landscape, without its margins
GUTTER = 12.0  # [pt]
LONGEST = 400  # characters of a label that are looked at
MEASURED = 170.0  # [pt] at which text is measured
SALT = "pmo"  # makes the ids within an SVG the same in every run


def width_of(twelfths: int) -> float:
    """The width of a card [pt]."""
    return PAGE * twelfths / 12 - GUTTER * (1 - twelfths / 12)


@cache
def font(bold: bool = False) -> FontProperties:
    return FontProperties(fname=str(FONTS / ("Inter-SemiBold.otf" if bold else "Inter-Regular.otf")), size=SIZE)


def sheet(width: float, height: float) -> Axes:
    """Empty axes of this size [pt]."""
    figure = Figure(figsize=(width / 72, height / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return axes


def svg(axes: Axes) -> str:
    """The drawing, without prologue or date."""
    out = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": SALT}):
        axes.figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})  # type: ignore[union-attr]
    text = out.getvalue()
    return re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    color: str = LIGHT.ink_2,
    bold: bool = False,
    align: str = "left",
    halo: bool = False,
    fit: float | None = None,
) -> None:
    """Text with its middle at y, cut to `fit` points."""
    shown = text if fit is None else fitted(text, fit, bold)
    artist = axes.text(x, y, shown, color=color, fontproperties=font(bold), ha=align, va="center_baseline", parse_math=False, zorder=_next(axes))
    if halo:
        artist.set_path_effects([withStroke(linewidth=3, foreground=LIGHT.surface)])


def fitted(text: str, width: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than `width` points."""
    text = " ".join(text[:LONGEST].split())
    if length(text, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle].rstrip() + "…", bold) <= width else (low, middle - 1)
    return text[:low].rstrip() + "…"


@lru_cache(4096)
def length(text: str, bold: bool = False) -> float:
    """How wide the text is [pt]."""
    face = get_font(str(font(bold).get_file()))
    face.set_size(MEASURED, 72)  # large, so that no hinting rounds the widths
    face.set_text(text, 0.0)
    return face.get_width_height()[0] / 64 * SIZE / MEASURED  # the face counts in 1/64 of a point


def line(axes: Axes, xs: Sequence[float], ys: Sequence[float], color: str, width: float = 1.0, **looks: Any) -> None:
    axes.add_line(Line2D(list(xs), list(ys), color=color, linewidth=width, solid_capstyle="butt", zorder=_next(axes), **looks))


def bar(axes: Axes, x: float, y: float, width: float, height: float, color: str, alpha: float = 1.0) -> None:
    axes.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor="none", alpha=alpha, zorder=_next(axes)))


def area(axes: Axes, points: Sequence[tuple[float, float]], color: str, alpha: float = 1.0, **looks: Any) -> None:
    axes.add_patch(Polygon(list(points), closed=True, facecolor=color, alpha=alpha, zorder=_next(axes), **{"edgecolor": "none", **looks}))


def _next(axes: Axes) -> int:
    """What is drawn later lies above, whatever its kind."""
    return 10 + len(axes.get_children())


class TimeScale:
    """Instants to points along x."""

    def __init__(self, start: datetime, end: datetime, left: float, right: float) -> None:
        self.start, self.end, self.left, self.right = start, end, left, right

    def __call__(self, at: datetime) -> float:
        return self.left + (self.right - self.left) * ((at - self.start) / (self.end - self.start))

    def shows(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at <= self.end

"""The visual language as data: colours of both themes, type, and the one hook that gives a Bokeh figure its looks.

Pages, reports and notebooks take their looks from here and from nowhere else; `docs/visual-language.md` says what each token is for.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

FONT = 'Inter, "Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
FONT_FILE = Path(__file__).parent / "fonts" / "inter-latin.woff2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One theme: each colour by its use."""

    name: str
    bg: str
    surface: str
    sunken: str
    selected: str
    line: str
    line_2: str
    grid: str
    edge: str
    ink: str
    ink_2: str
    ink_3: str
    plan: str
    accent: str
    accent_soft: str
    on_accent: str
    on_track: str
    at_risk: str
    off_track: str
    fan_outer: float  # alpha of the band P10 to P90
    fan_inner: float  # alpha of the band P25 to P75
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]

    @property
    def dark(self) -> bool:
        return self.name == "dark"


LIGHT = Tokens(
    name="light",
    bg="#F6F6F3",
    surface="#FFFFFF",
    sunken="#EFEFEA",
    selected="#F3F7FD",
    line="#E3E2DC",
    line_2="#C6C5BD",
    grid="#ECEBE6",
    edge="#8A8D8E",
    ink="#16181D",
    ink_2="#464B54",
    ink_3="#646973",
    plan="#8A8D8E",
    accent="#1D5FC4",
    accent_soft="#E9F0FB",
    on_accent="#FFFFFF",
    on_track="#0F8A72",
    at_risk="#B87500",
    off_track="#B42318",
    fan_outer=0.15,
    fan_inner=0.32,
    categorical=("#1D5FC4", "#D2691E", "#4B2150", "#2F9A94"),
    sequential=("#EEF3FB", "#CFDFF5", "#A3C2EC", "#6E9CDD", "#3C74C8", "#1B4C99"),
)
DARK = Tokens(
    name="dark",
    bg="#0E1014",
    surface="#15181D",
    sunken="#1D2127",
    selected="#171F2B",
    line="#262B32",
    line_2="#414853",
    grid="#20252B",
    edge="#767D88",
    ink="#ECEEF1",
    ink_2="#B6BCC6",
    ink_3="#8D95A1",
    plan="#767D88",
    accent="#7DB0FF",
    accent_soft="#1A2638",
    on_accent="#0B1220",
    on_track="#3CC4A4",
    at_risk="#F2B33D",
    off_track="#F0705F",
    fan_outer=0.20,
    fan_inner=0.38,
    categorical=("#7DB0FF", "#E5813C", "#F3C9DF", "#3FA79C"),
    sequential=("#1B2430", "#21364F", "#2A4D78", "#3A6BA8", "#5A90D8", "#9CC4FF"),
)
THEMES = {"light": LIGHT, "dark": DARK}


def tokens(dark: bool = False) -> Tokens:
    """The theme asked for."""
    return DARK if dark else LIGHT


def css_variables(theme: Tokens) -> dict[str, str]:
    """The theme as CSS custom properties, as in `--ink-2`."""
    return {f"--{name.replace('_', '-')}": str(value) for name, value in asdict(theme).items() if isinstance(value, str | float) and name != "name"}


@cache
def font_face() -> str:
    """An `@font-face` rule that carries Inter within itself, so that no page or report asks for a file."""
    data = base64.b64encode(FONT_FILE.read_bytes()).decode("ascii")
    return f'@font-face{{font-family:Inter;font-style:normal;font-weight:100 900;font-display:block;src:url("data:font/woff2;base64,{data}") format("woff2")}}'


def hook(theme: Tokens, *, value_axis: str | None = None) -> Callable[[Any, Any], None]:
    """A HoloViews hook that gives a Bokeh figure the tokens.

    `value_axis` ("x" or "y") is the axis that has gridlines; the other has one hairline; None: no gridlines.
    """

    def dress(plot: Any, element: Any) -> None:
        figure = plot.state
        figure.toolbar_location = None
        figure.outline_line_color = None
        figure.background_fill_color = figure.border_fill_color = theme.surface
        figure.min_border = 0
        figure.title.update(text_font=FONT, text_font_size="14px", text_color=theme.ink)
        figure.output_backend = "canvas"
        figure.toolbar.active_scroll = figure.toolbar.active_drag = None
        for axis in figure.axis:
            _dress_axis(axis, theme)
        for axis in figure.xaxis if value_axis == "x" else figure.yaxis:
            axis.axis_line_color = None
        for grid in figure.grid:
            shown = value_axis is not None and grid.dimension == {"x": 0, "y": 1}[value_axis]
            grid.grid_line_color = theme.grid if shown else None
        for renderer in figure.renderers:
            if hasattr(getattr(renderer, "glyph", None), "text_font"):
                renderer.glyph.text_font = {"value": FONT}  # a bare name would be taken for a column
                renderer.glyph.update(background_fill_color=theme.surface, background_fill_alpha=0.85)  # where a label crosses a line

    return dress


def described(text: str) -> Callable[[Any, Any], None]:
    """A HoloViews hook that tells a screen reader what the chart shows."""

    def describe(plot: Any, element: Any) -> None:
        plot.state.html_attributes = {"role": "img", "aria-label": text}

    return describe


def _dress_axis(axis: Any, theme: Tokens) -> None:
    axis.axis_label = ""
    axis.axis_line_color = theme.line_2
    axis.major_tick_line_color = axis.minor_tick_line_color = None
    axis.major_label_text_font = FONT
    axis.major_label_text_font_size = "12px"
    axis.major_label_text_color = theme.ink_3
    axis.major_label_standoff = 6


def label(theme: Tokens, *, color: str | None = None, bold: bool = False, align: str = "left") -> dict[str, Any]:
    """Options of `hv.Labels`: text of 12 px in ink or in its series' colour."""
    return {
        "text_color": color or theme.ink_2,
        "text_font_size": "12px",
        "text_font_style": "bold" if bold else "normal",
        "text_align": align,
        "text_baseline": "middle",
    }

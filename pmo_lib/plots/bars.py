"""Horizontal bars, a row each: the axes that every such picture has, and the room that the texts at the tips need."""

from __future__ import annotations

from typing import Any

from pmo_lib.plots.backend import hv
from pmo_lib.plots.theme import Tokens, hook

HALF = 0.22  # [rows] of a bar's height
NARROWEST, LETTER = 356, 6.8  # [pixels] of the narrowest chart, of a letter of 12 px


def rows(names: list[str], *, row: int, xlim: tuple[float, float], theme: Tokens) -> Any:
    """The options of an overlay with a bar for each of `names`, the first on top, `row` pixels apart; the values have no axis."""
    return hv.opts.Overlay(
        responsive=True,
        border=0,
        height=max(1, len(names)) * row + 8,
        xlim=xlim,
        ylim=(-0.5, max(0.5, len(names) - 0.5)),
        invert_yaxis=True,
        yticks=list(enumerate(names)) or 0,
        xaxis=None,
        xlabel="",
        ylabel="",
        show_legend=False,
        toolbar=None,
        hooks=[hook(theme), _names_in_ink(theme)],
    )


def room(names: list[str], texts: list[str]) -> float:
    """How much further than the longest bar the axis must reach, as a share of it, so that no bar's text is cut on a phone."""
    named, told = (LETTER * max(map(len, some), default=0) for some in (names, texts))
    return (told + 8) / max(NARROWEST - named - told - 8, told)


def _names_in_ink(theme: Tokens) -> Any:
    """A HoloViews hook that writes the names of bars in ink, as text that is read."""

    def dress(plot: Any, element: Any) -> None:
        plot.state.yaxis[0].major_label_text_color = theme.ink_2

    return dress

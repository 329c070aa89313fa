"""A report's parts as PDF, set by Typst. Everything goes in as data: text of a source is never read as markup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.html import GLYPHS, glyph_svg

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(__file__).with_name("fonts")
COLORS = ["ink", "ink_2", "ink_3", "line", "line_2", "accent"]


def pdf(parts: Sequence[dict[str, Any]]) -> bytes:
    """The PDF of a report's parts: its head, then its sections."""
    import typst

    data = {
        "head": parts[0],
        "sections": list(parts[1:]),
        "colors": {name: getattr(LIGHT, name) for name in COLORS},
        "glyphs": {name: glyph_svg(name) for name in GLYPHS},
    }
    made = typst.compile(TEMPLATE, font_paths=[FONTS], sys_inputs={"report": json.dumps(data)})
    if not isinstance(made, bytes):
        raise TypeError("typst gave several files where one PDF was asked for")
    return made

"""A report's parts as HTML: tags and classes only, every text escaped, every drawing an image within the page."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pmo_lib.plots.theme import LIGHT, css_variables

STYLE = Path(__file__).with_name("report.css")
GLYPHS = {
    "on_track": f'<circle cx="6" cy="6" r="5" fill="{LIGHT.on_track}"/>',
    "at_risk": f'<path d="M6 1 11.4 10.6H.6Z" fill="{LIGHT.at_risk}"/>',
    "off_track": f'<path d="M6 .6 11.4 6 6 11.4.6 6Z" fill="{LIGHT.off_track}"/>',
    "no_data": f'<circle cx="6" cy="6" r="4.6" fill="none" stroke="{LIGHT.ink_3}" stroke-width="1.4" stroke-dasharray="2 1.6"/>',
    "watermelon": f'<circle cx="6" cy="6" r="5" fill="none" stroke="{LIGHT.on_track}" stroke-width="1.7"/>'
    f'<path d="M6 2.9 9.1 6 6 9.1 2.9 6Z" fill="{LIGHT.off_track}"/>',
}
TAGS = [
    "a",
    "article",
    "b",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "header",
    "img",
    "p",
    "section",
    "small",
    "span",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
]
ATTRIBUTES = {
    "*": ["class", "role"],
    "img": ["alt", "class", "src", "width", "height"],
    "section": ["id", "class"],
    "th": ["class", "scope"],
    "td": ["class", "data-label"],
}
STACKED = 4  # columns from which on a row is laid out beneath its first cell on a phone


def fragment(part: Mapping[str, Any]) -> str:
    """One part, a head or a section."""
    return _head(part) if part["part"] == "head" else _section(part)


def styled(inner: str) -> str:
    """A part as a notebook shows it: with its style beside it."""
    return f'<style>{css()}</style><div class="pmo-report">{inner}</div>'


@cache
def css() -> str:
    """The style of all reports, with the tokens of the light theme."""
    variables = "".join(f"{name}:{value};" for name, value in css_variables(LIGHT).items())
    return f".pmo-report{{{variables}}}{STYLE.read_text(encoding='utf-8')}"


def image(svg: str, label: str, kind: str = "figure") -> str:
    """A drawing as an image: it can hold no link and run no script."""
    data = base64.b64encode(svg.encode()).decode("ascii")
    return f'<img class="{kind}" alt="{escape(label)}" src="data:image/svg+xml;base64,{data}">'


def glyph(name: str | None) -> str:
    return image(glyph_svg(name), "", "glyph") if name else ""


def glyph_svg(name: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12" viewBox="0 0 12 12">{GLYPHS[name]}</svg>'


def _head(head: Mapping[str, Any]) -> str:
    line = '<span class="sep">/</span>'.join(f"<span>{escape(name)}</span>" for name in head["line"])
    kpis = "".join(_kpi(kpi) for kpi in head["kpis"])
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in head["notes"])
    return (
        f'<header><p class="line">{line}</p><h1>{escape(head["title"])}</h1><p class="lead">{escape(head["lead"])}</p></header>'
        f'<div class="kpis">{kpis}</div>{notes}'
    )


def _kpi(kpi: Mapping[str, Any]) -> str:
    small = f"<small>{escape(kpi['small'])}</small>" if kpi["small"] else ""
    value = f'<p class="value">{glyph(kpi["glyph"])}{escape(kpi["value"])} {small}</p>'
    return f'<div class="kpi"><p class="label">{escape(kpi["label"])}</p>{value}<p class="under">{escape(kpi["note"])}</p></div>'


def _section(section: Mapping[str, Any]) -> str:
    cards = "".join(_card(card) for card in section["cards"])
    return f'<section id="{escape(section["name"])}"><p class="section">{escape(section["label"])}</p><div class="cards">{cards}</div></section>'


def _card(card: Mapping[str, Any]) -> str:
    subtitle = f'<p class="subtitle">{escape(card["subtitle"])}</p>' if card["subtitle"] else ""
    blocks = "".join(BLOCKS[block["kind"]](block) for block in card["blocks"])
    return f'<article class="card w{card["width"]}"><h2>{escape(card["title"])}</h2>{subtitle}{blocks}</article>'


def _text(block: Mapping[str, Any]) -> str:
    return f'<p class="{"note" if block["note"] else "text"}">{escape(block["text"])}</p>'


def _table(block: Mapping[str, Any]) -> str:
    columns = block["columns"]
    head = "".join(f'<th class="{column["align"]}" scope="col" role="columnheader">{escape(column["title"])}</th>' for column in columns)
    rows = "".join('<tr role="row">' + "".join(_cell(cell, column) for cell, column in zip(row, columns, strict=True)) + "</tr>" for row in block["rows"])
    kind = ' class="stacked"' if len(columns) >= STACKED else ""
    parts = f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{rows}</tbody>'
    return f'<table role="table"{kind}>{parts}</table>'


def _cell(cell: Mapping[str, Any], column: Mapping[str, Any]) -> str:
    looks = [
        column["align"],
        *(name for name in ("strong", "quiet") if cell[name]),
        *(["glyphed"] if cell["glyph"] else []),
        *(["dash"] if cell["text"] == "–" else []),
    ]
    return f'<td role="cell" class="{" ".join(looks)}" data-label="{escape(column["title"])}">{glyph(cell["glyph"])}{escape(cell["text"])}</td>'


def _figure(block: Mapping[str, Any]) -> str:
    return image(block["svg"], block["label"])


def _facts(block: Mapping[str, Any]) -> str:
    return "<dl>" + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in block["pairs"]) + "</dl>"


BLOCKS = {"text": _text, "table": _table, "figure": _figure, "facts": _facts}

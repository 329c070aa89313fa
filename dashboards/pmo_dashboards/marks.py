"""The marks of the visual language as small SVGs: glyphs of status and the fan of a forecast. They hold numbers only, so nothing needs escaping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pmo_dashboards.safe import Markup, html, join
from pmo_lib.plots import timeline, words

SHAPES = {
    "on_track": '<circle cx="6" cy="6" r="4.6" fill="var(--on-track)"/>',
    "at_risk": '<path d="M6 .9 11.5 10.8H.5Z" fill="var(--at-risk)"/>',
    "off_track": '<path d="M6 0 12 6 6 12 0 6Z" fill="var(--off-track)"/>',
    "no_data": '<circle cx="6" cy="6" r="4.6" fill="none" stroke="var(--ink-3)" stroke-width="1.4" stroke-dasharray="2 2"/>',
    "watermelon": '<circle cx="6" cy="6" r="5" fill="none" stroke="var(--on-track)" stroke-width="1.7"/>'
    '<path d="M6 2.9 9.1 6 6 9.1 2.9 6Z" fill="var(--off-track)"/>',
}
LOGO = Markup(
    '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d="M2 10 18 2.5v15Z" fill="var(--accent)" opacity=".25"/>'
    '<path d="M2 10 18 6v8Z" fill="var(--accent)" opacity=".5"/><path d="M2 10H18" stroke="var(--accent)" stroke-width="2"/></svg>'
)


def glyph(status: str, size: int = 12) -> Markup:
    """The status's shape; its word stands beside it."""
    return Markup(f'<svg width="{size}" height="{size}" viewBox="0 0 12 12" aria-hidden="true">{SHAPES[status]}</svg>')


def status(value: str, watermelon: bool = False) -> Markup:
    """Glyph and word, in strong ink unless all is well; the chip where declared and computed disagree."""
    quiet = value in ("on_track", "no_data")
    flag = Markup('<span class="flag">Watermelon</span>') if watermelon else ""
    return html('<span class="st{}">{}{}</span>{}', "" if quiet else " b", glyph(value), words.status(value), flag)


LETTER = 2.6  # [%] width of a letter on the axis of the narrowest table


@dataclass(frozen=True, slots=True)
class Axis:
    """One time axis for all rows of a table."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Place on the axis [%]."""
        return round(100 * ((at - self.start) / (self.end - self.start)), 2)


def axis(instants: Sequence[datetime]) -> Axis | None:
    """An axis that holds the instants with a little room; None where there are none."""
    if not instants:
        return None
    start, end = min(instants), max(instants)
    room = (end - start or timedelta(days=10)) * 0.03
    return Axis(start - room, end + room)


def months(on: Axis, most: int = 9) -> Markup:
    """The months over a column of fans."""
    marks = timeline.named(on.start, on.end, most)
    texts = [
        html('<text x="{}%" dx="4" y="12" class="{}">{}</text>', on.x(mark.at), "tb" if mark.year else "t", mark.text)
        for mark in marks
        if on.x(mark.at) + LETTER * len(mark.text) < 98
    ]
    return html('<svg width="100%" height="16" aria-hidden="true">{}</svg>', join(texts))


def gridlines(on: Axis, most: int = 9) -> str:
    """The months' lines as a CSS background, so that no cell repeats them."""
    stops = [on.x(mark.at) for mark in timeline.named(on.start, on.end, most)]
    images = ",".join("linear-gradient(var(--grid),var(--grid))" for _ in stops)
    return (
        f"background-image:{images};background-size:1px 100%;background-repeat:no-repeat;background-position:{','.join(f'{x}% 0' for x in stops)}"
        if stops
        else ""
    )


def fan(row: dict[str, Any], on: Axis) -> Markup:
    """P10 to P90, stronger P25 to P75, cut at P50, P80 a blue tick with its move, target a tall tick. `row` is one of `tables.portfolio_results.Health`."""
    if row["p80"] is None:
        return html('<span class="q" title="{0}">{0}</span>', row["note"] or "no forecast")
    if not on.start <= row["p80"] <= on.end:
        before = row["p80"] < on.start
        said, kind = f"{words.MONTHS[row['p80'].month - 1]} {row['p80'].year}", "q" if before else "q far"
        return html('<span class="{}" title="P80 {}, outside this axis">{}</span>', kind, words.day(row["p80"]), f"← {said}" if before else f"{said} →")
    x = {name: on.x(row[name]) for name in ("p10", "p25", "p50", "p75", "p80", "p90", "previous_p80", "target") if row[name] is not None}
    parts: list[Markup] = []
    for left, right, alpha in (("p10", "p90", "outer"), ("p25", "p75", "inner")):
        if left in x and right in x:
            parts.append(
                html(
                    '<rect x="{}%" width="{}%" y="13" height="10" class="fa" opacity="var(--fan-{})"/>', x[left], round(max(0.3, x[right] - x[left]), 2), alpha
                )
            )
    if "p50" in x:
        parts.append(html('<line x1="{0}%" x2="{0}%" y1="13" y2="23" stroke="var(--surface)" stroke-width="1.5"/>', x["p50"]))
    if "previous_p80" in x and abs(x["previous_p80"] - x["p80"]) > 0.4 and 0 <= x["previous_p80"] <= 100:
        parts.append(html('<line x1="{}%" x2="{}%" y1="29" y2="29" stroke="var(--ink-3)"/>', x["previous_p80"], x["p80"]))
        parts.append(html('<circle cx="{}%" cy="29" r="2" fill="var(--surface)" stroke="var(--ink-3)"/>', x["previous_p80"]))
    parts.append(html('<line x1="{0}%" x2="{0}%" y1="10" y2="31" class="sa" stroke-width="2.5"/>', x["p80"]))
    if "target" in x and 0 <= x["target"] <= 100:
        parts.append(html('<line x1="{0}%" x2="{0}%" y1="6" y2="30" class="tick"/>', x["target"]))
    said = f"P10 {words.day(row['p10'])}, P80 {words.day(row['p80'])}, P90 {words.day(row['p90'])}; target {words.day(row['target'])}"
    return html('<svg width="100%" height="36" role="img" aria-label="{}">{}</svg>', said, join(parts))


def spark(values: Sequence[float | None], threshold: float | None, said: str) -> Markup:
    """How a figure moved: ink, its last point dotted, its threshold a hairline. `said` is what a screen reader says of it."""
    known = [(k, value) for k, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Markup("")
    every = [value for _, value in known] + ([] if threshold is None else [threshold])
    low, room = min(every), (max(every) - min(every)) or 1.0
    step = 48 / (len(values) - 1)

    def place(k: int, value: float) -> tuple[float, float]:
        return round(4 + step * k, 1), round(18 - 14 * (value - low) / room, 1)

    points = " ".join(f"{x},{y}" for x, y in (place(k, value) for k, value in known))
    x, y = place(*known[-1])
    rule = "" if threshold is None else html('<line x1="0" x2="56" y1="{0}" y2="{0}" stroke="var(--line-2)"/>', place(0, threshold)[1])
    curve = html(
        '<polyline points="{}" fill="none" stroke="var(--ink-2)" stroke-width="1.25"/><circle cx="{}" cy="{}" r="2.2" fill="var(--ink-2)"/>', points, x, y
    )
    return html('<svg width="56" height="22" role="img" aria-label="{}">{}{}</svg>', said, rule, curve)


def move(days: float, largest: float) -> Markup:
    """A bar of a change in days, later to the right and filled, earlier to the left and hollow."""
    width = round(46 * abs(days) / (largest or 1), 2)
    side = 50 if days >= 0 else 50 - width
    look = 'fill="var(--ink-2)" stroke="var(--ink-2)"' if days >= 0 else 'fill="var(--surface)" stroke="var(--ink-2)"'
    bar = Markup(f'<rect x="{side}%" width="{width}%" y="6" height="12" {look}/>')
    return html('<svg width="100%" height="24" aria-hidden="true">{}<line x1="50%" x2="50%" y1="0" y2="24" stroke="var(--line-2)"/></svg>', bar)

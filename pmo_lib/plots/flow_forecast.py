"""Pictures of what is to come on a board: the burn-up with its fan, and what sprints promised and kept."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.backend import Element, hv
from pmo_lib.plots.over_time import fitted, instant, over_time, parted, stamps, tip, values, wide
from pmo_lib.plots.theme import LIGHT, Tokens, hook, label

AXIS = 22  # [pixels] that the axis beneath takes
FEWEST, BEFORE = 8, 26  # weeks of the past that are drawn at least, at most
SHORT = 72  # [pixels] for the names of the bars
SPRINTS = 12  # latest sprints that are drawn


def burn_up(past: pl.DataFrame, fan: pl.DataFrame, *, total: int, theme: Tokens = LIGHT, height: int = 260) -> Element:
    """Items done so far in ink, how many will be done by each date in blue, and the line of all that is to do.

    `past`: date, done (cumulative). `fan`: date, p95, p85, p50, p15, p05: items done by then with at least that chance, as `flow.how_many` gives them, added
    to what is done; its first row is the last of the past. Band P95 to P5 and P85 to P15, the 50 % a thin line, the 85 % a strong one; each line's day of
    reaching `total` is a tick.
    """
    past = shown_past(past, fan.height - 1)
    start, end = instant(past["date"][0]), instant(fan["date"][-1])
    ahead = stamps(fan["date"])
    floor = float(past["done"][0])
    reach = max(float(total), float(past["done"][-1])) - floor or 1.0
    top, bottom = floor + reach * 1.14, floor - reach * 0.02
    capped = {name: fan[name].clip(upper_bound=total).to_numpy().astype(float) for name in ("p95", "p85", "p50", "p15", "p05")}
    parts: list[Any] = [
        hv.Area((ahead, capped["p95"], capped["p05"]), "date", ["low", "high"], label="outer").opts(color=theme.accent, alpha=theme.fan_outer, line_width=0),
        hv.Area((ahead, capped["p85"], capped["p15"]), "date", ["low", "high"], label="inner").opts(color=theme.accent, alpha=theme.fan_inner, line_width=0),
        hv.Curve((stamps(past["date"]), past["done"].to_numpy()), "date", "items", label="done").opts(
            color=theme.ink, line_width=2, interpolation="steps-post"
        ),
        hv.Curve((ahead, capped["p50"]), "date", "items", label="p50").opts(color=theme.accent, line_width=1),
        hv.Curve((ahead, capped["p85"]), "date", "items", label="p85").opts(color=theme.accent, line_width=2.5),
        hv.Segments([(start, float(total), end, float(total))], ["from", "a", "to", "b"], label="total").opts(color=theme.ink_3, line_width=1),
    ]
    parts += _ticks(fan, total, bottom, top, theme)
    parts += _names(past, total, bottom, top, end, theme)
    return over_time(parts, start, end, top=top, bottom=bottom, height=height, theme=theme)


def shown_past(past: pl.DataFrame, weeks_ahead: int) -> pl.DataFrame:
    """As much of the past as stands in proportion to what is ahead: twice as many weeks, eight at least."""
    return past.sort("date").tail(min(max(2 * weeks_ahead, FEWEST), BEFORE) + 1)


def reached(fan: pl.DataFrame, name: str, total: int) -> Any:
    """The first date of the fan at which that line reaches the total; None: not within it."""
    found = fan.filter(pl.col(name) >= total)["date"]
    return found[0] if found.len() else None


def _ticks(fan: pl.DataFrame, total: int, bottom: float, top: float, theme: Tokens) -> list[Any]:
    """The days on which half and 85 of 100 forecasts have all done."""
    parts: list[Any] = []
    size = top - bottom
    for name, place, bold in (("p50", 0.08, False), ("p85", 0.18, True)):
        if (day := reached(fan, name, total)) is None:
            continue
        at = instant(day)
        drop = hv.Segments([(at, bottom, at, float(total))], ["at", "floor", "to", "top"], label=f"{name} drop")
        parts.append(drop.opts(color=theme.accent, line_width=1, line_dash="dotted"))
        mark = hv.Segments([(at, total - size * 0.03, at, total + size * 0.03)], ["at", "floor", "to", "top"], label=f"{name} tick")
        parts.append(mark.opts(color=theme.accent, line_width=2.5 if bold else 1.5))
        said = f" {name.upper()} {words.day(day)} "
        parts.append(tip(theme, at, bottom + size * place, said, color=theme.accent, bold=bold, align="left" if bold else "right", name=f"{name} text"))
    return parts


def _names(past: pl.DataFrame, total: int, bottom: float, top: float, end: Any, theme: Tokens) -> list[Any]:
    start, gone = instant(past["date"][0]), instant(past["date"][-1])
    done, shift = int(past["done"][-1]), (end - start) * 0.012
    said = f"{done:,} done"
    today = hv.Segments([(gone, bottom, gone, top)], ["at", "floor", "to", "top"], label="today").opts(color=theme.ink_3, line_width=1, line_dash="dotted")
    return [
        today,
        tip(theme, start + shift, total + (top - bottom) * 0.06, f"All {words.count(total, 'item')}", color=theme.ink_3, bold=False, name="total text"),
        tip(theme, gone - shift, done + (top - bottom) * 0.06, said, color=theme.ink, align="right", name="done text"),
    ]


def commitment(sprints: pl.DataFrame, *, most: int = SPRINTS, theme: Tokens = LIGHT, height: int = 200) -> Element:
    """What each sprint took on (grey) and finished (ink). `sprints`: name, committed, completed, in order of time."""
    shown = sprints.tail(most)
    named = [words.shortened(name, 10) for name in shown["name"].to_list()]
    every = -(-sum(len(name) + 2 for name in named) * 7 // 250)  # so that names do not touch
    committed, completed = shown["committed"].to_list(), shown["completed"].to_list()
    top = max([1, *committed, *completed]) * 1.15
    grey = [(k - 0.34, 0.0, k + 0.34, float(count), count) for k, count in enumerate(committed)]
    ink = [(k - 0.2, 0.0, k + 0.2, float(count), count) for k, count in enumerate(completed)]
    parts: list[Any] = [
        hv.Rectangles(grey, ["from", "floor", "to", "height"], "items", label="committed").opts(color=theme.plan, alpha=0.3, line_color=theme.plan),
        hv.Rectangles(ink, ["from", "floor", "to", "height"], "items", label="completed").opts(color=theme.ink_2, line_width=0),
    ]
    last = len(committed) - 1
    ends = sorted(((float(committed[-1]), "Taken on", theme.ink_3), (float(completed[-1]), "Finished", theme.ink_2)), reverse=True)
    places = parted([value for value, _, _ in ends], top, height - AXIS)
    parts += [
        hv.Labels([(last + 0.42, at, name)], label=f"{name} text").opts(**label(theme, color=color, bold=True), xlabel="", ylabel="")
        for (_, name, color), at in zip(ends, places, strict=True)
    ]
    return hv.Overlay(parts).opts(
        hv.opts.Overlay(
            responsive=True,
            border=0,
            height=height,
            xlim=(-0.6, wide(last + 1.1, SHORT) - 0.6),
            ylim=(0, top),
            xticks=[(k, name) for k, name in enumerate(named) if (last - k) % every == 0],
            yticks=values(top),
            xlabel="",
            ylabel="",
            show_legend=False,
            toolbar=None,
            hooks=[hook(theme, value_axis="y"), lambda plot, element: fitted(plot.state, -0.6, last + 1.1, room=SHORT)],
        )
    )

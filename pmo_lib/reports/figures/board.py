"""A board's flow in print: burn-up with its fan, cumulative flow, cycle times, throughput."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.patches import Circle

from pmo_lib.plots import flow_state, flow_times, words
from pmo_lib.plots.flow_forecast import reached, shown_past
from pmo_lib.plots.theme import LIGHT
from pmo_lib.reports.figures.plane import Plane
from pmo_lib.reports.figures.sheet import area, bar, line, svg, write

DOTS = 1_500  # latest finished items that are drawn one by one


def burn_up(past: pl.DataFrame, fan: pl.DataFrame, *, total: int, width: float = 440, height: float = 262) -> str:
    """SVG of items done, how many will be done, and the line of all. Frames as in `plots.burn_up`."""
    past = shown_past(past, fan.height - 1)
    floor = past["done"][0]
    plane = Plane(past["date"][0], fan["date"][-1], floor + (total - floor or 1) * 1.14, bottom=floor, width=width, height=height)
    days = [plane.x(day) for day in fan["date"].to_list()]
    ys = {name: [plane.y(min(count, total)) for count in fan[name].to_list()] for name in ("p95", "p85", "p50", "p15", "p05")}
    for low, high, alpha in (("p95", "p05", LIGHT.fan_outer), ("p85", "p15", LIGHT.fan_inner)):
        area(plane.axes, [*zip(days, ys[low], strict=True), *zip(days[::-1], ys[high][::-1], strict=True)], LIGHT.accent, alpha)
    line(plane.axes, (plane.x(past["date"][0]), plane.end), (plane.y(total), plane.y(total)), LIGHT.ink_3, 0.75)
    line(plane.axes, [plane.x(day) for day in past["date"].to_list()], [plane.y(done) for done in past["done"].to_list()], LIGHT.ink, 1.5)
    line(plane.axes, days, ys["p50"], LIGHT.accent, 0.75)
    line(plane.axes, days, ys["p85"], LIGHT.accent, 1.9)
    plane.names([(float(total), f"All {words.number(total)}", LIGHT.ink_3, False)])
    for name, above, strong in (("p50", 8.0, False), ("p85", 20.0, True)):
        if (day := reached(fan, name, total)) is not None:
            x, ground = plane.x(day), plane.y(floor)
            line(plane.axes, (x, x), (plane.y(total), ground), LIGHT.accent, 0.75, linestyle=(0, (1, 2)))
            line(plane.axes, (x, x), (plane.y(total) - 4, plane.y(total) + 4), LIGHT.accent, 1.9)
            said, side = f"{name.upper()} {words.day(day)}", "left" if strong else "right"
            write(plane.axes, x + (4 if strong else -4), ground - above, said, color=LIGHT.accent, bold=strong, align=side, halo=True)
    done = past["done"][-1]
    write(plane.axes, plane.x(past["date"][-1]) - 4, plane.y(done) - 6, f"{done:,} done", color=LIGHT.ink, bold=True, align="right", halo=True)
    return svg(plane.axes)


def cumulative_flow(flow: pl.DataFrame, *, started: str, done: str, width: float = 372, height: float = 180) -> str:
    """SVG of the bands of `flow.cumulative_flow`; shades as in `plots.cumulative_flow`."""
    flow = flow_state.thinned(flow, 200)
    names = flow.columns[1:]
    reached_ = {name: flow[name].to_numpy() for name in names}
    plane = Plane(flow["day"][0], flow["day"][-1], float(max(reached_[names[0]].max(), 1)) * 1.04, width=width, height=height)
    days = [plane.x(day) for day in flow["day"].to_list()]
    begin, end = names.index(started), names.index(done)
    for place, name in enumerate(names):
        floor = reached_[names[place + 1]] if place + 1 < len(names) else np.zeros(flow.height)
        high, low = ([plane.y(float(count)) for count in counts] for counts in (reached_[name], floor))
        shade = flow_state.shade(place, begin, end)
        area(plane.axes, [*zip(days, high, strict=True), *zip(days[::-1], low[::-1], strict=True)], LIGHT.ink, shade, edgecolor=LIGHT.surface, linewidth=0.6)
    going = names[begin:end]
    kept = flow_state.labelled(reached_, begin, end)
    plane.names([(at, f"{words.shortened(name, 14)} {count:,}", LIGHT.ink if name in going else LIGHT.ink_3, name in going) for name, count, at in kept])
    return svg(plane.axes)


def cycle_times(cycles: pl.DataFrame, levels: pl.DataFrame, *, width: float = 372, height: float = 180) -> str:
    """SVG of a dot a finished item, and lines at the service levels."""
    done = flow_times.finished(cycles).tail(DOTS)
    taken = done["cycle_time"].to_numpy()
    top = flow_times.ceiling(taken, levels)
    days = done["finished"].dt.date().to_list()
    plane = Plane(days[0], days[-1], top, unit="d", width=width, height=height)
    for day, count in zip(days, taken, strict=True):
        if count <= top:
            plane.axes.add_patch(Circle((plane.x(day), plane.y(count)), 1.3, facecolor=LIGHT.ink, edgecolor="none", alpha=0.45, zorder=20))
    told = []
    for days_, share in levels.select("days", "confidence").iter_rows():
        expected = abs(share - 0.85) < 1e-9
        looks = {} if expected else {"linestyle": (0, (2, 2))}
        if days_ <= top:
            line(plane.axes, (plane.scale.left, plane.end), (plane.y(days_), plane.y(days_)), LIGHT.accent, 1.9 if expected else 0.75, **looks)
            told.append((days_, f"{words.share(share)} in {words.days(days_)}{words.SPACE}d", LIGHT.accent, expected))
    plane.names(told)
    if (beyond := int((taken > top).sum())) > 0:
        write(plane.axes, plane.scale.left + 4, plane.y(top) + 5, f"{words.count(beyond, 'item')} took longer", color=LIGHT.ink_3, halo=True)
    return svg(plane.axes)


def throughput(weeks: pl.DataFrame, *, width: float = 372, height: float = 160) -> str:
    """SVG of the items finished in each week, and a stepped line of those begun, where that is told."""
    weeks = weeks.sort("period").tail(flow_state.WEEKS)
    days = weeks["period"].to_list()
    finished, started = weeks["finished"].to_list(), [] if weeks["started"].null_count() else weeks["started"].to_list()
    last = days[-1] + (days[1] - days[0] if len(days) > 1 else days[-1] - days[-1])
    plane = Plane(days[0], last, max([1, *finished, *started]) * 1.1, width=width, height=height, right=56)
    step = (plane.end - plane.scale.left) / len(days)
    for k, done in enumerate(finished):
        bar(plane.axes, plane.scale.left + (k + 0.12) * step, plane.y(done), 0.76 * step, plane.y(0) - plane.y(done), LIGHT.ink_2)
    named = [(float(finished[-1]), "Finished", LIGHT.ink_2, True)]
    if started:
        xs = [plane.scale.left + at * step for k in range(len(started)) for at in (k, k + 1)]
        line(plane.axes, xs, [plane.y(begun) for begun in started for _ in (0, 1)], LIGHT.ink, 1.1)
        named = [(float(started[-1]), "Begun", LIGHT.ink, True), *named]
    plane.names(named)
    return svg(plane.axes)

"""The KPI strip: targets, statuses, watermelons, what moved, the last finish, agreement."""

from __future__ import annotations

import polars as pl

from pmo_dashboards import marks
from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import Markup, html, join
from pmo_lib.plots import words


def figures(health: pl.DataFrame) -> list[Figure]:
    """The KPI strip."""
    aimed = health.drop_nulls(["p80", "target"])
    held = aimed.filter(pl.col("p80") <= pl.col("target")).height
    count = {name: health.filter(pl.col("computed") == name).height for name in words.STATUS}
    declared = health.filter(pl.col("declared") == "on_track").height
    melons = health.filter("watermelon").height
    moved = health.drop_nulls("p80_change")
    later = moved.filter(pl.col("p80_change") >= 1).height
    named = [name for name in words.STATUS if name != "no_data" or count[name]]
    counted = join([html("{}{}", marks.glyph(name, 13), str(count[name])) for name in named], "<i></i>")
    said = ", ".join(words.status(name).lower() for name in named) if len(named) < 4 else "on track, at risk, off track, no data"
    return [
        Figure(
            "Targets held at P80",
            f"{held} of {aimed.height}",
            "P80 finish on or before the target",
            "A target is held when 80 % of the simulated runs meet it.",
        ),
        Figure("Computed status", html('<span class="trio">{}</span>', counted), said, "By the chance of the target; the standard's thresholds decide."),
        Figure(
            "Watermelons",
            html("{}{} <small>of {} declared on track</small>", marks.glyph("watermelon", 16), melons, declared),
            "green outside, red inside",
            "Declared on track, computed off track.",
        ),
        Figure(
            "Later since last snapshot",
            html("{} <small>of {}</small>", later, moved.height) if moved.height else "first snapshots",
            _largest(moved),
            "Projects whose P80 moved later by a day or more.",
            not moved.height,
        ),
        _last_finish(health),
        _agreement(health),
    ]


def _largest(moved: pl.DataFrame) -> Markup | str:
    if moved.is_empty():
        return "nothing to compare with yet"
    row = moved.sort("p80_change", descending=True).row(0, named=True)
    return html("most: <b>{}</b> {}", words.change(row["p80_change"]), row["name"])


def _last_finish(health: pl.DataFrame) -> Figure:
    known = health.drop_nulls("p80").sort("p80", descending=True)
    if known.is_empty():
        return Figure("Last P80 finish", "no forecast yet", "", missing=True)
    row = known.row(0, named=True)
    return Figure("Last P80 finish", words.day(row["p80"]), row["name"], "The latest of the projects' P80 finishes.")


def _agreement(health: pl.DataFrame) -> Figure:
    known = health.drop_nulls("agreement").filter(pl.col("compared") > 0)
    if known.is_empty():
        return Figure("Agreement with the source", "not available", "no source stores dates to compare with", missing=True)
    counted, agreeing = int(known["compared"].sum()), float((known["agreement"] * known["compared"]).sum())
    return Figure(
        "Agreement with the sources",
        words.share(agreeing / counted),
        f"{round(agreeing):,} of {counted:,} activities",
        "Share of activities whose stored dates our engine reproduces.",
    )

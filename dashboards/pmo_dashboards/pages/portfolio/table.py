"""The table of projects: a row each, with its finish drawn on one axis."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import panel as pn
import polars as pl

from pmo_dashboards import marks, theme
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Selection
from pmo_lib.plots import words

PAGED = 200  # rows above which the table has pages
PAGE = 50
APART = timedelta(days=730)  # between forecasts that do not share an axis
COLUMNS = ["project", "declared", "computed", "p80", "change", "fan", "chance", "spi", "cpi", "quality", "agreement"]
TITLES = {
    "project": "Project, source",
    "declared": "Declared",
    "computed": "Computed",
    "p80": "P80 finish",
    "change": "since<br>last",
    "chance": "Chance of<br>target",
    "spi": "SPI",
    "cpi": "CPI",
    "quality": "Checks<br>passed",
    "agreement": "Agreement",
}
RIGHT = ["p80", "change", "chance", "spi", "cpi", "quality", "agreement"]


def table(health: pl.DataFrame, on: marks.Axis | None) -> pn.widgets.Tabulator:
    """The empty table; in pages where the projects are many."""
    lines = f".tabulator-row .tabulator-cell[tabulator-field=fan]{{{marks.gridlines(on)}}}" if on else ""
    paged: dict[str, Any] = {"pagination": "remote", "page_size": PAGE} if health.height > PAGED else {"pagination": None}
    return pn.widgets.Tabulator(
        pd.DataFrame({name: pd.Series(dtype=str) for name in COLUMNS}),
        titles={**TITLES, "fan": str(marks.months(on)) if on else "Finish"},
        formatters={name: {"type": "html"} for name in COLUMNS},
        text_align=dict.fromkeys(RIGHT, "right"),
        header_align=dict.fromkeys(RIGHT, "right"),
        layout="fit_columns",
        sortable={name: name != "fan" for name in COLUMNS},
        show_index=False,
        disabled=True,
        selectable=False,
        row_height=36,
        sizing_mode="stretch_width",
        margin=0,
        stylesheets=[theme.css("table") + lines],
        configuration={"columnDefaults": {"headerSortTristate": True}, "renderVertical": "basic", "resizableColumnFit": False},
        **paged,
    )


def instants(health: pl.DataFrame) -> list[datetime]:
    """What the common axis must hold: the forecasts of most projects; a target too, unless it lies so far away that it would squeeze them."""
    ends = [at for span in _together(sorted(health.select("p10", "p90").drop_nulls().iter_rows())) for at in span]
    if not ends:
        return []
    first, last = min(ends), max(ends)
    room = (last - first) * 0.5
    return ends + [at for name in ("target", "previous_p80") for at in health[name].drop_nulls().to_list() if first - room <= at <= last + room]


def _together(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The most that follow each other without years between them: a plan of long ago would squeeze all others to a point. Of equally many the latest."""
    groups: list[list[tuple[datetime, datetime]]] = []
    latest = datetime.min
    for span in spans:
        if not groups or span[0] - latest > APART:
            groups.append([])
        groups[-1].append(span)
        latest = max(latest, span[1])
    return max(reversed(groups), key=len) if groups else []


def cells(health: pl.DataFrame, on: marks.Axis | None, chosen: Selection) -> pd.DataFrame:
    """The table's cells as HTML, each after a comment that makes its text sort as its figure does."""
    ranks = _ranks(health)
    rows = [_row(row, on, chosen) for row in health.iter_rows(named=True)]
    return pd.DataFrame(
        {name: [f"<!--{rank:06d}-->{row[name]}" for rank, row in zip(ranks.get(name, range(len(rows))), rows, strict=True)] for name in COLUMNS},
        columns=COLUMNS,
    )


def _ranks(health: pl.DataFrame) -> dict[str, list[int]]:
    order = {name: place for place, name in enumerate(("off_track", "at_risk", "no_data", "on_track"))}
    placed = health.select(
        project=pl.col("name").str.to_lowercase(),
        declared=pl.col("declared").cast(pl.String).replace_strict(order),
        computed=pl.col("computed").cast(pl.String).replace_strict(order),
        p80="p80",
        change="p80_change",
        chance="chance",
        spi="spi",
        cpi="cpi",
        quality=pl.col("checks_passed") / pl.col("checks_made"),
        agreement="agreement",
    )
    return {name: placed[name].rank("dense").fill_null(900_000).cast(pl.Int64).to_list() for name in placed.columns}


def _row(row: dict[str, Any], on: marks.Axis | None, chosen: Selection) -> dict[str, Markup]:
    why = row["note"] or ""
    off = row["computed"] == "off_track"

    def figure(text: str, said: str = why, kind: str = "") -> Markup:
        return html('<span class="q" title="{}">{}</span>', said, text) if text == words.NONE else html('<span class="{}">{}</span>', kind, text)

    moved, board = row["p80_change"], row["kind"] == "board"
    no_network = "a board has no network of activities" if board else ""
    error = words.days_between(row["p80_low"], row["p80_high"]) / 2 if row["p80_low"] and row["p80_high"] else 0
    return {
        "project": html(
            '<a class="row" href="{}" title="{}">{}</a><span class="s">{}</span>',
            leads_to(row, chosen),
            f"{row['name']}, {of_board(row)}" if board else row["name"],
            row["name"],
            left_of(row),
        ),
        "declared": marks.status(row["declared"]) if row["declared"] != "no_data" else html('<span class="q" title="nobody declared one">n/a</span>'),
        "computed": html('<span title="{}">{}</span>', row["reason"], marks.status(row["computed"], row["watermelon"])),
        "p80": html(
            '{}<span title="{}">{}</span>',
            Markup('<span class="q" title="indicative, ranges assumed">≈ </span>') if row["indicative"] and row["p80"] else "",
            finish_title(row),
            figure(words.day(row["p80"])),
        ),
        "change": figure(words.change(moved), "no earlier snapshot" if row["p80"] else why, "q" if moved is None or abs(moved) <= error else "b"),
        "fan": marks.fan(row, on) if on else html('<span class="q">{}</span>', why or "no forecast"),
        "chance": figure(words.chance(row["chance"]), "no target" if row["p80"] else why, "b" if off else ""),
        "spi": figure(words.index(row["spi"]), no_network or "needs a baseline and progress"),
        "cpi": figure(words.index(row["cpi"]), no_network or "needs costs"),
        "quality": figure(words.NONE if row["checks_made"] is None else f"{row['checks_passed']} of {row['checks_made']}", no_network or why),
        "agreement": figure(words.share(row["agreement"]), no_network or why),
    }


def leads_to(row: dict[str, Any], chosen: Selection) -> str:
    """The address of the project's page; a board's is that of its flow."""
    return chosen.link("Flow" if row["kind"] == "board" else "Project", key=row["key"])


def left_of(row: dict[str, Any]) -> str:
    """What stands beside a name: the tool, and of a board what is left."""
    tool = words.source(row["source"])
    return tool if row["left"] is None else f"{tool} · {words.number(row['left'])} left"


def of_board(row: dict[str, Any]) -> str:
    """What hovering over a board's name says besides: how much is finished a week."""
    return left_of(row) if row["weekly"] is None else f"{left_of(row)} · {words.number(row['weekly'], 1)} a week"


def finish_title(row: dict[str, Any]) -> str:
    """What hovering over a finish says: what it rests on, and its target."""
    if row["p80"] is None:
        return row["note"] or "no forecast"
    if row["kind"] == "board":
        drawn = f"drawn from {words.count(row['weeks'], 'week')} in which {words.count(row['counted'], 'item was', 'items were')} finished"
        level = f"; {words.share(row['share'])} of items take {row['within']:.0f} days or less" if row["within"] is not None else ""
        return f"{words.count(row['left'], 'item')} left, P50 {words.day(row['p50'])}, P80 {words.day(row['p80'])}, {drawn}{level}{_aim(row)}"
    planned = f"planned {words.day(row['finish'])}; " if row["finish"] else ""
    return f"{planned}P80 {words.day(row['p80'])}, 95 % interval {words.day(row['p80_low'])} to {words.day(row['p80_high'])}{_aim(row)}"


def _aim(row: dict[str, Any]) -> str:
    return f"; target {words.day(row['target'])} ({words.TARGETS.get(row['target_kind'], row['target_kind'] or 'target')})" if row["target"] else "; no target"

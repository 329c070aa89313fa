"""How often forecasts of throughput came true on real teams' own past."""

from __future__ import annotations

import polars as pl

from benchmarks.proofs.tables import REAL_DATA, table
from pmo_lib import flow
from pmo_lib.errors import NotAvailable

TITLE = "Flow: forecasts of throughput, tried on the past"
OPTIONS: dict[str, object] = {}
HORIZONS = (2, 4, 8)  # weeks
ABOUT = """\
At each past week (rolling origin, points that do not overlap) the forecast of the items of the coming weeks is made from earlier weeks alone: window and
calibration are chosen from what was known then. A forecast is met where at least as many items were finished. Intervals are Clopper and Pearson's, 95 %."""


def prove() -> str:
    """A table of hit rates a team and horizon, and the pooled ones first."""
    tested: list[pl.DataFrame] = []
    missing: list[str] = []
    for name, finishes in _teams():
        weeks = flow.throughput(finishes)
        for horizon in HORIZONS:
            try:
                tested.append(flow.backtest(weeks, horizon=horizon).with_columns(team=pl.lit(name)))
            except NotAvailable as error:
                missing.append(f"- {name}, {horizon} weeks: {error}")
    every = pl.concat(tested)
    return "\n\n".join([ABOUT, "## All teams together", _pooled(every), "## Each team", _each(every), *(["Not tried:", "\n".join(missing)] if missing else [])])


def _teams() -> list[tuple[str, pl.DataFrame]]:
    teams = [
        (file.stem.strip("_").replace("_", " "), pl.read_csv(file, has_header=False).select(pl.first().str.slice(0, 10).str.to_date()))
        for file in sorted((REAL_DATA / "jira" / "tawos-throughput").glob("*.csv"))
    ]
    items = pl.read_csv(REAL_DATA / "jira" / "agile-project-dataset" / "jira.csv", try_parse_dates=True)
    for (project,), rows in items.filter(pl.col("cycle_time_days") >= 0).group_by("project", maintain_order=True):
        teams.append((f"agile-project-dataset {project}", rows.select("finished_date")))
    return teams


def _pooled(every: pl.DataFrame) -> str:
    rows = [
        [f"{horizon} weeks", row["method"], f"P{100 * row['confidence']:.0f}", row["forecasts"], _share(row), f"{row['loss']:.2f}"]
        for horizon in HORIZONS
        for row in flow.hit_rates(every.filter(pl.col("horizon") == horizon)).iter_rows(named=True)
    ]
    return table(["ahead", "forecast", "wanted", "forecasts", "met", "pinball loss"], rows, text=("ahead", "forecast"))


def _each(every: pl.DataFrame) -> str:
    rows = []
    for (team, horizon), tested in every.group_by("team", "horizon", maintain_order=True):
        told = {(row["method"], row["confidence"]): row for row in flow.hit_rates(tested).iter_rows(named=True)}
        said = told["calibrated", 0.85]["verdict"].partition(": ")[2]
        rows.append([team, horizon, told["as drawn", 0.85]["forecasts"], *(_share(told[m, c]) for c in (0.5, 0.85) for m in ("as drawn", "calibrated")), said])
    header = ["team", "weeks", "forecasts", "P50 as drawn", "P50 calibrated", "P85 as drawn", "P85 calibrated", "what the tool says of the calibrated P85"]
    return table(header, rows, text=("team", header[-1]))


def _share(row: dict[str, float]) -> str:
    return f"{row['rate']:.0%} ({row['low']:.0%} to {row['high']:.0%})"

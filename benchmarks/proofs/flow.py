"""How often forecasts of throughput came true on real teams' own past."""

from __future__ import annotations

from unittest.mock import patch

import polars as pl
from scipy.special import ndtri

from benchmarks.proofs.tables import REAL_DATA, table
from pmo_lib import flow, readers
from pmo_lib.errors import NotAvailable
from pmo_lib.flow.track_record import SHARES, past_scores, pooled
from pmo_lib.project import Project
from pmo_lib.readers import child

TITLE = "Flow: forecasts of throughput, tried on the past"
OPTIONS: dict[str, object] = {}
HORIZONS = (2, 4, 8)  # weeks
FAR = (13, 26)  # weeks ahead that are told of all teams together alone: one team has few such forecasts that do not overlap
PATIENT = 300.0  # [s] for reading a file
ABOUT = """\
At each past week (rolling origin, points that do not overlap) the forecast of the items of the coming weeks is made from earlier weeks alone: the window
is chosen, and the team's own past forecasts are learnt from, by what was known then; of other teams the record of all but the one that is tried. A forecast
is met where at least as many items were finished. Intervals are Clopper and Pearson's, 95 %; pinball loss is in items.

The 13 projects of TAWOS are one event date a finished issue; the two of the agile-project-dataset are its finished tasks by project, without those that
ended before they began."""
RECORD = """\
Quantiles of the score of past forecasts (the chance that a forecast gave to more items than came) over all teams, as standard normal deviates, cut at 7
(a chance of 1 in 10^12). Were forecasts as drawn as sure as they say, each column would hold the deviate of its own share, as the first row does. This is
what `pmo_lib/flow/recorded.py` holds."""


def prove() -> str:
    """A table of hit rates a team and horizon, and the pooled ones first."""
    tested: list[pl.DataFrame] = []
    missing: list[str] = []
    teams = [(name, flow.throughput(finishes)) for name, finishes in _teams()]
    scores = {name: past_scores(weeks) for name, weeks in teams}
    for name, weeks in teams:
        others = pooled([{h: scores[other][h] for h in (*HORIZONS, *FAR)} for other in scores if other != name])
        for horizon in (*HORIZONS, *FAR):
            try:
                tested.append(flow.backtest(weeks, horizon=horizon, record=others).with_columns(team=pl.lit(name)))
            except NotAvailable as error:
                missing.append(f"- {name}, {horizon} weeks: {error}")
    every = pl.concat(tested)
    near = every.filter(pl.col("horizon").is_in(HORIZONS))
    parts = [ABOUT, "## All teams together", _pooled(every), "## Where a team falls out", _outside(near), "## Each team", _each(near)]
    untried = ["Not tried:", "\n".join(missing)] if missing else []
    return "\n\n".join([*parts, *untried, "## The record of all teams", RECORD, _record(pooled(list(scores.values())))])


def _teams() -> list[tuple[str, Project | pl.DataFrame]]:
    files = sorted((REAL_DATA / "jira" / "tawos-throughput").glob("*.csv"))
    with patch.dict(child.Child.__init__.__kwdefaults__ or {}, seconds=PATIENT):  # a machine that does much else besides is no reason to refuse a file here
        teams: list[tuple[str, Project | pl.DataFrame]] = [(file.stem.strip("_").replace("_", " "), readers.read(file)) for file in files]
    items = pl.read_csv(REAL_DATA / "jira" / "agile-project-dataset" / "jira.csv", try_parse_dates=True)
    for (project,), rows in items.filter(pl.col("cycle_time_days") >= 0).group_by("project", maintain_order=True):
        teams.append((f"agile-project-dataset {project}", rows.select("finished_date")))
    return teams


def _pooled(every: pl.DataFrame) -> str:
    rows = [
        [f"{horizon} weeks", row["method"], f"P{100 * row['confidence']:.0f}", row["forecasts"], _share(row), f"{row['loss']:.2f}"]
        for horizon in (*HORIZONS, *FAR)
        for row in flow.hit_rates(every.filter(pl.col("horizon") == horizon)).iter_rows(named=True)
    ]
    return table(["ahead", "forecast", "wanted", "forecasts", "met", "pinball loss"], rows, text=("ahead", "forecast"))


def _each(every: pl.DataFrame) -> str:
    rows = []
    for (team, horizon), tested in every.group_by("team", "horizon", maintain_order=True):
        told = {(row["method"], row["confidence"]): row for row in flow.hit_rates(tested).iter_rows(named=True)}
        said = told["calibrated", 0.85]["verdict"].partition(": ")[2]
        shares = [_share(told[m, c]) for c in (0.5, 0.85) for m in ("as drawn", "calibrated")]
        losses = [" / ".join(f"{told[m, c]['loss']:.1f}" for m in ("as drawn", "calibrated")) for c in (0.5, 0.85)]
        rows.append([team, horizon, told["as drawn", 0.85]["forecasts"], *shares, *losses, said])
    met = ["P50 as drawn", "P50 calibrated", "P85 as drawn", "P85 calibrated"]
    header = ["team", "weeks", "forecasts", *met, "P50 loss, drawn / calibrated", "P85 loss", "what the tool says of the calibrated P85"]
    return table(header, rows, text=("team", header[-1]))


def _outside(every: pl.DataFrame) -> str:
    """What the library says where the P85's hit rate is not 80 to 90 %, or its interval excludes 85 %."""
    said = []
    for (team, horizon), tested in every.group_by("team", "horizon", maintain_order=True):
        row = flow.hit_rates(tested).row(by_predicate=(pl.col("method") == "calibrated") & (pl.col("confidence") == 0.85), named=True)
        if not 0.8 <= row["rate"] <= 0.9 or not row["low"] <= 0.85 <= row["high"]:
            said.append(f"- {team}, {horizon} weeks: {row['verdict']} ({row['forecasts']} forecasts).")
    return "\n".join(["Calibrated P85 outside 80 to 90 %; the sentence is the tool's.", "", *said]) if said else "None."


def _record(record: flow.TrackRecord) -> str:
    rows = [[f"{horizon} weeks", *(f"{score:.3f}" for score in scores)] for horizon, scores in zip(record.horizons, record.scores, strict=True)]
    sure = ["were they so sure", *(f"{deviate:.3f}" for deviate in ndtri(SHARES))]
    return table(["ahead", *(f"{share:g}" for share in SHARES)], [sure, *rows], text=("ahead",))


def _share(row: dict[str, float]) -> str:
    return f"{row['rate']:.0%} ({row['low']:.0%} to {row['high']:.0%})"

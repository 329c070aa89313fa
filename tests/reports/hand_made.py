"""Assessments made by hand: a project of which all is known, and one with nothing but an activity list."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.office import Assessment, Certificate, Forecast, Status
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.schedule import Comparison
from pmo_lib.schedule.comparison.changes import frame as changed
from pmo_lib.schedule.quality import CHECKS
from pmo_lib.tables import TABLES, findings_frame, part
from pmo_lib.tables.parting import finding
from pmo_lib.tables.risk_results import ActivityForecast, Percentiles, Sensitivity, Steps, Targets
from pmo_lib.tables.schedule_results import Attribution, Checks, Dates, Matching

DATA_DATE = datetime(2026, 11, 30, 17)
TARGET = datetime(2027, 1, 29, 17)

# activity, name, WBS, kind, start, finish, baseline start and finish, P80, float [days], critical, state
WORK = [
    ("A1040", "Pit 1 excavation, base", "C", "task", "2026-08-20", "2026-09-28", "2026-08-18", "2026-09-18", None, None, True, "done"),
    ("A1060", "Inlet works", "C", "task", "2026-09-29", "2026-11-27", "2026-09-21", "2026-11-12", None, None, False, "done"),
    ("A1110", "Pit 2 excavation", "C", "task", "2026-10-05", "2026-12-04", "2026-09-28", "2026-10-30", "2026-12-09", 0, True, "begun"),
    ("A1120", "Pit 2 base and walls", "C", "task", "2026-12-07", "2026-12-31", "2026-11-02", "2026-12-03", "2027-01-19", 0, True, "open"),
    ("A1200", "Pump manufacture", "P", "task", "2026-08-01", "2026-12-11", "2026-07-20", "2026-11-13", "2027-01-13", 8, False, "begun"),
    ("A1220", "Pump installation", "P", "task", "2027-01-04", "2027-01-14", "2026-12-07", "2026-12-31", "2027-02-17", 0, True, "open"),
    ("A1310", "Power and control", "E", "task", "2026-10-19", "2027-01-08", "2026-10-12", "2026-12-18", "2027-01-22", 6, False, "begun"),
    ("A1330", "Control panel test", "E", "task", "2026-12-01", "2026-12-11", "2026-11-16", "2026-11-27", "2026-12-23", 12, False, "open"),
    ("A1400", "Outfall connection", "E", "task", "2026-11-23", "2026-12-18", "2026-11-16", "2026-12-11", "2027-01-15", 15, False, "begun"),
    ("A1450", "Access road, landscape", "H", "task", "2027-01-11", "2027-01-29", "2026-12-14", "2027-01-15", "2027-02-12", 5, False, "open"),
    ("A1500", "Dry commissioning", "H", "task", "2027-01-18", "2027-01-22", "2027-01-04", "2027-01-15", "2027-02-26", 0, True, "open"),
    ("A1510", "Wet commissioning", "H", "task", "2027-01-25", "2027-02-05", "2027-01-18", "2027-01-29", "2027-03-12", 0, True, "open"),
    ("A1600", "Handover", "H", "finish_milestone", "2027-02-05", "2027-02-05", "2027-01-29", "2027-01-29", "2027-03-12", 0, True, "open"),
]
GROUPS = {"C": "Civil works", "P": "Pumps", "E": "Electrical and outfall", "H": "Commissioning and handover"}


def at(text: str | None, hour: int) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text) + timedelta(hours=hour)


def frames(**rows: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    made = {}
    for name, found in rows.items():
        made[name], refused = part(TABLES[name], found, name)
        assert not refused, refused
    return made


def northgate(*, name: str = "Northgate Treatment Works", hostile: str = "") -> Assessment:
    """Everything is known: slipping, watermelon. `hostile` is put into every text that a source could bring."""
    info = ProjectInfo(
        key="NORTHGATE", name=name + hostile, source="xer", application="p6", file=f"northgate{hostile}.xer", data_date=DATA_DATE, currency="GBP"
    )
    plan = Project(info, _tables(hostile), findings_frame(_findings(hostile)))
    ours = _forecast(datetime(2027, 2, 19, 17), 22, hostile)
    return Assessment(
        plan=plan,
        info=info,
        snapshot="7f3a91c0d2e4b6a8",
        previous="11c2a91c0d2e4b6a",
        previous_date=datetime(2026, 10, 31, 17),
        listing={"name": name + hostile, "programme": f"Capital programme 2026–28{hostile}", "portfolio": "Aldermoor Water"},
        dates=_dates(hostile),
        certificate=Certificate(rate=1.0, compared=1245, agreeing=1245, threshold=0.98, met=True),
        agreement=None,
        checks=_checks(),
        forecast=ours,
        previous_forecast=_forecast(datetime(2027, 1, 27, 17), 21, hostile),
        earned_value={
            "pv": 9.8e6, "ev": 8.6e6, "ac": 9.1e6, "bac": 13.1e6, "cv": -0.5e6, "sv": -1.2e6,
            "cpi": 0.945, "spi": 0.878, "eac": 13.86e6, "etc": 4.76e6, "vac": -0.76e6, "tcpi": 1.125,
        },
        earned_value_series=_series(),
        comparison=_comparison(hostile),
        status=Status(computed="off_track", declared="on_track", watermelon=True, reason="The chance of the target is 15 %."),
        findings=plan.findings,
        provenance={
            "source": f"northgate{hostile}.xer, P6", "data date": "30 Nov 2026", "snapshot": "7f3a91c0d2e4b6a8",
            "iterations": "10,000", "seed": "2026", "version": "0.1.0",
        },
    )  # fmt: skip


def _tables(hostile: str) -> dict[str, pl.DataFrame]:
    activities = [
        {
            "activity": a, "name": n + hostile, "wbs": w, "kind": kind, "duration": 4800, "remaining_duration": 0 if state == "done" else 2400,
            "percent_complete": {"done": 1.0, "begun": 0.5, "open": 0.0}[state], "actual_start": at(s, 8) if state != "open" else None,
            "actual_finish": at(f, 17) if state == "done" else None,
        }
        for a, n, w, kind, s, f, _, _, _, _, _, state in WORK
    ]  # fmt: skip
    chain = [row[0] for row in WORK if row[10]]
    links = [{"predecessor": a, "successor": b, "type": "FS"} for a, b in pairwise(chain)]
    wbs = [{"wbs": key, "name": group + hostile, "level": 1} for key, group in GROUPS.items()]
    baselines = [{"baseline": 0, "activity": row[0], "start": at(row[6], 8), "finish": at(row[7], 17), "cost": 1e6} for row in WORK]
    return frames(activities=activities, relationships=links, wbs=wbs, baselines=baselines)


def _dates(hostile: str) -> pl.DataFrame:
    rows = [
        {
            "activity": a, "name": n + hostile, "early_start": at(s, 8), "early_finish": at(f, 17), "late_start": None, "late_finish": None,
            "total_float": None if slack is None else slack * 480, "free_float": None, "critical": critical, "longest_path": critical,
        }
        for a, n, _, _, s, f, _, _, _, slack, critical, _ in WORK
    ]  # fmt: skip
    return Dates.validate(pl.DataFrame(rows), cast=True)


def _forecast(middle: datetime, spread: float, hostile: str) -> Forecast:
    """A lognormal-like finish with its middle at `middle` [spread in days]."""
    from scipy.special import ndtri

    def finish(p: float, shift: float = 0) -> datetime:
        return middle + timedelta(days=float(spread * np.sinh(ndtri(p / 100) * 0.7 + 0.35) / 0.9 - spread * 0.4 + shift))

    percentiles = [{"p": float(p), "finish": finish(p), "finish_low": finish(p, -1.4), "finish_high": finish(p, 1.4)} for p in range(1, 100)]
    edges = [finish(1) + (finish(99) - finish(1)) * k / 24 for k in range(25)]
    share = np.exp(-((np.arange(24) - 7.5) ** 2) / 40)
    histogram = pl.DataFrame({"start": edges[:-1], "finish": edges[1:], "share": share / share.sum()})
    chance = max((p / 100 for p in range(1, 100) if finish(p) <= TARGET), default=0.005)
    targets = [("approved finish", "approved", None, TARGET, finish(50), finish(80), chance)]
    for name, activity, target, p80 in [("Pit 2 complete", "A1120", "2026-12-04", "2027-01-19"), ("Pumps installed", "A1220", "2026-12-31", "2027-02-17")]:
        targets.append(
            (name + hostile, "milestone", activity, at(target, 17), at(p80, 17) - timedelta(days=14), at(p80, 17), 0.02 if activity == "A1220" else 0.001)
        )  # type: ignore[operator, arg-type]
    columns = ["target", "kind", "activity", "date", "p50", "p80", "chance"]
    targeted = pl.DataFrame(targets, schema=columns, orient="row").with_columns(
        chance_low=pl.max_horizontal(pl.col("chance") - 0.02, 0.0), chance_high=pl.col("chance") + 0.02
    )
    known = [row for row in WORK if row[8] is not None]
    activities = pl.DataFrame(
        {
            "activity": [row[0] for row in known],
            "p10": [at(row[5], 13) for row in known],
            "p50": [at(row[5], 17) for row in known],
            "p80": [at(row[8], 17) for row in known],
            "p90": [at(row[8], 17) + timedelta(days=9) for row in known],  # type: ignore[operator]
            "criticality": [0.9 if row[10] else 0.1 for row in known],
        }
    )
    sensitivity = pl.DataFrame(
        {
            "activity": ["A1200", "A1110", "A1120", "A1220", "A1510", "A1310"],
            "name": [
                n + hostile
                for n in ("Pump manufacture", "Pit 2 excavation", "Pit 2 base and walls", "Pump installation", "Wet commissioning", "Power and control")
            ],
            "criticality": [0.62, 0.55, 0.55, 0.8, 1.0, 0.1],
            "cruciality": [0.71, 0.52, 0.4, 0.3, 0.22, 0.05],
            "ssi": [0.44, 0.3, 0.21, 0.12, 0.1, 0.01],
            **dict.fromkeys(("significance", "pearson", "spearman", "kendall")),
            "contribution_p80": [7.4, 4.6, 3.7, 2.1, 1.1, 0.2],
        }
    )
    steps = pl.DataFrame(
        {
            "step": ["open work moved to the status date", "hard constraints softened"],
            "finish": [datetime(2027, 2, 5, 17)] * 2,
            "days": [9.0, 0.0],
            "count": [4, 0],
        }
    )
    return Forecast(
        percentiles=Percentiles.validate(pl.DataFrame(percentiles), cast=True),
        histogram=histogram,
        targets=Targets.validate(targeted, cast=True),
        sensitivity=Sensitivity.validate(sensitivity, cast=True),
        activities=ActivityForecast.validate(activities, cast=True),
        steps=Steps.validate(steps, cast=True),
        deterministic_finish=datetime(2027, 2, 5, 17),
        chance_of_deterministic=0.31,
        indicative="Indicative, ranges assumed: nobody has estimated this plan's durations.",
        iterations=10_000,
        seed=2026,
        sampling="latin hypercube, 10 replicates of 1,000",
    )


def _checks() -> pl.DataFrame:
    rows = [
        ("logic", "Missing logic", 0.021, "share", 0.05, True, 26, 1245, ["A1705"], None),
        ("leads", "Leads", 0.004, "share", 0.0, False, 9, 2210, ["A1110 -> A1120", "A1310 -> A1330"], None),
        ("lags", "Lags", 0.03, "share", 0.05, True, 66, 2210, [], None),
        ("hard_constraints", "Hard constraints", 0.01, "share", 0.05, True, 12, 1245, [], None),
        ("high_float", "High float", 0.12, "share", 0.05, False, 149, 1245, ["A1400", "A1450", "A1705", "A1710"], None),
        ("invalid_dates", "Invalid dates", 0.0, "share", 0.0, True, 0, 1245, [], None),
        ("bei", "Baseline execution index", 0.91, "index", 0.95, False, 312, 343, [], None),
        ("resources", "Resources", None, "share", 0.0, None, None, None, [], "the plan has no resources"),
    ]
    columns = ["check", "title", "value", "unit", "threshold", "passed", "numerator", "denominator", "offenders", "reason"]
    told = [{name: getattr(CHECKS[row[0]], name) for name in ("group", "reference", "rule", "definition")} for row in rows]
    types = dict(Checks.create_empty().schema)
    whole = [dict(zip(columns, row, strict=True)) | more for row, more in zip(rows, told, strict=True)]
    return Checks.validate(pl.DataFrame({column: [row.get(column) for row in whole] for column in types}, schema=types))


def _comparison(hostile: str) -> Comparison:
    return Comparison(
        verdict="same", share=1.0, matching=Matching.create_empty(), changes=_changes(hostile), attribution=attribution(), path=None, floats=None,
        older_finish=datetime(2027, 2, 12), newer_finish=datetime(2027, 2, 26),
    )  # fmt: skip


def attribution() -> pl.DataFrame:
    """Ten working days: twelve by progress, five by durations, seven won by logic."""
    parts = [("progress", 12, 12, 9), ("durations", 5, 8, 1), ("logic", -7, -5, 2), ("interaction", 0, -5, 0), ("total", 10, 10, 12)]
    rows = [
        {"group": group, "minutes": days * 480, "days": days, "alone_minutes": alone * 480, "alone_days": alone, "count": count,
         "finish": datetime(2027, 2, 26), "note": None}
        for group, days, alone, count in parts
    ]  # fmt: skip
    return Attribution.validate(pl.DataFrame(rows, schema_overrides={"note": pl.String}), cast=True)


def _changes(hostile: str) -> pl.DataFrame:
    rows = [
        ("A1200", "Pump manufacture" + hostile, "duration", "30 d", "40 d", 10.0),
        ("A1110", "Pit 2 excavation", "duration", "40 wd", "45 wd", 5.0),
        ("A1510", "Wet commissioning", "gained", "12 Feb 2027", "5 Feb 2027", -5.0),
        ("A1120", "Pit 2 base and walls", "relinked", "A1110", "A1110 SS+5d", None),
        ("A1705", "Dewatering" + hostile, "added", None, None, None),
    ]
    return changed(dict(zip(("activity", "name", "change", "before", "after", "days"), row, strict=True)) for row in rows)


def _series() -> pl.DataFrame:
    months = pl.datetime_range(datetime(2026, 3, 1), datetime(2027, 2, 1), "1mo", eager=True)
    pv = 13.1e6 / (1 + np.exp(-(np.arange(12) - 5.8) * 0.75))
    known = np.arange(12) <= 8
    ev, ac = np.where(known, pv * 0.88, np.nan), np.where(known, pv * 0.93, np.nan)
    return pl.DataFrame({"date": months, "pv": pv, "ev": ev, "ac": ac}).with_columns(pl.col("ev", "ac").fill_nan(None))


def _findings(hostile: str) -> list[dict[str, Any]]:
    rows = [
        finding("warning", "lag-rounded", "TASKPRED, row 812", f"the lag of 12.5 minutes was rounded to 12{hostile}", "none needed"),
        finding("error", "row-refused", "TASK, row 44", f"activity A9{hostile} ends before it begins and was left out", "correct it in P6 and import again"),
    ]
    return rows + [finding("info", "udf-unknown", f"UDF {n}", "a user-defined field of unknown type was kept as text") for n in range(20)]


def bare() -> Assessment:
    """A project with nothing but an activity list: names and durations, no logic, no dates, no status date."""
    info = ProjectInfo(key="LIST-7", name="Office move", source="activity_list", file="office move.xlsx")
    rows = [{"activity": str(n), "name": f"Move floor {n}", "kind": "task", "duration": 2400, "remaining_duration": 2400} for n in range(1, 5)]
    plan = Project(info, frames(activities=rows))
    return Assessment(
        plan=plan,
        info=info,
        snapshot=None,
        previous=None,
        previous_date=None,
        listing=None,
        dates=None,
        certificate=None,
        agreement=None,
        checks=None,
        forecast=None,
        previous_forecast=None,
        earned_value=None,
        earned_value_series=None,
        comparison=None,
        status=Status(computed="no_data", declared="no_data", watermelon=False, reason="There is neither a target with a forecast nor earned value."),
        findings=findings_frame(),
        provenance={"source": "office move.xlsx, activity list", "version": "0.1.0"},
        refusals={
            "dates": "schedule.dates needs a start; office move.xlsx has none",
            "certificate": "office move.xlsx stores no computed dates to compare with",
            "checks": "schedule.checks needs relationships; office move.xlsx has none",
            "forecast": "a forecast needs relationships and a start; office move.xlsx has neither",
            "earned_value": "evm.metrics needs a baseline; office move.xlsx has none: set one with pmo baseline",
            "comparison": "there is no earlier snapshot to compare with",
        },
    )

"""A hand-made portfolio of a water company: what the pages show without a store or an engine behind them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import dataframely as dy
import polars as pl

from pmo_lib.office import Assessment, Certificate, Forecast, Status
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.schedule import Comparison
from pmo_lib.schedule.comparison.changes import frame as changed
from pmo_lib.schedule.quality import CHECKS
from pmo_lib.schedule.trend import joined
from pmo_lib.standards import standards
from pmo_lib.tables import TABLES, findings_frame
from pmo_lib.tables.portfolio_results import Health
from pmo_lib.tables.risk_results import ActivityForecast, Percentiles, Sensitivity, Steps, Targets
from pmo_lib.tables.schedule_results import Attribution, Checks, Dates, Matching

DATA_DATE = datetime(2026, 11, 30, 17)
HOSTILE = '<img src=x onerror="window.hurt=1"> Depot & Electrification'


def frame(schema: type[dy.Schema], rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows in the schema's columns; what a row leaves out is null."""
    columns = schema.create_empty().schema
    return schema.validate(pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=columns, orient="row"))


def at(text: str) -> datetime:
    return datetime.strptime(text + " 17", "%d %b %Y %H")


# key, name, programme, source, declared, computed, p50, p80, spread [d], target, change, chance, spi, cpi, agreement
PROJECTS: list[tuple[Any, ...]] = [
    (
        "NORTHGATE",
        "Northgate Treatment Works",
        "Treatment",
        "xer",
        "on_track",
        "off_track",
        "19 Feb 2027",
        "12 Mar 2027",
        21,
        "29 Jan 2027",
        23,
        0.15,
        0.88,
        0.94,
        1.0,
    ),
    (
        "BILLING",
        "Billing Platform Renewal",
        "Digital",
        "activity_list",
        "on_track",
        "off_track",
        "29 Apr 2027",
        "21 May 2027",
        34,
        "2 Apr 2027",
        19,
        0.35,
        None,
        0.91,
        None,
    ),
    ("SALTMARSH", "Saltmarsh Outfall", "Treatment", "xer", "at_risk", "off_track", "8 Jul 2027", "2 Aug 2027", 30, "11 Jun 2027", 9, 0.24, 0.90, 0.97, 0.992),
    (
        "FENWICK",
        "Fenwick Reservoir Relining",
        "Network",
        "xer",
        "at_risk",
        "at_risk",
        "9 Mar 2027",
        "26 Mar 2027",
        20,
        "12 Mar 2027",
        -4,
        0.62,
        0.95,
        1.01,
        1.0,
    ),
    ("METERS", "Smart Meter Rollout 2", "Digital", "mspdi", "at_risk", "at_risk", "22 May 2027", "14 Jun 2027", 30, "30 May 2027", 6, 0.66, 0.96, 0.98, None),
    ("KESTREL", "Kestrel Pumping Main", "Network", "xer", "on_track", "on_track", "7 Feb 2027", "19 Feb 2027", 14, "26 Feb 2027", 2, 0.88, 0.98, 1.02, 1.0),
    (
        "CONTROL",
        "Control Room Relocation",
        "Digital",
        "mpp",
        "on_track",
        "on_track",
        "12 Jan 2027",
        "27 Jan 2027",
        22,
        "5 Feb 2027",
        -3,
        0.90,
        0.99,
        0.97,
        0.997,
    ),
    ("HARROW", "Harrow Lane Substation", "Network", "mpp", "on_track", "on_track", "11 Apr 2027", "3 May 2027", 24, "22 May 2027", -8, 0.94, 1.03, 1.00, 1.0),
    ("DEPOT", HOSTILE, "Network", "mpp", "on_track", "on_track", "7 Jun 2027", "28 Jun 2027", 28, "1 Aug 2027", 1, 0.97, 1.01, 0.99, 0.984),
    (
        "APP",
        "Customer App 4.0",
        "Digital",
        "activity_list",
        "on_track",
        "on_track",
        "17 Jan 2027",
        "4 Feb 2027",
        15,
        "5 Mar 2027",
        -11,
        0.996,
        None,
        1.04,
        None,
    ),
]


def health_row(row: tuple[Any, ...], number: int = 0) -> dict[str, Any]:
    key, name, programme, source, declared, computed, p50, p80, spread, target, change, chance, spi, cpi, agreement = row
    middle, late = at(p50), at(p80)
    suffix = f" {number}" if number else ""
    return {
        "key": key + (f"-{number}" if number else ""),
        "name": name + suffix,
        "programme": programme,
        "portfolio": "Capital programme",
        "manager": "A. Reyes",
        "source": source,
        "data_date": DATA_DATE,
        "snapshot": "7f3a91c0" * 8,
        "declared": declared,
        "computed": computed,
        "watermelon": declared == "on_track" and computed == "off_track",
        "reason": f"chance of the approved finish is {chance:.0%}",
        "finish": middle - timedelta(days=10),
        "target_kind": "approved",
        "target": at(target),
        "p10": middle - timedelta(days=spread),
        "p25": middle - timedelta(days=spread * 0.55),
        "p50": middle,
        "p75": middle + timedelta(days=spread * 0.7),
        "p80": late,
        "p80_low": late - timedelta(days=2),
        "p80_high": late + timedelta(days=2),
        "p90": late + timedelta(days=spread * 0.6),
        "chance": chance,
        "indicative": key == "METERS",
        "previous_p80": late - timedelta(days=change),
        "p80_change": float(change),
        "spi": spi,
        "cpi": cpi,
        "checks_passed": 11,
        "checks_made": 13,
        "agreement": agreement,
        "compared": 1245 if agreement else None,
        "kind": "plan",
        "findings": 2,
        "note": None if agreement else "an activity list stores no dates to agree with",
    }


def health(copies: int = 1) -> pl.DataFrame:
    """Ten projects, and one that submitted nothing; more with copies."""
    rows = [health_row(row, number) for number in range(copies) for row in PROJECTS]
    silent = {
        "key": "WEIR",
        "name": "Weir Refurbishment",
        "programme": "Network",
        "portfolio": "Capital programme",
        "declared": "on_track",
        "computed": "no_data",
        "watermelon": False,
    }
    return frame(Health, [*rows, {**silent, "reason": "no snapshot", "indicative": False, "kind": "plan", "findings": 0, "note": "nothing was submitted"}])


# activity, name, wbs, kind, start, finish, baseline start, baseline finish, begun, ended, critical, float [d], P10, P80, P90
WORK: list[tuple[Any, ...]] = [
    ("A1040", "Pit 1 excavation, base", "C", "task", "5 Sep 2026", "28 Sep 2026", "1 Sep 2026", "18 Sep 2026", True, True, True, None, None, None, None),
    ("A1060", "Inlet works", "C", "task", "29 Sep 2026", "27 Nov 2026", "21 Sep 2026", "13 Nov 2026", True, True, False, None, None, None, None),
    (
        "A1110",
        "Pit 2 excavation",
        "C",
        "task",
        "5 Oct 2026",
        "4 Dec 2026",
        "28 Sep 2026",
        "30 Oct 2026",
        True,
        False,
        True,
        0,
        "2 Dec 2026",
        "9 Dec 2026",
        "15 Dec 2026",
    ),
    (
        "A1120",
        "Pit 2 base and walls",
        "C",
        "task",
        "7 Dec 2026",
        "31 Dec 2026",
        "2 Nov 2026",
        "4 Dec 2026",
        False,
        False,
        True,
        0,
        "29 Dec 2026",
        "19 Jan 2027",
        "26 Jan 2027",
    ),
    (
        "A1200",
        "Pump manufacture",
        "P",
        "task",
        "1 Sep 2026",
        "11 Dec 2026",
        "1 Sep 2026",
        "13 Nov 2026",
        True,
        False,
        False,
        8,
        "9 Dec 2026",
        "13 Jan 2027",
        "22 Jan 2027",
    ),
    (
        "A1220",
        "Pump installation",
        "P",
        "task",
        "4 Jan 2027",
        "15 Jan 2027",
        "7 Dec 2026",
        "31 Dec 2026",
        False,
        False,
        True,
        0,
        "8 Jan 2027",
        "17 Feb 2027",
        "1 Mar 2027",
    ),
    (
        "A1310",
        "Power and control",
        "E",
        "task",
        "19 Oct 2026",
        "8 Jan 2027",
        "12 Oct 2026",
        "18 Dec 2026",
        True,
        False,
        False,
        6,
        "5 Jan 2027",
        "22 Jan 2027",
        "29 Jan 2027",
    ),
    (
        "A1330",
        "Control panel test",
        "E",
        "task",
        "30 Nov 2026",
        "11 Dec 2026",
        "16 Nov 2026",
        "11 Dec 2026",
        False,
        False,
        False,
        12,
        "10 Dec 2026",
        "23 Dec 2026",
        "6 Jan 2027",
    ),
    (
        "A1400",
        "Outfall connection",
        "E",
        "task",
        "23 Nov 2026",
        "18 Dec 2026",
        "16 Nov 2026",
        "11 Dec 2026",
        True,
        False,
        False,
        15,
        "16 Dec 2026",
        "15 Jan 2027",
        "29 Jan 2027",
    ),
    (
        "A1450",
        "Access road, landscape",
        "H",
        "task",
        "11 Jan 2027",
        "29 Jan 2027",
        "14 Dec 2026",
        "15 Jan 2027",
        False,
        False,
        False,
        5,
        "26 Jan 2027",
        "12 Feb 2027",
        "19 Feb 2027",
    ),
    (
        "A1500",
        "Dry commissioning",
        "H",
        "task",
        "18 Jan 2027",
        "22 Jan 2027",
        "4 Jan 2027",
        "15 Jan 2027",
        False,
        False,
        True,
        0,
        "20 Jan 2027",
        "26 Feb 2027",
        "11 Mar 2027",
    ),
    (
        "A1510",
        "Wet commissioning",
        "H",
        "task",
        "25 Jan 2027",
        "5 Feb 2027",
        "18 Jan 2027",
        "29 Jan 2027",
        False,
        False,
        True,
        0,
        "1 Feb 2027",
        "12 Mar 2027",
        "26 Mar 2027",
    ),
    (
        "A1600",
        "Handover",
        "H",
        "finish_milestone",
        "5 Feb 2027",
        "5 Feb 2027",
        "29 Jan 2027",
        "29 Jan 2027",
        False,
        False,
        True,
        0,
        "1 Feb 2027",
        "12 Mar 2027",
        "26 Mar 2027",
    ),
]
CHAIN = [("A1040", "A1110"), ("A1110", "A1120"), ("A1120", "A1220"), ("A1220", "A1500"), ("A1500", "A1510"), ("A1510", "A1600"), ("A1200", "A1220")]


def plan() -> Project:
    activities = [
        {
            "activity": row[0],
            "name": row[1],
            "wbs": row[2],
            "kind": row[3],
            "active": True,
            "manual": False,
            "elapsed": False,
            "ignore_resource_calendars": False,
            "duration": 4800,
            "remaining_duration": 0 if row[9] else 2400,
            "percent_complete": 1.0 if row[9] else 0.5 if row[8] else 0.0,
            "levelling_delay": 0,
            "actual_start": at(row[4]) if row[8] else None,
            "actual_finish": at(row[5]) if row[9] else None,
        }
        for row in WORK
    ]
    groups = {"C": "Civil works", "P": "Pumps", "E": "Electrical and outfall", "H": "Commissioning and handover"}
    wbs = [{"wbs": "0", "name": "Northgate", "level": 0}, *({"wbs": key, "parent": "0", "name": name, "level": 1} for key, name in groups.items())]
    tables = {
        "activities": frame(TABLES["activities"], activities),
        "relationships": frame(TABLES["relationships"], [{"predecessor": a, "successor": b, "type": "FS", "lag": 0, "lag_kind": "working"} for a, b in CHAIN]),
        "wbs": frame(TABLES["wbs"], wbs),
        "baselines": frame(TABLES["baselines"], [{"baseline": 0, "activity": row[0], "start": at(row[6]), "finish": at(row[7])} for row in WORK]),
    }
    info = ProjectInfo(
        key="NORTHGATE",
        name="Northgate Treatment Works",
        source="xer",
        application="p6",
        file="northgate.xer",
        data_date=DATA_DATE,
        currency="GBP",
        manager="A. Reyes",
    )
    return Project(info, tables, _findings())


def _findings() -> pl.DataFrame:
    return pl.concat(
        [
            findings_frame(),
            pl.DataFrame(
                [
                    {
                        "severity": "warning",
                        "code": "lag-rounded",
                        "place": "A1220",
                        "message": "lag of 90 s rounded to 2 min",
                        "remedy": "enter lags in minutes",
                    },
                    {"severity": "info", "code": "no-calendar", "place": "<b>A1450</b>", "message": "takes the project's calendar", "remedy": None},
                ],
                schema=findings_frame().schema,
            ),
        ]
    )


def dates() -> pl.DataFrame:
    return frame(
        Dates,
        [
            {
                "activity": row[0],
                "name": row[1],
                "early_start": at(row[4]),
                "early_finish": at(row[5]),
                "total_float": None if row[11] is None else row[11] * 480,
                "free_float": None if row[11] is None else 0,
                "critical": row[10],
                "longest_path": row[10],
            }
            for row in WORK
        ],
    )


def forecast(shift: int = 0, indicative: str | None = None) -> Forecast:
    """A skewed finish with its P80 on 12 March 2027, `shift` days earlier."""
    z = {p: _probit(p / 100) for p in range(1, 100)}
    middle = at("18 Feb 2027") - timedelta(days=shift)
    finish = {p: middle + timedelta(days=21 * value / 0.8416 + 2.2 * (value**2 - 0.3)) for p, value in z.items()}
    percentiles = [
        {"p": float(p), "finish": when, "finish_low": when - timedelta(days=2), "finish_high": when + timedelta(days=2)} for p, when in finish.items()
    ]
    edges = [middle - timedelta(days=60) + timedelta(days=5 * k) for k in range(33)]
    shares = [math.exp(-0.5 * ((k - 12) / 5) ** 2) for k in range(32)]
    bins = [{"start": edges[k], "finish": edges[k + 1], "share": share / sum(shares)} for k, share in enumerate(shares)]
    targets = [
        {
            "target": "approved finish",
            "kind": "approved",
            "date": at("29 Jan 2027"),
            "p50": finish[50],
            "p80": finish[80],
            "chance": 0.15,
            "chance_low": 0.13,
            "chance_high": 0.17,
        },
        *(
            {
                "target": name,
                "kind": "milestone",
                "activity": key,
                "date": at(due) if due else None,
                "p50": at(p80) - timedelta(days=9),
                "p80": at(p80),
                "chance": chance,
                "chance_low": chance,
                "chance_high": chance,
            }
            for name, key, due, p80, chance in [
                ("Pit 2 complete", "A1120", "4 Dec 2026", "19 Jan 2027", 0.001),
                ("Pumps installed", "A1220", "31 Dec 2026", "17 Feb 2027", 0.02),
                ("Power on", "A1310", "18 Dec 2026", "22 Jan 2027", 0.04),
                ("Outfall connected", "A1400", "11 Dec 2026", "15 Jan 2027", 0.06),
                ("Dry commissioning", "A1500", None, "26 Feb 2027", None),
            ]
        ),
    ]
    ranked = [("A1120", 7.4), ("A1220", 4.6), ("A1110", 3.9), ("A1510", 2.1), ("A1500", 1.1), ("A1200", 0.8), ("A1310", 0.4)]
    names = {row[0]: row[1] for row in WORK}
    sensitivity = [
        {"activity": key, "name": names[key], "criticality": 1 - k * 0.12, "cruciality": 0.8 - k * 0.1, "ssi": 0.6 - k * 0.07, "contribution_p80": days}
        for k, (key, days) in enumerate(ranked)
    ]
    activities = [
        {
            "activity": row[0],
            "p10": at(row[12]),
            "p50": at(row[12]) + timedelta(days=6),
            "p80": at(row[13]),
            "p90": at(row[14]),
            "criticality": 0.9 if row[10] else 0.1,
        }
        for row in WORK
        if row[12]
    ]
    return Forecast(
        percentiles=frame(Percentiles, percentiles),
        histogram=pl.DataFrame(bins),
        targets=frame(Targets, targets),
        sensitivity=frame(Sensitivity, sensitivity),
        activities=frame(ActivityForecast, activities),
        steps=frame(Steps, [{"step": "open work moved to the status date", "finish": at("5 Feb 2027"), "days": 4.0, "count": 6}]),
        deterministic_finish=at("5 Feb 2027"),
        chance_of_deterministic=0.22,
        indicative=indicative,
        iterations=2000,
        seed=2026,
        sampling="latin hypercube, 10 replicates of 200",
    )


def _probit(p: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)


def checks() -> pl.DataFrame:
    rows = [
        ("logic", "Missing logic", 0.08, "share", 0.05, False, 1, 13),
        ("leads", "Leads", 0.0, "share", 0.0, True, 0, 7),
        ("lags", "Lags", 0.0, "share", 0.05, True, 0, 7),
        ("relationship_types", "Finish-to-start", 1.0, "share", 0.9, True, 7, 7),
        ("hard_constraints", "Hard constraints", 0.0, "share", 0.05, True, 0, 13),
        ("high_float", "High float", 0.0, "share", 0.05, True, 0, 11),
        ("missed_tasks", "Missed tasks", 1.0, "share", 0.05, False, 2, 2),
        ("bei", "Baseline execution index", 0.5, "index", 0.95, False, 2, 4),
        ("cpli", "Critical path length index", None, "index", 0.95, None, None, None),
        ("open_finishes", "Open finishes", 0.15, "share", 0.05, False, 2, 13),
        ("near_critical", "Near-critical activities", 3.0, "count", None, None, 3, 13),
    ]
    return frame(
        Checks,
        [
            {
                **{name: getattr(CHECKS[row[0]], name) for name in ("group", "reference")},
                "definition": CHECKS[row[0]].defined(standards().schedule),
                "rule": None if row[4] is None else CHECKS[row[0]].rule,
                "check": row[0],
                "title": row[1],
                "value": row[2],
                "unit": row[3],
                "threshold": row[4],
                "passed": row[5],
                "numerator": row[6],
                "denominator": row[7],
                "offenders": [f"A1{n}00" for n in range(row[6])] if row[5] is False and row[6] else [],
                "reason": "no must-finish date" if row[2] is None else None,
            }
            for row in rows
        ],
    )


def comparison() -> Comparison:
    """With the snapshot of 31 October: twelve working days later."""
    parts = [("progress", 9, 9, 14), ("durations", 5, 5, 1), ("logic", -2, -3, 2), ("interaction", 0, 1, 0), ("total", 12, 12, 17)]
    rows = [
        {"group": group, "minutes": days * 480, "days": days, "alone_minutes": alone * 480, "alone_days": alone, "count": count,
         "finish": at("5 Feb 2027"), "note": None}
        for group, days, alone, count in parts
    ]  # fmt: skip
    return Comparison(
        verdict="same", share=1.0, matching=Matching.create_empty(), changes=changes(), attribution=frame(Attribution, rows), path=None, floats=None,
        older_finish=at("20 Jan 2027"), newer_finish=at("5 Feb 2027"),
    )  # fmt: skip


def checks_trend() -> pl.DataFrame:
    """Lags failed a month before, and hard constraints held."""
    before = checks().with_columns(
        passed=pl.when(pl.col("check") == "lags").then(False).when(pl.col("check") == "missed_tasks").then(True).otherwise(pl.col("passed")),
        value=pl.when(pl.col("check") == "lags").then(0.12).when(pl.col("check") == "missed_tasks").then(0.0).otherwise(pl.col("value")),
    )
    return joined([(datetime(2026, 10, 31, 17), "51c2aa90" * 8, before), (DATA_DATE, "7f3a91c0" * 8, checks())])


def changes() -> pl.DataFrame:
    rows = [
        ("A1220", "Pump installation", "slipped", "23 Dec 2026", "15 Jan 2027", 12.0),
        ("A1120", "Pit 2 base and walls", "duration", "14 d", "19 d", 5.0),
        ("A1500", "Dry commissioning", "relinked", "A1310", "A1220", 3.0),
        ("A1510", "Wet commissioning", "gained", "12 Feb 2027", "5 Feb 2027", -5.0),
        ("A1450", "Access road, landscape", "renamed", "Access road", "Access road, landscape", None),
    ]
    return changed(dict(zip(("activity", "name", "change", "before", "after", "days"), row, strict=True)) for row in rows)


def earned() -> pl.DataFrame:
    months = [date(2026, month, 28) for month in range(3, 12)]
    planned = [0.4e6, 1.1e6, 2.2e6, 3.6e6, 5.1e6, 6.6e6, 8.0e6, 9.3e6, 10.4e6]
    ends = [datetime(when.year, when.month, when.day) for when in months]
    frame = pl.DataFrame({"date": ends, "pv": planned, "ev": [value * 0.88 for value in planned], "ac": [value * 0.936 for value in planned]})
    later = pl.DataFrame(
        {"date": [datetime(2026, 12, 28), datetime(2027, 1, 28)], "pv": [11.9e6, 13.1e6], "ev": [None, None], "ac": [None, None]}, schema=frame.schema
    )
    return pl.concat([frame, later])


def assessment(indicative: str | None = None) -> Assessment:
    """Northgate, with all its parts."""
    project = plan()
    return Assessment(
        plan=project,
        info=project.info,
        snapshot="7f3a91c0" * 8,
        previous="51c2aa90" * 8,
        previous_date=datetime(2026, 10, 31, 17),
        listing={"key": "NORTHGATE", "name": project.info.name, "programme": "Treatment", "portfolio": "Capital programme", "approved_budget": 13.1e6},
        dates=dates(),
        certificate=Certificate(rate=1.0, compared=11, agreeing=11, threshold=0.98, met=True),
        agreement=None,
        checks=checks(),
        checks_trend=checks_trend(),
        forecast=forecast(indicative=indicative),
        previous_forecast=forecast(shift=23),
        earned_value={
            "pv": 10.4e6,
            "ev": 9.15e6,
            "ac": 9.73e6,
            "bac": 13.1e6,
            "cv": -0.58e6,
            "sv": -1.25e6,
            "spi": 0.88,
            "cpi": 0.94,
            "eac": 13.9e6,
            "etc": 4.2e6,
            "vac": -0.8e6,
            "tcpi": 1.17,
        },
        earned_value_series=earned(),
        comparison=comparison(),
        status=Status(computed="off_track", declared="on_track", watermelon=True, reason="the chance of the approved finish is 15 %, below 50 %"),
        findings=project.findings,
        provenance={"source": "northgate.xer, P6", "data date": "2026-11-30", "snapshot": "7f3a91c", "iterations": "2,000", "seed": "2026", "version": "0.1.0"},
    )


def bare() -> Assessment:
    """A project with nothing but an activity list: every part that could not be made says why."""
    whole = assessment()
    info = replace(whole.info, key="APP", name="Customer App 4.0", source="activity_list", file="app.xlsx", data_date=None, manager=None)
    tables = {name: whole.plan.tables[name] for name in ("activities", "relationships")}
    why = {
        "certificate": "an activity list stores no dates to agree with",
        "earned_value": "app.xlsx has no baseline; set one with pmo baseline APP FILE",
        "forecast": "schedule has a loop: A1110 -> A1120 -> A1110",
        "dates": "schedule has a loop: A1110 -> A1120 -> A1110",
        "comparison": "this is the first snapshot",
        "checks": "schedule has a loop: A1110 -> A1120 -> A1110",
    }
    return replace(
        whole,
        plan=Project(info, tables),
        info=info,
        dates=None,
        certificate=None,
        checks=None,
        checks_trend=None,
        forecast=None,
        previous_forecast=None,
        earned_value=None,
        earned_value_series=None,
        comparison=None,
        previous=None,
        previous_date=None,
        listing=None,
        status=Status(computed="no_data", declared="no_data", watermelon=False, reason="there is no forecast"),
        findings=findings_frame(),
        provenance={"source": "app.xlsx", "snapshot": "51c2aa9"},
        refusals=why,
    )

"""The checks on real plans against counts made here straight from the tables, by definitions written anew; each number was also looked at by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pmo_lib import schedule
from pmo_lib.project import Project
from pmo_lib.readers import read_all

pytestmark = pytest.mark.real

JAGGELAS = "schedules/xer/jaggelas-test-P6-23.12-progress.xer"
AIRPORT = "schedules/xer/terminal-building-airport.xer"
BUILDING = "schedules/mpp/commercial-construction-126.mpp"
NBIA = "schedules/mpp-nbia-programme/3.5 Project Plan.mpp"
STATUS = datetime(2008, 4, 1, 17)  # NBIA 3.5 stores none; a day in the middle of its work
EXPECTED: dict[str, dict[str, tuple[int, int] | None]] = {
    JAGGELAS: {
        "logic": (1, 590), "leads": (18, 1354), "lags": (227, 1354), "relationship_types": (1037, 1354), "hard_constraints": (1, 590),
        "high_float": (222, 590), "negative_float": (9, 590), "high_duration": (47, 590), "invalid_dates": (0, 660), "resources": (211, 590),
        "missed_tasks": None, "bei": None, "riding_data_date": (56, 570), "open_starts": (32, 570), "open_finishes": (13, 590),
        "redundant_relationships": (319, 1354),
    },
    AIRPORT: {
        "logic": (0, 63), "leads": (0, 76), "lags": (28, 76), "relationship_types": (58, 76), "hard_constraints": (0, 63), "high_float": (10, 63),
        "negative_float": (0, 63), "high_duration": (1, 63), "invalid_dates": (0, 63), "resources": (7, 63), "missed_tasks": None, "bei": None,
        "riding_data_date": None, "open_starts": (0, 63), "open_finishes": (11, 63), "redundant_relationships": (1, 76),
    },
    BUILDING: {
        "logic": (6, 126), "leads": (0, 176), "lags": (2, 176), "relationship_types": (175, 176), "hard_constraints": (0, 126), "high_float": (50, 126),
        "negative_float": (0, 126), "high_duration": (1, 126), "invalid_dates": None, "resources": (1, 126), "missed_tasks": None, "bei": None,
        "riding_data_date": None, "open_starts": (1, 126), "open_finishes": (5, 126), "redundant_relationships": (8, 176),
    },
    NBIA: {
        "leads": (1, 15), "lags": (3, 15), "relationship_types": (15, 15), "hard_constraints": (8, 22), "high_duration": (0, 22), "resources": (1, 22),
        "missed_tasks": (15, 56), "bei": (49, 86), "redundant_relationships": (0, 15),
    },
}  # fmt: skip


@cache
def plan_of(path: Path) -> Project:
    """The plan; NBIA's as of a day that it does not name itself."""
    plan = read_all(path)[0]
    return Project(replace(plan.info, data_date=STATUS), plan.tables) if path.name == Path(NBIA).name else plan


def counted(plan: Project) -> dict[str, tuple[int, int] | None]:
    """Numerator and denominator of each check that can be counted in the tables alone."""
    kind, activities = pl.col("kind").cast(pl.String), plan.tables["activities"]
    work = activities.filter(pl.col("active"), kind.is_in(["task", "resource_dependent"]), pl.col("duration") > 0)
    left = work.filter(pl.col("actual_finish").is_null())
    links = plan.tables["relationships"]
    to_left = links.join(left.select("activity"), left_on="successor", right_on="activity", how="semi")
    per_day = days(plan)
    hours = left.join(per_day, on="calendar", how="left", nulls_equal=True)
    hard = ["mandatory_start", "mandatory_finish", "start_on_or_before", "finish_on_or_before"]
    held = pl.col("constraint").cast(pl.String).is_in(hard) | pl.col("constraint_2").cast(pl.String).is_in(hard)
    assigned = plan.tables["assignments"].drop_nulls("resource").select("activity").unique()  # MS Project: without one, nobody is assigned
    counts = {
        "leads": (to_left.filter(pl.col("lag") < 0).height, to_left.height),
        "lags": (to_left.filter(pl.col("lag") > 0).height, to_left.height),
        "relationship_types": (to_left.filter(pl.col("type").cast(pl.String) == "FS").height, to_left.height),
        "hard_constraints": (left.filter(held.fill_null(False)).height, left.height),
        "high_duration": (long_ones(plan, hours), left.height),
        "resources": (
            hours.filter(pl.col("duration") >= pl.col("day"), pl.col("planned_cost").fill_null(0) == 0).join(assigned, on="activity", how="anti").height,
            left.height,
        ),
    }
    counts |= floats(hours) if plan.info.key != "3.5 Project Plan" else {}  # its stored floats are not all ours, which agreement tells
    counts |= dangling(left, links) if not summaries(plan) & {*links["predecessor"], *links["successor"]} else {}
    counts["redundant_relationships"] = (superfluous(plan, to_left), to_left.height)
    return counts | dated(plan, work, left) | against_baseline(plan, work)


def summaries(plan: Project) -> set[str]:
    return set(plan.tables["activities"].filter(pl.col("kind").cast(pl.String) == "summary")["activity"])


def floats(hours: pl.DataFrame) -> dict[str, tuple[int, int] | None]:
    """From the total float that the source stored, not from ours."""
    stored = hours.with_columns(days=pl.col("stored_total_float") / pl.col("day"))
    return {"high_float": (stored.filter(pl.col("days") > 44).height, hours.height), "negative_float": (stored.filter(pl.col("days") < 0).height, hours.height)}


def dangling(left: pl.DataFrame, links: pl.DataFrame) -> dict[str, tuple[int, int] | None]:
    kind, activity = pl.col("type").cast(pl.String), pl.col("activity")
    waiting = left.filter(pl.col("actual_start").is_null())
    held = links.filter(kind.is_in(["FS", "SS"]))["successor"].implode()
    awaited = links.filter(kind.is_in(["FS", "FF"]))["predecessor"].implode()
    lacking = left.filter(~activity.is_in(links["successor"].implode()) | ~activity.is_in(links["predecessor"].implode()))
    return {
        "logic": (lacking.height, left.height),
        "open_starts": (waiting.filter(~activity.is_in(held)).height, waiting.height),
        "open_finishes": (left.filter(~activity.is_in(awaited)).height, left.height),
    }


def superfluous(plan: Project, to_left: pl.DataFrame) -> int:
    """By walking from each relationship's one end to its other through all the rest, point by point."""
    kinds = dict(plan.tables["activities"].select("activity", pl.col("kind").cast(pl.String)).iter_rows())
    between = [
        (p, s, t, lag)
        for p, s, t, lag in plan.tables["relationships"].select("predecessor", "successor", pl.col("type").cast(pl.String), "lag").iter_rows()
        if {kinds[p], kinds[s]}.isdisjoint({"summary", "level_of_effort"})
    ]
    out: dict[tuple[str, str], list[tuple[int, tuple[str, str]]]] = {(a, "S"): [(-1, (a, "F"))] for a in kinds}
    for n, (p, s, t, lag) in enumerate(between):
        if lag >= 0:
            out.setdefault((p, t[0]), []).append((n, (s, t[1])))
    left, found = set(to_left["successor"]), 0
    for n, (p, s, t, lag) in enumerate(between):
        if s in left and lag <= 0:
            seen, queue = {(p, t[0])}, [(p, t[0])]
            while queue and (s, t[1]) not in seen:
                for m, point in out.get(queue.pop(), []):
                    if m != n and point not in seen:
                        seen.add(point)
                        queue.append(point)
            found += (s, t[1]) in seen
    return found


def dated(plan: Project, work: pl.DataFrame, left: pl.DataFrame) -> dict[str, tuple[int, int] | None]:
    """Modulo working time where it matters: jaggelas' status date lies in a holiday of one calendar, which ends on 28 April at 08:00."""
    at = plan.info.data_date
    if at is None:
        return {"invalid_dates": None, "riding_data_date": None}
    if "3.5" in plan.info.key:
        return {}
    late = [pl.col(f"actual_{end}") > at for end in ("start", "finish")]
    early = [pl.col(f"actual_{end}").is_null() & (pl.col(f"stored_{end}") < at) for end in ("start", "finish")]
    invalid = work.filter(pl.any_horizontal(*late, *early).fill_null(False)).height
    waiting = left.filter(pl.col("actual_start").is_null())
    next_work = pl.when(pl.col("calendar") == "6660").then(datetime(2025, 4, 28, 8)).otherwise(at)
    riding = waiting.filter(pl.col("stored_early_start") == next_work)
    begun = plan.tables["activities"]["actual_start"].drop_nulls().len()
    return {"invalid_dates": (invalid, work.height), "riding_data_date": (riding.height, waiting.height) if begun else None}


def days(plan: Project) -> pl.DataFrame:
    """Minutes of a day, by the key that an activity has for its calendar."""
    known = plan.tables["calendars"].select("calendar", day="minutes_per_day")
    of_project = known.filter(calendar=plan.info.calendar).with_columns(calendar=pl.lit(None, pl.String))
    return pl.concat([known, of_project])


def long_ones(plan: Project, hours: pl.DataFrame) -> int:
    if "baselines" not in plan.tables:
        return hours.filter(pl.col("duration") > 44 * pl.col("day")).height
    own = plan.tables["baselines"].filter(baseline=0, finish=pl.col("finish")).select("activity", planned="duration")
    return hours.join(own, on="activity", how="left").filter(pl.col("planned").fill_null(pl.col("duration")) > 44 * pl.col("day")).height


def against_baseline(plan: Project, work: pl.DataFrame) -> dict[str, tuple[int, int] | None]:
    at = plan.info.data_date
    if "baselines" not in plan.tables or at is None:
        return {"missed_tasks": None, "bei": None}
    own = plan.tables["baselines"].filter(pl.col("baseline") == 0, pl.col("finish").is_not_null()).select("activity", planned="finish")
    both = work.join(own, on="activity", how="left")
    due = both.filter(pl.col("planned") <= at)
    missed = due.filter(pl.col("actual_finish").is_null() | (pl.col("actual_finish") > pl.col("planned")))
    done, unplanned = work.filter(pl.col("actual_finish") <= at).height, both.filter(pl.col("planned").is_null()).height
    return {"missed_tasks": (missed.height, due.height), "bei": (done, due.height + unplanned)}


@pytest.mark.parametrize("file", EXPECTED)
def test_counts(file: str, real_data: Path) -> None:
    plan = plan_of(real_data / file)
    found: dict[str, Any] = {row["check"]: row for row in schedule.checks(plan).iter_rows(named=True)}
    counts = counted(plan)
    assert counts == EXPECTED[file]
    for name, pair in counts.items():
        ours = found[name]
        assert (ours["numerator"], ours["denominator"]) == (pair or (None, None)), name
        assert bool(ours["reason"]) is (pair is None), name
        if pair and name != "relationship_types" and name != "bei":
            assert len(ours["offenders"]) == pair[0], name


def test_a_delay_reaches_the_end_where_logic_leads_there(real_data: Path) -> None:
    """NBIA 3.5 ends with a task pinned to a date that nothing leads to: its critical path holds no other work."""
    passed = {file: row(file, real_data, "critical_path_test") for file in (JAGGELAS, AIRPORT, BUILDING)}
    assert {file: (one["value"], one["passed"]) for file, one in passed.items()} == dict.fromkeys(passed, (1.0, True))
    pinned = row(NBIA, real_data, "critical_path_test")
    assert (pinned["value"], pinned["passed"], pinned["offenders"]) == (0.0, False, ["1356"])


def row(file: str, real_data: Path, check: str) -> dict[str, Any]:
    return schedule.checks(plan_of(real_data / file)).filter(check=check).row(0, named=True)

"""Schedule quality: each check finds what it should, and says why it cannot."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.schedule import quality
from pmo_lib.schedule.quality import CHECKS
from pmo_lib.schedule.quality.dcma.bei import bei
from pmo_lib.schedule.quality.dcma.cpli import cpli
from pmo_lib.schedule.quality.gao import PRACTICES
from pmo_lib.standards import standards
from pmo_lib.tables import TABLES

MONDAY = datetime(2026, 1, 5, 8)


def rows(plan: Project, **arguments: Any) -> dict[str, dict[str, Any]]:
    return {row["check"]: row for row in schedule.checks(plan, **arguments).iter_rows(named=True)}


def test_every_check_has_its_row() -> None:
    found = schedule.checks(make_plan({"A": 1}))
    assert found["check"].to_list() == [*CHECKS, *(practice.name for practice in PRACTICES)]
    assert found.filter(group="dcma")["reference"].to_list() == [f"DCMA {n}" for n in range(1, 15)]
    assert found.filter(group="gao")["reference"].to_list() == [f"GAO {n}" for n in range(1, 11)]
    assert found.filter(pl.col("group").cast(pl.String) != "gao")["remedy"].null_count() == 0  # each says what to do


def test_every_file_is_in_the_index() -> None:
    """A check is a file and a line in the index: whoever forgets the line learns it here."""
    folder = Path(quality.__file__).parent
    files = {path.stem for group in ("dcma", "structure", "progress") for path in (folder / group).glob("*.py")} - {"__init__"}
    assert files == set(CHECKS)
    assert {check.group for check in CHECKS.values()} == {"dcma", "structure", "progress"}
    for check in CHECKS.values():
        assert (folder / check.group / f"{check.name}.py").exists()


def test_every_practice_names_checks_that_there_are() -> None:
    assert {name for practice in PRACTICES for name in practice.checks} <= set(CHECKS)
    assert all(bool(practice.untold) == (practice.coverage != "measured") for practice in PRACTICES)


def test_network_checks() -> None:
    details = {
        "D": {"constraint": "finish_on_or_before", "constraint_date": MONDAY + timedelta(days=60)},
        "C": {"constraint": "start_on_or_after", "constraint_date": MONDAY},
    }
    plan = make_plan({"S": 0, "A": (5, "S"), "B": (50, "A-2d"), "C": (5, "A SS+1d"), "D": (5, "B; C+3d"), "E": (5, "C FF"), "F": (0, "D")}, details=details)
    found = rows(plan)
    assert found["logic"]["offenders"] == ["E"]  # no successor; milestones and what they tie count
    assert (found["logic"]["numerator"], found["logic"]["denominator"], found["logic"]["passed"]) == (1, 5, False)
    assert found["leads"]["offenders"] == ["A -> B"]
    assert found["lags"]["offenders"] == ["A -> C", "C -> D"]
    assert found["lags"]["value"] == pytest.approx(2 / 6)
    assert found["relationship_types"]["offenders"] == ["A -> C", "C -> E"]
    assert (found["relationship_types"]["value"], found["relationship_types"]["passed"]) == (pytest.approx(4 / 6), False)
    assert found["hard_constraints"]["offenders"] == ["D"]
    assert found["high_duration"]["offenders"] == ["B"]
    assert found["critical_path_test"] | {"offenders": []} == found["critical_path_test"]
    assert (found["critical_path_test"]["value"], found["critical_path_test"]["passed"]) == (1.0, True)


def test_relationships_with_other_projects_are_logic_too() -> None:
    """B waits for another project's X and is awaited by its Y; what is awaited at its start has an open finish all the same."""
    plan = make_plan({"A": 1, "B": 1, "C": 1})
    ends = [("B", "predecessor", "X", "FS"), ("B", "successor", "Y", "FF"), ("C", "successor", "Y", "SS")]
    links = [
        {"activity": a, "other_is": side, "project": "P2", "other": other, "type": kind, "lag": 0, "start": MONDAY, "finish": MONDAY, "done": False}
        for a, side, other, kind in ends
    ]
    held = pl.DataFrame(links, schema=dict(TABLES["external_relationships"].create_empty().schema))
    plan = Project(plan.info, {**plan.tables, "external_relationships": held})
    offenders = {name: set(found["offenders"]) for name, found in rows(plan).items() if name in ("logic", "open_starts", "open_finishes")}
    assert offenders == {"logic": {"A", "C"}, "open_starts": {"A", "C"}, "open_finishes": {"A", "C"}}
    ignored = replace(plan.info, options=SchedulingOptions(ignore_external=True))
    assert set(rows(Project(ignored, plan.tables))["logic"]["offenders"]) == {"A", "B", "C"}


def test_float_checks() -> None:
    plan = make_plan({"A": 60, "B": 5, "C": (1, "A; B")}, must_finish="2026-03-20")
    found = rows(plan)
    assert found["high_float"]["offenders"] == ["B"]  # 49 days
    assert found["negative_float"]["offenders"] == ["A", "C"]
    eased = replace(standards(), schedule=replace(standards().schedule, high_float_days=49.0))
    assert rows(plan, standard=eased)["high_float"]["offenders"] == []


def test_a_pinned_finish_fails_the_critical_path_test() -> None:
    details = {"B": {"constraint": "mandatory_start", "constraint_date": MONDAY + timedelta(days=70)}}
    assert rows(make_plan({"A": 5, "B": (5, "A")}, details=details))["critical_path_test"]["passed"]  # B itself is the critical path
    details["B"]["constraint_date"] = MONDAY + timedelta(days=7)
    held = rows(make_plan({"A": 5, "B": (5, "A"), "C": (5, "B")}, details=details))["critical_path_test"]
    assert (held["value"], held["passed"], held["offenders"]) == (0.0, False, ["B", "C"])  # A's own finish passes by, and B stands still


def test_dates_and_progress() -> None:
    details = {
        "A": {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=30), "stored_finish": MONDAY + timedelta(days=30)},
        "B": {"stored_start": MONDAY, "stored_finish": MONDAY + timedelta(days=9)},
    }
    found = rows(make_plan({"A": 5, "B": (5, "A")}, details=details, data_date="2026-01-12"))
    assert found["invalid_dates"]["offenders"] == ["A", "B"]
    assert rows(make_plan({"A": 5}))["invalid_dates"]["reason"] == "the plan has no status date"


def with_baseline(plan: Project, finishes: dict[str, datetime], starts: datetime = MONDAY) -> Project:
    frame = pl.DataFrame({"baseline": 0, "activity": list(finishes), "start": starts, "finish": list(finishes.values())})
    baselines = TABLES["baselines"]
    lacking = [pl.lit(None, kind).alias(name) for name, kind in baselines.create_empty().schema.items() if name not in frame.columns]
    return Project(plan.info, {**plan.tables, "baselines": baselines.validate(frame.with_columns(lacking).select(baselines.column_names()), cast=True)})


def baselined() -> Project:
    details = {
        "A": {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=3, hours=9)},
        "B": {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=8, hours=9)},
    }
    plan = make_plan({"A": 4, "B": 5, "C": 5, "D": (5, "C"), "E": 1}, details=details, data_date="2026-01-19")
    finish = {
        "A": MONDAY + timedelta(days=4, hours=9),
        "B": MONDAY + timedelta(days=4, hours=9),
        "C": MONDAY + timedelta(days=4, hours=9),
        "D": MONDAY + timedelta(days=18, hours=9),
    }
    return with_baseline(plan, finish)


def test_against_a_baseline() -> None:
    found = rows(baselined())
    assert found["missed_tasks"]["offenders"] == ["B", "C"]  # late, and not done
    assert found["missed_tasks"]["denominator"] == 3
    assert (found["bei"]["numerator"], found["bei"]["denominator"]) == (2, 4)  # E was never baselined
    assert found["cpli"]["value"] == pytest.approx((10 + -5) / 10)  # finish Friday 30 January, baseline Friday 23
    assert rows(make_plan({"A": 1}))["bei"]["reason"] == "the plan has no baseline"


def test_another_version_is_a_baseline() -> None:
    plan = baselined()
    dated = plan.tables["activities"].with_columns(stored_finish=pl.lit(MONDAY + timedelta(days=2), pl.Datetime("us")))
    assert rows(plan, baseline=Project(plan.info, {**plan.tables, "activities": dated}))["missed_tasks"]["numerator"] == 5


def test_a_baseline_is_found_again_after_renumbering() -> None:
    """What was A is B now, and B is C: by their ids, B and C would be measured against another's promise."""
    names = {"A": "Dig", "B": "Pour", "C": "Cure"}
    older = make_plan({"A": 2, "B": (20, "A"), "C": (5, "B")}, details={key: {"name": name} for key, name in names.items()})
    late = {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=3, hours=9), "remaining_duration": 0}
    details = {"B": {"name": "Dig", **late}, "C": {"name": "Pour"}, "D": {"name": "Cure"}, "A": {"name": "Survey"}}
    newer = make_plan({"A": 1, "B": (4, "A"), "C": (20, "B"), "D": (5, "C")}, details=details, data_date="2026-01-12")
    found = rows(newer, baseline=older)
    assert (found["missed_tasks"]["offenders"], found["missed_tasks"]["denominator"]) == (["B"], 1)
    assert found["without_baseline"]["offenders"] == ["A"]


def test_a_version_without_stored_dates_is_scheduled() -> None:
    older = make_plan({"A": 4, "B": (5, "A")})  # finish on Thursday 8 and Thursday 15 January
    late = {"A": {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=4, hours=9), "remaining_duration": 0}}
    found = rows(make_plan({"A": 4, "B": (5, "A")}, details=late, data_date="2026-01-13"), baseline=older)
    assert (found["missed_tasks"]["offenders"], found["missed_tasks"]["denominator"]) == (["A"], 1)
    assert found["without_baseline"]["numerator"] == 0


def test_a_loop_leaves_the_other_checks() -> None:
    found = rows(make_plan({"A": (1, "B"), "B": (1, "A")}))
    assert found["negative_float"]["reason"].startswith("the schedule has a loop: A -> B -> A")
    assert found["logic"]["value"] == 0


EXAMPLES = tomllib.loads((Path(__file__).parents[1] / "published" / "quality.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES["cpli"][0]["cases"], ids=str)
def test_published_cpli(example: dict[str, float]) -> None:
    """W22, by the formula and by a plan of that length and float."""
    assert cpli(example["length"], example["total_float"]) == pytest.approx(example["index"])
    length, spare = int(example["length"]), int(example["total_float"])
    finish = datetime(2026, 1, 5) + timedelta(days=length)
    options = SchedulingOptions(minutes_per_day=1440, minutes_per_week=7 * 1440)
    plan = make_plan({"A": length}, start=datetime(2026, 1, 5), calendar="24h", data_date=datetime(2026, 1, 5), options=options)
    found = rows(Project(replace(plan.info, must_finish=finish + timedelta(days=spare)), plan.tables))["cpli"]
    assert found["value"] == pytest.approx(example["index"], abs=1e-9)


@pytest.mark.parametrize("example", EXAMPLES["bei"][0]["cases"], ids=str)
def test_published_bei(example: dict[str, Any]) -> None:
    """W23, by the formula and by a plan with so many activities due and done."""
    done, due_by_now = example["completed"], example["due"]
    assert bei(done, due_by_now) == pytest.approx(example["printed"], abs=0.004)
    names = [f"A{n}" for n in range(10)]
    details = {name: {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(days=2)} for name in names[:done]}
    plan = make_plan(dict.fromkeys(names, 1), details=details, data_date="2026-01-12")
    finishes = {name: MONDAY + timedelta(days=2 if k < due_by_now else 30) for k, name in enumerate(names)}
    found = rows(with_baseline(plan, finishes))["bei"]
    assert (found["numerator"], found["denominator"], found["passed"]) == (done, due_by_now, example["passed"])
    assert found["offenders"] == names[done:due_by_now]


def test_nothing_is_divided_by_nothing() -> None:
    assert bei(3, 0) is cpli(0, 5) is None
    done = {"A": {"actual_start": MONDAY, "actual_finish": MONDAY + timedelta(hours=9), "remaining_duration": 0}}
    found = rows(make_plan({"A": 1}, details=done, data_date="2026-01-12"))
    for row in found.values():
        assert (row["value"] is None) == (row["reason"] is not None), row
        assert row["value"] is None or row["value"] == row["value"] != float("inf"), row
    assert found["logic"]["reason"] == "no incomplete activities"
    assert found["cpli"]["reason"] == "the plan has no must-finish date and no baseline"

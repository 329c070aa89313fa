"""What P6 does that no real file at hand shows; each case says where the behaviour is documented."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib import schedule
from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.tables import ExternalRelationships


def p6_plan(activities: dict[str, Any], *, options: SchedulingOptions | None = None, **more: Any) -> Project:
    """A plan under P6's rules, Monday to Friday 08:00-17:00, data date Monday 5 January 2026."""
    plan = make_plan(activities, start="2026-01-05", data_date=more.pop("data_date", "2026-01-05"), options=options, **more)
    return replace(plan, info=replace(plan.info, application="p6"))


def rows(plan: Project) -> dict[str, dict[str, Any]]:
    return {row["activity"]: row for row in schedule.dates(plan).iter_rows(named=True)}


def day(number: int, hour: int = 8) -> datetime:
    return datetime(2026, 1, number, hour)


# External dates. Oracle, P6 help, "Schedule options": ignoring relationships to and from other projects ignores External Early Start and
# External Late Finish too; eastwoodharris.com, "What are P6 external dates": they constrain like a start on or after and a finish on or before.


def test_external_dates_bind_like_soft_constraints() -> None:
    details = {"A": {"external_early_start": day(7)}, "B": {"external_late_finish": day(8, 17)}}
    found = rows(p6_plan({"A": 2, "B": (3, "A")}, details=details))
    assert (found["A"]["early_start"], found["B"]["early_finish"]) == (day(7), day(13, 17))
    assert found["B"]["late_finish"] == day(8, 17)
    assert found["A"]["total_float"] == found["B"]["total_float"] == -3 * 480


def test_external_dates_are_ignored_where_the_option_says_so() -> None:
    details = {"A": {"external_early_start": day(7)}, "B": {"external_late_finish": day(8, 17)}}
    found = rows(p6_plan({"A": 2, "B": (3, "A")}, details=details, options=SchedulingOptions(ignore_external=True)))
    assert (found["A"]["early_start"], found["B"]["total_float"]) == (day(5), 0)


def external(*found: tuple[Any, ...]) -> pl.DataFrame:
    return ExternalRelationships.validate(pl.DataFrame(found, schema=dict(ExternalRelationships.create_empty().schema), orient="row"))


def test_relationships_with_another_project_of_the_file_hold_at_its_dates() -> None:
    """A waits for X's finish and two days; X2 needs B's finish one day before its own late finish."""
    plan = p6_plan({"A": 2, "B": (3, "A")})
    links = external(
        ("A", "predecessor", "OTHER", "X", "FS", 960, day(5), day(6, 17), False), ("B", "successor", "OTHER", "X2", "FF", 480, day(12), day(15, 17), False)
    )
    found = rows(replace(plan, tables={**plan.tables, "external_relationships": links}))
    assert (found["A"]["early_start"], found["B"]["early_finish"]) == (day(9), day(15, 17))
    assert found["B"]["late_finish"] == day(14, 17)
    assert found["A"]["total_float"] == -480


def test_a_finish_to_finish_from_another_project_holds_the_finish() -> None:
    plan = p6_plan({"A": 2})
    links = external(("A", "predecessor", "OTHER", "X", "FF", 0, day(5), day(9, 17), False))
    assert rows(replace(plan, tables={**plan.tables, "external_relationships": links}))["A"]["early_start"] == day(8)

"""The stories that the demo tells, told by its files."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from demo_files import MONTHS, PLANS, plan, submitted
from pmo_demo.stories import STORIES

from pmo_lib import risk, schedule
from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project
from pmo_lib.readers.lists.risks import read_risk_tables
from pmo_lib.schedule import agreement

Looped = ("saltmarsh", "2026-08")


def finishes(name: str) -> list[datetime]:
    found = [plan(name, month).info.stored_finish for month in submitted(name)]
    return [finish for finish in found if finish]


def chance(demo: Path, name: str, month: str) -> float:
    """Chance of the approved finish, with the estimates that were made."""
    sheet = demo / "estimates" / month / f"{name.upper()}.csv"
    sim = risk.simulate(plan(name, month), read_risk_tables(sheet)["estimates"], iterations=1000, seed=1)
    assert sim.indicative is None
    approved = STORIES[name.upper()].approved
    return risk.chance(sim, datetime(approved.year, approved.month, approved.day, 23, 59))[0]


def failed(plan: Project) -> set[str]:
    return set(schedule.checks(plan).filter(~pl.col("passed"))["check"])


def test_the_slipping_one_finishes_later_every_month() -> None:
    months = finishes("fenwick")
    assert len(months) == 6
    assert all(later > earlier for earlier, later in itertools.pairwise(months))
    assert (months[-1] - months[0]).days > 60


def test_the_watermelon_is_green_outside_and_red_inside(demo: Path) -> None:
    assert set(STORIES["NORTHGATE"].declared) == {"on_track"}
    assert chance(demo, "northgate", "2026-06") > 0.95
    assert chance(demo, "northgate", "2026-10") < 0.5
    assert chance(demo, "northgate", "2026-11") < 0.5


def test_rotten_logic_fails_the_checks_that_the_steady_one_passes() -> None:
    rotten = failed(plan("saltmarsh", "2026-09"))
    assert {"logic", "leads", "hard_constraints", "negative_float"} <= rotten
    assert not {"logic", "leads", "hard_constraints", "negative_float"} & failed(plan("harrow", "2026-09"))


def test_the_recovery_slips_and_comes_back(demo: Path) -> None:
    months = finishes("kestrel")
    assert months[0] < months[1] < months[2] < months[3] > months[4] >= months[5]
    assert (months[3] - months[0]).days > 40
    assert chance(demo, "kestrel", "2026-09") < 0.5
    assert chance(demo, "kestrel", "2026-11") > 0.8


def test_the_steady_one_hardly_moves(demo: Path) -> None:
    months = finishes("harrow")
    assert (max(months) - min(months)).days <= 14
    assert chance(demo, "harrow", "2026-11") > 0.8


def test_the_one_not_started_has_no_actuals() -> None:
    for month in MONTHS:
        activities = plan("depot", month).tables["activities"]
        assert activities["actual_start"].null_count() == activities.height
    assert len(set(finishes("depot"))) == 1


def test_the_one_nearly_complete() -> None:
    works = plan("control", "2026-11").tables["activities"].filter(pl.col("kind") != "summary")
    done = works["actual_finish"].is_not_null().sum()
    assert 0.8 < done / works.height < 1


def test_one_project_missed_one_submission() -> None:
    assert submitted("billing") == [month for month in MONTHS if month != "2026-09"]
    assert all(submitted(name) == list(MONTHS) for name in PLANS if name != "billing")


def test_the_loop_is_in_one_older_snapshot_and_named() -> None:
    with pytest.raises(NotSchedulable, match=r"SMO\d+ -> SMO\d+"):
        schedule.dates(plan(*Looped))
    assert schedule.dates(plan("saltmarsh", "2026-11")).height


@pytest.mark.parametrize("name", PLANS)
def test_our_engine_reproduces_every_stored_date(name: str) -> None:
    for month in submitted(name):
        if (name, month) != Looped:
            compared = agreement(plan(name, month)).filter(pl.col("compared"))
            assert compared["agrees"].all(), compared.filter(~pl.col("agrees"))


@pytest.mark.parametrize("name", PLANS)
def test_submissions_are_clean_and_of_a_believable_size(name: str) -> None:
    for month in submitted(name):
        found = plan(name, month)
        assert found.findings.is_empty()
        assert found.info.data_date
        assert f"{found.info.data_date:%Y-%m}" == month
        assert 30 <= found.tables["activities"].filter(pl.col("kind") != "summary").height <= 120
        assert found.tables["resources"].height >= 3
        assert found.tables["assignments"]["planned_cost"].sum() > 0


@pytest.mark.parametrize("name", PLANS)
def test_nothing_actual_lies_after_the_status_date_and_nothing_is_undone(name: str) -> None:
    before: dict[str, tuple[object, object]] = {}
    for month in submitted(name):
        found = plan(name, month)
        actuals = found.tables["activities"].filter(pl.col("kind") != "summary").select("activity", "actual_start", "actual_finish")
        for row in actuals.iter_rows(named=True):
            for column in ("actual_start", "actual_finish"):
                assert row[column] is None or row[column] <= found.info.data_date
            start, finish = before.get(row["activity"], (None, None))
            assert start is None or row["actual_start"] == start
            assert finish is None or row["actual_finish"] == finish
            before[row["activity"]] = row["actual_start"], row["actual_finish"]


def test_all_features_of_the_formats_appear() -> None:
    p6, msp = plan("kestrel", "2026-07"), plan("harrow", "2026-07")
    assert set(p6.tables["relationships"]["type"]) == {"FS", "SS", "FF"}
    assert {"level_of_effort", "start_milestone", "finish_milestone", "task"} <= set(p6.tables["activities"]["kind"])
    assert p6.tables["codes"].height
    assert p6.tables["custom_fields"].height
    assert set(p6.tables["resources"]["kind"]) == {"labour", "equipment", "material"}
    assert set(msp.tables["custom_fields"]["field"]) == {"Discipline", "Optimistic duration", "Most likely duration", "Pessimistic duration"}
    assert msp.tables["baselines"]["cost"].sum() > 0
    assert plan("saltmarsh", "2026-07").tables["activities"]["constraint"].n_unique() >= 5


def test_a_deadline_missed_gives_negative_float() -> None:
    before, after = (plan("billing", month).tables["activities"].filter(pl.col("kind") != "summary") for month in ("2026-06", "2026-11"))
    assert after["deadline"].drop_nulls().to_list() == [datetime(2027, 2, 26, 17)]
    assert before["stored_total_float"].min() == 0
    assert (after["stored_total_float"].min() or 0) < 0


def test_the_readme_tells_every_story(demo: Path) -> None:
    told = (demo / "README.md").read_text(encoding="utf-8")
    assert all(key in told for key in STORIES)


def test_each_story_has_six_months() -> None:
    for story in STORIES.values():
        assert len(story.pace) == len(story.declared) == len(story.phases) == 6
        assert story.approved > date(2026, 11, 30)


def test_the_portal_waits_for_review_and_its_forecast_says_so() -> None:
    from demo_files import DEMO

    from pmo_lib import read
    from pmo_lib.office.board_flow import board_flow_of

    board = read(DEMO / "inbox" / "2026-11" / "portal-2026-11")
    assert board.findings.filter(board.findings["severity"] != "info").is_empty()
    known = board_flow_of(board)
    assert known.columns == ("Backlog", "Selected", "In progress", "Code review", "Test", "Done")
    standing = dict(known.ages["column"].value_counts().iter_rows())
    assert standing["Code review"] > known.ages.height / 2
    assert known.when is not None
    assert known.checks is not None
    assert {"backward_moves", "zombies"} <= set(known.checks.filter(~known.checks["passed"].fill_null(True))["check"])
    assert known.sprints is not None
    assert known.sprints.height == 22
    assert known.levels.filter("counted")["items"].sum() == known.levels.filter(known.levels["type"] != "Epic")["items"].sum()

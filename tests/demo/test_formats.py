"""What we write, others read: our readers field by field, MPXJ by counts and by its own scheduler."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from pmo_demo.drafts import Draft
from pmo_demo.history import snapshots
from pmo_demo.hours import calendars
from pmo_demo.inbox import write_plan
from pmo_demo.plans import plan_of, scheduled
from pmo_demo.projects import PROJECTS
from pmo_demo.stories import STORIES

from pmo_lib.project import Project
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.readers.xer import reader as xer

ROUNDED = 0.006  # a penny's rounding
NATURAL = {"activities", "wbs"}  # tables whose order counts
MPXJ = Path(__file__).with_name("mpxj_reads.py")


def read_back(plan: Project, draft: Draft, folder: Path) -> Project:
    path = folder / f"{draft.key}{'.xer' if draft.application == 'p6' else '.xml'}"
    write_plan(plan, path, draft)
    return (xer if draft.application == "p6" else mspdi).parse(path)[0]


def assert_equal(written: Project, found: Project) -> None:
    assert written.tables.keys() == found.tables.keys()
    for name, frame in written.tables.items():
        ours, theirs = frame, found.tables[name]
        assert ours.height == theirs.height, name
        if name not in NATURAL:
            ours, theirs = (each.sort(each.columns[:4]) for each in (ours, theirs))
        for column in ours.columns:
            same = ours[column].eq_missing(theirs[column])
            if ours[column].dtype == pl.Float64:
                same = same | ((ours[column] - theirs[column]).abs() < ROUNDED).fill_null(False)
            assert same.all(), (name, column, ours[column].filter(~same).head(3).to_list(), theirs[column].filter(~same).head(3).to_list())


@pytest.mark.parametrize("key", ["KESTREL", "SALTMARSH", "BILLING", "CONTROL"])
def test_our_readers_read_back_what_was_written(key: str, tmp_path: Path) -> None:
    for month, draft, plan in snapshots(STORIES[key], 2026):
        if month in (1, 4):
            found = read_back(plan, draft, tmp_path)
            assert_equal(plan, found)
            assert found.findings.is_empty()
            for field in ("key", "name", "application", "data_date", "planned_start", "stored_finish", "calendar", "currency", "manager", "options"):
                assert getattr(found.info, field) == getattr(plan.info, field), field


def test_hostile_text_stays_text_in_xer(tmp_path: Path) -> None:
    draft = PROJECTS["KESTREL"]()
    hostile = ["<script>alert(1)</script>", '=HYPERLINK("http://example.com")', "+44 23 8000", "100 % | (0||1()())", "%R"]
    for work, name in zip(draft.works.values(), hostile, strict=False):
        work.name = name
    found = read_back(scheduled(plan_of(draft, draft.start)), draft, tmp_path)
    assert found.tables["activities"]["name"].head(len(hostile)).to_list() == hostile


@pytest.fixture(scope="module")
def unstarted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Project, Path]]:
    """Three plans on the eve of their first day, as files."""
    folder, found = tmp_path_factory.mktemp("unstarted"), {}
    for key in ("NORTHGATE", "KESTREL", "HARROW"):
        draft = PROJECTS[key]()
        plan = scheduled(plan_of(draft, draft.start))
        path = folder / f"{key}{'.xer' if draft.application == 'p6' else '.xml'}"
        write_plan(plan, path, draft)
        found[key] = plan, path
    return found


@pytest.fixture(scope="module")
def by_mpxj(unstarted: dict[str, tuple[Project, Path]]) -> dict[str, dict[str, object]]:
    """What MPXJ reads in these files, and how its scheduler dates them; in a process of its own."""
    paths = [str(path) for _, path in unstarted.values()]
    done = subprocess.run([sys.executable, str(MPXJ), *paths], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(zip(unstarted, json.loads(done.stdout.splitlines()[-1]), strict=True))


@pytest.mark.parametrize("key", ["NORTHGATE", "KESTREL", "HARROW"])
def test_mpxj_reads_the_same_without_complaint(key: str, unstarted: dict[str, tuple[Project, Path]], by_mpxj: dict[str, dict[str, object]]) -> None:
    plan, found = unstarted[key][0], by_mpxj[key]
    assert found["complaints"] == []
    assert found["activities"] == plan.tables["activities"].filter(pl.col("kind") != "summary").height
    for name in ("relationships", "calendars", "resources", "assignments"):
        assert found[name] == plan.tables[name].height, name


@pytest.mark.parametrize("key", ["NORTHGATE", "KESTREL", "HARROW"])
def test_mpxj_schedules_to_the_stored_dates(key: str, unstarted: dict[str, tuple[Project, Path]], by_mpxj: dict[str, dict[str, object]]) -> None:
    """Modulo instants with no office time between them: a milestone shows at the end of one day or the beginning of the next."""
    office = calendars()["1"]
    theirs = by_mpxj[key]["dates"]
    assert isinstance(theirs, dict)
    driven = unstarted[key][0].tables["activities"].filter(~pl.col("kind").is_in(["summary", "level_of_effort"]))
    for row in driven.iter_rows(named=True):
        for column, text in zip(("early_start", "early_finish", "late_start", "late_finish"), theirs[row["uid"]], strict=True):
            apart = office.minutes(row[f"stored_{column}"], datetime.fromisoformat(text))
            assert apart == 0, (row["activity"], row["name"], column, row[f"stored_{column}"], text)

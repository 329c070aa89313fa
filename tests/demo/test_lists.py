"""The demo's spreadsheets, by the readers that `pmo import` uses."""

from __future__ import annotations

from datetime import date, datetime
from fnmatch import fnmatch
from pathlib import Path

import polars as pl
import pytest
from demo_files import MONTHS, PLANS, plan
from pmo_demo.board_payloads import PULLS
from pmo_demo.stories import STORIES

from pmo_lib import readers, risk, schedule
from pmo_lib.readers.lists.projects import is_project_list, read_project_list
from pmo_lib.readers.lists.risks import read_risk_tables

AS_OF = datetime(2026, 11, 30, 17)


def listed(demo: Path, month: str) -> pl.DataFrame:
    return read_project_list(demo / f"project-list-{month}.xlsx")[0]


def test_the_bare_list_has_names_dates_and_per_cent_only(demo: Path) -> None:
    found = readers.read(demo / "inbox" / "2026-11" / "meters-2026-11.xlsx", as_of=AS_OF)
    assert found.tables["activities"].height == 30
    assert "relationships" not in found.tables
    assert schedule.dates(found)["early_finish"].max() == datetime(2027, 10, 7, 17)


def test_the_csv_list_brings_predecessors_and_actual_dates(demo: Path) -> None:
    found = readers.read(demo / "inbox" / "2026-11" / "leakage-2026-11.csv", as_of=AS_OF)
    assert found.tables["activities"].height == 21
    assert found.tables["relationships"].height == 29
    assert found.tables["activities"]["actual_start"].is_not_null().sum() > 10
    assert found.findings.filter(pl.col("severity") != "info").is_empty()


@pytest.mark.parametrize("month", ["2026-06", "2026-11"])
def test_the_project_list_names_every_project_and_its_files(demo: Path, month: str) -> None:
    path = demo / f"project-list-{month}.xlsx"
    assert is_project_list(path)
    rows = {row["key"]: row for row in listed(demo, month).iter_rows(named=True)}
    assert rows.keys() == STORIES.keys() | ({"PORTAL"} if month in PULLS else set())
    files = [path.name for path in (demo / "inbox" / month).iterdir()]
    for key, story in STORIES.items():
        row = rows[key]
        assert row["declared"] == story.declared[MONTHS.index(month)]
        assert row["approved_finish"] == story.approved
        assert row["approved_budget"] == story.budget
        assert all(row[column] for column in ("programme", "portfolio", "manager", "sponsor", "phase"))
        assert [name for name in files if fnmatch(name, row["file_pattern"])] == [f"{key.lower()}-{month}.{story.format}"]


def test_key_milestones_are_activities_of_their_plans(demo: Path) -> None:
    rows = {row["key"].lower(): row for row in listed(demo, "2026-11").iter_rows(named=True)}
    for name in PLANS:
        known = set(plan(name, "2026-11").tables["activities"]["activity"])
        for activity in (rows[name]["milestones"] or "").split(";"):
            assert activity.strip() in known


def test_estimates_cover_every_open_work(demo: Path) -> None:
    sheets = sorted(path.stem for path in (demo / "estimates" / "2026-11").iterdir())
    assert sheets == ["CONTROL", "DEPOT", "FENWICK", "HARROW", "KESTREL", "NORTHGATE"]
    for key in sheets:
        estimates = read_risk_tables(demo / "estimates" / "2026-11" / f"{key}.csv")["estimates"]
        sim = risk.simulate(plan(key.lower(), "2026-11"), estimates, iterations=100, seed=1)
        assert sim.indicative is None, key


def test_the_baselines_are_june_files_of_p6_projects(demo: Path) -> None:
    import tomllib

    named = tomllib.loads((demo / "baselines.toml").read_text(encoding="utf-8"))["baselines"]
    assert named.keys() == {"NORTHGATE", "FENWICK", "SALTMARSH", "KESTREL"}
    assert all((demo / path).is_file() and "/2026-06/" in path for path in named.values())


def test_approved_finishes_lie_in_the_future() -> None:
    assert min(story.approved for story in STORIES.values()) > date(2026, 12, 31)

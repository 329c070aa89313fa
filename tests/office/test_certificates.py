"""Below the standard every headline says so, names three activities and the remedy; above it none does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.successors import AIRPORT, PROJECTS, Xer
from pmo_lib import make_plan, office, reports
from pmo_lib.office.certificates import certificate
from pmo_lib.project import Project
from pmo_lib.readers import read
from pmo_lib.tables.schedule_results import Agreement

WRONG = ("BA-P1-20", "BA-P3-10", "BA-P4-170")
FIRST = "BA-P4-170 Slab Works"


def corrupted(real_data: Path, folder: Path) -> Path:
    """The airport, with the stored early dates of three activities moved by a week."""
    xer = Xer(real_data / AIRPORT)
    for code in WRONG:
        row = xer.task(code, PROJECTS[AIRPORT])
        for column in ("early_start_date", "early_end_date"):
            row[column] = f"{datetime.fromisoformat(row[column]) + timedelta(days=7):%Y-%m-%d %H:%M}"
    return xer.write(folder / "corrupted.xer")


@pytest.fixture
def pmo(command: Any) -> Callable[..., str]:
    """What the command says; it succeeds."""

    def run(*arguments: str) -> str:
        code, out, err = command(*arguments)
        assert code == 0, err
        return out

    return run


@pytest.mark.real
def test_a_corrupted_file_says_so_everywhere(real_data: Path, tmp_path: Path, pmo: Callable[..., str]) -> None:
    file, folder = corrupted(real_data, tmp_path), str(tmp_path / "ws")
    said = "Only 95\u00a0% of the activities (63 of 66) have the dates that P6 stored, and the standard is 98\u00a0%"
    remedy = "schedule the plan anew in P6 (F9), export it and import it again"
    straight = pmo("forecast", str(file), "-n", "200")
    assert said in straight
    assert remedy in straight
    assert all(code in straight for code in WRONG)
    pmo("init", folder)
    pmo("import", str(file), "-p", "AIRPORT", "-w", folder)
    assert said in pmo("forecast", "AIRPORT", "-n", "200", "-w", folder)
    assert f"AIRPORT: {said}" in pmo("forecast", "--all", "-n", "200", "-w", folder)
    assert f"AIRPORT: {said}" in pmo("projects", "-w", folder)
    from pmo_lib.store import open_workspace

    known = office.assess(open_workspace(Path(folder)), "AIRPORT")
    head = reports.build(known).head
    assert head.notes[0].startswith(said)
    assert FIRST in head.notes[0]
    from pmo_dashboards.pages.project.head import opening

    assert said in str(opening(known))
    assert remedy in str(opening(known))


@pytest.mark.real
def test_a_programme_whose_dates_we_do_not_reproduce(real_data: Path) -> None:
    """NBIA 4.2: the rate is what the certificate finds, and the headline follows from it."""
    known = office.assess_plan(read(real_data / "schedules/mpp-nbia-programme/4.2_Project_Plan.mpp"), forecast=False)
    assert known.certificate is not None
    assert known.certificate.rate is not None
    below = known.certificate.rate < known.certificate.threshold
    notes = reports.build(known).head.notes
    assert below == (known.certificate.met is False) == bool(known.certificate.note) == any("MS Project (F9)" in note for note in notes)
    assert not below or len(known.certificate.top) == 3


@pytest.mark.real
def test_above_the_standard_nothing_is_said(real_data: Path, pmo: Callable[..., str]) -> None:
    assert "dates that P6 stored" not in pmo("forecast", str(real_data / AIRPORT), "-n", "200")


def test_the_certificate_alone_is_that_of_the_whole_assessment() -> None:
    plan = make_plan({"A": 5, "B": (3, "A")}, start="2026-01-05")
    early = pl.Series([datetime(2026, 1, 5, 8), datetime(2026, 1, 13, 8)])  # a day later than B can start
    plan = Project(plan.info, {**plan.tables, "activities": plan.tables["activities"].with_columns(stored_early_start=early)}, plan.findings)
    alone = office.certificate_of_plan(plan)
    assert alone is not None
    assert (alone.agreeing, alone.compared) == (1, 2)
    assert alone == office.assess_plan(plan, forecast=False).certificate
    assert office.certificate_of_plan(make_plan({"A": (5, "B"), "B": (3, "A")}, start="2026-01-05")) is None


def agreement(*rows: dict[str, Any]) -> pl.DataFrame:
    at = datetime(2026, 3, 2, 17)
    base = {
        "compared": True,
        "agrees": False,
        "within_minute": False,
        "dates_differ": True,
        "cause": "unknown",
        "early_finish": at,
        "stored_early_finish": at + timedelta(days=1),
        "total_float": 0,
    }
    filled = [{**base, "activity": row["name"], **row} for row in rows]
    return Agreement.validate(pl.DataFrame({c: [row.get(c) for row in filled] for c in Agreement.column_names()}, schema=dict(Agreement.create_empty().schema)))


def test_where_differences_begin_near_the_critical_path_comes_first() -> None:
    at = datetime(2026, 3, 2, 17)
    found = certificate(
        agreement(
            {"name": "Follows", "cause": "inherited", "total_float": -960},
            {"name": "Far", "total_float": 4800},
            {"name": "Near, a little", "total_float": 480},
            {"name": "Near, much", "total_float": 480, "stored_early_finish": at + timedelta(days=9)},
            {"name": "Fine", "agrees": True, "cause": None},
        ),
        0.98,
        "msp",
    )
    assert [line.split(":")[0] for line in found.top] == ["Near, much Near, much", "Near, a little Near, a little", "Far Far"]
    assert found.top[0].endswith("finishes 2 Mar 2026, stored 11 Mar 2026 (not explained by the file)")
    assert (found.rate, found.met) == (0.2, False)
    assert "(1 of 5) have the dates that MS Project stored" in (found.note or "")
    assert "recalculate the plan in MS Project (F9)" in (found.note or "")

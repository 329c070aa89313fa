"""Snapshots: idempotent, append-only, read back as they were written, dated, measured against a baseline."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from month import month
from polars.testing import assert_frame_equal

from pmo_lib.by_hand import make_plan
from pmo_lib.errors import InvalidInput, NotFound, StoreError
from pmo_lib.project import Project
from pmo_lib.store import Workspace, init_workspace, open_workspace
from pmo_lib.store.database import writing
from pmo_lib.store.schema import APPEND_ONLY
from pmo_lib.tables import finding, findings_frame


def undated(plan: Project, **changes: object) -> Project:
    return Project(replace(plan.info, data_date=None, **changes), plan.tables, plan.findings)  # type: ignore[arg-type]


def files(ws: Workspace) -> int:
    return sum(path.is_file() for name in ("facts", "sources") for path in (ws.folder / name).rglob("*"))


def test_a_project_comes_back_as_it_went_in(ws: Workspace, plan: Project) -> None:
    found = findings_frame([finding("warning", "lag-rounded", "TASKPRED 3", "a lag of 90 s was rounded")])
    told = Project(plan.info, plan.tables, found)
    snapshot = ws.add(told, source_bytes=b"ERMHDR")
    back = open_workspace(ws.folder).project("NORTHGATE")
    assert back.info == told.info
    assert set(back.tables) == set(told.tables)
    for name, frame in told.tables.items():
        assert_frame_equal(back.tables[name], frame)
    assert_frame_equal(back.findings, found)
    assert snapshot.counts == {
        **{name: frame.height for name, frame in told.tables.items()},
        "findings": 1,
        "findings_error": 0,
        "findings_warning": 1,
        "findings_info": 0,
    }
    assert snapshot.content_hash == hashlib.sha256(b"ERMHDR").hexdigest()
    assert ws.source(snapshot) == b"ERMHDR"


def test_the_same_content_is_one_snapshot(ws: Workspace, plan: Project) -> None:
    first, before = ws.add(plan, source_bytes=b"one"), files(ws)
    again = ws.add(plan, source_bytes=b"one", as_of="2030-01-01")
    assert (first.new, again.new) == (True, False)
    assert again == first
    assert files(ws) == before
    assert ws.history("NORTHGATE").height == 1
    assert ws.audit().filter(what="import").height == 1
    # the same content in another project, and other content, are other snapshots
    assert ws.add(plan, source_bytes=b"one", key="OTHER").hash != first.hash
    assert ws.add(plan, source_bytes=b"two").new


def test_a_plan_without_a_source_is_known_by_its_tables(ws: Workspace) -> None:
    assert ws.add(month(1)).hash == ws.add(month(1)).hash
    assert ws.add(month(1, days=6)).new


def test_parts_that_did_not_change_are_shared(ws: Workspace) -> None:
    ws.add(month(1))
    before = files(ws)
    ws.add(month(2, days=6))
    assert files(ws) == before + 1  # activities; relationships, calendars and shifts are the same


def test_a_better_reader_makes_a_new_snapshot_of_the_old_date(ws: Workspace, plan: Project) -> None:
    old = ws.add(undated(plan, reader="xer/1"), source_bytes=b"one")
    new = ws.add(undated(plan, reader="xer/2"), source_bytes=b"one")
    assert new.new
    assert (new.data_date, new.dated_by) == (old.data_date, "import")
    assert ws.snapshot("NORTHGATE") == new
    assert ws.history("NORTHGATE")["superseded"].to_list() == [True, False]


def test_the_status_date_is_the_files_else_given_else_the_import(ws: Workspace, plan: Project) -> None:
    assert (ws.add(plan, key="F", as_of="2026-06-01").data_date, ws.add(plan, key="F").dated_by) == (datetime(2026, 1, 28, 17), "file")
    given = ws.add(undated(plan), key="G", as_of="2026-06-01")
    assert (given.data_date, given.dated_by) == (datetime(2026, 6, 1), "given")
    assert ws.project("G").info.data_date == datetime(2026, 6, 1)
    before, imported = datetime.now().replace(microsecond=0), ws.add(undated(plan), key="I")
    assert (before <= imported.data_date <= datetime.now(), imported.dated_by) == (True, "import")
    assert ws.project("I").info.data_date is None
    assert dict(ws.projects().select("key", "dated_by").iter_rows()) == {"F": "file", "G": "given", "I": "import"}


def test_as_of_gives_the_latest_by_the_end_of_that_day(ws: Workspace) -> None:
    made = {number: ws.add(month(number)).hash for number in (3, 1, 2)}  # imported out of order
    assert ws.snapshot("NORTHGATE").hash == made[3]
    assert ws.snapshot("NORTHGATE", as_of=date(2026, 2, 28)).hash == made[2]
    assert ws.snapshot("NORTHGATE", as_of="2026-02-27").hash == made[1]
    assert ws.snapshot("NORTHGATE", as_of=datetime(2026, 2, 28, 16, 59)).hash == made[1]
    assert ws.history("NORTHGATE")["snapshot"].to_list() == [made[1], made[2], made[3]]
    assert ws.projects(as_of="2026-02-28").row(0, named=True) | {"imported_at": None} == {
        "key": "NORTHGATE",
        "name": "Northgate",
        "source": "by_hand",
        "file": "northgate-02.xer",
        "snapshot": made[2],
        "data_date": datetime(2026, 2, 28, 17),
        "dated_by": "file",
        "imported_at": None,
        "activities": 3,
        "items": 0,
        "findings": 0,
        "snapshots": 2,
        "previous": made[1],
        "previous_date": datetime(2026, 1, 28, 17),
        "baseline": None,
    }
    assert ws.status_dates() == [date(2026, 1, 28), date(2026, 2, 28), date(2026, 3, 28)]
    with pytest.raises(NotFound, match="NORTHGATE has no snapshot by 2026-01-01"):
        ws.project("NORTHGATE", as_of="2026-01-01")
    assert ws.projects(as_of="2026-01-01").is_empty()


def test_a_correction_of_the_same_date_supersedes(ws: Workspace) -> None:
    ws.add(month(1))
    ws.add(month(2))
    corrected = ws.add(month(2, days=9))
    row = ws.projects().row(0, named=True)
    assert (row["snapshot"], row["previous_date"], row["snapshots"]) == (corrected.hash, datetime(2026, 1, 28, 17), 2)
    assert ws.history("NORTHGATE")["superseded"].to_list() == [False, True, False]


def test_a_snapshot_is_named_by_its_hash_or_its_first_digits(ws: Workspace) -> None:
    old, new = ws.add(month(1)), ws.add(month(2))
    assert ws.project("NORTHGATE", snapshot=old).info.data_date == datetime(2026, 1, 28, 17)
    assert ws.project("NORTHGATE", snapshot=new.hash[:8]).info.data_date == datetime(2026, 2, 28, 17)
    for wrong in ("abc", "", "%%%%%%%%", "0" * 16):
        with pytest.raises(NotFound, match="no snapshot"):
            ws.project("NORTHGATE", snapshot=wrong)
    other = ws.add(month(1, key="OTHER"))
    with pytest.raises(NotFound, match="NORTHGATE has no snapshot"):
        ws.project("NORTHGATE", snapshot=other)


def test_a_baseline_follows_a_renumbering(ws: Workspace) -> None:
    """B was A, and A is new: each is measured against its own promise, and what is gone keeps its budget under an id of its own."""
    said = {"A": {"name": "Dig"}, "B": {"name": "Pour"}, "C": {"name": "Cure"}}
    approved = make_plan({"A": 2, "B": (3, "A"), "C": (5, "B")}, name="Quay", details=said)
    now = {"A": {"name": "Survey"}, "B": {"name": "Dig"}, "C": {"name": "Walls"}, "D": {"name": "Cure"}}
    plan = make_plan({"A": 1, "B": (2, "A"), "C": 1, "D": (5, "B")}, name="Quay", details=now, data_date="2026-01-26")
    ws.add(plan)
    ws.set_baseline(plan.info.key, ws.add(approved, key=plan.info.key, purpose="baseline"))
    measured = ws.project(plan.info.key).tables["baselines"]
    assert measured.select("activity", "duration").rows() == [("B", 960), ("B (baseline)", 1440), ("D", 2400)]


def test_a_baseline_is_another_snapshot(ws: Workspace, plan: Project) -> None:
    activities = plan.tables["activities"].with_columns(
        stored_start=pl.lit(datetime(2026, 1, 5, 8)), planned_finish=pl.lit(datetime(2026, 1, 9, 17)), planned_cost=pl.Series([10.0, 20.0, None])
    )
    approved = Project(replace(plan.info, file="approved.xer"), {**plan.tables, "activities": activities}, plan.findings)
    base = ws.add(approved, key="NORTHGATE", purpose="baseline")
    with pytest.raises(NotFound, match="NORTHGATE has no snapshot"):
        ws.project("NORTHGATE")  # a baseline is no status
    ws.add(month(2))
    assert ws.history("NORTHGATE").height == 1
    assert "baselines" not in ws.project("NORTHGATE").tables
    assert ws.set_baseline("NORTHGATE", base.hash) == base
    measured = ws.project("NORTHGATE")
    assert measured.info.baseline == f"approved.xer, 28 Jan 2026, snapshot {base.hash}"
    assert measured.tables["baselines"].drop("cost_at_start").to_dicts() == [
        {"baseline": 0, "activity": name, "start": datetime(2026, 1, 5, 8), "finish": datetime(2026, 1, 9, 17), "duration": minutes, "work": None, "cost": cost}
        for name, minutes, cost in [("A", 2400, 10.0), ("B", 1440, 20.0), ("C", 1920, None)]
    ]
    assert (ws.baseline("NORTHGATE"), ws.projects()["baseline"].to_list()) == (base, [base.hash])
    ws.set_baseline("NORTHGATE", None)
    assert (ws.baseline("NORTHGATE"), ws.projects()["baseline"].to_list()) == (None, [None])
    assert "baselines" not in ws.project("NORTHGATE").tables
    # the same file, brought in as a status later, is one
    assert ws.add(approved, key="NORTHGATE").new


def test_bytes_that_are_not_those_read_are_refused_whole(ws: Workspace, plan: Project) -> None:
    told = Project(replace(plan.info, content_hash="0" * 64), plan.tables, plan.findings)
    with pytest.raises(StoreError, match=r"northgate-01.xer changed while it was imported"):
        ws.add(told, source_bytes=b"other")
    assert (files(ws), ws.projects().height, ws.audit().height) == (0, 0, 0)


@pytest.mark.parametrize("key", ["", "  ", " A", "A\n", "x" * 201, "\x00"])
def test_a_key_is_printable(ws: Workspace, plan: Project, key: str) -> None:
    with pytest.raises((InvalidInput, ValueError), match="cannot be a project's key"):
        ws.add(Project(replace(plan.info, key=key), plan.tables, plan.findings))


def test_text_that_no_database_takes_is_cleaned_in_the_catalogue(ws: Workspace, plan: Project) -> None:
    ws.add(Project(replace(plan.info, name="North\x00gate \ud800"), plan.tables, plan.findings))
    assert ws.projects()["name"].to_list() == ["Northgate ?"]


def test_history_cannot_be_rewritten(ws: Workspace) -> None:
    snapshot = ws.add(month(1))
    ws.set_baseline("NORTHGATE", snapshot)
    ws.keep(snapshot, "forecast", {"p80": 1}, version="1")
    ws.set_listing(pl.DataFrame({"key": ["NORTHGATE"], "name": ["Northgate"]}), "list.xlsx")
    for table in APPEND_ONLY:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET number = number + 100"):
            with pytest.raises(StoreError, match=f"{table} is append-only"), writing(ws._engine) as connection:
                connection.execute(sa.text(statement))
    assert ws.history("NORTHGATE").height == 1


def test_what_is_not_there_is_said(ws: Workspace, tmp_path: Path) -> None:
    for ask in (ws.project, ws.history, ws.snapshot, ws.baseline):
        with pytest.raises(NotFound, match="no project NOWHERE; pmo projects lists"):
            ask("NOWHERE")
    ws.add(month(1))
    with pytest.raises(NotFound, match="no project northgat; did you mean NORTHGATE"):
        ws.project("northgat")
    with pytest.raises(NotFound, match="make one with pmo init"):
        open_workspace(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="is not empty"):
        init_workspace(ws.folder)
    with pytest.raises(InvalidInput, match="is no date; write it as"):
        ws.projects(as_of="soon")

"""MSPDI out and in again: every relationship, lag, constraint and calendar that MS Project can hold, and hostile text."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.roundtrip import differences
from pmo_lib.errors import NotAvailable
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.schedule import dates
from pmo_lib.tables import TABLES, part
from pmo_lib.writers.mspdi.writer import write_mspdi

HOSTILE = ["<script>alert(1)</script>", '=HYPERLINK("http://example.com")', "a & b > c", "tab\there", "ring \x07 bell", "Grüße, 水"]


def project(application: str = "msp", **tables: list[dict[str, Any]]) -> Project:
    frames = {}
    for name, rows in tables.items():
        frames[name], refused = part(TABLES[name], rows, name)
        assert not refused
    info = ProjectInfo(key="DEMO", name="Demo", source="by_hand", application=application, planned_start=datetime(2026, 1, 5, 8), calendar="1")  # type: ignore[arg-type]
    return Project(info, frames)


def task(activity: str, name: str = "Work", minutes: int = 480, **more: Any) -> dict[str, Any]:
    return {"activity": activity, "name": name, "kind": "task", "duration": minutes, "remaining_duration": minutes, **more}


def again(plan: Project, folder: Path) -> Project:
    write_mspdi(plan, folder / "plan.xml")
    return mspdi.parse(folder / "plan.xml")[0]


def test_relationships_and_lags(tmp_path: Path) -> None:
    links = [
        {"predecessor": "1", "successor": "2", "type": "FS", "lag": 0, "lag_kind": "working"},
        {"predecessor": "1", "successor": "2", "type": "SS", "lag": 960, "lag_kind": "working"},
        {"predecessor": "2", "successor": "3", "type": "FF", "lag": -240, "lag_kind": "working"},
        {"predecessor": "2", "successor": "3", "type": "SF", "lag": 1440, "lag_kind": "elapsed"},
        {"predecessor": "1", "successor": "3", "type": "FS", "lag": 240, "lag_kind": "percent", "lag_percent": 50.0},
    ]
    found = again(project(activities=[task("1"), task("2"), task("3")], relationships=links), tmp_path)
    columns = ["predecessor", "successor", "type", "lag", "lag_kind", "lag_percent"]
    assert sorted(found.tables["relationships"].select(columns).rows(), key=str) == sorted(
        [tuple(link.get(column) for column in columns) for link in links], key=str
    )


def test_constraints_and_deadline(tmp_path: Path) -> None:
    day = datetime(2026, 3, 2, 8)
    kinds = [
        "as_late_as_possible",
        "start_on_or_after",
        "start_on_or_before",
        "finish_on_or_after",
        "finish_on_or_before",
        "mandatory_start",
        "mandatory_finish",
    ]
    rows = [task(str(number), constraint=kind, constraint_date=None if kind == "as_late_as_possible" else day) for number, kind in enumerate(kinds, start=1)]
    rows.append(task("8", deadline=day))
    found = again(project(activities=rows), tmp_path).tables["activities"]
    assert found["constraint"].to_list() == [*kinds, None]
    assert found["constraint_date"].to_list() == [None, *[day] * 6, None]
    assert found["deadline"].to_list() == [*[None] * 7, day]


def test_constraints_of_p6(tmp_path: Path) -> None:
    """What bounds a finish from above is a deadline, which bounds late dates alone; the other constraint of two keeps its place."""
    one, other = datetime(2026, 3, 2, 8), datetime(2026, 4, 3, 17)
    kinds: list[tuple[str, str | None, tuple[str | None, datetime | None, datetime | None]]] = [
        ("finish_on_or_before", None, (None, None, one)),
        ("finish_on", None, ("finish_on_or_after", one, one)),
        ("start_on", None, ("start_on_or_after", one, None)),
        ("start_on_or_after", "finish_on_or_before", ("start_on_or_after", one, other)),
        ("finish_on_or_before", "start_on_or_after", ("start_on_or_after", other, one)),
        ("start_on_or_after", "finish_on_or_after", ("start_on_or_after", one, None)),
        ("mandatory_start", None, ("mandatory_start", one, None)),
    ]
    rows = [
        task(f"A{number}", constraint=first, constraint_date=one, constraint_2=second, constraint_2_date=other if second else None)
        for number, (first, second, _) in enumerate(kinds, start=1)
    ]
    plan = project("p6", activities=rows)
    told = {row["code"]: row["place"] for row in write_mspdi(plan, tmp_path / "plan.xml").iter_rows(named=True)}
    found = again(plan, tmp_path)
    assert found.tables["activities"].select("constraint", "constraint_date", "deadline").rows() == [expected for *_, expected in kinds]
    assert (told["constraint-softened"], told["constraint-secondary"]) == ("A3", "A6")
    assert told["finish-as-deadline"] == "A1, A2, A4 and 1 more"
    assert found.info.options.honour_constraints  # else what must start on would not
    before = write_mspdi(project("p6", activities=[*rows, task("B", constraint="start_on_or_before", constraint_date=one)]), tmp_path / "plan.xml")
    assert "as-late-as-possible" not in before["code"].to_list()
    assert not mspdi.parse(tmp_path / "plan.xml")[0].info.options.honour_constraints  # it would pull the start before the links
    assert differences(plan, found) == []


MONDAY = datetime(2026, 3, 2, 8)  # when the work below began


@pytest.mark.parametrize(
    ("original", "left", "finish", "duration", "percent", "pause"),
    [
        (10, 6, datetime(2026, 3, 13, 17), 10, 0.4, None),  # four days of work in the four days before
        (10, 6, datetime(2026, 3, 20, 17), 10, 0.4, (datetime(2026, 3, 5, 17), datetime(2026, 3, 13, 8))),  # done on Thursday, goes on a week later
        (10, 2, datetime(2026, 3, 6, 17), 5, 0.6, None),  # eight days of work in three
        (2, 5, datetime(2026, 3, 13, 17), 10, 0.5, None),  # more is left than was thought of
        (5, 5, datetime(2026, 3, 13, 17), 10, 0.5, None),  # begun a week ago, and all is still left
        (1000, 1, datetime(2026, 3, 13, 17), 10, 0.9, None),
    ],
)
def test_begun_work_of_p6_ends_where_it_did(
    tmp_path: Path, original: int, left: int, finish: datetime, duration: int, percent: float, pause: tuple[datetime, datetime] | None
) -> None:
    """In MS Project start, duration and rests make the finish: whoever opens the file sees P6's dates, and what P6 alone keeps in a field."""
    day = datetime(2026, 3, 2, 8)
    row = task("A", minutes=original * 480, actual_start=MONDAY, stored_start=MONDAY, stored_finish=finish, percent_complete=0.17)
    plan = project("p6", activities=[row | {"remaining_duration": left * 480}])
    told = write_mspdi(plan, tmp_path / "plan.xml")["code"].to_list()
    found = again(plan, tmp_path)
    now = found.tables["activities"].row(0, named=True)
    assert (now["duration"], now["remaining_duration"], now["percent_complete"]) == (duration * 480, left * 480, percent)
    assert (now["suspended"], now["resumed"]) == (pause or (None, None))
    assert dates(found).select("early_start", "early_finish").row(0) == (day, finish)
    assert ("duration-of-begun-work" in told) == (duration != original)
    assert ("split-until-resumed" in told) == (pause is not None)
    fields = {row["field"]: row["value"] for row in found.tables["custom_fields"].iter_rows(named=True)}
    assert fields.get("Original Duration") == (str(original * 480) if duration != original else None)
    assert differences(plan, found) == []


def test_finished_work_of_p6_lasts_from_its_start_to_its_finish(tmp_path: Path) -> None:
    done = {"actual_start": MONDAY, "actual_finish": datetime(2026, 3, 6, 17), "remaining_duration": 0, "percent_complete": 1.0}
    plan = project("p6", activities=[task("A", minutes=4800) | done, task("B", minutes=2400) | done])
    told = {row["code"]: row["place"] for row in write_mspdi(plan, tmp_path / "plan.xml").iter_rows(named=True)}
    assert again(plan, tmp_path).tables["activities"]["duration"].to_list() == [2400, 2400]
    assert told["duration-of-begun-work"] == "A"


def test_calendars(tmp_path: Path) -> None:
    calendar = [
        {"calendar": "1", "name": "Standard", "kind": "global", "minutes_per_day": 480},
        {"calendar": "2", "name": "Night", "base": "1", "kind": "resource", "minutes_per_day": 480},
    ]
    week = [{"calendar": "1", "weekday": day, "start": start, "finish": start + 240} for day in range(1, 6) for start in (480, 780)]
    week += [{"calendar": "1", "weekday": day} for day in (6, 7)]
    week += [{"calendar": "2", "weekday": 1, "start": 0, "finish": 1440}]
    week += [{"calendar": "1", "weekday": 6, "start": 480, "finish": 720, "first": date(2026, 5, 1), "last": date(2026, 6, 30)}]
    dated = [
        {"calendar": "1", "first": date(2026, 12, 24), "last": date(2027, 1, 1), "name": "Shutdown"},
        {"calendar": "1", "first": date(2026, 8, 1), "last": date(2026, 8, 1), "start": 480, "finish": 600, "name": "Inventory"},
        {"calendar": "1", "first": date(2026, 8, 1), "last": date(2026, 8, 1), "start": 660, "finish": 720, "name": "Inventory"},
    ]
    plan = project(activities=[task("1", calendar="1")], calendars=calendar, shifts=week, exceptions=dated)
    found = again(plan, tmp_path)
    for name in ("calendars", "shifts", "exceptions"):
        order = plan.tables[name].columns
        assert found.tables[name].sort(order).equals(plan.tables[name].sort(order)), name


def test_a_p6_plan_gets_summary_tasks_and_keeps_its_ids(tmp_path: Path) -> None:
    elements = [{"wbs": "10", "code": "P", "name": "Plant", "level": 0}, {"wbs": "11", "parent": "10", "code": "P.1", "name": "Civils", "level": 1}]
    rows = [task("A1000", wbs="11"), task("A1010", wbs="11"), task("M1", minutes=0, wbs="10") | {"kind": "finish_milestone"}]
    links = [{"predecessor": "A1000", "successor": "A1010", "type": "FS", "lag": 480}, {"predecessor": "A1010", "successor": "M1", "type": "FS", "lag": 0}]
    found = again(project("p6", activities=rows, wbs=elements, relationships=links), tmp_path)
    ids = {row["key"]: row["value"] for row in found.tables["custom_fields"].iter_rows(named=True) if row["field"] == "Activity ID"}
    assert sorted(ids.values()) == ["A1000", "A1010", "M1"]
    assert {(ids[row["predecessor"]], ids[row["successor"]], row["lag"]) for row in found.tables["relationships"].iter_rows(named=True)} == {
        ("A1000", "A1010", 480),
        ("A1010", "M1", 0),
    }
    summaries = found.tables["activities"].filter(pl.col("kind") == "summary")
    assert summaries["name"].to_list() == ["Plant", "Civils"]
    parents = {ids.get(row["activity"]): row["wbs"] for row in found.tables["activities"].iter_rows(named=True)}
    civils = summaries.filter(pl.col("name") == "Civils")["activity"][0]
    assert parents["A1000"] == parents["A1010"] == civils != parents["M1"]


def test_elements_without_work_are_told(tmp_path: Path) -> None:
    """MS Project takes a task for a summary that has tasks below it, whatever the file says."""
    elements = [{"wbs": "1", "code": "P", "name": "Plant", "level": 0}]
    elements += [{"wbs": key, "parent": "1", "code": key, "name": name, "level": 1} for key, name in (("2", "Civils"), ("3", "Later"))]
    told = write_mspdi(project("p6", activities=[task("A", wbs="2")], wbs=elements), tmp_path / "plan.xml")
    assert told.filter(pl.col("code") == "wbs-without-work")["place"].to_list() == ["Later"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str, tmp_path: Path) -> None:
    plan = project(
        activities=[task("1", text)],
        resources=[{"resource": "1", "name": text, "kind": "labour"}],
        custom_fields=[{"subject": "activity", "key": "1", "field": text, "kind": "text", "value": text}],
    )
    found = again(plan, tmp_path)
    kept = text.replace("\x07", "")  # XML has no bell
    assert found.tables["activities"]["name"][0] == kept
    assert found.tables["resources"]["name"][0] == kept
    assert found.tables["custom_fields"].row(0, named=True) == {"subject": "activity", "key": "1", "field": kept, "kind": "text", "value": kept}


def test_fields_beyond_ms_projects_number_are_named(tmp_path: Path) -> None:
    """Twenty numbers have a place, the twenty-first is left out, and said to be."""
    fields = [{"subject": "activity", "key": "1", "field": f"Field {number}", "kind": "number", "value": "1"} for number in range(21)]
    lost = write_mspdi(project(activities=[task("1")], custom_fields=fields), tmp_path / "plan.xml")
    assert lost.select("code", "place").rows() == [("field-left-out", "Field 20")]
    assert mspdi.parse(tmp_path / "plan.xml")[0].tables["custom_fields"]["field"].to_list() == [f"Field {number}" for number in range(20)]


def test_no_activities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="needs activities"):
        write_mspdi(project(resources=[{"resource": "1", "name": "Crew", "kind": "labour"}]), tmp_path / "plan.xml")
    assert not (tmp_path / "plan.xml").exists()

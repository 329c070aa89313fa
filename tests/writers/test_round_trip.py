"""Real plans as Microsoft Project XML: our reader reads back what the writer says, MPXJ reads the same, and the elements stand as MS Project writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import polars as pl
import pytest
from defusedxml.ElementTree import parse

from benchmarks.proofs.export import _otherwise
from benchmarks.roundtrip import differences
from pmo_lib.by_hand import make_plan
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import read_all
from pmo_lib.readers.mpxj import reader as mpxj
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.writers.mspdi.writer import write_mspdi

pytestmark = pytest.mark.real
XERS = ("xer/jaggelas-test-P6-23.12-progress.xer", "xer/terminal-building-airport.xer", "xer/soulmajor-sample.xer")
OTHERS = ("mpp/new-product-36.mspdi.xml", "mpp/commercial-construction-126.mpp", "mpxj-fixtures/misc/mspdisplittask.xml")


def plans(real_data: Path, names: tuple[str, ...]) -> Iterator[tuple[str, Project]]:
    for name in names:
        for position, plan in enumerate(read_all(real_data / "schedules" / name)):
            if plan.tables["activities"].height:
                yield f"{Path(name).stem}-{position}", plan


@pytest.fixture(scope="module")
def written(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Project]:
    """Each plan under the file to which it was exported."""
    folder = tmp_path_factory.mktemp("exports")
    found = {}
    for name, plan in plans(real_data, XERS + OTHERS):
        path = folder / f"{name}.xml"
        write_mspdi(plan, path)
        found[path] = plan
    return found


def test_our_reader_reads_back_what_the_writer_says(written: dict[Path, Project]) -> None:
    assert {path.name: differences(plan, mspdi.parse(path)[0])[:3] for path, plan in written.items()} == {path.name: [] for path in written}
    assert sum(plan.tables["activities"].height for plan in written.values()) > 900


def test_mpxj_reads_the_same(written: dict[Path, Project]) -> None:
    found = {}
    for path, theirs in mpxj.read_many(list(written)):
        assert not isinstance(theirs, UnreadableFile), theirs
        found[path.name] = list(_otherwise(theirs[0], mspdi.parse(path)[0]))[:3]
    assert found == {path.name: [] for path in written}


def test_a_difference_would_be_seen(written: dict[Path, Project], tmp_path: Path) -> None:
    """The comparison itself: a lag, a date, a calendar, a name that are others are each told."""
    plan = next(plan for path, plan in written.items() if path.stem.startswith("terminal"))
    links, activities = plan.tables["relationships"], plan.tables["activities"]
    first = activities.filter(pl.col("duration") > 0)["activity"][0]
    for table, frame in {
        "relationships": links.with_columns(lag=pl.col("lag") + 60),
        "activities": activities.with_columns(stored_finish=pl.when(pl.col("activity") == first).then(pl.col("stored_start")).otherwise("stored_finish")),
        "exceptions": plan.tables["exceptions"].with_columns(first=pl.col("first").dt.offset_by("1d"), last=pl.col("last").dt.offset_by("1d")),
        "resources": plan.tables["resources"].with_columns(name=pl.col("name") + "!"),
    }.items():
        write_mspdi(replace(plan, tables={**plan.tables, table: frame}), tmp_path / "other.xml")
        assert differences(plan, mspdi.parse(tmp_path / "other.xml")[0]), table


def test_elements_stand_in_the_order_in_which_ms_project_writes_them(real_data: Path, written: dict[Path, Project]) -> None:
    """Two elements that MS Project's own files have in one order never stand the other way round in ours."""
    before: dict[str, set[tuple[str, str]]] = {}
    for file in sorted((real_data / "schedules").rglob("*.xml")):
        root = parse(file).getroot()
        if "schemas.microsoft.com/project" in root.tag and (root.findtext("{*}SaveVersion") or ""):
            for parent in root.iter():
                order = [_name(child) for child in parent]
                before.setdefault(_name(parent), set()).update((one, other) for place, one in enumerate(order) for other in order[place + 1 :] if one != other)
    checked = 0
    for path in written:
        for parent in parse(path).getroot().iter():
            order = list(dict.fromkeys(_name(child) for child in parent))
            known = before.get(_name(parent), set())
            for one, other in pairwise(order):
                checked += (one, other) in known
                assert (other, one) not in known or (one, other) in known, f"{_name(parent)}: {one} before {other}"
    assert checked > 1000


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def test_what_ms_project_needs_is_there(written: dict[Path, Project]) -> None:
    """Unique ids once each, one project summary at most, resource calendars that derive, base calendars that stand alone and are what tasks follow."""
    for path in written:
        root = parse(path).getroot()
        for kind in ("Task", "Resource", "Assignment", "Calendar"):
            uids = [element.findtext("{*}UID") for element in root.iter() if _name(element) == kind]
            assert len(uids) == len(set(uids)), (path.name, kind)
        levels = [task.findtext("{*}OutlineLevel") for task in root.iterfind("{*}Tasks/{*}Task")]
        assert levels.count("0") <= 1
        assert levels[0] == "0" or "0" not in levels
        clocks = [one for one in root.iterfind("{*}Calendars/{*}Calendar") if one.findtext("{*}IsBaseCalendar") == "1"]
        base = {one.findtext("{*}UID"): one.findtext("{*}BaseCalendarUID") for one in clocks}
        assert set(base.values()) <= {"-1"}
        followed = {task.findtext("{*}CalendarUID") for task in root.iterfind("{*}Tasks/{*}Task")} - {"-1", None}
        assert followed | {root.findtext("{*}CalendarUID")} - {None} <= base.keys(), path.name
        working = [one.findtext("{*}CalendarUID") for one in root.iterfind("{*}Resources/{*}Resource") if one.findtext("{*}Type") == "1"]
        assert not base.keys() & set(working)


def test_keys_that_are_no_numbers_get_some(tmp_path: Path) -> None:
    """A plan by hand: its calendar is called `calendar`, its activities by letters."""
    plan = make_plan({"A": 5, "B": (3, "A FS+2d"), "done": (0, "B")})
    lost = write_mspdi(plan, tmp_path / "plan.xml")
    back = mspdi.parse(tmp_path / "plan.xml")[0]
    assert differences(plan, back) == []
    assert back.info.calendar == back.tables["calendars"]["calendar"][0] == "1"
    assert "ids-in-a-field" in lost["code"].to_list()


def test_each_loss_is_told_with_its_activities(tmp_path: Path, written: dict[Path, Project]) -> None:
    plan = next(plan for path, plan in written.items() if path.stem.startswith("jaggelas"))
    lost = write_mspdi(plan, tmp_path / "plan.xml")
    told = {row["code"]: row for row in lost.iter_rows(named=True)}
    assert "A2020" in told["finish-as-deadline"]["place"]
    assert told["constraint-mandatory"]["place"] == "M1040"
    assert "must-finish-by 2026-04-15" in told["must-finish"]["message"]
    assert {"rules-of-ms-project", "equipment", "codes-as-fields", "planned-dates", "resource-calendar-derived", "calendar-stands-alone"} <= told.keys()
    assert lost["severity"].to_list() == sorted(lost["severity"].to_list(), key=lambda severity: severity != "warning")

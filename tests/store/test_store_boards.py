"""The store keeps boards: every table as it was, months of transitions, and a pull's own bytes to be read again."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from asana_answers import moved, pull, story, task
from polars.testing import assert_frame_equal

from pmo_lib import office
from pmo_lib.readers import payloads, read
from pmo_lib.store import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tasks = [
        task("1", "Done", done=9, dependencies=[{"gid": "2"}], tags=[{"gid": "5", "name": "web"}, {"gid": "6", "name": "café"}]),
        task("2", "Doing", modified=4),
    ]
    stories = [moved("1", 3, "Backlog", "Doing"), moved("1", 40, "Doing", "Done"), story("1", 41, "marked_complete"), moved("2", 4, "Backlog", "Doing")]
    return pull(tmp_path / "shop", tasks=tasks, stories=stories)


def test_a_board_comes_back_as_it_went_in(ws: Workspace, folder: Path) -> None:
    came, missing = office.bring_in(ws, folder)
    assert ([one.outcome for one in came], [one.key for one in came], missing) == (["new"], ["77"], [])
    plan, kept = read(folder), ws.project("77")
    assert set(kept.tables) == set(plan.tables)
    for name, frame in plan.tables.items():
        assert_frame_equal(kept.tables[name], frame)
    assert kept.info == plan.info
    assert ws.projects().select("key", "source", "activities", "items").row(0) == ("77", "asana", 0, 2)
    assert ws.snapshot("77").dated_by == "file"


def test_the_pull_itself_is_kept_and_reads_the_same_again(ws: Workspace, folder: Path, tmp_path: Path) -> None:
    office.bring_in(ws, folder)
    archive = tmp_path / "again.zip"
    archive.write_bytes(ws.source(ws.snapshot("77")) or b"")
    again = read(archive)
    assert again.tables["transitions"].equals(ws.project("77").tables["transitions"])
    assert archive.read_bytes() == payloads.packed(folder)
    assert [one.outcome for one in office.bring_in(ws, folder)[0]] == ["same"]
    assert [one.outcome for one in office.bring_in(ws, archive)[0]] == ["same"]  # as an archive it is the same content


def test_two_pulls_are_two_snapshots(ws: Workspace, folder: Path) -> None:
    office.bring_in(ws, folder)
    manifest = folder / "pull.json"
    manifest.write_text(manifest.read_text().replace("2026-11-23", "2026-11-30"))
    office.bring_in(ws, folder)
    history = ws.history("77")
    assert history["data_date"].dt.date().cast(pl.String).to_list() == ["2026-11-23", "2026-11-30"]
    assert history["items"].to_list() == [2, 2]

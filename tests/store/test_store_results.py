"""Results: the latest of a kind wins, older ones stay, frames are read when asked for, a portfolio comes in one query."""

from __future__ import annotations

import shutil
from datetime import datetime

import numpy as np
import polars as pl
import pytest
from month import month
from polars.testing import assert_frame_equal
from sqlalchemy import event, text

from pmo_lib.errors import InvalidInput, NotFound, StoreError
from pmo_lib.store import Workspace
from pmo_lib.store.database import reading


def test_the_latest_result_of_a_kind_wins_and_the_older_stay(ws: Workspace) -> None:
    snapshot = ws.add(month(1))
    assert ws.result(snapshot, "forecast") is None
    ws.keep(snapshot, "forecast", {"p80": "2026-05-01"}, parameters={"seed": 1}, version="0.1")
    frame = pl.DataFrame({"p": [50.0, 80.0], "finish": [datetime(2026, 4, 1), datetime(2026, 5, 2)]})
    kept = ws.keep(
        snapshot.hash, "forecast", {"p80": "2026-05-02", "at": datetime(2026, 5, 2, 17)}, {"percentiles": frame}, parameters={"seed": 2}, version="0.2"
    )
    ws.keep(snapshot, "checks", {"passed": 14}, version="0.2")
    found = ws.result(snapshot, "forecast")
    assert found is not None
    assert (found.payload, found.parameters, found.version) == ({"p80": "2026-05-02", "at": "2026-05-02T17:00:00"}, {"seed": 2}, "0.2")
    assert (kept.payload, kept.created_at) == (found.payload, found.created_at)
    assert_frame_equal(found.frames["percentiles"], frame)
    with reading(ws._engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM results")).scalar() == 3


def test_frames_are_read_when_asked_for(ws: Workspace) -> None:
    snapshot = ws.add(month(1))
    ws.keep(snapshot, "forecast", {"p80": 1}, {"percentiles": pl.DataFrame({"p": [1.0]}), "steps": pl.DataFrame({"s": ["a"]})}, version="1")
    shutil.rmtree(ws.folder / "facts")
    found = ws.result(snapshot, "forecast")
    assert found is not None
    assert list(found.frames) == ["percentiles", "steps"]
    with pytest.raises(StoreError, match="is missing from facts/; restore it from a backup"):
        found.frames["steps"]


def test_a_portfolio_comes_in_one_query_without_a_frame(ws: Workspace) -> None:
    for key in ("A", "B", "C"):
        for number in (1, 2, 3):
            snapshot = ws.add(month(number, key=key))
            if (key, number) != ("C", 3):
                ws.keep(snapshot, "assessment", {"of": f"{key}{number}", "try": 1}, {"f": pl.DataFrame({"x": [number]})}, version="1")
                ws.keep(snapshot, "assessment", {"of": f"{key}{number}"}, {"f": pl.DataFrame({"x": [number]})}, version="1")
                ws.keep(snapshot, "checks", {"other": True}, version="1")
    shutil.rmtree(ws.folder / "facts")
    asked: list[str] = []
    event.listen(ws._engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    found = ws.results("assessment")
    assert len([statement for statement in asked if statement.startswith(("SELECT", "WITH"))]) == 1
    told = [(one.key, one.snapshot.data_date.month, one.result and one.result.payload["of"], one.previous and one.previous.data_date.month) for one in found]
    assert told == [("A", 3, "A3", 2), ("B", 3, "B3", 2), ("C", 3, None, 2)]
    assert [one.previous_result and one.previous_result.payload["of"] for one in found] == ["A2", "B2", "C2"]
    assert [(one.snapshot.data_date.month, one.previous) for one in ws.results("assessment", as_of="2026-01-31")] == [(1, None)] * 3
    assert ws.results("assessment", as_of="2025-12-31") == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("nan")])
def test_an_undefined_figure_is_null_not_infinite(ws: Workspace, value: float) -> None:
    snapshot = ws.add(month(1))
    with pytest.raises(InvalidInput, match="not finite cannot be kept; give null"):
        ws.keep(snapshot, "forecast", {"cpi": value}, version="1")
    with pytest.raises(InvalidInput, match="a DataFrame cannot be kept in the catalogue"):
        ws.keep(snapshot, "forecast", {"frame": pl.DataFrame()}, version="1")
    assert ws.result(snapshot, "forecast") is None
    assert ws.keep(snapshot, "forecast", {"cpi": np.float64(0.9), "n": np.int64(3)}, version="1").payload == {"cpi": 0.9, "n": 3}


def test_a_result_needs_its_snapshot(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="no snapshot 0123456789abcdef"):
        ws.keep("0123456789abcdef", "forecast", {}, version="1")


def test_the_edition_grows_with_every_write_and_with_nothing_else(ws: Workspace) -> None:
    seen = [ws.edition()]

    def wrote() -> bool:
        seen.append(ws.edition())
        return seen[-1] > seen[-2]

    snapshot = ws.add(month(1))
    assert wrote()
    assert not ws.add(month(1)).new
    ws.projects()
    ws.portfolio()
    assert not wrote()
    ws.keep(snapshot, "forecast", {"p80": 1}, version="1")
    assert wrote()
    ws.set_baseline(snapshot.key, snapshot)
    assert wrote()
    ws.add_user("ada")
    assert wrote()
    ws.grant("ada", "viewer", project=snapshot.key)
    assert wrote()
    ws.revoke("ada", project=snapshot.key)
    assert wrote()

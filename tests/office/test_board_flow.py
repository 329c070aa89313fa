"""A board's flow from a workspace: the rules that hold there, the boards that it has, and the dates that the portfolio shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from benchmarks import boards, busy_board
from pmo_lib import flow, make_plan, office
from pmo_lib.errors import InvalidInput
from pmo_lib.office.board_flow import board_flow_of
from pmo_lib.office.boards import board_forecast
from pmo_lib.office.recounting import EDITIONS, in_force
from pmo_lib.project import Project
from pmo_lib.reports import status
from pmo_lib.reports.index import build, own
from pmo_lib.store import init_workspace

if TYPE_CHECKING:
    from pmo_lib.store import Workspace


def test_the_page_the_portfolio_and_the_rules_agree(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws") as ws:
        ws.add(make_plan({"A": 5}, name="WORKS", data_date="2026-01-05"))
        ws.add(busy_board.board(420, years=1.0))
        office.certify(ws, "BUSY")
        assert office.board_names(ws) == {"BUSY": "Busy board"}
        assert (own(ws, "BUSY"), own(ws, "WORKS", "2026-11-30")) == ("flow", "status")
        with pytest.raises(InvalidInput, match="BUSY is a board: its status report needs what"):
            status.build(office.assess(ws, "BUSY"))
        known, kept = office.board_flow(ws, "BUSY"), office.forecast_board(ws, "BUSY")
        assert known.when is not None
        shown = dict(known.when.select("confidence", "date").iter_rows())
        made = dict(kept.percentiles.select("p", pl.col("finish").dt.date()).iter_rows())
        assert {p: made[p] for p in (50.0, 80.0, 85.0, 95.0)} == {p * 100: day for p, day in shown.items()}
        assert known.fan is not None
        total = known.past["done"][-1] + known.left
        reached = known.fan.filter(pl.col("p85") >= total)["date"][0]
        assert reached == shown[0.85]
        assert known.past["date"][-1] == known.fan["date"][0] == known.at.date()
        assert known.weeks["period"].max() + timedelta(days=6) < known.at.date()  # type: ignore[operator]
        (ws.folder / "pmo.toml").write_text('[flow]\nwindow = 8\ntypes = ["Bug"]\nwaiting = ["Review"]\n')
        told = office.board_flow(ws, "BUSY")
        assert told.items < known.items
        row = office.portfolio(ws).row(by_predicate=pl.col("key") == "BUSY", named=True)
        assert (row["left"], row["weeks"]) == (told.left, 8)  # what was kept by other rules is made anew
        board = office.assess(ws, "BUSY").board
        assert board is not None
        assert board.items == told.items
        edition = ws.edition()
        assert office.portfolio(ws)["left"].to_list() == [told.left, None]
        assert ws.edition() == edition  # once
        assert told.when is not None
        assert told.when["sampled"][0] == 8
        assert told.efficiency is not None
        assert 0 < told.efficiency["efficiency"][0] < 1


def test_a_target_makes_a_status(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws") as ws:
        ws.add(busy_board.board(420, years=1.0))
        soon = office.board_flow(ws, "BUSY")
        assert (soon.target, soon.status and soon.status.computed) == (None, "no_data")
        assert soon.when is not None
        made = office.forecast_board(ws, "BUSY", target=datetime.combine(soon.when["date"][0], time(23, 59)))
        known = office.board_flow(ws, "BUSY")
        assert made.target is not None
        assert known.target is not None
        assert known.target["chance"] == made.target["chance"] >= 0.5
        assert known.status is not None
        assert known.status.computed == office.assess(ws, "BUSY").status.computed != "no_data"
        document = build(known, "flow")
        assert "has a chance of" in document.head.lead
        assert [kpi.label.split(" ")[0] for kpi in document.head.kpis][1:3] == ["Chance", "Computed"]
        grouped = document["flow"].cards[-1]
        assert grouped.subtitle is not None
        assert grouped.subtitle.startswith("By type;")


def test_who_may_only_read_sees_the_rules_in_force_counted_once(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws") as ws:
        ws.add(busy_board.board(420, years=1.0))
        office.certify(ws, "BUSY")
        office.forecast_board(ws, "BUSY")
        ws.add_user("anna")
        ws.grant("anna", "viewer", project="BUSY")
        reader = ws.for_user("anna")
        before = office.portfolio(reader)["left"].item()
        (ws.folder / "pmo.toml").write_text('[flow]\ntypes = ["Bug"]\n')
        edition, seen = ws.edition(), office.portfolio(reader).row(0, named=True)
        assert seen["left"] < before
        known = office.assess(reader, "BUSY")
        assert known.board is not None
        assert (known.board.left, known.board_forecast and known.board_forecast.items) == (seen["left"], seen["left"])
        first, again = (in_force(reader, reader.results("standing"))[0].result for _ in range(2))
        assert first is again  # remembered, not counted at each opening
        assert ws.edition() == edition  # nothing was written for who may not write
        assert office.portfolio(ws).row(0, named=True) == seen  # who may write is told the same, and it is kept
        assert ws.edition() > edition
        kept = in_force(reader, reader.results("standing"))[0].result
        assert first is not None
        assert kept is not None
        assert (kept.payload, kept is first) == (first.payload, False)


def test_what_an_older_version_computed_is_made_anew(tmp_path: Path) -> None:
    """Of the latest snapshot and the one before, for who may only read as for who may write; an old refusal is tried again."""
    with init_workspace(tmp_path / "ws") as ws:
        earlier = busy_board.board(300, seed=7, years=1.0)
        ws.add(Project(replace(earlier.info, data_date=datetime(2026, 11, 16)), earlier.tables))
        ws.add(busy_board.board(420, years=1.0))
        for day in (datetime(2026, 11, 16, 23), None):
            office.certify(ws, "BUSY", as_of=day)
            office.forecast_board(ws, "BUSY", as_of=day)
        truth, known = office.portfolio(ws), office.assess(ws, "BUSY")
        first, latest = ws.history("BUSY")["snapshot"].to_list()
        _spoil(ws, first, "standing", board=None)
        _spoil(ws, latest, "standing", board=None)
        _spoil(ws, first, "forecast", finish=dict.fromkeys(("p10", "p25", "p50", "p75", "p80", "p90"), "2040-01-01T23:59:00"))
        ws.keep(latest, "forecast", {"refusal": "it was too young", "rules": _rules(ws, latest)}, parameters={"target": None}, version="0.0.1")
        ws.add_user("anna")
        ws.grant("anna", "viewer", project="BUSY")
        for user in (ws.for_user("anna"), ws):
            assert office.portfolio(user).equals(truth)
            found = office.assess(user, "BUSY")
            assert found.board == known.board
            for made, right in ((found.board_forecast, known.board_forecast), (found.previous_board_forecast, known.previous_board_forecast)):
                assert made is not None
                assert right is not None
                assert made.percentiles.equals(right.percentiles)
        kept = [ws.result(one, kind) for one in (first, latest) for kind in EDITIONS]
        assert [one and one.payload["edition"] for one in kept] == [*EDITIONS.values()] * 2
        edition = ws.edition()
        assert office.portfolio(ws).equals(truth)
        assert ws.edition() == edition  # once


def _spoil(ws: Workspace, snapshot: str, kind: str, **figures: Any) -> None:
    """Makes what is kept that of an older version, which found other figures."""
    kept = ws.result(snapshot, kind)
    assert kept is not None
    old = {**kept.payload, "edition": kept.payload["edition"] - 1, **figures}
    ws.keep(snapshot, kind, old, dict(kept.frames.items()), parameters=kept.parameters, version="0.0.1")


def _rules(ws: Workspace, snapshot: str) -> str:
    kept = ws.result(snapshot, "forecast")
    assert kept is not None
    return kept.payload["rules"]


def test_other_figures_need_another_edition() -> None:
    """Where this fails, a method has changed and what workspaces keep is of the older one: raise the edition, and put the new figures here."""
    board = busy_board.board(420, years=1.0)
    made, figures = board_forecast(board), office.assess_plan(board, forecast=False).board
    assert figures is not None
    assert (EDITIONS["forecast"], *(f"{made.finish(p):%Y-%m-%d}" for p in (10, 50, 80, 95)), made.items, made.weeks, made.learnt) == (
        2, "2026-12-21", "2026-12-28", "2026-12-28", "2027-01-25", 25, 26, 21,
    )  # fmt: skip
    told = (figures.left, figures.in_progress, figures.finished, figures.weekly, figures.within, figures.beyond, figures.asked, figures.begun, figures.departed)
    assert (EDITIONS["standing"], *told) == (10, 25, 7, 395, 8.0, 9.0, 0, 89, 97, 96)


def test_figures_of_what_is_old_and_of_what_came_and_left() -> None:
    board = boards.board(900)
    known = office.assess_plan(board, forecast=False)
    figures, ages = known.board, flow.ageing(board, at=board.info.data_date)
    assert figures is not None
    assert figures.oldest == ages["age"][0]
    assert figures.beyond == (ages["age"] > figures.within).sum() > 0
    weeks = flow.arrivals(board, at=board.info.data_date).head(-1).tail(12)  # 1 January 2026 is a Thursday: its week is not over
    assert (figures.lately, figures.asked, figures.begun, figures.departed) == (12, *(weeks[name].sum() for name in ("created", "started", "finished")))
    scope = flow.burn_up(board, at=board.info.data_date).head(-1)["scope"]
    assert figures.growth == scope[-1] - scope[-13]
    assert known.checks is not None
    assert known.checks.equals(flow.checks(board, at=board.info.data_date))


def test_a_board_that_nobody_touches_grows_older() -> None:
    """The command looks at a board when the page does: at its data date, and not at its last change."""
    made = busy_board.board(420, years=1.0)
    stale = Project(replace(made.info, data_date=datetime(2026, 12, 21)), made.tables)
    told, shown = office.outlook(stale, iterations=100), board_flow_of(stale)
    assert (told.at, told.ageing is not None) == (shown.at, True) == (datetime(2026, 12, 21), True)
    assert told.ageing is not None
    assert told.ageing.equals(shown.ages)
    assert told.throughput is not None
    assert told.throughput["finished"].to_list()[-2:] == [0, 0]  # the weeks in which nothing came to an end

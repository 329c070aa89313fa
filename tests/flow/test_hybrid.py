"""A plan that waits for a board: one simulation across both, on a real plan, against the product of the two distributions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from boards import busy_board

from pmo_lib import cli, flow, office, risk
from pmo_lib.errors import InvalidInput, NotAvailable, NotFound
from pmo_lib.office.hybrid import waited, waits
from pmo_lib.project import Project
from pmo_lib.readers import read
from pmo_lib.standards import standards
from pmo_lib.store import init_workspace

N = 2_000


def moved(made: Project, years: int) -> Project:
    """The board as many years earlier."""
    back = pl.col(pl.Datetime("us", "UTC")).dt.offset_by(f"-{years}y")
    return Project(made.info, {name: frame.with_columns(back) for name, frame in made.tables.items()})


BOARD = moved(busy_board(56), 14)  # looked at in February 2013, as the airport nears its end


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hybrid") / "ws"
    init_workspace(root).add(BOARD, key="WEB")
    return root


@pytest.mark.real
def test_the_airport_waits_for_an_epic(real_data: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from pmo_lib.store import open_workspace

    file = real_data / "schedules/xer/terminal-building-airport.xer"
    plan = read(file)
    longer, inputs = office.joined(plan, office.RiskInputs(), ["A5800=WEB:WEB-2"], ws=open_workspace(folder), iterations=N)
    alone, both = risk.simulate(plan, iterations=N), risk.simulate(longer, **inputs.tables(longer), iterations=N)
    epic = inputs.waited["WEB:WEB-2"].values * 1440  # [minutes from the data date on]
    begin = np.datetime64(plan.info.data_date, "m")
    own, together = ((sim.finish.astype("datetime64[m]") - begin).astype(int) for sim in (alone, both))
    for t in np.quantile(together, (0.1, 0.3, 0.5, 0.7, 0.9)):
        exact = float((own <= t).mean() * (epic <= t).mean())  # the project's end waits for both, which know nothing of one another
        assert abs((together <= t).mean() - exact) <= 4 * np.sqrt(exact * (1 - exact) / N) + 2e-2  # and two samples' own noise
    assert np.median(together) > max(np.median(own), np.median(epic))
    assert both.deterministic_finish == alone.deterministic_finish
    monkeypatch.setattr("sys.argv", ["pmo", "forecast", str(file), "--waits", "A5800=WEB:WEB-2", "-n", str(N), "-w", str(folder), "--json"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    told = capsys.readouterr()
    assert not left.value.code, told.err
    made = json.loads(told.out)["forecast"]
    assert made["waits"][0].startswith("A5800 waits for WEB:WEB-2: 9 items left, P50 ")
    assert "in which" in made["waits"][0]
    adds = {row["activity"]: row["contribution_p80"] for row in made["sensitivity"]}
    assert adds["WEB:WEB-2"] > 0


def test_epics_of_one_board_are_drawn_together(folder: Path) -> None:
    from pmo_lib.store import open_workspace

    listed = waited(["M=WEB:WEB-1", "N=WEB:WEB-2", "E=WEB"])
    found, said = waits(listed, open_workspace(folder), standards(), iterations=500, seed=1)
    assert {wait.source for wait in found} == {"WEB"}
    assert (found[2].finish >= np.maximum(found[0].finish, found[1].finish)).all()  # all of it is done last, in every draw
    assert np.corrcoef(found[0].finish.astype(np.int64), found[1].finish.astype(np.int64))[0, 1] > 0.5
    assert said[2].startswith("E waits for WEB: 30 items left")


def test_an_epic_that_is_done_holds_nothing_up(folder: Path) -> None:
    from pmo_lib.store import init_workspace as fresh

    done = busy_board(30, open_items=0)
    ws = fresh(folder.parent / "done")
    ws.add(done, key="OLD")
    found, said = waits(waited(["M=OLD:WEB-1"]), ws, standards(), iterations=200, seed=1)
    assert len(np.unique(found[0].finish)) == 1
    assert found[0].finish[0] == np.datetime64(flow.finished_on(done, "WEB-1"))
    assert "it is done since" in said[0]


def test_settings_say_what_waits(folder: Path) -> None:
    with (folder / "pmo.toml").open("a") as file:
        file.write('\n[waits.AIRPORT]\nA1000 = "WEB:WEB-7"\n')
    assert [(one.activity, one.board, one.epic) for one in waited(["B=APP"], "AIRPORT", folder)] == [("A1000", "WEB", "WEB-7"), ("B", "APP", None)]
    assert waited([], "OTHER", folder) == []


@pytest.mark.parametrize("told", ["A1000", "A1000=", "=WEB:WEB-1"])
def test_what_waits_for_what_must_be_said(told: str) -> None:
    with pytest.raises(InvalidInput, match="write it as A1000=WEB:WEB-7"):
        waited([told])


def test_boards_that_cannot_be_waited_for(folder: Path) -> None:
    from pmo_lib.store import open_workspace

    ws = open_workspace(folder)
    with pytest.raises(InvalidInput, match="WEB has no epic 'WEB-99'"):
        waits(waited(["M=WEB:WEB-99"]), ws, standards(), iterations=200, seed=1)
    with pytest.raises(NotFound, match="NOPE"):
        waits(waited(["M=NOPE:1"]), ws, standards(), iterations=200, seed=1)
    with pytest.raises(NotAvailable, match="no workspace is open"):
        waits(waited(["M=NOPE:1"]), None, standards(), iterations=200, seed=1)

"""The demo: six months of submissions of an authored portfolio, taken in as an office would, month by month."""

from __future__ import annotations

import calendar
import shutil
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_lib.errors import InvalidInput
from pmo_lib.office.board_forecasting import forecast_board, holds_board
from pmo_lib.office.bringing_in import bring_in
from pmo_lib.office.certifying import certify
from pmo_lib.office.forecasting import forecast_if_possible
from pmo_lib.office.risk_inputs import RiskInputs
from pmo_lib.shipped import shipped
from pmo_lib.store import init_workspace

if TYPE_CHECKING:
    from pmo_lib.store import Workspace

MARK = "demo.txt"
Progress = Callable[[int, int, str], None]


def demonstrate(folder: Path, *, progress: Progress | None = None) -> Workspace:
    """A workspace in `folder` with the demo's snapshots, baselines and forecasts. An earlier demo there is replaced; anything else is left alone."""
    _clear(folder)
    ws = init_workspace(folder)
    (folder / MARK).write_text("Made by pmo demo, which replaces this folder when it runs again.\n")
    source = shipped("data/demo")
    months = sorted(month for month in (source / "inbox").iterdir() if month.is_dir())
    tell = progress or (lambda done, total, text: None)
    for done, month in enumerate(months):
        tell(done, len(months), f"{month.name}: import and forecast")
        _month(ws, source, month.name)
        if done == 0:
            _baselines(ws, source)
    tell(len(months), len(months), "")
    return ws


def _month(ws: Workspace, source: Path, month: str) -> None:
    at = _month_end(month)
    submissions, _ = bring_in(ws, source / f"project-list-{month}.xlsx", source / "inbox" / month, as_of=at)
    for key in sorted({submission.key for submission in submissions if submission.key}):
        estimates = source / "estimates" / month / f"{key}.csv"
        risks = source / "risks" / month / f"{key}.xlsx"
        inputs = RiskInputs(estimates=estimates if estimates.exists() else None, risks=risks if risks.exists() else None)
        if holds_board(ws, key, at):
            forecast_board(ws, key, as_of=at)
        else:
            forecast_if_possible(ws, key, as_of=at, inputs=inputs)


def _baselines(ws: Workspace, source: Path) -> None:
    """P6 has no baseline in its files: the first month's plans are it."""
    for key in tomllib.loads((source / "baselines.toml").read_text(encoding="utf-8"))["baselines"]:
        ws.set_baseline(key, ws.history(key)["snapshot"][0])
        certify(ws, key)


def _month_end(month: str) -> datetime:
    year, number = map(int, month.split("-"))
    return datetime(year, number, calendar.monthrange(year, number)[1], 17)


def _clear(folder: Path) -> None:
    if (folder / MARK).exists():
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise InvalidInput(f"{folder} is not empty and not an earlier demo; name another folder with --folder")

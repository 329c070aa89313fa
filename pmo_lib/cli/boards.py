"""Boards on the command line: what `pmo forecast` and `pmo check` print where a project is items that flow, and not a plan."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_lib.cli.arguments import workspace
from pmo_lib.cli.output import console, emit, print_table, rows

if TYPE_CHECKING:
    from pmo_lib.office import BoardFigures, BoardForecast
    from pmo_lib.project import Project, ProjectInfo

SHOWN = (10.0, 25.0, 50.0, 75.0, 80.0, 85.0, 90.0, 95.0)


def forecast_if_board(plan: Project | None, what: str, folder: Path | None, *, target: datetime | None, as_of: datetime | None, json: bool) -> bool:
    """Forecast a board, read from a file or kept under a key, and print it; false, and nothing done, for a plan."""
    from pmo_lib import office
    from pmo_lib.office.boards import is_board

    if plan is not None:
        if not is_board(plan):
            return False
        told, info = office.board_rules(plan.info.key, folder), plan.info
        made = office.forecast_board_plan(plan, told.rules, target=target, window=told.window, at=as_of)
    else:
        ws = workspace(folder)
        if not office.holds_board(ws, what, as_of):
            return False
        made, info = office.forecast_board(ws, what, target=target, as_of=as_of), ws.project(what, as_of).info
    if json:
        emit({"project": {"key": info.key, "name": info.name, "data_date": info.data_date}, "certificate": None, "forecast": board_json(made)})
    else:
        print_board_forecast(info, made)
    return True


def board_json(made: BoardForecast) -> dict[str, Any]:
    """A board's forecast as JSON values; `kind` tells it from a plan's."""
    values = {field.name: getattr(made, field.name) for field in fields(made)}
    return {"kind": "board", **values, "percentiles": rows(made.percentiles), "told": made.told()}


def print_board_forecast(info: ProjectInfo, made: BoardForecast) -> None:
    """The finish of what is left, what it was drawn from, and the target."""
    import polars as pl

    from pmo_lib.plots import words

    console().print(info.name, style="bold", markup=False)
    chosen = made.percentiles.filter(pl.col("p").is_in(SHOWN))
    lines = [(f"P{row['p']:.0f}", words.day(row["finish"]), words.count(row["periods"], "week")) for row in chosen.iter_rows(named=True)]
    print_table("All that is left is done", ["", "date", "ahead"], lines, right=(1, 2))
    if made.target:
        at = datetime.fromisoformat(made.target["date"])
        kind = words.TARGETS.get(made.target["kind"], made.target["kind"])
        console().print(f"Target {words.day(at)} ({kind}): chance {words.chance(made.target['chance'])}.", markup=False)
    console().print(f"{words.capitalised(made.told())}.", markup=False)


def print_figures(figures: BoardFigures) -> None:
    """Where a board stands, what is old, what came and what left."""
    from pmo_lib.plots import flow_words

    said = [sentence(figures), flow_words.in_progress(figures), flow_words.came_and_left(figures)]
    console().print("\n".join(f"{one}." for one in said if one) + "\n", markup=False, soft_wrap=True)


def sentence(figures: BoardFigures | dict[str, Any]) -> str:
    """A board in a line: what is left, throughput and service level, each with what it was counted on."""
    from pmo_lib.plots import words

    told = figures if isinstance(figures, dict) else {field.name: getattr(figures, field.name) for field in fields(figures)}
    said = [f"{words.count(told['left'], 'item')} left" if told["left"] or "items" not in told else f"all {words.count(told['items'], 'item')} done"]
    if told["weekly"] is not None:
        said.append(f"{told['weekly']:.1f} finished a week ({words.count(told['counted'], 'item')} in {words.count(told['weeks'], 'week')})")
    if told["within"] is not None:
        said.append(f"{words.share(told['share'])} done within {told['within']:.0f} days (of {words.count(told['measured'], 'item')})")
    return ", ".join(said)

"""The flow command: a board's measures and forecast."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_lib.cli.arguments import Json, WorkspaceFolder, instant, is_file, setting, workspace
from pmo_lib.cli.output import emit, rows
from pmo_lib.errors import InvalidInput, NotAvailable

if TYPE_CHECKING:
    from pmo_lib.office import BoardOutlook
    from pmo_lib.project import Project

What = Annotated[str, typer.Argument(metavar="KEY|FILE", help="A project's key in the workspace, or a board: an export or a folder that a pull left.")]
Items = Annotated[str | None, typer.Option(metavar="N or LOW-HIGH", help="Items to do, in place of what the board has left: 40, or 35-50.")]
By = Annotated[str | None, typer.Option(metavar="DATE", help="How many items by that day, and the chance that all is done.")]
First = Annotated[list[str] | None, typer.Option("--first", metavar="EPIC", help="Done before the others; several in that order.")]
Group = Annotated[str | None, typer.Option(metavar="COLUMN", help="Figures by group too: team, type, epic, service, assignee, priority, versions, labels, ….")]
RULES = "Rules of the board; without one its own in pmo.toml, else a guess"
Level = Annotated[str | None, typer.Option(metavar="item|epic|subtask|portfolio", help="Which level is counted.", rich_help_panel=RULES)]
Types = Annotated[str | None, typer.Option(metavar="STORY,BUG", help="Which types are counted.", rich_help_panel=RULES)]
Started = Annotated[str | None, typer.Option(metavar="COLUMN", help="The column in which work begins.", rich_help_panel=RULES)]
Done = Annotated[str | None, typer.Option(metavar="COLUMN", help="The column in which it is done.", rich_help_panel=RULES)]
Zone = Annotated[str | None, typer.Option(metavar="ZONE", help="Whose days: Europe/Berlin.", rich_help_panel=RULES)]
FORECAST = "Forecast"
Weeks = Annotated[int | None, typer.Option("--window", min=1, metavar="WEEKS", help="Latest weeks to draw from; default: chosen by past forecasts.")]
Split = Annotated[str | None, typer.Option(metavar="SHARE", help="Share of the items that turn out to be two: 0.1, or 0.05-0.2.", rich_help_panel=FORECAST)]
Growth = Annotated[str | None, typer.Option(metavar="N", help="Items added a week until the work is done: 1, or 0-2.", rich_help_panel=FORECAST)]
Calendar = Annotated[str | None, typer.Option(metavar="NAME", help="A calendar of the standards, whose holidays count.", rich_help_panel=FORECAST)]
Iterations = Annotated[int | None, typer.Option("--iterations", "-n", min=100, help="Iterations; default: the standard's.", rich_help_panel=FORECAST)]
Seed = Annotated[int | None, typer.Option(help="Seed of the draws.", rich_help_panel=FORECAST)]
AT = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The board as it stood on that day.")]


def register(app: typer.Typer) -> None:
    """Put this room's command into the app."""
    app.command("flow", rich_help_panel="One plan")(flow_)


def flow_(
    what: What,
    items: Items = None,
    by: By = None,
    first: First = None,
    group: Group = None,
    window: Weeks = None,
    level: Level = None,
    types: Types = None,
    started: Started = None,
    done: Done = None,
    zone: Zone = None,
    split: Split = None,
    growth: Growth = None,
    calendar: Calendar = None,
    iterations: Iterations = None,
    seed: Seed = None,
    as_of: AT = None,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """How work flows over a board of Jira or Asana, and when what is left will be done.

    pmo flow WEB                               what is left, by past throughput
    pmo flow WEB --items 35-50 --growth 0-1    a backlog that nobody knows exactly, and that grows
    pmo flow WEB --first WEB-12 --by 2027-03-31
    pmo flow WEB --group team                  and how each team flows
    """
    from pmo_lib.cli.flow_text import print_board

    flags = {"level": level, "types": listed(types), "started": started, "done": done, "zone": zone, "window": window, "calendar": calendar}
    flags |= {"split": numbers("--split", split), "growth": numbers("--growth", growth)}
    board, own = board_of(what, folder)
    asked = {"items": whole("--items", items), "by": day("--by", by), "first": first or (), "group": group}
    made = outlook_of(board, own, flags, **asked, as_of=as_of, iterations=iterations, seed=seed)
    if json:
        emit({"project": {"key": board.info.key, "name": board.info.name}, "flow": as_json(made)})
        return
    print_board(board, made)


def board_of(what: str, folder: Path | None) -> tuple[Project, Path | None]:
    """The board that KEY or FILE means, and the folder of the workspace that it lies in."""
    from pmo_lib.office.boards import is_board
    from pmo_lib.readers import read

    if is_file(what):
        board, own = read(Path(what)), folder
    else:
        ws = workspace(folder)
        board, own = ws.project(what), ws.folder
    if not is_board(board):
        raise NotAvailable(f"{what} is no board: it has no items with statuses; pmo forecast {what} forecasts a plan")
    return board, own


def outlook_of(board: Project, folder: Path | None, flags: dict[str, Any], *, as_of: str | None = None, **options: Any) -> BoardOutlook:
    """The board's outlook by the settings in force."""
    from pmo_lib import office
    from pmo_lib.standards import standards

    own = None if folder is None else folder / "standards.toml"
    options |= {name: setting(f"forecast.{name}", options.get(name), folder) for name in ("iterations", "seed")}
    at = instant(as_of)
    if at is not None and as_of is not None and len(as_of) == len("2026-11-30"):
        at = at.replace(hour=23, minute=59, second=59)
    rules = office.board_rules(board.info.key, folder, flags)
    return office.outlook(board, rules, at=at, standard=standards(own if own is not None and own.is_file() else None), **options)


def as_json(made: BoardOutlook) -> dict[str, Any]:
    """A board's outlook as JSON values."""
    import polars as pl

    values = {one.name: getattr(made, one.name) for one in fields(made)}
    values["balance"] = None if made.balance is None else asdict(made.balance) | {"expected": made.balance.expected}
    return {name: rows(value) if isinstance(value, pl.DataFrame) else value for name, value in values.items()}


def listed(text: str | None) -> list[str] | None:
    """Names parted by commas."""
    return None if text is None else [one.strip() for one in text.split(",") if one.strip()]


def numbers(flag: str, text: str | None) -> float | list[float] | None:
    """A number, or LOW-HIGH."""
    if text is None:
        return None
    try:
        ends = [float(one) for one in text.split("-")]
    except ValueError:
        ends = []
    if len(ends) not in (1, 2):
        raise InvalidInput(f"{flag} is a number or LOW-HIGH, as in 0.1 or 0.05-0.2, and is {text!r}")
    return ends[0] if len(ends) == 1 else ends


def whole(flag: str, text: str | None) -> int | tuple[int, int] | None:
    """A whole number, or LOW-HIGH."""
    found = numbers(flag, text)
    if found is None:
        return None
    ends = found if isinstance(found, list) else [found]
    if any(one != int(one) for one in ends):
        raise InvalidInput(f"{flag} counts whole items, as in 40 or 35-50, and is {text!r}")
    return int(ends[0]) if len(ends) == 1 else (int(ends[0]), int(ends[1]))


def day(flag: str, text: str | None) -> date | None:
    """A day that somebody typed."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{flag}: {text!r} is not a day; write it as 2027-03-31") from None

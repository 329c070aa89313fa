"""`pmo compare`: what changed between two versions of a plan, and what moved its finish."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmo_lib.cli.arguments import Json, WorkspaceFolder, is_file, workspace
from pmo_lib.cli.output import console, emit, print_table, rows
from pmo_lib.errors import InvalidInput

if TYPE_CHECKING:
    import polars as pl

    from pmo_lib.project import Project
    from pmo_lib.schedule import Comparison

EDITS, SLIPS = 20, 10  # rows shown before "and n more"
Older = Annotated[str, typer.Argument(metavar="OLDER|KEY", help="A plan file; or KEY, KEY@2026-10-31, KEY@HASH in the workspace. KEY alone: its last two.")]
Newer = Annotated[str | None, typer.Argument(metavar="NEWER", help="The later version, named in the same way.")]


def register(app: typer.Typer) -> None:
    """Put this room's command into the app."""
    app.command(rich_help_panel="One plan")(compare)


def compare(
    older: Older,
    newer: Newer = None,
    everything: Annotated[bool, typer.Option("--all", help="Every change and every moved finish, not only the largest.")] = False,
    folder: WorkspaceFolder = None,
    json: Json = False,
) -> None:
    """What changed between two versions of a plan, and what moved its finish: working days by group of changes.

    pmo compare plan-october.xer plan-november.xer
    pmo compare NORTHGATE
    pmo compare NORTHGATE@2026-06-30 NORTHGATE
    """
    before, now, found = _compared(older, newer, folder)
    if json:
        _emit(before, now, found)
    else:
        _print(before, now, found, everything)


def _compared(older: str, newer: str | None, folder: Path | None) -> tuple[Project, Project, Comparison]:
    from pmo_lib import office, schedule
    from pmo_lib.office import comparing

    if newer is None and is_file(older):
        raise InvalidInput(f"{older} is to be compared with what? name the later file too, or a project's key for its last two snapshots")
    if newer is None or not (is_file(older) or is_file(newer)):
        return office.compare(workspace(folder), older, newer)
    plans = [comparing.read_plan(Path(one)) if is_file(one) else comparing.named(workspace(folder), one) for one in (older, newer)]
    return plans[0], plans[1], schedule.compare(*plans)


def _emit(before: Project, now: Project, found: Comparison) -> None:
    import polars as pl

    from pmo_lib.plots import compared

    values = {field.name: getattr(found, field.name) for field in fields(found)}
    tables = {name: rows(value) if isinstance(value, pl.DataFrame) else value for name, value in values.items()}
    emit({"older": before.info.record(), "newer": now.info.record(), "headline": compared.headline(found), **tables})


def _print(before: Project, now: Project, found: Comparison, everything: bool) -> None:
    from rich.markup import escape

    from pmo_lib.plots import compared

    console().print(f"{_named(before)}  →  {_named(now)}", markup=False)
    console().print(f"[bold]{escape(compared.headline(found))}.[/bold]")
    said = [compared.doubt(found), compared.matched(found)]
    if found.verdict != "different":
        said += [compared.path(found), compared.eroded(found), compared.retroactive(found)]
    for sentence in said:
        if sentence:
            console().print(f"{sentence}.", markup=False)
    console().print()
    if found.verdict == "different":
        return
    if found.attribution is not None and found.attribution.height > 2:  # more than interaction and total
        _print_attribution(found.attribution)
    edits, slips = compared.edits(found), compared.slips(found)
    _print_changes("Changes", edits, None if everything else EDITS)
    _print_changes("Scheduled finishes that moved", slips, None if everything else SLIPS)


def _named(plan: Project) -> str:
    from pmo_lib.plots import words

    info = plan.info
    return f"{info.file or info.key}" + (f" (status date {words.day(info.data_date)})" if info.data_date else "")


def _print_attribution(attribution: pl.DataFrame) -> None:
    from pmo_lib.plots import words

    lines = [
        (
            words.GROUPS[row["group"]],
            words.days(row["days"], sign=True),
            words.days(row["alone_days"], sign=True),
            "" if row["group"] == "interaction" else f"{row['count']:,}",
            "" if row["group"] == "interaction" else words.day(row["finish"]),
            row["note"] or "",
        )
        for row in attribution.iter_rows(named=True)
        if row["group"] != "interaction" or row["minutes"] or row["alone_minutes"]
    ]
    columns = ["what moved the finish", "working days", "alone", "changes", "finish after it", ""]
    print_table("In the order in which they were applied", columns, lines, right=(1, 2, 3, 4))


def _print_changes(title: str, changes: pl.DataFrame, most: int | None) -> None:
    from pmo_lib.plots import compared, words

    shown = changes if most is None else changes.head(most)
    if shown.is_empty():
        return
    lines: list[tuple[Any, ...]] = [
        (
            row["activity"],
            "" if row["name"] == row["activity"] else row["name"],
            compared.what(row) + (" (retroactive)" if row["retroactive"] else ""),
            compared.from_to(row),
            "" if row["days"] is None else words.days(row["days"], sign=True),
        )
        for row in shown.iter_rows(named=True)
    ]
    of = f", the first {shown.height:,} of {changes.height:,} (--all shows them)" if shown.height < changes.height else ""
    print_table(f"{title}{of}", ["activity", "name", "what", "from → to", "days"], lines, right=(4,))

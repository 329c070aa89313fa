"""A board's flow and forecast as people read it in a terminal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_lib.cli.output import console, print_table

if TYPE_CHECKING:
    from pmo_lib.flow import Balance
    from pmo_lib.office import BoardOutlook
    from pmo_lib.project import Project

MOST = 8  # rows of a table
GROUPS = 20  # of them, of groups
NAMES = {"level": "counted", "started": "begins", "done": "is done"}


def print_board(board: Project, made: BoardOutlook) -> None:
    """Rules, measures, what is left, and when it will be done."""
    from pmo_lib.plots import words

    console().print(f"[bold]{_escaped(board.info.name)}[/bold]  {_escaped(board.info.file or board.info.source)}, as it stood on {words.day(made.at)}\n")
    _print_rules(made)
    _print_measures(made)
    _print_ageing(made)
    _print_groups(made)
    print_outlook(made)


def print_outlook(made: BoardOutlook) -> None:
    """When what is left will be done, with the window that the answer rests on, and how sure such answers have been."""
    from pmo_lib.plots import words

    left = words.count(made.items, "item")
    if made.finishes is None:
        console().print(f"No forecast of {left}: {_escaped(made.refusals.get('forecast', ''))}\n")
        return
    _print_finishes(made, left)
    _print_by(made)
    for sentence in made.assumptions:
        console().print(f"  {_escaped(words.capitalised(sentence))}.", soft_wrap=True)
    console().print(f"  {_escaped(_trust(made))}\n", soft_wrap=True)
    console().print(f"{made.iterations:,} iterations, seed {made.seed}")


def _print_rules(made: BoardOutlook) -> None:
    rows = [(str(NAMES.get(row["rule"], row["rule"])), row["value"], "a guess" if row["guessed"] else "") for row in made.rules.iter_rows(named=True)]
    print_table(r"How the board is counted (flags, or \[flow] in pmo.toml, replace a guess)", ["rule", "what it comes to here", ""], rows)


def _print_measures(made: BoardOutlook) -> None:
    from pmo_lib.plots import words

    if made.throughput is not None:
        counts = made.throughput["finished"].to_list()
        span = f"{words.day(made.throughput['period'][0])} to {words.day(_end(made))}"
        each = f"{min(counts)} to {max(counts)} a week, {words.number(sum(counts) / len(counts), 1)} on average"
        console().print(f"Throughput: {words.count(sum(counts), 'item')} finished in {words.count(len(counts), 'week')} ({span}): {each}.")
    if made.service_level is not None:
        rows = made.service_level.iter_rows(named=True)
        within = ", ".join(f"{words.share(row['confidence'])} within {words.count(round(row['days']), 'day')}" for row in rows)
        console().print(f"Cycle time of {words.count(made.service_level['items'][0], 'finished item')}: {within}.")
    if made.balance is not None:
        console().print(_escaped(_balanced(made.balance)), soft_wrap=True)
    for part in ("service level", "ageing"):
        if part in made.refusals:
            console().print(f"No {part}: {_escaped(made.refusals[part])}")
    console().print()


def _balanced(balance: Balance) -> str:
    """Both sides of Little's law, and which of its assumptions fail."""
    from pmo_lib.plots import words

    sides = f"{words.number(balance.wip, 1)} in progress on average, at {words.number(balance.throughput * 7, 1)} finished a week"
    law = f"Little’s law over those weeks: {sides}, would take {words.number(balance.expected, 1)} days; they took {words.number(balance.cycle_time, 1)}."
    return law + (f" What it assumes does not hold: {'; '.join(balance.failing)}." if balance.failing else " What it assumes holds.")


def _print_ageing(made: BoardOutlook) -> None:
    from pmo_lib.plots import words

    if made.ageing is None or made.ageing.is_empty():
        console().print("Nothing is in progress.\n")
        return
    lines = [
        (
            row["item"],
            row["name"],
            row["column"],
            words.count(round(row["age"]), "day"),
            words.count(round(row["in_column"]), "day"),
            "" if row["older_than"] is None else words.share(row["older_than"]),
        )
        for row in made.ageing.head(MOST).iter_rows(named=True)
    ]
    more = f", the oldest {MOST} of {made.ageing.height:,}" if made.ageing.height > MOST else ""
    print_table(f"In progress{more}", ["item", "name", "column", "age", "in column", "older than so many of the finished"], lines, right=(3, 4, 5))


def _print_groups(made: BoardOutlook) -> None:
    """The figures of each group, side by side."""
    from pmo_lib.plots import words

    if made.groups is None or made.scopes is None:
        return
    scopes = {row["group"]: row for row in made.scopes.iter_rows(named=True)}
    lines = []
    for row in made.groups.head(GROUPS).iter_rows(named=True):
        counts = (words.number(row[name]) for name in ("items", "left", "in_progress"))
        within = (words.NONE if row[name] is None else words.count(round(row[name]), "day") for name in ("p50", "p85", "p95"))
        scope = scopes.get(row["group"], {"came": 0, "went": 0})
        lines.append((row["group"] or "none is named", *counts, f"+{scope['came']}, −{scope['went']}", words.number(row["weekly"], 1), *within))
    more = f", the largest {GROUPS} of {made.groups.height:,}" if made.groups.height > GROUPS else ""
    shares = [words.share(one) for one in (0.5, 0.85, 0.95)]
    columns = [str(made.grouped), "items", "left", "in progress", "came, went", "finished a week", *(f"{share} within" for share in shares)]
    print_table(f"By {made.grouped}{more}; came and went: in the last 12 whole weeks", columns, lines, right=(1, 2, 3, 4, 5, 6, 7, 8))


def _print_finishes(made: BoardOutlook, left: str) -> None:
    from pmo_lib.plots import words

    assert made.finishes is not None
    names = dict(made.remaining.select("epic", "name").iter_rows())
    works = made.finishes["work"].unique(maintain_order=True).to_list()
    lines = []
    for work in works:
        rows = made.finishes.filter(made.finishes["work"].eq_missing(work)).to_dicts()
        items = words.number(rows[0]["items"], 0 if rows[0]["items"] == int(rows[0]["items"]) else 1)
        lines.append((work if work and len(works) > 1 else "all of it", str(names.get(work) or ""), items, *(_day(row) for row in rows)))
    shares = [f"{words.share(row)}" for row in made.finishes["confidence"].unique(maintain_order=True)]
    shown = lines if len(lines) <= MOST + 1 else [*lines[:MOST], lines[-1]]
    more = f" ({len(lines) - 1 - MOST} more epics with --json)" if len(lines) > len(shown) else ""
    print_table(f"When {left} will be done, with that chance{more}", ["work", "name", "items", *shares], shown, right=(2, 3, 4, 5))
    for reason in dict.fromkeys(row for row in made.finishes["reason"].drop_nulls()):
        console().print(f"  Never: {_escaped(reason)}.")
    row = made.finishes.row(0, named=True)
    console().print(
        f"  Drawn from {words.count(row['sampled'], 'week')}, {words.day(row['window_from'])} to {words.day(row['window_to'])}, "
        f"in which {words.count(row['counted'], 'item was', 'items were')} finished."
    )


def _print_by(made: BoardOutlook) -> None:
    from pmo_lib.plots import words

    if made.by is None:
        return
    if made.how_many is None:
        console().print(f"  By {words.day(made.by)}: {_escaped(made.refusals.get('by', 'not known'))}")
        return
    many = ", ".join(f"{row['items']:,} with {words.share(row['confidence'])}" for row in made.how_many.iter_rows(named=True))
    chance = "" if made.chance_by is None else f"; all of it is done by then with a chance of {words.chance(made.chance_by)}"
    weeks = words.count(made.how_many["periods"][0], "whole week")
    console().print(f"  By {words.day(made.by)} ({weeks}): at least so many items: {many}{chance}.")


def _trust(made: BoardOutlook) -> str:
    """How forecasts like these came true on the board's own past."""
    from pmo_lib.plots import words

    if made.rates is None:
        return f"How such forecasts came true here is not known: {made.refusals.get('back-test', '')}."
    row = next(row for row in made.rates.iter_rows(named=True) if row["method"] == "calibrated" and row["confidence"] == 0.85)
    return f"On this board's own past (4 weeks ahead, {row['forecasts']} forecasts): {row['verdict'].replace('%', f'{words.SPACE}%')}."


def _day(row: dict[str, Any]) -> str:
    from pmo_lib.plots import words

    return "never" if row["periods"] is None else words.day(row["date"])


def _end(made: BoardOutlook) -> date | None:
    assert made.finishes is not None
    return made.finishes["window_to"][0]


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)

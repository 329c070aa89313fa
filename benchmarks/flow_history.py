"""Ten million changes of status: cycle times, cumulative flow and ageing, against pandas and plain Polars on the same tables, in alternating runs.

Each of the three starts from the tables as they are kept (keys as text, in order of time); pandas gets its frames made before. The results are compared.
Memory is that of a process of its own which reads from files the columns that these measures need, and does our part; a second one reads the tables whole,
as a workspace gives them: each change with its author and id, and 19 columns of the items that hold nothing, which therefore take nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks import boards
from pmo_lib import flow
from pmo_lib.project import Project, ProjectInfo, trusted
from pmo_lib.store.facts import decoded, encoded
from pmo_lib.tables import findings_frame

ITEMS = 1_700_000  # with some ten million transitions
ROUNDS = 2
GOALS = {"pandas": 15.0, "plain Polars": 5.0}
MOST_MEMORY = 2.0  # GB
DONE_IN = 0.050  # seconds for when_done of 200 items
COLUMNS = tuple(name for name, _ in boards.COLUMNS)
NEEDED = {"items": ["item", "name", "type", "level", "status", "category", "created", "updated", "resolution"], "transitions": ["item", "at", "after"]}


def ours(board: Project) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """One pass, three measures."""
    h = flow.history(board)
    return flow.cycle_times(h), flow.cumulative_flow(h), flow.ageing(h)


def times(items: int = ITEMS, rounds: int = ROUNDS) -> dict[str, tuple[float, float]]:
    """Least seconds of each by the clock, and of processor time."""
    from benchmarks.rivals import board_pandas, board_polars  # here, so that the process that measures memory does not hold pandas

    board = boards.board(items)
    print(f"{board.tables['items'].height:,} items, {board.tables['transitions'].height:,} transitions, {os.cpu_count()} cores")
    flow.history(boards.board(100))  # compiled before
    at = flow.history(board).at
    told = board.tables["items"].select("item", "name", "type", "created", "resolution")
    moves = board.tables["transitions"].select("item", "at", "after")
    panda = told.to_pandas(), moves.to_pandas()
    runs: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours(board),
        "plain Polars": lambda: board_polars.measures(told, moves, COLUMNS, boards.STARTED, boards.DONE, at),
        "pandas": lambda: board_pandas.measures(*panda, COLUMNS, boards.STARTED, boards.DONE, at),
    }
    found = dict.fromkeys(runs, (float("inf"), float("inf")))
    for number in range(rounds):
        results = {}
        for name, run in runs.items():
            clock, busy = time.perf_counter(), time.process_time()
            results[name] = run()
            took = time.perf_counter() - clock, time.process_time() - busy
            found[name] = min(found[name][0], took[0]), min(found[name][1], took[1])
            print(f"  round {number + 1}: {name:13} {took[0]:8.2f} s by the clock {took[1]:8.2f} s of processors", flush=True)
        if number == 0:
            _alike(results)
        results.clear()
    return found


def _alike(results: dict[str, Any]) -> None:
    """The rivals do the same work: their figures are ours."""
    cycles, state, ages = results["ours"]
    for name in ("plain Polars", "pandas"):
        cycle, arrived, age = (pl.from_pandas(one) if name == "pandas" else one for one in results[name])
        same = cycles.select("item", "cycle_time", "lead_time").sort("item").equals(cycle.select("item", "cycle_time", "lead_time").sort("item"))
        same &= bool((state.select(COLUMNS).to_numpy() == arrived.select(COLUMNS).to_numpy()).all())
        same &= ages.select("item", "age", "in_column").equals(age.select("item", "age", "in_column"))
        same &= bool(np.allclose(ages["older_than"].to_numpy(), age["older_than"].to_numpy()))
        if not same:
            raise AssertionError(f"{name} finds other figures than ours")


def memory(items: int = ITEMS) -> tuple[float, float]:
    """Most memory of a process that reads the tables and measures [GB]: the columns that are needed, and all."""
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in boards.board(items).tables.items():
            (Path(folder) / f"{name}.parquet").write_bytes(encoded(name, frame))
        command = [sys.executable, "-m", "benchmarks.flow_history", folder]
        told = [subprocess.run([*command, which], capture_output=True, text=True, check=True).stdout for which in ("needed", "all")]
    return float(told[0].split()[-1]), float(told[1].split()[-1])


def _measured_alone(folder: str, which: str) -> None:
    files = {name: Path(folder) / f"{name}.parquet" for name in ("items", "transitions", "statuses")}
    if which == "all":
        tables = {name: decoded(file.read_bytes()) for name, file in files.items()}
    else:
        tables = {name: pl.read_parquet(file, columns=NEEDED.get(name)) for name, file in files.items()}
    ours(trusted(ProjectInfo(key="WORK", name="A board", source="generated"), tables, findings_frame()))
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1e6)


def done_in(items: int = 200) -> float:
    """Seconds of `when_done` from a year of weeks with some five items each."""
    weeks = np.random.default_rng(3).poisson(5, 52).tolist()
    flow.when_done(weeks, items=items)
    took = []
    for _ in range(20):
        begin = time.perf_counter()
        flow.when_done(weeks, items=items)
        took.append(time.perf_counter() - begin)
    return min(took)


def main(items: int = ITEMS, rounds: int = ROUNDS) -> bool:
    """Prints the ratios; whether the goals are met."""
    found = times(items, rounds)
    met = True
    for name, goal in GOALS.items():
        clock, busy = (found[name][n] / found["ours"][n] for n in (0, 1))
        met &= clock >= goal
        print(f"  {clock:5.1f} times as fast as {name} by the clock, goal {goal:g}; {busy:.1f} times by processor time")
    (peak, whole), one = memory(items), done_in()
    print(f"  {peak:.2f} GB at most, goal {MOST_MEMORY:g} ({whole:.2f} GB with the tables whole, as a workspace gives them)")
    print(f"  when_done of 200 items {one * 1000:.1f} ms, goal {DONE_IN * 1000:g}")
    return met and max(peak, whole) <= MOST_MEMORY and one <= DONE_IN


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _measured_alone(*sys.argv[1:])
    else:
        raise SystemExit(not main())

"""How fast a board of ten million changes of status is measured, beside pandas and plain Polars."""

from __future__ import annotations

from typing import Any

from benchmarks import flow_history
from benchmarks.proofs.tables import table

TITLE = "Speed of flow: ten million changes of status"
OPTIONS: dict[str, Any] = {"items": flow_history.ITEMS, "rounds": flow_history.ROUNDS}
ABOUT = """\
Cycle times, cumulative flow and ageing of one made-up board (skipped columns, moves back, reopened and cancelled items; seeded), from its tables in memory
with keys as text. The rivals are what one writes with `group_by` and `shift`; every figure of theirs was compared with ours and is the same. Runs alternate;
the least of each is told, by the clock and in processor time (of all threads together). Ratios are of ours. Where other work loads the machine, as its
load above tells, the clock says little and processor time alone compares."""


def prove(items: int = OPTIONS["items"], rounds: int = OPTIONS["rounds"]) -> str:
    """A table of times and ratios; memory; a forecast."""
    found = flow_history.times(items, rounds)
    ours = found["ours"]
    rows = [
        [name, f"{clock:.2f} s", f"{busy:.2f} s", f"{clock / ours[0]:.1f}", f"{busy / ours[1]:.1f}", flow_history.GOALS.get(name, "")]
        for name, (clock, busy) in found.items()
    ]
    header = ["", "by the clock", "processors", "ratio, clock", "ratio, processors", "goal"]
    (peak, whole), one = flow_history.memory(items), flow_history.done_in()
    return "\n\n".join(
        [
            ABOUT,
            f"{items:,} items, {rounds} rounds.",
            table(header, rows, text=("",)),
            f"A process that reads the columns which these measures need from files, and does our part, takes {peak:.2f} GB at most "
            f"(goal {flow_history.MOST_MEMORY:g} GB). With the tables whole, as a workspace gives them, it is {whole:.2f} GB: changes have author and id; "
            "columns of the items that hold nothing on this board (team, epic, points and the like) take nothing.",
            f"`when_done` of 200 items from 52 weeks takes {one * 1000:.1f} ms (goal {flow_history.DONE_IN * 1000:g} ms).",
        ]
    )

"""The Flow page of a large board: its figures in a process, and the page in a real Chromium, by the clock."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import busy_board
from benchmarks.proofs import browser
from benchmarks.proofs.tables import table

TITLE = "Flow page of a large board, in Chromium"
OPTIONS: dict[str, Any] = {"items": 100_000, "visits": 4}
FIRST, WHOLE = 3.0, 10.0  # [s] limits: the first figures, and the last chart, of the first visit to a server that has just started
CHARTS = ("burn-up", "cumulative flow", "throughput", "cycle times", "ageing")
CHART = "[role=img][aria-label]:not(svg)"
SEEN = {"the sentence and the figures": "dl.kpi", **{f"chart: {name}": f"{CHART} >> nth={k}" for k, name in enumerate(CHARTS)}}
SETTLED = 8  # [s] between the server's first answer and the first visit
ABOUT = f"""\
A made-up board (seeded) of a backlog and four columns over six years, kept in a workspace. `pmo serve` serves it; a visit is timed from the start of the
navigation until each thing is visible. The first visit finds an empty cache and a server that answered for the first time {SETTLED} s before, in which it
measures the board of its own accord; of the later ones, each in a new tab of the same browser, the median is told."""
ASK = """
import sys, time
from pmo_lib import office
from pmo_lib.store import open_workspace
ws = open_workspace(sys.argv[1])
for _ in range(3):
    begin = time.perf_counter(); office.board_flow(ws, "BUSY"); print(time.perf_counter() - begin)
"""


def prove(items: int = OPTIONS["items"], visits: int = OPTIONS["visits"]) -> str:
    """A table of times, and what the browser was sent."""
    from pmo_lib import office
    from pmo_lib.store import init_workspace

    with tempfile.TemporaryDirectory() as folder:
        with init_workspace(Path(folder) / "ws") as ws:
            made = busy_board.board(items)
            ws.add(made)
            office.certify(ws, "BUSY")
            office.forecast_board(ws, "BUSY")
        said = subprocess.run([sys.executable, "-c", ASK, folder + "/ws"], check=True, capture_output=True, text=True).stdout.split()
        if browser.CHROMIUM is None:
            raise RuntimeError("there is no Chromium on this machine")
        with browser.served(Path(folder) / "ws") as url:
            time.sleep(SETTLED)
            found = browser.watched(f"{url}/flow?key=BUSY", visits, SEEN)
    first, *again = found
    times = [float(text) for text in said]
    rows = [["figures alone, in a process", f"{times[0]:.2f} s", f"{min(times[1:]):.2f} s", ""]]
    rows += [[name, f"{first.seconds[name]:.2f} s", f"{statistics.median(one.seconds[name] for one in again):.2f} s", _limit(name, first)] for name in SEEN]
    counts = f"{items:,} items, {made.tables['transitions'].height:,} changes of status."
    later = statistics.median(one.received for one in again)
    sent = f"The browser was sent {first.received / 1e6:.1f} MB on the first visit and {later / 1e6:.1f} MB on a later one."
    return "\n\n".join([ABOUT, counts, table(["", "first visit", "later visits", "limit of the first"], rows, text=("", "limit of the first")), sent])


def _limit(name: str, first: browser.Visit) -> str:
    names = list(SEEN)
    limit = {names[0]: FIRST, names[-1]: WHOLE}.get(name)
    return "" if limit is None else f"{limit:g} s: {'met' if first.seconds[name] <= limit else '**missed**'}"

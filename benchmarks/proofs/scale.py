"""A large portfolio: what an import, the portfolio page and a report take in it.

The workspace is the made-up portfolio of data/demo with its last month left out; that month then comes in as files, as on the day after a
month's end. It is kept in build/ and used again; each run works on a copy.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.proofs import browser
from benchmarks.proofs.tables import table

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "data" / "demo"))

TITLE = "Scale: a large portfolio"
OPTIONS: dict[str, Any] = {"projects": 300, "snapshots": 24, "folder": "build"}
SEED = 2026
VISITS, REPORTS, LIMIT = 6, 4, 2.0  # LIMIT [s]: the portfolio page, warm
RULE = """\
Half of them are P6 and half MS Project plans, of 15 to 200 activities. The last month comes in as files. Warm is every visit after the first to the page
that `pmo serve` serves, in one Chromium with its cache, from the start of the navigation until the rows of the table are visible."""
ASK = """
import sys, time
from pmo_lib import office
from pmo_lib.store import open_workspace
from pmo_dashboards.serve import pages
ws = open_workspace(sys.argv[1])
for verb in (lambda: office.portfolio(ws), pages(ws)[""]):
    for _ in range(4):
        begin = time.perf_counter(); verb(); print(time.perf_counter() - begin)
"""


def prove(projects: int, snapshots: int, folder: str) -> str:
    """The times, measured one after the other on a copy of the workspace."""
    base = ROOT / folder / f"scale-{projects}x{snapshots}"
    built = _built(base, projects, snapshots)
    work = base / "work"
    _copy(base / "workspace", work)
    try:
        rows = [
            [
                "make the workspace (once, on all cores)",
                f"{built['snapshots']:,} snapshots",
                f"{built['seconds']:,.0f} s",
                _each(built["seconds"], built["snapshots"]),
            ]
        ]
        rows += _month(work, base / "inbox")
        rows += _portfolio(work)
        rows += _reports(work)
    finally:
        shutil.rmtree(work)
    size = sum(path.stat().st_size for path in (base / "workspace").rglob("*") if path.is_file())
    head = f"{projects:,} projects over {snapshots} monthly snapshots (seed {SEED}); the workspace takes {size / 1e6:,.0f} MB. {RULE}"
    return f"{head}\n\n{table(['what', 'of', 'time', 'each'], rows, text=('what', 'of'))}"


def _built(base: Path, projects: int, snapshots: int) -> dict[str, float]:
    """Makes the workspace where it is not there; what it took."""
    from pmo_demo.fixture import build_workspace  # pyright: ignore[reportMissingImports]  a script's package, not an installed one

    said = base / "built.json"
    if not said.exists():
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        begin = time.perf_counter()
        count = build_workspace(base / "workspace", projects, snapshots, SEED, inbox=base / "inbox", progress=_tell)
        said.write_text(json.dumps({"snapshots": count, "seconds": time.perf_counter() - begin}), encoding="utf-8")
    return json.loads(said.read_text(encoding="utf-8"))


def _tell(done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        print(f"{done:,} of {total:,} projects", flush=True)


def _copy(source: Path, target: Path) -> None:
    """A workspace of its own; facts are never changed, so they are shared."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=lambda a, b: os.link(a, b) if a.endswith(".parquet") else shutil.copy2(a, b))


def _month(work: Path, inbox: Path) -> list[list[str]]:
    from pmo_lib import office
    from pmo_lib.store import open_workspace

    with open_workspace(work) as ws:
        begin = time.perf_counter()
        submissions, missing = office.bring_in(ws, inbox)
        taken = time.perf_counter() - begin
        refused = [one.message for one in submissions if one.outcome != "new"]
        if refused or missing:
            raise AssertionError(f"the month did not come in whole: {refused or missing}")
        begin = time.perf_counter()
        for one in submissions:
            office.forecast_if_possible(ws, str(one.key))
        simulated = time.perf_counter() - begin
    files = len(submissions)
    return [
        ["import the last month: read, keep, certify", f"{files} files", f"{taken:,.1f} s", _each(taken, files)],
        ["forecast it, 10,000 iterations each", f"{files} projects", f"{simulated:,.1f} s", _each(simulated, files)],
    ]


def _portfolio(work: Path) -> list[list[str]]:
    said = subprocess.run([sys.executable, "-c", ASK, str(work)], check=True, capture_output=True, text=True).stdout.split()
    asked, made = [float(text) for text in said[:4]], [float(text) for text in said[4:]]
    rows = [
        ["portfolio: the figures alone", "server, first", f"{asked[0]:.2f} s", ""],
        ["", "server, again", f"{statistics.median(asked[1:]):.2f} s", ""],
        ["portfolio: figures and page", "server, first", f"{made[0]:.2f} s", ""],
        ["", "server, again", f"{statistics.median(made[1:]):.2f} s", ""],
    ]
    if browser.CHROMIUM is None:
        return [*rows, ["portfolio page in Chromium", "no Chromium on this machine", "–", ""]]
    with browser.served(work) as url:
        seconds = browser.visits(url, VISITS)
    warm = seconds[1:]
    met = "met" if statistics.median(warm) <= LIMIT else "**missed**"
    return [
        *rows,
        ["portfolio page in Chromium", "first visit to a new server", f"{seconds[0]:.2f} s", ""],
        ["", f"warm, median of {len(warm)} (limit {LIMIT:g} s: {met})", f"{statistics.median(warm):.2f} s", f"{min(warm):.2f} to {max(warm):.2f} s"],
    ]


def _reports(work: Path) -> list[list[str]]:
    from pmo_lib.reports import report_all
    from pmo_lib.store import open_workspace

    with open_workspace(work) as ws:
        keys = ws.projects()["key"].to_list()[:REPORTS]
        ends = [time.perf_counter()]
        report_all(ws, keys, progress=lambda done, total, key: ends.append(time.perf_counter()))
    took = [after - before for before, after in itertools.pairwise(ends)]
    return [
        ["status report, HTML and PDF", "first, with the kernel's start", f"{took[0]:.1f} s", ""],
        ["", f"the next {len(took) - 1}", f"{sum(took[1:]):.1f} s", _each(sum(took[1:]), len(took) - 1)],
    ]


def _each(seconds: float, count: float) -> str:
    return f"{seconds / count:.3f} s" if count else ""

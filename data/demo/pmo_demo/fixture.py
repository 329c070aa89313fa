"""A made-up portfolio of any size, in the same formats and by the same truth as the authored one: what timings are taken on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_demo.crews import POOL
from pmo_demo.drafts import Draft
from pmo_demo.inbox import write_plan
from pmo_demo.lists import write_project_list
from pmo_demo.plans import baseline_of, plan_of, scheduled
from pmo_demo.truth import advance
from pmo_lib import office
from pmo_lib.project import Project, trusted
from pmo_lib.store import init_workspace, open_workspace
from pmo_lib.tables.portfolio_results import Listing

if TYPE_CHECKING:
    from pmo_lib.store import Workspace

LAST = datetime(2026, 11, 30, 17)
FORECAST = 2  # the latest snapshots that have a forecast: the portfolio shows one and what it changed from
Progress = Callable[[int, int], None]
PLACES = (
    "Ashby",
    "Bramley",
    "Coldharbour",
    "Denmead",
    "Elstead",
    "Farley",
    "Grayshott",
    "Hambledon",
    "Ivychurch",
    "Jevington",
    "Kingsworthy",
    "Liphook",
    "Medstead",
    "Northbrook",
    "Otterbourne",
    "Privett",
    "Quarley",
    "Ropley",
    "Selborne",
    "Tichborne",
    "Upham",
    "Vernham",
    "Wherwell",
    "Yateley",
)
KINDS = (
    "Treatment Works",
    "Pumping Station",
    "Trunk Main",
    "Storm Tank",
    "Reservoir",
    "Sewer Rehabilitation",
    "Telemetry Upgrade",
    "Borehole",
    "Sludge Centre",
    "Outfall",
    "Substation",
    "Service Reservoir Roof",
    "Valve House",
)
PROGRAMMES = ("Treatment", "Networks", "Wastewater", "Energy", "Operations", "Customer")
PHASES = (
    ("Design", "DES", "DES", ("Outline design", "Survey", "Detailed design", "Hazard review", "Design approval")),
    ("Procurement", "PRO", "BUY", ("Enquiry", "Tender", "Order", "Manufacture", "Delivery")),
    ("Civil works", "CIV", "CIV", ("Excavate", "Base slab", "Walls", "Cover slab", "Backfill", "Drainage")),
    ("MEICA", "MEC", "MEC", ("Pipework", "Plant", "Cabling", "Instruments", "Dry test")),
    ("Commissioning", "COM", "COM", ("Wet test", "Sampling", "Trial run", "Training", "Records")),
)


def months(count: int, last: datetime = LAST) -> list[datetime]:
    """The last `count` month ends at 17:00, oldest first."""
    ends = [last]
    while len(ends) < count:
        ends.append((ends[-1].replace(day=1) - timedelta(days=1)).replace(hour=17))
    return ends[::-1]


def made_up(index: int, seed: int) -> tuple[Draft, dict[str, Any], float]:
    """Project number `index`: its draft, its row of the project list, and the pace at which it goes."""
    chance = Random(f"{seed}/{index}")
    place, kind = PLACES[index % len(PLACES)], KINDS[(index // len(PLACES) + index) % len(KINDS)]
    application = "p6" if chance.random() < 0.5 else "msp"
    start = LAST - timedelta(days=int(chance.random() * 900) - 150)
    start = (start - timedelta(days=start.weekday())).replace(hour=8)
    draft = Draft(
        f"PRJ-{index + 1:04}",
        f"{place} {kind} {index // (len(PLACES) * len(KINDS)) + 1}",
        f"P{index + 1:03}",
        application,
        start,
        f"Manager {index % 40 + 1:02}",
        POOL,
    )
    _works(draft, chance, round(20 * 10 ** chance.random()))
    finish = max(span[1] for span in baseline_of(draft)[0].values())
    listing = {
        "key": draft.key,
        "name": draft.name,
        "programme": PROGRAMMES[index % len(PROGRAMMES)],
        "portfolio": "Capital programme",
        "manager": draft.manager,
        "sponsor": f"Sponsor {index % 9 + 1}",
        "phase": "Delivery",
        "approved_budget": float(round(1e6 * (0.3 + 8 * chance.random()), -3)),
        "approved_finish": (finish + timedelta(days=int(chance.random() * 120))).date(),
        "milestones": list(draft.works)[-1],
        "file_pattern": f"*{draft.key.lower()}*",
        "declared": "on_track" if chance.random() < 0.6 else "at_risk" if chance.random() < 0.7 else "off_track",
    }
    return draft, listing, 0.9 + 0.4 * chance.random()


def _works(draft: Draft, chance: Random, size: int) -> None:
    """About `size` works in five phases: each follows one or two of the works before it."""
    draft.phase("Milestones")
    # P6 schedules from the data date, also before the planned start: a constraint holds the project back
    ends = [draft.milestone("Start", kind="start_milestone", constraint="start_on_or_after", constraint_date=draft.start)]
    for phase, discipline, crew, names in PHASES:
        draft.phase(phase)
        last: list[str] = []
        for number in range(max(2, (size - 7) // len(PHASES))):
            after = last[-1] if last and chance.random() < 0.75 else ends[-1]
            other = chance.choice(last[-4:]) if len(last) > 1 and chance.random() < 0.3 else None
            links = f"{after} SS+3d" if last and chance.random() < 0.15 else after
            links += f"; {other}" if other and other != after else ""
            days = 2 + int(18 * chance.random() ** 2 * min(1.5, 60 / size) + 3 * chance.random())
            name = f"{names[number % len(names)]} {number // len(names) + 1}"
            last.append(draft.task(name, days, links, f"{crew}*{1 + int(4 * chance.random())}", on="2" if discipline == "CIV" else None, discipline=discipline))
        ends.append(draft.milestone(f"{phase} complete", "; ".join(last)))
    draft.milestone("Project complete", ends[-1])


def history(index: int, snapshots: int, seed: int) -> Iterator[tuple[int, Draft, Project]]:
    """The project's plans at its status dates, with stored dates, oldest first."""
    draft, _, pace = made_up(index, seed)
    baseline, budget = baseline_of(draft)
    since, state, plan = draft.start, None, None
    for month, at in enumerate(months(snapshots)):
        if at > since:
            advance(draft, since, at, pace, f"{seed}/{index}/{month}")
            since = at
        now = [(work.started, work.finished, work.remaining) for work in draft.works.values()]
        # before its start and after its end a plan does not change but for its status date
        if plan is not None and now == state:
            plan = trusted(replace(plan.info, data_date=at), plan.tables, plan.findings)
        else:
            plan = scheduled(plan_of(draft, at, baseline if draft.application == "msp" else None, budget))
        state = now
        yield month, draft, plan


def build_fixture(out: Path, projects: int = 300, snapshots: int = 24, seed: int = 2026, processes: int | None = None) -> list[Path]:
    """Write `projects` × `snapshots` plan files below out/inbox/MONTH and a project list a month; return the paths."""
    jobs = [(out, index, snapshots, seed) for index in range(projects)]
    for at in months(snapshots):
        (out / "inbox" / f"{at:%Y-%m}").mkdir(parents=True, exist_ok=True)
    workers = processes or os.cpu_count() or 1
    if workers == 1:
        written = [path for job in jobs for path in _write_project(job)]
    else:
        with _pool(workers) as pool:
            written = [path for paths in pool.map(_write_project, jobs) for path in paths]
    listed = [made_up(index, seed)[1] for index in range(projects)]
    for at in months(snapshots):
        path = out / f"project-list-{at:%Y-%m}.xlsx"
        write_project_list(path, listed)
        written.append(path)
    return written


def _pool(workers: int) -> ProcessPoolExecutor:
    """Processes spawned, not forked: the engine's threads do not survive a fork."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _write_project(job: tuple[Path, int, int, int]) -> list[Path]:
    out, index, snapshots, seed = job
    written, ends = [], months(snapshots)
    for month, draft, plan in history(index, snapshots, seed):
        path = out / "inbox" / f"{ends[month]:%Y-%m}" / _file_name(draft, ends[month])
        write_plan(plan, path, draft)
        written.append(path)
    return written


def _file_name(draft: Draft, at: datetime) -> str:
    return f"{draft.key.lower()}-{at:%Y-%m}.{'xer' if draft.application == 'p6' else 'xml'}"


def build_workspace(
    folder: Path,
    projects: int = 300,
    snapshots: int = 24,
    seed: int = 2026,
    *,
    inbox: Path | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Make a workspace of `projects` × `snapshots` certified plans in `folder`, with forecasts of the latest two; return how many plans it holds.

    The plans go straight into the store, without files. With `inbox` those of the last month are left there as files, to be imported.
    """
    tell = progress or (lambda done, total: None)
    if inbox is not None:
        inbox.mkdir(parents=True, exist_ok=True)
    with init_workspace(folder) as workspace:
        set_list(workspace, projects, snapshots, seed)
    jobs = [(folder, index, snapshots, seed, inbox) for index in range(projects)]
    count, workers = 0, processes or os.cpu_count() or 1
    with ExitStack() as stack:
        each = map if workers == 1 else stack.enter_context(_pool(workers)).map
        for done, kept in enumerate(each(_fill_project, jobs), start=1):
            count += kept
            tell(done, projects)
    return count


def set_list(workspace: Workspace, projects: int, snapshots: int, seed: int) -> None:
    """Make the made-up projects the project list, from before the first month."""
    rows = [made_up(index, seed)[1] for index in range(projects)]
    schema = dict(Listing.create_empty().schema)
    frame = pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)
    workspace.set_listing(frame, "made up", as_of=months(snapshots)[0] - timedelta(days=1))


def _fill_project(job: tuple[Path, int, int, int, Path | None]) -> int:
    """One project's plans, each certified as an import does it, the latest ones forecast."""
    folder, index, snapshots, seed, inbox = job
    ends, kept = months(snapshots), snapshots - (inbox is not None)
    with open_workspace(folder) as workspace:
        for month, draft, plan in history(index, snapshots, seed):
            if month < kept:
                workspace.add(plan)
                office.certify(workspace, draft.key, as_of=ends[month])
                if month >= kept - FORECAST:
                    office.forecast_if_possible(workspace, draft.key, as_of=ends[month], threads=1)
            elif inbox is not None:
                write_plan(plan, inbox / _file_name(draft, ends[month]), draft)
    return kept

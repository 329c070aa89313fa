"""How fast a plan is scheduled: the kernel's links and calendars, and a whole plan beside MPXJ's scheduler."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import pmo_lib as pmo
from benchmarks.generated import Wanted, xer
from benchmarks.proofs.tables import table
from benchmarks.rivals.mpxj_cpm import Rival
from pmo_lib import schedule
from pmo_lib.project import Project
from pmo_lib.schedule import kernel
from pmo_lib.schedule.network import Network, lower

TITLE = "Speed of scheduling: the kernel's links and calendars, and a whole plan beside MPXJ's scheduler"
OPTIONS: dict[str, Any] = {"rounds": 15, "activities": 5_000}
Clock = Callable[[], float]
BLOCK = 128  # iterations, as a simulation runs them
LIMITS = {"types": 1.15, "calendars": 3.0, "rival": 20.0, "together": 1.0}
PLANS = {
    "calendars, every type of link, lags": {"progressed": 0.0, "constrained": 0.0},
    "and 2 % constrained": {"progressed": 0.0},
    "and 10 % begun or done": {},
}


def prove(rounds: int = OPTIONS["rounds"], activities: int = OPTIONS["activities"]) -> str:
    """Medians of alternating runs and their ratios."""
    return "\n\n".join([_kernel(rounds), _plans(rounds, activities), _verbs(rounds, activities)])


def _kernel(rounds: int) -> str:
    """The kernel's forward and backward pass with 1,000 activities and a block of iterations, by what is in the network."""
    one = {"activities": 1_000, "constrained": 0.0, "progressed": 0.0, "milestones": 0.0, "calendars": ("1",)}
    nets = {
        "finish-start alone, one calendar": _net(Wanted(**one, types=("PR_FS",), lagged=0.0)),
        "every type of link, half with a lag, one calendar": _net(Wanted(**one, types=("PR_FS", "PR_SS", "PR_FF", "PR_SF"), lagged=0.5)),
        "every type of link, half with a lag, four calendars": _net(
            Wanted(**{**one, "calendars": ("1", "2", "3", "4")}, types=("PR_FS", "PR_SS", "PR_FF", "PR_SF"), lagged=0.5)
        ),
    }
    taken = _alternating({name: _both_passes(net) for name, net in nets.items()}, rounds * 4)
    medians = [statistics.median(times) for times in taken.values()]
    least = [min(times) for times in taken.values()]
    rows = [[name, f"{1e3 * median:.2f} ms", f"{1e3 * low:.2f} ms"] for name, median, low in zip(taken, medians, least, strict=True)]
    types, calendars = least[1] / least[0], least[2] / least[1]
    return (
        f"## The kernel: both passes, 1,000 activities, {BLOCK} iterations\n\n{table(['network', 'median', 'least'], rows, text=('network',))}\n\n"
        f"All types and lags cost {types:.2f} times finish-start alone ({_met(types <= LIMITS['types'])}: at most {LIMITS['types']}); "
        f"four calendars {calendars:.2f} times one ({_met(calendars <= LIMITS['calendars'])}: at most {LIMITS['calendars']:.0f}). Ratios of the least times."
    )


def _plans(rounds: int, activities: int) -> str:
    """From a Project in memory to the frame of dates, beside MPXJ, both warm."""
    rows, met = [], True
    for name, features in PLANS.items():
        with tempfile.TemporaryDirectory() as folder, Rival() as rival:
            path = Path(folder) / "generated.xer"
            path.write_text(xer(Wanted(activities=activities, **features)), encoding="utf-8")
            plan = pmo.read(path)
            rival.read(path)
            ours, fresh, dates, floats = [], [], [], []
            for warm in range(rounds + 5):
                took = rival.seconds(), _timed(lambda plan=plan: schedule.dates(plan)), _timed(lambda plan=plan: schedule.dates(_renewed(plan)))
                if warm >= 5:
                    dates.append(took[0][0])
                    floats.append(took[0][1])
                    ours.append(took[1])
                    fresh.append(took[2])
        mine, anew, early, slack = (statistics.median(each) for each in (ours, fresh, dates, floats))
        whole = (early + slack) / mine
        met &= whole >= LIMITS["rival"]
        numbers = [f"{1e3 * mine:.1f} ms", f"{1e3 * anew:.1f} ms", f"{1e3 * early:.0f} ms", f"{1e3 * slack:.0f} ms"]
        rows.append([name, *numbers, f"{whole:.0f}", f"{early / mine:.1f}", f"{(early + slack) / anew:.0f}"])
    columns = ["plan", "ours", "ours, tables new", "MPXJ, dates", "MPXJ, floats", "ratio", "its dates alone", "tables new"]
    return (
        f"## A plan of {activities:,} activities on four calendars: from a Project in memory to the complete frame of dates\n\n"
        f"{table(columns, rows, text=('plan',))}\n\n"
        f"Goal {_met(met)}: at least {LIMITS['rival']:.0f} times as fast, medians of {rounds} alternating warm runs.\n"
        "Our frame holds dates, floats and what is critical; MPXJ works out floats when they are asked for,\n"
        "so its time is that of `schedule` and of asking every activity for total and free float and\n"
        "criticality, less what a second round of asking takes (the way from Python to Java). `its dates alone` leaves its floats out and ours in.\n"
        "`tables new`: our plan made of copied tables each time, so that neither its ids nor its calendars' days are remembered."
    )


def _verbs(rounds: int, activities: int) -> str:
    """Agreement, checks and comparison of the same plan, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.xer"
        path.write_text(xer(Wanted(activities=activities)), encoding="utf-8")
        older = pmo.read(path)
        path.write_text(xer(Wanted(activities=activities)).replace("\t80\t80\t", "\t88\t88\t"), encoding="utf-8")
        newer = _stored(pmo.read(path))
    older = _stored(older)
    verbs: Mapping[str, Callable[[], Any]] = {
        "agreement": lambda: schedule.agreement(newer),
        "checks": lambda: schedule.checks(newer),
        "compare": lambda: schedule.compare(older, newer),
        "all three, on one run of the newer plan": lambda: _together(older, newer),
    }
    taken, busy = (_alternating(verbs, max(rounds // 3, 3), clock) for clock in (time.perf_counter, time.process_time))
    whole = statistics.median(list(taken.values())[-1])
    columns = ["verb", "median by the clock", "least processor time"]
    rows = [[name, f"{statistics.median(taken[name]):.2f} s", f"{min(busy[name]):.2f} s"] for name in verbs]
    return (
        f"## What is made of the dates, {activities:,} activities, 10 % begun or done\n\n{table(columns, rows, text=('verb',))}\n\n"
        f"Goal {_met(whole < LIMITS['together'])}: under {LIMITS['together']:.0f} s together. "
        "The comparison is with a plan in which every activity of 80 hours takes 88.\n"
        "What the plan stores are our own dates, but that P6's early start of what has begun is that of its remaining work: those differ, and get a cause."
    )


def _together(older: Project, newer: Project) -> None:
    """As an import does it."""
    run = schedule.schedule_once(newer)
    schedule.agreement(newer, run=run)
    schedule.checks(newer, run=run)
    schedule.compare(older, newer, run=run)


def _stored(plan: Project) -> Project:
    """The plan with our own dates in the place of the source's, so that there is something to agree with."""
    import polars as pl

    ours = {name: name for name in ("early_start", "early_finish", "late_start", "late_finish")} | {"start": "early_start", "finish": "early_finish"}
    found = schedule.dates(plan).select("activity", *(pl.col(name).alias(f"stored_{shown}") for shown, name in ours.items()))
    activities = plan.tables["activities"].drop(found.columns[1:]).join(found, on="activity", how="left", maintain_order="left")
    kept = activities.select(plan.tables["activities"].columns)
    return replace(plan, tables={**plan.tables, "activities": kept})


def _renewed(plan: Project) -> Project:
    return replace(plan, tables={name: frame.clone() for name, frame in plan.tables.items()})


def _net(wanted: Wanted) -> Network:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.xer"
        path.write_text(xer(wanted), encoding="utf-8")
        return lower(pmo.read(path))


def _both_passes(net: Network) -> Callable[[], None]:
    duration = np.ascontiguousarray(np.repeat(net.duration[:, None], BLOCK, axis=1))
    es, ef, ls, lf = (np.empty_like(duration) for _ in range(4))
    finish = np.empty(BLOCK, np.int32)

    def go() -> None:
        kernel.forward(net.arrays, duration, es, ef)
        kernel.latest(net.arrays, ef, finish)
        kernel.backward(net.arrays, duration, ef, finish, ls, lf)

    return go


def _alternating(runs: Mapping[str, Callable[[], Any]], rounds: int, clock: Clock = time.perf_counter) -> dict[str, list[float]]:
    """Seconds of each, taken in turns, after one run of each that is not counted."""
    for run in runs.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(_timed(run, clock))
    return taken


def _timed(run: Callable[[], Any], clock: Clock = time.perf_counter) -> float:
    begin = clock()
    run()
    return clock() - begin


def _met(met: bool) -> str:
    return "met" if met else "**missed**"

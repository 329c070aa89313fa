"""Random networks: the engine against the plain reference, which walks the clock half hour by half hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random
from typing import Any

from benchmarks.proofs.tables import table
from tests.random_networks import disagreements, features, random_plan

TITLE = "Networks: the engine against the plain reference"
OPTIONS: dict[str, Any] = {"networks": 10_000, "seed": 0}
AT_ONCE = 250
SHOWN = 20
RULE = """\
Each network is a random plan under P6's rules, given to `schedule.dates` as a reader would give it and to `tests/reference_cpm.py`, plain Python that
shares nothing with the engine but the calendars' shifts. Compared are early and late start and finish, total and free float, the longest path and what is
critical, of every activity that is not finished. Two instants with no working time of the activity's calendar between them are the same."""


def prove(networks: int = OPTIONS["networks"], seed: int = OPTIONS["seed"]) -> str:
    """How many networks disagree, and in how many of them each feature occurred."""
    parts = [range(first, min(first + AT_ONCE, seed + networks)) for first in range(seed, seed + networks, AT_ONCE)]
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    activities = 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for found, had, count in pool.map(_held, parts):
            wrong += found
            seen += had
            activities += count
    head = f"{networks:,} networks, {activities:,} activities: **{len(wrong):,} disagree**. {RULE}"
    rows = [[name, f"{seen[name]:,}"] for name in sorted(seen)]
    bad = "\n\n## Disagreements\n\n" + "\n".join(f"- {each}" for each in wrong[:SHOWN]) if wrong else ""
    return f"{head}\n\n## In how many networks each feature occurred\n\n{table(['feature', 'networks'], rows, text=('feature',))}{bad}"


def _held(seeds: Iterable[int]) -> tuple[list[str], Counter[str], int]:
    """These networks' disagreements, features and activities."""
    wrong, seen, activities = [], Counter[str](), 0
    for seed in seeds:
        plan = random_plan(Random(seed))
        seen += features(plan)
        activities += len(plan.activities)
        found = disagreements(plan)
        if found:
            wrong.append(f"seed {seed}: {'; '.join(found[:3])}")
    return wrong, seen, activities

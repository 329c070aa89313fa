"""Our MS Project rules beside MPXJ's MicrosoftScheduler, on random plans that both read from the same file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.microsoft import FEATURES, differing, random_plan
from benchmarks.proofs.tables import table
from benchmarks.rivals.mpxj_cpm import Rival

TITLE = "MS Project's rules: our dates beside those of MPXJ's MicrosoftScheduler on random plans"
OPTIONS: dict[str, Any] = {"plans": 40}
SHOWN = 5


def prove(plans: int = 40) -> str:
    """A row a set of features: plans, tasks, and how many tasks' early or late dates differ."""
    lines, named = [], []
    with Rival() as rival, tempfile.TemporaryDirectory() as folder:
        for number, features in enumerate(FEATURES):
            tasks = wrong = 0
            for seed in range(plans):
                count, found = differing(rival, Path(folder) / "plan.xml", random_plan(np.random.default_rng([seed, number]), features))
                tasks, wrong = tasks + count, wrong + len(found)
                named += [f"- {', '.join(sorted(features))}: plan {seed}, tasks {', '.join(found)}"] if found else []
            lines.append([", ".join(sorted(features)) or "links", plans, f"{tasks:,}", wrong])
    head = (random_plan.__doc__ or "").split("Left out")[1]
    left_out = " ".join(("Left out" + head).split())
    note = "Plans of random links, and what the row names. Compared are early and late start and finish, to a minute of working time. " + left_out
    shown = "\n".join(named[:SHOWN]) + (f"\n- and {len(named) - SHOWN} more" if len(named) > SHOWN else "")
    return f"{note}\n\n{table(['features', 'plans', 'tasks', 'differ'], lines, text=('features',))}" + (f"\n\nDiffering:\n\n{shown}" if named else "")

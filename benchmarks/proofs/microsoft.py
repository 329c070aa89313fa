"""Our MS Project rules beside MPXJ's MicrosoftScheduler, on random plans that both read from the same file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.microsoft import FEATURES, TOGETHER, differing, random_plan
from benchmarks.proofs.tables import table
from benchmarks.rivals.mpxj_cpm import Rival

TITLE = "MS Project's rules: our dates beside those of MPXJ's MicrosoftScheduler on random plans"
OPTIONS: dict[str, Any] = {"plans": 40}
SHOWN = 5
PARTED = """\
Where the lag of a finish-finish link meets resources of other calendars or is elapsed, the two part: MPXJ lays it on the moment where the task would
begin, forward, and from its finish, backward; here it runs from finish to finish (Microsoft's article Q159773).
Where a resource works while the project rests, MPXJ moves a late start to the project's next working morning, after the late start of a start-start
successor; here it stays no later than that.
What has begun shows here no late finish before its early one, as MS Project stored it (NBIA 3.5, task 1416); MPXJ shows it. What has begun and must
start on a later date ends late when it ends early (course of Microsoft Project 2000); for MPXJ its duration after that date.
What has begun ends here when its work is done though it may finish no earlier than a later date; MPXJ moves its finish there.
A manually scheduled task stands where it was written though its calendar rests then; for MPXJ its late start lies its duration on the calendars of its
resources before its late finish, which Microsoft says have no say."""


def prove(plans: int = 40) -> str:
    """A row a set of features: plans, tasks, and how many tasks' early or late dates differ."""
    lines, named = [], []
    with Rival() as rival, tempfile.TemporaryDirectory() as folder:
        for number, features in enumerate([*FEATURES, *TOGETHER]):
            tasks = wrong = 0
            of_these = plans if number < len(FEATURES) else plans // 2
            for seed in range(of_these):
                count, found = differing(rival, Path(folder) / "plan.xml", random_plan(np.random.default_rng([seed, number]), features))
                tasks, wrong = tasks + count, wrong + len(found)
                named += [f"- {', '.join(sorted(features))}: plan {seed}, tasks {', '.join(found)}"] if found else []
            lines.append([", ".join(sorted(features)) or "links", of_these, f"{tasks:,}", wrong])
    head = (random_plan.__doc__ or "").split("Left out")[1]
    left_out = " ".join(("Left out" + head).split())
    note = f"Plans of random links, and what the row names. Compared are early and late start and finish, to a minute of working time. {left_out}\n\n{PARTED}"
    shown = "\n".join(named[:SHOWN]) + (f"\n- and {len(named) - SHOWN} more" if len(named) > SHOWN else "")
    return f"{note}\n\n{table(['features', 'plans', 'tasks', 'differ'], lines, text=('features',))}" + (f"\n\nDiffering:\n\n{shown}" if named else "")

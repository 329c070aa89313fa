"""Our rules beside MPXJ's MicrosoftScheduler and PrimaveraScheduler on a few random plans; `make prove` has hundreds (microsoft, mpxj_scheduler)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.generated import Wanted, xer
from benchmarks.microsoft import FEATURES, differing, random_plan
from benchmarks.proofs.mpxj_scheduler import PLAIN, SETS, different
from benchmarks.rivals.mpxj_cpm import Rival

WITNESSED = [name for name in SETS if not name.startswith("four calendars") or "finish-start" in name]  # where the two bind alike


def test_random_plans_have_the_same_dates(tmp_path: Path) -> None:
    compared = 0
    with Rival() as rival:
        for number, features in enumerate(FEATURES):
            for seed in range(3):
                count, wrong = differing(rival, tmp_path / "plan.xml", random_plan(np.random.default_rng([seed, number]), features))
                assert wrong == [], (sorted(features), seed)
                compared += count
        for name in WITNESSED:
            (tmp_path / "plan.xer").write_text(xer(Wanted(activities=25, seed=1, exceptions=20, **{**PLAIN, **SETS[name]})), encoding="utf-8")
            wrong = different(tmp_path / "plan.xer", rival)
            assert not any(wrong), name
            compared += len(wrong)
    assert compared > 300

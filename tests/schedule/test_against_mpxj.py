"""MS Project's rules beside MPXJ's MicrosoftScheduler on a few random plans; `make prove AREA=microsoft` has hundreds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.microsoft import FEATURES, differing, random_plan
from benchmarks.rivals.mpxj_cpm import Rival


def test_random_plans_have_the_same_dates(tmp_path: Path) -> None:
    compared = 0
    with Rival() as rival:
        for number, features in enumerate(FEATURES):
            for seed in range(3):
                count, wrong = differing(rival, tmp_path / "plan.xml", random_plan(np.random.default_rng([seed, number]), features))
                assert wrong == [], (sorted(features), seed)
                compared += count
    assert compared > 120

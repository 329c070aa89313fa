"""The whole engine against the plain reference, on random small networks; `make prove AREA=networks` does so by the ten thousand."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.random_networks import CALENDARS, WEEKDAYS, at, disagreements, features, random_plan
from tests.reference_cpm import Activity, Link, Plan

NIGHTS, ALWAYS = CALENDARS[2], CALENDARS[3]
BEFORE = {  # what was once wrong
    "a milestone after a night shift": Plan(
        {"A0": Activity("A0", NIGHTS, 16), "A1": Activity("A1", WEEKDAYS, 0, "finish_milestone"), "A2": Activity("A2", ALWAYS, 3)},
        [Link("A0", "A1", "FS", 0), Link("A1", "A2", "FS", 4, elapsed=True)],
        at(0),
    ),
    "a lag between two that have begun": Plan(
        {name: Activity(name, WEEKDAYS, 50, started=at(i)) for i, name in enumerate(("A0", "A1"))}, [Link("A0", "A1", "SS", 40)], at(48)
    ),
    "a mandatory start before the data date": Plan({"A0": Activity("A0", WEEKDAYS, 16, constraints=[("mandatory_start", at(0))])}, [], at(96)),
    "a milestone as late as possible over a weekend": Plan(
        {"A0": Activity("A0", NIGHTS, 0, "finish_milestone", alap=True), "A1": Activity("A1", NIGHTS, 50)}, [], at(0)
    ),
    "a finish milestone held to the end of work, before work round the clock": Plan(
        {"A0": Activity("A0", WEEKDAYS, 0, "finish_milestone", constraints=[("finish_on_or_after", at(210))]), "A1": Activity("A1", ALWAYS, 16)},
        [Link("A0", "A1", "FS", 0)],
        at(0),
    ),
    "a mandatory start of a milestone beside an external date": Plan(
        {
            "A0": Activity("A0", ALWAYS, 16),
            "A1": Activity("A1", WEEKDAYS, 0, "finish_milestone", constraints=[("mandatory_start", at(192))], external_finish=at(60)),
        },
        [Link("A0", "A1", "FS", 0)],
        at(0),
    ),
    "an expected finish that logic shortens": Plan(
        {"A0": Activity("A0", WEEKDAYS, 16), "A1": Activity("A1", WEEKDAYS, 80, expected=at(160)), "A2": Activity("A2", WEEKDAYS, 16)},
        [Link("A0", "A1", "FS", 0), Link("A1", "A2", "FS", 0)],
        at(0),
        use_expected_finish=True,
    ),
}


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(rng=st.randoms(use_true_random=False))
def test_engine_is_the_reference(rng: Random) -> None:
    assert not disagreements(random_plan(rng))


@pytest.mark.parametrize("name", BEFORE)
def test_engine_is_the_reference_where_it_was_not(name: str) -> None:
    assert not disagreements(BEFORE[name])


def test_random_networks_have_everything() -> None:
    """What the generator no longer makes is proved no longer."""
    seen = sum((features(random_plan(Random(seed))) for seed in range(1_500)), start=features(BEFORE["a lag between two that have begun"]))
    rarest = {name: seen[name] for name in seen if seen[name] < 10}
    assert not rarest
    assert len(seen) >= 62

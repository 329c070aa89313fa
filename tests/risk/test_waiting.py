"""Activities that wait for work outside the plan: the larger of two independent distributions, draws that stay together, and what waiting adds."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from pmo_lib import make_plan, risk
from pmo_lib.errors import InvalidInput
from pmo_lib.project import Project

N = 10_000
START = datetime(2026, 1, 5)
DAYS = np.random.default_rng(5).permutation((np.arange(N) + 0.5) / N) * 20  # evenly between 0 and 20 days


def at(days: np.ndarray) -> np.ndarray:
    return np.datetime64(START, "us") + (days * 86_400e6).astype("timedelta64[us]")


def wait(activity: str = "M", on: str = "WEB:E1", days: np.ndarray = DAYS, source: str = "WEB") -> risk.Wait:
    return risk.Wait(activity=activity, on=on, name=f"{on} of the board", finish=at(days), source=source)


def plan(**more: object) -> Project:
    return make_plan({"A": 10, "M": (0, "A"), **more}, start=START, calendar="24h")  # type: ignore[dict-item]


ESTIMATE = pl.DataFrame({"activity": ["A"], "shape": ["uniform"], "low": [5.0], "high": [15.0]})


@pytest.mark.parametrize("sampling", ["plain", "latin_hypercube"])
def test_the_later_of_two_independent_finishes(sampling: str) -> None:
    made, estimates = risk.waiting(plan(), [wait()], ESTIMATE)
    sim = risk.simulate(made, estimates, iterations=N, sampling=sampling)  # type: ignore[arg-type]
    days = (sim.finish - np.datetime64(START)) / np.timedelta64(1, "D")
    for t in (6, 8, 10, 12, 14, 16, 18):
        exact = min((t - 5) / 10, 1) * t / 20
        assert abs((days <= t).mean() - exact) <= 4 * np.sqrt(exact * (1 - exact) / N)
    waited = sim.activities.filter(pl.col("activity") == "WEB:E1").row(0, named=True)
    assert waited["criticality"] == pytest.approx(0.5, abs=0.02)  # by symmetry about 10 days it is the later one half of the time


def test_the_plan_itself_is_as_it_was() -> None:
    alone = risk.simulate(plan(), ESTIMATE, iterations=1_000)
    made, estimates = risk.waiting(plan(), [wait(days=np.zeros(N))], ESTIMATE)
    sim = risk.simulate(made, estimates, iterations=1_000)
    assert sim.deterministic_finish == alone.deterministic_finish
    assert (sim.finish == alone.finish).all()  # what is done already holds nothing up, and changes no other draw


def test_draws_of_one_source_stay_together() -> None:
    two = plan(N=(0, "A"), E=(0, "M;N"))
    waits = [wait("M", "WEB:E1"), wait("N", "WEB:E2", 20 - DAYS)]
    made, estimates = risk.waiting(two, waits, ESTIMATE.with_columns(low=pl.lit(0.0), high=pl.lit(0.001)))
    days = (risk.simulate(made, estimates, iterations=N).finish - np.datetime64(START)) / np.timedelta64(1, "D")
    assert days.min() > 9.9  # either is late where the other is early; drawn apart, a quarter would lie below 10
    assert np.quantile(days, 0.5) == pytest.approx(15, abs=0.2)
    apart = [waits[0], risk.Wait(activity="N", on="APP:E2", name="E2", finish=at(20 - DAYS), source="APP")]
    made, estimates = risk.waiting(two, apart, ESTIMATE.with_columns(low=pl.lit(0.0), high=pl.lit(0.001)))
    days = (risk.simulate(made, estimates, iterations=N).finish - np.datetime64(START)) / np.timedelta64(1, "D")
    assert (days < 10).mean() == pytest.approx(0.25, abs=0.02)


def test_one_epic_for_two_activities_is_drawn_once() -> None:
    made, estimates = risk.waiting(plan(N=(0, "A")), [wait("M"), wait("N")], ESTIMATE)
    assert made.tables["activities"]["activity"].to_list() == ["A", "M", "N", "WEB:E1"]
    sim = risk.simulate(made, estimates, iterations=500, milestones=("M", "N"))
    assert (sim.milestone_minutes["M"] == sim.milestone_minutes["N"]).all()


def test_what_waiting_adds_is_a_contribution() -> None:
    made, estimates = risk.waiting(plan(), [wait(days=np.full(N, 25.0))], ESTIMATE)
    sim = risk.simulate(made, estimates, iterations=N)
    assert (sim.finish == np.datetime64(datetime(2026, 1, 30))).all()
    late, estimates = risk.waiting(plan(), [wait(days=DAYS + 5)], ESTIMATE)
    adds = risk.sensitivity(risk.simulate(late, estimates, iterations=N), contributions=5)
    told = dict(adds.select("activity", "contribution_p80").iter_rows())
    assert told["WEB:E1"] == pytest.approx(21 - 13, abs=0.3)  # 80 % of what lies evenly between 5 and 25 days, which decides beyond 15; without it that of A


def test_it_is_waited_from_the_status_date_on() -> None:
    begun = make_plan({"A": 10, "M": (0, "A")}, start=START, calendar="24h", data_date=datetime(2026, 1, 9), details={"A": {"actual_start": START}})
    made, estimates = risk.waiting(begun, [wait(days=np.full(N, 30.0))], None)
    assert (risk.simulate(made, estimates, iterations=200).finish == np.datetime64(datetime(2026, 2, 4))).all()


@pytest.mark.parametrize(
    ("waits", "words"),
    [
        ([wait("X")], "'X' waits for WEB:E1, and is not an activity of plan"),
        ([wait(on="A")], "A is an activity of plan already"),
        ([wait(days=np.array([]))], "its finish needs draws"),
        ([wait(), wait("A", "WEB:E2", DAYS[:50])], "have not as many; draw them together"),
    ],
)
def test_waits_that_break_a_rule(waits: list[risk.Wait], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        risk.waiting(plan(), waits)


def test_what_has_begun_waits_no_more() -> None:
    begun = make_plan({"A": 10, "M": (3, "A")}, start=START, data_date=datetime(2026, 1, 9), details={"M": {"actual_start": START}})
    with pytest.raises(InvalidInput, match="has begun: it waits for nothing any more"):
        risk.waiting(begun, [wait()])

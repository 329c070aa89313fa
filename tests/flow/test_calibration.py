"""Back-tests look only back; calibration cures what drift spoils; what cannot be cured is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import gammainc

from pmo_lib import flow
from pmo_lib.errors import NotAvailable
from pmo_lib.flow.tail import drawn_out
from pmo_lib.flow.track_record import past_scores, pooled


def rates(tested: pl.DataFrame, confidence: float) -> dict[str, float]:
    return dict(flow.hit_rates(tested).filter(pl.col("confidence") == confidence).select("method", "rate").iter_rows())


def drifting(seed: int) -> list[int]:
    """A team whose pace wanders: weeks are alike their neighbours, not drawn from one urn."""
    rng = np.random.default_rng(seed)
    pace = np.exp(np.cumsum(rng.normal(0, 0.15, 300)) % 1.5)
    return rng.poisson(4 * pace).tolist()


def test_weeks_from_one_urn_are_met_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    tested = pl.concat([flow.backtest(rng.poisson(8, 260).tolist(), horizon=2) for _ in range(5)])
    assert rates(tested, 0.85)["as drawn"] == pytest.approx(0.85, abs=0.07)
    assert rates(tested, 0.85)["calibrated"] == pytest.approx(0.85, abs=0.05)


def test_calibration_cures_drift() -> None:
    tested = pl.concat([flow.backtest(drifting(seed), horizon=6) for seed in range(6)])
    found = rates(tested, 0.85)
    assert found["as drawn"] < 0.78
    assert 0.80 <= found["calibrated"] <= 0.92


def test_a_forecast_knows_nothing_of_what_followed() -> None:
    past = drifting(3)
    changed = [*past[:200], *(100 for _ in past[200:])]
    before, after = (flow.backtest(one, horizon=4).filter(pl.col("origin") <= 196) for one in (past, changed))
    assert before.equals(after)
    assert before["origin"].unique().sort().diff().drop_nulls().unique().to_list() == [4]  # none overlaps another


def test_loss_and_hits_by_hand() -> None:
    row = flow.backtest([4] * 80, horizon=2, windows=(5,), confidence=(0.85,)).row(0, named=True)
    assert (row["items"], row["actual"], row["met"], row["loss"]) == (8, 8, True, 0.0)
    tested = pl.DataFrame({"method": ["as drawn"] * 10, "confidence": [0.85] * 10, "met": [True] * 9 + [False], "loss": [1.0] * 10})
    told = flow.hit_rates(tested).row(0, named=True)
    assert (told["rate"], told["low"], told["high"]) == pytest.approx((0.9, 0.55498, 0.99747), abs=1e-4)  # Clopper and Pearson's table for 9 of 10
    assert "as often as they say" in told["verdict"]
    few = flow.hit_rates(tested.head(3).vstack(tested.tail(1))).row(0, named=True)
    assert "4 forecasts are too few to tell that from 85%" in few["verdict"]


def test_a_forecast_that_is_not_met_says_what_to_do() -> None:
    tested = pl.concat([flow.backtest(drifting(seed), horizon=6) for seed in range(6)])
    told = flow.hit_rates(tested).filter(pl.col("confidence") == 0.85, pl.col("method") == "as drawn")["verdict"][0]
    assert "less often than they say; throughput drifts, so ask for the calibrated forecast" in told


def test_the_level_asks_for_more_where_forecasts_were_too_sure() -> None:
    assert flow.level(drifting(0), periods=6) > 0.88
    steady = [np.random.default_rng(seed).poisson(8, 300).tolist() for seed in range(4)]
    assert np.mean([flow.level(one, periods=6) for one in steady]) < flow.level([3, 4, 5], periods=6) - 0.02  # nothing of its own to learn from
    assert flow.level([3, 4, 5], periods=6) == pytest.approx(0.985, abs=0.01)  # what 85 (21 / 20) % of the teams' scores stayed below
    assert flow.level([3, 4, 5], periods=2) < flow.level([3, 4, 5], periods=8)  # drift tells more the further ahead


def test_a_short_past_says_how_long_it_must_be() -> None:
    with pytest.raises(NotAvailable, match="needs 34 past periods, and there are 30"):
        flow.backtest([3] * 30, horizon=4)


@pytest.mark.real
def test_teams_of_record(real_data: Path) -> None:
    """Eighty-five per cent forecasts of real teams, pooled: met 80 to 90 % of the time when calibrated."""
    pasts = []
    for file in ("Mule", "Titanium_Mobile_Platform", "The_Mongo_C++_driver", "Spring_DataCass", "Hyperledger_Fabric"):
        finishes = pl.read_csv(real_data / "jira" / "tawos-throughput" / f"{file}.csv", has_header=False).select(pl.first().str.slice(0, 10).str.to_date())
        pasts.append(flow.throughput(finishes))
    scores = [past_scores(past, horizons=(4,)) for past in pasts]
    others = [pooled([one for one in scores if one is not own]) for own in scores]  # a team's own future teaches it nothing
    tested = [flow.backtest(past, horizon=4, record=record) for past, record in zip(pasts, others, strict=True)]
    assert 0.80 <= rates(pl.concat(tested), 0.85)["calibrated"] <= 0.90
    assert rates(pl.concat(tested), 0.85)["as drawn"] < 0.80


def test_calibrated_questions_and_their_answers_agree() -> None:
    past = drifting(2)
    known = flow.calibration(past, window=12)
    drawn, cautious = (flow.when_done(past[-12:], 60, confidence=0.85, calibration=one).row(0, named=True) for one in (None, known))
    assert cautious["periods"] > drawn["periods"]
    assert cautious["chance"] >= 0.85
    many = flow.how_many(past[-12:], periods=cautious["periods"], confidence=0.85, calibration=known).row(0, named=True)
    before = flow.how_many(past[-12:], periods=cautious["periods"] - 1, confidence=0.85, calibration=known).row(0, named=True)
    assert before["items"] < 60 <= many["items"]
    assert many["chance"] >= 0.85


def test_a_calibrated_simulation_is_the_calibrated_law() -> None:
    past = drifting(4)
    known = flow.calibration(past, window=12)
    sim = flow.simulate(past[-12:], [flow.Work(name="a", items=20), flow.Work(name="b", items=30)], iterations=20_000)
    spread = sim.calibrated(known)
    for confidence in (0.5, 0.8, 0.9):
        exact = flow.when_done(past[-12:], 50, confidence=confidence, calibration=known)["periods"][0]
        found = flow.finishes(spread, confidence, every=False).row(1, named=True)
        assert abs(found["periods"] - exact) <= 1
    order = np.lexsort((sim.row("b"),))
    assert (np.diff(spread.row("b")[order])[np.diff(sim.row("b")[order]) > 0] >= 0).all()  # what was later stays no earlier
    assert "15 teams of record, and 52 past forecasts of its own" in spread.assumptions[-1]


def test_far_ahead_the_simulated_law_is_the_exact_one_too() -> None:
    past = [3, 7, 5, 2, 6, 4, 8, 5, 3, 6, 4, 7, 5, 5, 2, 6]
    known, wanted = flow.calibration(past), (0.5, 0.8, 0.85, 0.9, 0.95)
    exact = flow.when_done(past, 160, confidence=wanted, calibration=known)["periods"].to_list()
    found = flow.finishes(flow.simulate(past, 160, iterations=5_000).calibrated(known), wanted)["periods"].to_list()
    assert exact == sorted(set(exact))  # half a year ahead each confidence has its own date
    assert found == pytest.approx(exact, abs=2)


def test_the_end_of_a_simulated_law_is_drawn_out_as_a_gammas() -> None:
    weeks = np.arange(120)
    law = np.concatenate([[0.0], gammainc(60, 1.2 * weeks[1:])])  # sixty items, one after another, 1.2 a week
    seen = np.round(law * 10_000) / 10_000
    made = drawn_out(seen, 10_000)
    last = int(np.flatnonzero(seen <= 1 - 25 / 10_000)[-1])
    assert (made[: last + 1] == seen[: last + 1]).all()
    assert (np.diff(made) >= 0).all()
    for doubt in (1e-4, 1e-6, 1e-9):  # ten thousand futures told of none of these
        assert int(np.searchsorted(-(1 - made), -doubt)) == pytest.approx(int(np.searchsorted(-(1 - law), -doubt)), abs=3)
    never = seen * 0.99
    assert (drawn_out(never, 10_000) == never).all()

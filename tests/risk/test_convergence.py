"""Runs that stop when they know enough, and what-ifs on the same random numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.project import Project
from pmo_lib.risk import Convergence
from pmo_lib.risk.results.move_error import half_width, paired

NAMES = ["a", "b", "c"]


def chain(calendar: str = "24h") -> Project:
    return pmo.make_plan({n: (10, NAMES[i - 1]) if i else 10 for i, n in enumerate(NAMES)}, start="2026-01-01", calendar=calendar)


def uniform(low: float = 5, high: float = 15, first: str = "a") -> pl.DataFrame:
    rows = [{"activity": n, "shape": "uniform", "low": low if n == first else 5.0, "high": high if n == first else 15.0} for n in NAMES]
    return pl.DataFrame(rows, schema_overrides={"low": pl.Float64, "high": pl.Float64})


class TestConvergence:
    def test_stops_by_whole_replicates_and_is_the_run_of_so_many(self) -> None:
        told: list[tuple[int, int, str]] = []
        sim = pmo.risk.simulate(chain(), uniform(), iterations=1_000, until=Convergence(p=80, half_width=0.3), progress=lambda *args: told.append(args))
        assert 1_000 < sim.iterations < 100_000
        assert sim.iterations % 100 == 0
        again = pmo.risk.simulate(chain(), uniform(), iterations=sim.iterations, replicates=sim.iterations // 100)
        assert np.array_equal(sim.finish_minutes, again.finish_minutes)
        assert_frame_equal(sim.activities, again.activities, check_exact=True)
        assert_frame_equal(pmo.risk.activity_forecast(sim), pmo.risk.activity_forecast(again), check_exact=True)
        assert [done for done, _, _ in told] == sorted({done for done, _, _ in told})
        assert told[-1] == (sim.iterations, 100_000, "iterations")

    def test_the_interval_is_narrow_enough_thrice_and_not_before(self) -> None:
        sim = pmo.risk.simulate(chain(), uniform(), iterations=1_000, until=Convergence(p=80, half_width=0.3))
        trace = pmo.risk.convergence(sim, 80).with_columns(half=(pl.col("finish_high") - pl.col("finish_low")).dt.total_minutes() / 2880)
        assert trace["iterations"].to_list() == list(range(200, sim.iterations + 1, 100))
        assert (trace["half"].tail(3) <= 0.3).all()
        from_ten = trace.filter(pl.col("iterations") >= 1_000)["half"].to_list()
        assert all(max(from_ten[i : i + 3]) > 0.3 for i in range(len(from_ten) - 3))
        row = pmo.risk.percentiles(sim, (80,)).row(0, named=True)
        assert row["finish"] == trace["finish"][-1]
        assert row["finish_high"] == trace["finish_high"][-1]

    def test_share_of_the_time_left(self) -> None:
        sim = pmo.risk.simulate(chain("mon-fri"), uniform(), iterations=1_000, until=Convergence(p=80, share=0.01))
        low, high = pmo.risk.percentiles(sim, (80,)).select("finish_low", "finish_high").row(0)
        assert sim.network.axis(high) - sim.network.axis(low) <= 2 * 0.01 * (35 * 480)

    def test_at_most(self) -> None:
        sim = pmo.risk.simulate(chain(), uniform(), iterations=1_000, until=Convergence(half_width=1e-6, at_most=1_550))
        assert sim.iterations == 1_500

    @pytest.mark.parametrize(
        ("until", "options", "named"),
        [
            ({}, {}, "one of the two"),
            ({"half_width": 1, "share": 0.1}, {}, "one of the two"),
            ({"half_width": -1}, {}, "above 0"),
            ({"share": 0.1, "p": 100}, {}, "between 0 and 100"),
            ({"share": 0.1}, {"sampling": "plain"}, "plain sampling has none"),
            ({"share": 0.1}, {"iterations": 100}, "50 iterations or more"),
            ({"share": 0.1, "at_most": 500}, {"iterations": 1_000}, "at_most is 500"),
        ],
    )
    def test_refused(self, until: dict[str, Any], options: dict[str, Any], named: str) -> None:
        with pytest.raises(InvalidInput, match=named):
            pmo.risk.simulate(chain(), until=Convergence(**until), **options)

    def test_plain_sampling_has_a_trace_too(self) -> None:
        sim = pmo.risk.simulate(chain(), uniform(), iterations=1_000, sampling="plain")
        trace = pmo.risk.convergence(sim)
        assert trace["iterations"].to_list() == list(range(100, 1_001, 50))
        assert trace["finish_low"][-1] == pmo.risk.percentiles(sim, (80,))["finish_low"][0]


class TestWhatIf:
    @pytest.mark.parametrize("sampling", ["latin_hypercube", "plain"])
    def test_a_shift_is_known_exactly(self, sampling: Any) -> None:
        """An activity longer by three days, whatever is drawn, moves every percentile by three days; the error of the difference is nil."""
        base = pmo.risk.simulate(chain(), uniform(), iterations=2_000, sampling=sampling)
        moved = pmo.risk.difference(pmo.risk.simulate(chain(), uniform(8, 18), compare=base))
        assert moved["days"].to_list() == pytest.approx([3] * 4, abs=2 / 1440)
        assert (moved["high"] - moved["low"]).max() < 0.01

    @pytest.mark.parametrize("sampling", ["latin_hypercube", "plain"])
    def test_error_is_much_smaller_than_of_independent_runs(self, sampling: Any) -> None:
        """A tenth more on one of three: the paired error against that of two runs on numbers of their own."""
        base = pmo.risk.simulate(chain(), uniform(), iterations=5_000, sampling=sampling, seed=3)
        row = pmo.risk.difference(pmo.risk.simulate(chain(), uniform(5.5, 16.5), compare=base), (80,)).row(0, named=True)
        own = pmo.risk.percentiles(base, (80,)).row(0, named=True)
        alone = (own["finish_high"] - own["finish_low"]).total_seconds() / 86400 * 2**0.5
        assert row["high"] - row["low"] < alone / (2 if sampling == "latin_hypercube" else 3)  # a hypercube has little error of its own to lose
        others = [pmo.risk.percentiles(pmo.risk.simulate(chain(), uniform(5.5, 16.5), iterations=100_000, seed=s), (80,))["finish"][0] for s in (7, 8)]
        bases = [pmo.risk.percentiles(pmo.risk.simulate(chain(), uniform(), iterations=100_000, seed=s), (80,))["finish"][0] for s in (7, 8)]
        truth = float(np.mean([(a - b).total_seconds() / 86400 for a, b in zip(others, bases, strict=True)]))
        assert row["low"] - 0.05 <= truth <= row["high"] + 0.05

    def test_working_days_across_a_weekend(self) -> None:
        base = pmo.risk.simulate(chain("mon-fri"), uniform(), iterations=1_000)
        moved = pmo.risk.difference(pmo.risk.simulate(chain("mon-fri"), uniform(15, 25), compare=base), (50,)).row(0, named=True)
        assert moved["working_days"] == pytest.approx(10, abs=2 / 480)
        assert moved["days"] == pytest.approx(14, abs=0.1)

    def test_milestones_and_choices_are_the_earlier_ones(self) -> None:
        base = pmo.risk.simulate(chain(), uniform(), iterations=700, seed=5, replicates=7, milestones=("a",))
        again = pmo.risk.simulate(chain(), uniform(), compare=base)
        assert np.array_equal(base.finish_minutes, again.finish_minutes)
        assert (again.iterations, again.seed, again.sampling) == (700, 5, base.sampling)
        assert pmo.risk.difference(again, milestone="a")["working_days"].to_list() == [0.0] * 4
        with pytest.raises(InvalidInput, match="leave seed out"):
            pmo.risk.simulate(chain(), uniform(), compare=base, seed=6)
        with pytest.raises(InvalidInput, match="leave one of them out"):
            pmo.risk.simulate(chain(), uniform(), compare=base, until=Convergence(share=0.1))
        with pytest.raises(NotAvailable, match="compare="):
            pmo.risk.difference(base)

    def test_another_status_date(self) -> None:
        """The two networks begin at different instants; dates are compared, not counts of minutes."""
        base = pmo.risk.simulate(chain(), uniform(), iterations=500)
        later = pmo.risk.simulate(chain(), uniform(), compare=base, as_of=datetime(2026, 1, 8))
        moved = pmo.risk.difference(later, (50,)).row(0, named=True)
        assert moved["days"] == pytest.approx(moved["working_days"], abs=0.01)
        assert moved["days"] == pytest.approx(7, abs=0.01)


class TestMoveError:
    """One of three uniforms in sequence a tenth longer: the true moves by Irwin and Hall. Replicates' own percentiles hold 78 to 93 % of them."""

    MOVES = ((50, 10.0), (80, 11.5405), (90, 12.2774))

    @pytest.mark.parametrize("latin", [True, False])
    def test_the_interval_of_a_move_holds_it_in_95_of_100(self, latin: bool) -> None:
        rng, rounds = np.random.default_rng(7), 250
        bounds = np.arange(0, 1_001, 100) if latin else np.array([0, 1_000])
        held = np.zeros(len(self.MOVES))
        for _ in range(rounds):
            u = _hypercube(rng) if latin else rng.random((3, 1_000))
            pair = paired(np.sum(100_000 * u, axis=0), np.array([110_000, 100_000, 100_000]) @ u + 5_000)
            for i, (p, true) in enumerate(self.MOVES):
                held[i] += abs(pair.moves[10 * p - 1] / 1_000 - true) <= half_width(pair, p / 100, bounds) / 1_000
        assert held / rounds == pytest.approx(0.95, abs=0.03)
        assert held.mean() / rounds == pytest.approx(0.95, abs=0.02)

    def test_a_move_between_atoms_is_not_known_better_than_the_atoms_lie_apart(self) -> None:
        """Three in ten times 30 days: what removing that moves the P70 by is nothing or 30 days, and one of both must not be ruled out."""
        before = np.where(np.random.default_rng(3).random(1_000) < 0.3, 30.0, 0.0)
        pair = paired(before, np.zeros(1_000))
        assert half_width(pair, 0.70, np.array([0, 1_000])) > 10
        assert half_width(pair, 0.85, np.array([0, 1_000])) == 0

    @pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 9, 20])
    def test_few_iterations_have_a_width_too(self, n: int) -> None:
        rng = np.random.default_rng(n)
        pair = paired(rng.random(n), 3 * rng.random(n))
        for p in (0.01, 0.5, 0.8, 0.99):
            width = half_width(pair, p, np.array([0, n]))
            assert np.isfinite(width)
            assert (width > 0) == (n > 2)


def _hypercube(rng: np.random.Generator) -> np.ndarray:
    """Ten replicates of a hypercube of 100 strata [variables, iterations]."""
    strata = np.argsort(rng.random((3, 10, 100)), axis=2)
    return ((strata + rng.random(strata.shape)) / 100).reshape(3, -1)

"""The simulation against closed forms, against the schedule, and against what must not change it."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy import special

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput, NotAvailable, NotSchedulable
from pmo_lib.project import Project
from pmo_lib.risk.again import tiles
from pmo_lib.risk.distributions.by_name import ranged
from pmo_lib.risk.engine.running import Cancelled
from pmo_lib.risk.inputs.estimates import checked
from pmo_lib.schedule import kernel
from pmo_lib.standards import RangeRule
from pmo_lib.tables import risk_results

MINUTES = 1440  # a day on the 24-hour calendar


def estimate(activities: list[str], shape: str, low: float, likely: float | None, high: float, meaning: str = "minmax") -> pl.DataFrame:
    rows = [{"activity": a, "shape": shape, "low": low, "likely": likely, "high": high, "meaning": meaning} for a in activities]
    return checked(pl.DataFrame(rows, schema_overrides={"likely": pl.Float64}))


def listed(shape: str, values: str, weights: str) -> pl.DataFrame:
    return pl.DataFrame({"activity": ["a"], "shape": [shape], "values": [values], "weights": [weights]})


def chain(names: list[str], days: float = 10.0) -> dict[str, Any]:
    return {name: (days, names[i - 1]) if i else days for i, name in enumerate(names)}


def round_the_clock(activities: dict[str, Any], **options: Any) -> Project:
    return pmo.make_plan(activities, start="2026-01-01", calendar="24h", **options)


def days(sim: Any) -> np.ndarray:
    return (sim.finish - np.datetime64("2026-01-01")) / np.timedelta64(1, "D")


class TestClosedForms:
    def test_sum_of_uniforms(self) -> None:
        names = ["a", "b", "c"]
        sim = pmo.risk.simulate(round_the_clock(chain(names)), estimate(names, "uniform", 5, None, 15), seed=1)
        assert days(sim).mean() == pytest.approx(30, abs=0.02)
        assert days(sim).var() == pytest.approx(3 * 100 / 12, rel=0.04)
        chance, low, high = pmo.risk.chance(sim, datetime(2026, 1, 25))  # Irwin-Hall: 24 days of 15 to 45
        assert low - 0.002 <= 0.9**3 / 6 <= high + 0.002
        assert chance == pytest.approx(0.9**3 / 6, abs=0.006)

    @pytest.mark.parametrize("other", [10.0, 11.0])
    def test_clark_for_two_near_normal_paths(self, other: float) -> None:
        """Twelve uniforms are as good as normal here."""
        a, b = [f"a{i}" for i in range(12)], [f"b{i}" for i in range(12)]
        frame = pl.concat([estimate(a, "uniform", 8, None, 12), estimate(b, "uniform", other - 3, None, other + 3)])
        sim = pmo.risk.simulate(round_the_clock(chain(a) | chain(b, other)), frame, seed=4, iterations=40_000)
        m1, m2, v1, v2 = 120, 12 * other, 12 * 16 / 12, 12 * 36 / 12
        theta = math.sqrt(v1 + v2)
        alpha = (m1 - m2) / theta
        density = math.exp(-alpha * alpha / 2) / math.sqrt(2 * math.pi)
        assert days(sim).mean() == pytest.approx(m1 * special.ndtr(alpha) + m2 * special.ndtr(-alpha) + theta * density, abs=0.06)

    @pytest.mark.parametrize(("shape", "meaning"), [("triangular", "minmax"), ("pert", "p10_p90"), ("uniform", "p5_p95"), ("lognormal", "p10_p90")])
    def test_marginals(self, shape: str, meaning: str) -> None:
        frame = estimate(["a"], shape, 8, 11, 20, meaning)
        sim = pmo.risk.simulate(round_the_clock({"a": 10}), frame, seed=2, replicates=1)
        drawn = np.sort(next(tiles(sim, durations=True))[1][0]) / MINUTES
        made = ranged(shape, 8, 11, 20, meaning)
        p = (np.arange(10_000) + 0.5) / 10_000
        assert np.abs(drawn - made.ppf(p))[500:-500].max() < 0.02
        assert drawn.mean() == pytest.approx(made.mean, rel=1e-3)
        assert drawn.var() == pytest.approx(made.var, rel=0.02)

    @pytest.mark.parametrize("weighing", ["discrete", "cumulative", "histogram", "empirical", "normal"])
    def test_marginals_of_lists(self, weighing: str) -> None:
        given = {
            "discrete": ([7.0, 9.0, 11.0], [0.3, 0.5, 0.2]),
            "cumulative": ([5.0, 8.0, 20.0], [0.0, 0.25, 1.0]),
            "histogram": ([5.0, 8.0, 9.0, 20.0], [0.2, 0.5, 0.3]),
            "empirical": ([4.0, 9.0, 2.5, 4.0, 7.0, 3.0], None),
            "normal": ([0.0, 14.0], None),
        }[weighing]
        points = {"low": [10.0], "high": [6.0], "meaning": ["mean_sd"]} if weighing == "normal" else {}
        kinds = {"values": pl.List(pl.Float64), "weights": pl.List(pl.Float64)}
        frame = pl.DataFrame({"activity": ["a"], "shape": [weighing], **points, "values": [given[0]], "weights": [given[1]]}, schema_overrides=kinds)
        sim = pmo.risk.simulate(round_the_clock({"a": 10}), frame, seed=2, replicates=1)
        drawn = np.sort(next(tiles(sim, durations=True))[1][0]) / MINUTES
        (made,) = sim.ranges.own.values()
        p = (np.arange(10_000) + 0.5) / 10_000
        exact = made.times(1 / MINUTES).ppf(p)
        if weighing in ("discrete", "empirical"):
            values, counts = np.unique(drawn, return_counts=True)
            assert values.tolist() == np.unique(exact).tolist()
            assert counts == pytest.approx(np.unique(exact, return_counts=True)[1], abs=1)  # one stratum may straddle a step
        else:
            assert np.abs(drawn - exact)[20:-20].max() < 0.02
        assert drawn.mean() == pytest.approx(made.mean / MINUTES, rel=1e-3)

    def test_systemic_factor_correlates_what_is_assumed(self) -> None:
        rule = RangeRule("triangular", 1.0, 1.0, 1.0, 0.8, 1.0, 1.4)
        sim = pmo.risk.simulate(round_the_clock(chain(["a", "b"])), rule=rule, seed=1)
        _, durations = next(tiles(sim, durations=True))
        assert np.corrcoef(durations)[0, 1] == pytest.approx(1)
        assert durations[0].mean() / (10 * MINUTES) == pytest.approx((0.8 + 1 + 1.4) / 3, rel=1e-3)


class TestSchedule:
    @pytest.mark.parametrize("criticality", ["longest_path", "float"])
    def test_certain_durations_are_the_schedule(self, criticality: Any) -> None:
        plan = pmo.make_plan({"A": 5, "B": (3, "A SS+2d"), "C": (4, "A; B FF+1d"), "D": (2, "A"), "E": (0, "C; D"), "F": (6, "B SF+9d")})
        names = ["A", "B", "C", "D", "F"]
        frame = pl.concat([estimate([n], "triangular", d, d, d) for n, d in zip(names, (5, 3, 4, 2, 6), strict=True)])
        sim = pmo.risk.simulate(plan, frame, iterations=200, criticality=criticality)
        dates = pmo.schedule.dates(plan)
        assert set(sim.finish.astype("datetime64[us]").tolist()) == {dates["early_finish"].max()}
        told = pmo.risk.activity_forecast(sim)
        for p in ("p10", "p50", "p80", "p90"):
            assert told.filter(pl.col("activity") != "E")[p].to_list() == dates.filter(pl.col("activity") != "E")["early_finish"].to_list()
        critical = dates["longest_path"] if criticality == "longest_path" else dates["total_float"] <= 0
        assert sim.activities["criticality"].to_list() == critical.cast(pl.Float64).to_list()
        assert pmo.risk.sensitivity(sim)["cruciality"].null_count() == len(names)

    def test_several_calendars(self) -> None:
        plan = two_calendars()
        third = 5 / 3  # days round the clock, of 2,400 minutes
        frame = pl.concat([estimate(["A", "C"], "triangular", 5, 5, 5), estimate(["B"], "triangular", third, third, third)])
        sim = pmo.risk.simulate(plan, frame, iterations=300)
        dates = pmo.schedule.dates(plan)
        assert set(sim.finish.tolist()) == {dates["early_finish"].max()}
        assert sim.activities["criticality"].to_list() == dates["longest_path"].cast(pl.Float64).to_list()
        wide = pmo.risk.simulate(plan, estimate(["A", "B", "C"], "triangular", 3, 5, 9), iterations=2_000)
        assert pmo.risk.sensitivity(wide)["ssi"].max() < 1.2

    @pytest.mark.parametrize("criticality", ["longest_path", "float"])
    def test_passes_are_the_kernels(self, criticality: Any) -> None:
        """A network with one calendar has passes of its own; every iteration's finish and critical activities are those of `schedule.kernel`."""
        rng = np.random.default_rng(3)
        entries: dict[str, Any] = {"a0": 5}
        for i in range(1, 60):
            before, kinds, lags = rng.integers(0, i, 2), rng.choice(["FS", "SS", "FF", "SF"], 2), rng.integers(-2, 4, 2)
            links = [f"a{j} {kind}{lag:+d}d" for j, kind, lag in zip(before, kinds, lags, strict=True)]
            entries[f"a{i}"] = (int(rng.integers(0, 12)), "; ".join(dict.fromkeys(links)))
        bound = {"constraint": "finish_on_or_after", "constraint_date": datetime(2026, 1, 30, 17)}
        plan = pmo.make_plan(entries, details={"a5": bound, "a9": {"constraint": "mandatory_start", "constraint_date": datetime(2026, 1, 20, 8)}})
        sim = pmo.risk.simulate(plan, iterations=700, criticality=criticality, constraints="keep")
        assert sim.network.single
        arrays = sim.run.arrays._replace(drives=sim.network.arrays.drives)
        durations = np.concatenate([rows for _, rows in tiles(sim, durations=True)])
        es, ef, ls, lf = (np.empty_like(durations) for _ in range(4))
        finish, marked = np.empty(700, np.int32), np.empty(durations.shape, np.uint8)
        kernel.forward(arrays, durations, es, ef)
        kernel.latest(arrays, ef, finish)
        kernel.backward(arrays, durations, ef, finish, ls, lf)
        kernel.longest_path(arrays, es, ef, finish, marked)
        critical = marked if criticality == "longest_path" else lf <= ef
        assert np.array_equal(finish, sim.finish_minutes)
        told = dict(zip(sim.activities["activity"], sim.activities["criticality"], strict=True))
        assert [told[a] for a in sim.network.activities] == (critical.sum(axis=1) / 700).tolist()

    def test_threads_change_nothing(self) -> None:
        names = [f"a{i}" for i in range(40)]
        plan = pmo.make_plan({n: (5 + i % 7, names[i // 2]) if i else 5 for i, n in enumerate(names)})
        one, two = (pmo.risk.simulate(plan, iterations=9_999, seed=5, threads=t) for t in (1, 2))
        assert np.array_equal(one.finish_minutes, two.finish_minutes)
        assert_frame_equal(one.activities, two.activities, check_exact=True)
        assert_frame_equal(pmo.risk.sensitivity(one), pmo.risk.sensitivity(two), check_exact=True)
        assert_frame_equal(pmo.risk.activity_forecast(one), pmo.risk.activity_forecast(two), check_exact=True)

    def test_adding_an_activity_leaves_the_other_draws(self) -> None:
        before, after = chain(["a", "b", "c"]), chain(["a", "b", "c"]) | {"new": (7, "a")}
        drawn = []
        for plan in (before, dict(reversed(after.items()))):
            sim = pmo.risk.simulate(round_the_clock(plan), iterations=1_000, seed=9)
            rows = dict(zip(sim.network.activities, next(tiles(sim, durations=True))[1], strict=True))
            drawn.append(np.array([rows[name] for name in "abc"]))
        assert np.array_equal(*drawn)

    def test_activity_percentiles_are_those_of_the_finish(self) -> None:
        names = ["a", "b"]
        sim = pmo.risk.simulate(round_the_clock(chain(names)), iterations=5_000, seed=1)
        told = pmo.risk.activity_forecast(sim).row(1, named=True)
        finish = pmo.risk.percentiles(sim, (10, 50, 80, 90))["finish"].to_list()
        assert [told[p] for p in ("p10", "p50", "p80", "p90")] == finish


class TestWhatIsDrawn:
    def plan(self) -> Project:
        done = {"actual_start": datetime(2026, 1, 5, 8), "actual_finish": datetime(2026, 1, 9, 17), "percent_complete": 1.0, "remaining_duration": 0}
        begun = {"actual_start": datetime(2026, 1, 12, 8), "remaining_duration": 960}
        details = {"done": done, "begun": begun, "effort": {"kind": "level_of_effort"}, "gate": {"kind": "finish_milestone"}}
        activities = {"done": 5, "begun": (5, "done"), "next": (5, "begun"), "gate": (0, "next"), "effort": (200, "done SS")}
        return pmo.make_plan(activities, start="2026-01-05", data_date="2026-01-15", details=details)

    def test_only_open_work(self) -> None:
        sim = pmo.risk.simulate(self.plan(), iterations=1_000)
        uncertain = sim.activities.filter(pl.col("uncertain"))
        assert uncertain["activity"].to_list() == ["begun", "next"]
        assert uncertain["planned"].to_list() == [960, 2400]  # the remaining duration of what has begun
        assert "effort" not in sim.activities["activity"].to_list()
        assert pmo.risk.sensitivity(sim)["activity"].sort().to_list() == ["begun", "next"]

    def test_level_of_effort_never_drives(self) -> None:
        sim = pmo.risk.simulate(self.plan(), iterations=1_000)
        assert sim.deterministic_finish == datetime(2026, 1, 23, 17)
        assert sim.finish.max() < np.datetime64("2026-03-01")  # 200 days of it would end in October

    def test_started_plan_without_status_date(self) -> None:
        plan = self.plan()
        undated = _undated(plan)
        with pytest.raises(NotAvailable, match="--as-of"):
            pmo.risk.simulate(undated)
        sim = pmo.risk.simulate(undated, as_of=datetime(2026, 2, 2, 8), iterations=500)
        assert sim.status_date == datetime(2026, 2, 2, 8)
        moved = sim.steps.row(0, named=True)
        assert moved["step"] == "open work moved to the status date"
        assert moved["days"] > 10
        assert moved["count"] == 3
        assert sim.finish.min() > np.datetime64("2026-02-02")

    def test_hard_constraints_are_softened_and_counted(self) -> None:
        late = {"constraint": "mandatory_start", "constraint_date": datetime(2026, 1, 7, 8)}
        plan = pmo.make_plan({"a": 5, "b": (5, "a")}, start="2026-01-05", details={"b": late})
        soft, kept = (pmo.risk.simulate(plan, iterations=500, constraints=how) for how in ("soften", "keep"))
        assert soft.deterministic_finish == datetime(2026, 1, 16, 17)
        step = soft.steps.row(-1, named=True)
        assert (step["count"], step["days"]) == (1, 3.0)
        assert kept.deterministic_finish == datetime(2026, 1, 13, 17)
        assert kept.steps.is_empty()

    def test_partly_estimated(self) -> None:
        plan = round_the_clock(chain(["a", "b", "c"]))
        sim = pmo.risk.simulate(plan, estimate(["a"], "pert", 5, 10, 20), iterations=500)
        assert sim.indicative is not None
        assert sim.indicative.startswith("Indicative: 2 of 3 ranges assumed (rule 'assumed'")
        alone = pmo.risk.simulate(plan, iterations=500)
        assert alone.indicative is not None
        assert "nobody estimated them" in alone.indicative

    def test_plan_brings_its_own_estimates(self) -> None:
        plan = round_the_clock({"a": 10})
        with_own = Project(plan.info, {**plan.tables, "estimates": estimate(["a"], "uniform", 20, None, 30)})
        sim = pmo.risk.simulate(with_own, iterations=500)
        assert sim.indicative is None
        assert days(sim).min() >= 20

    def test_milestones(self) -> None:
        sim = pmo.risk.simulate(self.plan(), iterations=1_000, milestones=("begun", "gate", "done", "effort"))
        told = pmo.risk.targets(
            sim, [("Approved", "approved", None, datetime(2026, 1, 23, 17)), ("G", "milestone", "gate", None), ("E", "milestone", "effort", None)]
        )
        assert told["target"].to_list() == ["Approved", "G"]  # level of effort has no finish of its own to forecast
        assert told.row(0, named=True)["p80"] == told.row(1, named=True)["p80"]
        assert told.row(0, named=True)["chance"] == pmo.risk.chance(sim, datetime(2026, 1, 23, 17))[0]
        assert set(sim.network.instants(sim.milestone_minutes["done"]).tolist()) == {datetime(2026, 1, 9, 17)}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"iterations": 0}, "iterations is a whole number"),
        ({"constraints": "drop"}, "'soften' or 'keep'"),
        ({"criticality": "slack"}, "'longest_path' or 'float'"),
        ({"sampling": "sobol"}, "'latin_hypercube' or 'plain'"),
        ({"threads": 0}, "threads is 1 or more"),
        ({"rule": "guess"}, "no range rule is called 'guess'"),
        ({"milestones": ("nope",)}, "'nope' is not an activity"),
        ({"estimates": pl.DataFrame({"activity": ["zz"], "shape": ["uniform"], "low": [1.0], "high": [2.0]})}, "estimates name zz, which plan lacks"),
        (
            {"estimates": estimate(["a"], "triangular", 3, 2, 4)},
            "estimate of a: Triangular: low must not",
        ),
        (
            {"estimates": pl.DataFrame({"activity": ["a"], "shape": ["pert"], "low": [1.0], "likely": [2.0], "high": [9.0], "meaning": ["p10_p90"]})},
            "none is negative|correct|raise low",
        ),
        ({"estimates": pl.DataFrame({"activity": ["a"], "low": [3.0]})}, "columns shape, high"),
        ({"estimates": listed("discrete", "7; 9; 11", "0.3; 0.5; 0.3")}, "estimate of a: Discrete: the chances must add up to 1"),
        ({"estimates": listed("discrete", "7; nine", "0.5; 0.5")}, "estimate of a: Discrete: value 2 must be a number"),
        ({"estimates": listed("empirical", "", "")}, "estimates, a: it has no low; give it one, or values"),
        ({"estimates": listed("discrete", "-1; 9", "0.5; 0.5")}, "none is negative"),
    ],
)
def test_refused(options: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        pmo.risk.simulate(round_the_clock({"a": 10}), **options)


def test_nothing_left_and_loops() -> None:
    done = {"actual_start": datetime(2026, 1, 1), "actual_finish": datetime(2026, 1, 11), "remaining_duration": 0}
    with pytest.raises(NotAvailable, match="nothing left to forecast"):
        pmo.risk.simulate(round_the_clock({"a": 10}, details={"a": done}, data_date="2026-02-01"))
    with pytest.raises(NotSchedulable, match="loop"):
        pmo.risk.simulate(round_the_clock({"a": (1, "b"), "b": (1, "a")}))


def test_cancel_and_progress() -> None:
    plan = round_the_clock({"a": 10})
    told: list[tuple[int, int, str]] = []
    pmo.risk.simulate(plan, iterations=5_000, progress=lambda *args: told.append(args))
    assert told[-1][:2] == (5_000, 5_000)
    with pytest.raises(Cancelled, match="called off"):
        pmo.risk.simulate(plan, iterations=500_000, threads=1, cancel=lambda: True)


class TestIntervals:
    def test_replicates_cover_at_their_rate(self) -> None:
        """Of 120 simulations the 95 % interval of the P80 holds the true P80 in about 95 %; order statistics would in nearly all, being far wider."""
        names = ["a", "b", "c"]
        plan, frame = round_the_clock(chain(names)), estimate(["a", "b", "c"], "uniform", 5, None, 15)
        truth = 30 + 10 * _irwin_hall_80()
        begin = np.datetime64("2026-01-01")
        covered = 0
        for seed in range(120):
            row = pmo.risk.percentiles(pmo.risk.simulate(plan, frame, iterations=1_000, seed=seed), (80,)).row(0, named=True)
            low, high = ((np.datetime64(row[c]) - begin) / np.timedelta64(1, "D") for c in ("finish_low", "finish_high"))
            covered += low <= truth <= high
        assert 104 <= covered <= 120

    def test_plain_uses_order_statistics(self) -> None:
        sim = pmo.risk.simulate(round_the_clock({"a": 10}), iterations=1_000, sampling="plain")
        ordered = np.sort(sim.finish)
        row = pmo.risk.percentiles(sim, (80,)).row(0, named=True)
        assert row["finish_low"] == ordered[774].item()
        assert row["finish_high"] == ordered[824].item()
        assert sim.sampling == "plain sampling, 1,000 draws"

    def test_certainty_has_an_honest_interval(self) -> None:
        sim = pmo.risk.simulate(round_the_clock({"a": 10}), iterations=1_000)
        chance, low, high = pmo.risk.chance(sim, datetime(2027, 1, 1))
        assert (chance, high) == (1.0, 1.0)
        assert low == pytest.approx(0.025 ** (1 / 1_000), abs=1e-6)


def test_frames_are_declared() -> None:
    sim = pmo.risk.simulate(round_the_clock(chain(["a", "b"])), iterations=500)
    risk_results.Percentiles.validate(pmo.risk.percentiles(sim, tuple(range(1, 100))))
    risk_results.Sensitivity.validate(pmo.risk.sensitivity(sim))
    risk_results.ActivityForecast.validate(pmo.risk.activity_forecast(sim))
    risk_results.Steps.validate(sim.steps)
    shares = pmo.risk.histogram(sim)
    assert shares["share"].sum() == pytest.approx(1)
    assert shares["start"][0] <= sim.finish.min()
    assert shares["finish"][-1] >= sim.finish.max()
    assert "P80" in repr(sim)
    assert sim.sampling == "Latin hypercube, 10 replicates of 50"


def _irwin_hall_80() -> float:
    """Where the sum of three uniforms on -1/2..1/2 reaches 80 %."""
    sums = np.linspace(1.5, 2.5, 100_001)
    cdf = np.where(sums <= 2, (-2 * sums**3 + 9 * sums**2 - 9 * sums + 3) / 6, 1 - (3 - sums) ** 3 / 6)
    return float(np.interp(0.8, cdf, sums)) - 1.5


def _undated(plan: Project) -> Project:
    import dataclasses

    return Project(dataclasses.replace(plan.info, data_date=None), plan.tables)


def two_calendars() -> Project:
    """A and C on Monday to Friday, B round the clock."""
    plan = pmo.make_plan({"A": 5, "B": (5, "A"), "C": (5, "B; A FS+1d")}, start="2026-01-05")
    shifts = pl.DataFrame(
        {"calendar": "24h", "weekday": range(1, 8), "start": 0, "finish": 1440, "first": None, "last": None}, schema=plan.tables["shifts"].schema
    )
    named = plan.tables["calendars"].with_columns(calendar=pl.lit("24h"), name=pl.lit("24h"), minutes_per_day=pl.lit(1440, pl.Int64))
    own = pl.when(pl.col("activity") == "B").then(pl.lit("24h")).otherwise(pl.col("calendar"))
    tables = {
        **plan.tables,
        "calendars": pl.concat([plan.tables["calendars"], named]),
        "shifts": pl.concat([plan.tables["shifts"], shifts]),
        "activities": plan.tables["activities"].with_columns(calendar=own, duration=pl.lit(2400, pl.Int64), remaining_duration=pl.lit(2400, pl.Int64)),
    }
    return Project(plan.info, tables)


@pytest.mark.parametrize("p", [10, 50, 80, 90])
def test_replicate_intervals_cover_without_symmetry(p: float) -> None:
    """The latest of three uniforms, whose upper percentiles crowd: Student's t on the replicates' own percentiles covers about 93 % of the P90 here."""
    from pmo_lib.risk.results.percentiles import interval

    rng = np.random.default_rng(11)
    truth, covered, rounds = (p / 100) ** (1 / 3), 0, 600
    for _ in range(rounds):
        strata = np.argsort(rng.random((10, 3, 100)), axis=2)
        finish = np.floor(((strata + rng.random(strata.shape)) / 100).max(axis=1) * 1e6 + 0.5)
        low, high = interval(np.sort(finish.ravel()), [np.sort(row) for row in finish], p / 100)
        covered += low <= truth * 1e6 <= high
    assert covered / rounds == pytest.approx(0.95, abs=0.025)


def test_the_scatter_at_the_value_that_is_tested_counts() -> None:
    """The P90 of the later of two lies near a border of the strata (0.9487): the scatter at the sample's own percentile alone covers 88 % of it."""
    from pmo_lib.risk.results.percentiles import interval

    rng = np.random.default_rng(13)
    covered, rounds = 0, 400
    for _ in range(rounds):
        strata = np.argsort(rng.random((10, 2, 100)), axis=2)
        finish = np.floor(((strata + rng.random(strata.shape)) / 100).max(axis=1) * 1e8 + 0.5)
        low, high = interval(np.sort(finish.ravel()), [np.sort(row) for row in finish], 0.9)
        covered += low <= 0.9**0.5 * 1e8 <= high
    assert covered / rounds == pytest.approx(0.97, abs=0.025)


def test_ends_of_many_rows_are_those_of_each() -> None:
    """Smooth, with atoms, certain, stratified and not; replicates of one size and of two."""
    from pmo_lib.risk.results.percentiles import interval, quantile
    from pmo_lib.risk.results.replicate_ends import student
    from pmo_lib.risk.results.selected_ends import select_with_ends
    from pmo_lib.risk.results.selecting import room

    rng, p = np.random.default_rng(14), np.array([0.01, 0.5, 0.8, 0.855, 0.99])
    for bounds in (np.arange(11) * 100, np.array([0, 77, 155, 232])):
        n = int(bounds[-1])

        def drawn(bounds: np.ndarray = bounds) -> np.ndarray:
            return np.concatenate([(rng.permutation(size) + rng.random(size)) / size for size in np.diff(bounds)])

        rows = [drawn() * 1e6, np.maximum(drawn(), drawn()) * 1e6, np.floor(drawn() * 5) * 100, np.maximum(drawn(), drawn() + 2 * (drawn() < 0.3)) * 50]
        rows += [np.full(n, 7.0), np.where(drawn() < 0.8, 10, 20_000 + drawn() * 70_000)]
        values, ranks = np.array(rows).astype(np.int32), np.ceil(p * n - 1e-9).astype(np.int64) - 1
        found = np.empty((3, len(rows), p.size), np.int32)
        select_with_ends(values, p, ranks, np.zeros((2, p.size), np.int64), bounds, student(bounds.size - 1, 0.95), 0.475, room(n), found)
        for i, row in enumerate(values):
            ordered, parts = np.sort(row), [np.sort(part) for part in np.split(row, bounds[1:-1])]
            assert found[:, i].T.tolist() == [[quantile(ordered, one), *interval(ordered, parts, one)] for one in p]


@pytest.mark.parametrize("p", [50, 80])
def test_the_interval_of_a_single_variable_lies_between_two_draws(p: float) -> None:
    """Every replicate has as many draws below: what is not known is where between two neighbours the percentile lies; both together would hold it always."""
    from pmo_lib.risk.results.percentiles import interval

    rng = np.random.default_rng(12)
    covered, rounds = 0, 600
    for _ in range(rounds):
        strata = np.argsort(rng.random((10, 100)), axis=1)
        finish = np.floor((strata + rng.random(strata.shape)) / 100 * 1e8 + 0.5)
        low, high = interval(np.sort(finish.ravel()), [np.sort(row) for row in finish], p / 100)
        covered += low <= p * 1e6 <= high
    assert covered / rounds == pytest.approx(0.95, abs=0.03)


def test_an_interval_does_not_end_between_an_atom_and_what_follows() -> None:
    """Four in five times 10 days, else 20 or more: the P80 is 10 days, and 10 must be in the interval though the next draw lies far above."""
    from pmo_lib.risk.results.percentiles import between_draws, interval

    parts = [np.sort(np.concatenate([np.full(80, 10), rng.integers(20_000, 90_000, 20)])) for rng in map(np.random.default_rng, range(10))]
    ordered = np.sort(np.concatenate(parts))
    low, high = interval(ordered, parts, 0.8)
    assert low == 10
    assert 10 < high <= ordered[807]
    values = np.array([1, 4, 4, 9])
    assert [between_draws(values, rank, up=False) for rank in (0.5, 1.4, 2.5, 3.5, 4.5)] == [1, 2, 4, 4, 9]
    assert [between_draws(values, rank, up=True) for rank in (0.5, 1.4, 2.5, 3.5, 4.5)] == [1, 4, 4, 7, 9]


@pytest.mark.parametrize("scale", [3, 3_000, 200_000, 400_000_000])
def test_selected_values_are_the_sorted_ones(scale: int) -> None:
    """Exact percentiles by histogram: narrow, wide, tied, and with a value far from the others."""
    from pmo_lib.risk.results.selecting import room, select

    rng = np.random.default_rng(scale)
    values = rng.normal(5 * scale, scale / 2, (6, 4_001)).clip(-(2**31), 2**31 - 1).astype(np.int32)
    values[1], values[2, :3_000], values[3, 17] = 12, values[2, 0], -(2**31)
    ranks = np.array([0, 400, 2_000, 2_001, 3_200, 3_600, 4_000])
    found = np.empty((6, ranks.size), np.int32)
    select(values, ranks, room(4_001), found)
    assert np.array_equal(found, np.sort(values, axis=1)[:, ranks])

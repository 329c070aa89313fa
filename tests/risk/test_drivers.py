"""Risk drivers, events, branches and tasks that may not exist: against worked examples, enumeration and closed forms."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any, ClassVar

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput
from pmo_lib.project import Project
from pmo_lib.risk.again import tiles

START = "2026-01-01"


def plan_of(activities: dict[str, Any], **options: Any) -> Project:
    return pmo.make_plan(activities, start=START, calendar="24h", **options)


def certain(plan: Project) -> pl.DataFrame:
    """Every activity's estimate is what is planned."""
    rows = plan.tables["activities"].filter(pl.col("duration") > 0).select("activity", days=pl.col("duration") / 1440)
    return rows.select("activity", shape=pl.lit("uniform"), low="days", high="days")


def risk(name: str, kind: str, probability: float, points: tuple[float, float | None, float], activities: list[str], **more: Any) -> dict[str, Any]:
    low, likely, high = points
    return {"risk": name, "kind": kind, "probability": probability, "low": low, "likely": likely, "high": high, "activities": activities} | more


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={"likely": pl.Float64, "low": pl.Float64, "high": pl.Float64}, infer_schema_length=None)


def simulate(plan: Project, risks: Any = None, **options: Any) -> Any:
    chosen: dict[str, Any] = {"iterations": 20_000, "seed": 7} | options
    return pmo.risk.simulate(plan, certain(plan), risks, **chosen)


def days(sim: Any) -> np.ndarray:
    return (sim.finish - np.datetime64(START)) / np.timedelta64(1, "D")


def durations(sim: Any) -> dict[str, np.ndarray]:
    found = np.concatenate([rows for _, rows in tiles(sim, durations=True)]) / 1440
    return dict(zip(sim.network.activities, found, strict=True))


class TestDrivers:
    def test_w14_one_driver(self) -> None:
        """W14: p 0.5, triangular 0.9, 1.05, 1.3 on 100 days."""
        found = days(simulate(plan_of({"a": 100}), frame(risk("F", "driver", 0.5, (0.9, 1.05, 1.3), ["a"])), iterations=40_000))
        assert found.mean() == pytest.approx(104.1667, abs=4 * 7.1686 / 200)
        assert found.std() == pytest.approx(7.1686, abs=0.15)
        p50, p80, p90 = np.sort(found)[[19_999, 31_999, 35_999]]
        assert p50 == 100.0
        assert p80 == pytest.approx(110.0, abs=0.4)
        assert p90 == pytest.approx(115.8579, abs=0.4)
        assert (np.mean(found < 100), np.mean(found <= 100)) == pytest.approx((1 / 12, 7 / 12), abs=0.01)

    def test_w14_shared_and_own_drivers_correlate_two_activities(self) -> None:
        own = [risk(f"G{a}", "driver", 0.25, (0.8, 0.95, 1.05), [a]) for a in "ab"]
        sim = simulate(plan_of({"a": 100, "b": 100}), frame(risk("F", "driver", 0.5, (0.9, 1.05, 1.3), ["a", "b"]), *own), iterations=40_000)
        found = durations(sim)
        assert np.corrcoef(found["a"], found["b"])[0, 1] == pytest.approx(0.75325, abs=4 * (1 - 0.75325**2) / 200)
        alone = durations(simulate(plan_of({"a": 100, "b": 50}), frame(risk("F", "driver", 0.5, (0.9, 1.05, 1.3), ["*"]))))
        assert np.corrcoef(alone["a"], alone["b"])[0, 1] == pytest.approx(1)

    @pytest.mark.parametrize(("combine", "expected"), [("series", 1.5 * 1.2), ("parallel", 1.5)])
    def test_series_multiply_and_of_parallel_ones_the_largest_counts(self, combine: str, expected: float) -> None:
        rows = [risk(n, "driver", p, (f, f, f), ["a"], combine=combine) for n, p, f in (("F", 0.4, 1.5), ("G", 1.0, 1.2))]
        found = days(simulate(plan_of({"a": 10}), frame(*rows)))
        assert np.unique(found).tolist() == pytest.approx([12, 10 * expected])
        assert np.mean(found > 12.5) == pytest.approx(0.4, abs=1e-3)

    def test_drivers_multiply_what_is_drawn(self) -> None:
        plan = plan_of({"a": 10, "b": (4, "a")})
        ranges = pl.DataFrame({"activity": ["a", "b"], "shape": ["uniform", "triangular"], "low": [8.0, 2], "likely": [None, 3.0], "high": [12.0, 6]})
        options: dict[str, Any] = {"iterations": 3_000, "seed": 3}
        before = durations(pmo.risk.simulate(plan, ranges, **options))
        after = durations(pmo.risk.simulate(plan, ranges, frame(risk("F", "driver", 1, (1.5, 1.5, 1.5), ["b"])), **options))
        assert np.array_equal(before["a"], after["a"])
        assert np.abs(after["b"] - 1.5 * before["b"]).max() * 1440 <= 0.5 + 1e-9


class TestEvents:
    NETWORK: ClassVar[dict[str, Any]] = {"a": 5, "b": (7, "a"), "c": (4, "a"), "d": (6, "c"), "e": (3, "b; d")}

    def test_every_combination_of_events_on_a_small_network(self) -> None:
        """Exact finish by enumeration: 2^5 combinations, days and per cent, one event shared by two activities."""
        given = [("R1", 0.3, "days", 2, ["b"]), ("R2", 0.5, "days", 3, ["c", "e"]), ("R3", 0.2, "percent", 50, ["d"])]
        given += [("R4", 0.6, "percent", 20, ["a"]), ("R5", 0.1, "days", -1, ["b"])]
        sim = simulate(plan_of(self.NETWORK), frame(*(risk(n, "event", p, (x, x, x), on, unit=unit) for n, p, unit, x, on in given)), iterations=100_000)
        exact: dict[float, float] = {}
        for happens in itertools.product((0, 1), repeat=5):
            length = {name: float(entry if isinstance(entry, int) else entry[0]) for name, entry in self.NETWORK.items()}
            chance, share, extra = 1.0, dict.fromkeys(length, 0.0), dict.fromkeys(length, 0.0)
            for one, (_, p, unit, size, on) in zip(happens, given, strict=True):
                chance *= p if one else 1 - p
                for activity in on if one else ():
                    (share if unit == "percent" else extra)[activity] += size
            length = {name: length[name] * (1 + share[name] / 100) + extra[name] for name in length}
            finish = length["a"] + max(length["b"], length["c"] + length["d"]) + length["e"]
            exact[round(finish, 6)] = exact.get(round(finish, 6), 0.0) + chance
        values, counts = np.unique(np.round(days(sim), 6), return_counts=True)
        assert values.tolist() == sorted(exact)
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            assert count / 100_000 == pytest.approx(exact[value], abs=4 * (exact[value] * (1 - exact[value]) / 100_000) ** 0.5)
        assert sim.occurrences["share"].to_list() == pytest.approx([p for _, p, *_ in given], abs=1e-4)
        assert sim.occurrences["activities"].to_list() == [1, 2, 1, 1, 1]

    def test_one_occurrence_or_a_draw_for_each(self) -> None:
        for occurrence, expected in (("shared", {0: 0.5, 2: 0.5}), ("independent", {0: 0.25, 1: 0.5, 2: 0.25})):
            sim = simulate(plan_of({"a": 5, "b": (5, "a")}), frame(risk("R", "event", 0.5, (1, 1, 1), ["a", "b"], occurrence=occurrence)))
            values, counts = np.unique(days(sim) - 10, return_counts=True)
            assert dict(zip(values.tolist(), (counts / 20_000).tolist(), strict=True)) == pytest.approx(expected, abs=0.015)
            assert sim.occurrences["share"].item() == pytest.approx(0.5, abs=0.01)

    @pytest.mark.parametrize(("impact", "var"), [("correlated", 4 * 4 / 12), ("independent", 2 * 4 / 12)])
    def test_impacts_correlated_or_independent(self, impact: str, var: float) -> None:
        row = risk("R", "event", 1, (1, None, 3), ["a", "b"], shape="uniform", impact=impact)
        found = days(simulate(plan_of({"a": 5, "b": (5, "a")}), frame(row)))
        assert (found.mean(), found.var()) == pytest.approx((14, var), rel=0.04)

    def test_coupled_risks_share_their_occurrence(self) -> None:
        """W of existence correlation: chances 0.6 and 0.8 on one number fire together in 60 %, the second alone in 20 %."""
        rows = [risk("R", "event", 0.6, (1, 1, 1), ["a"], coupled="x"), risk("S", "event", 0.8, (10, 10, 10), ["a"], coupled="x")]
        values, counts = np.unique(np.round(days(simulate(plan_of({"a": 5}), frame(*rows)))), return_counts=True)
        assert dict(zip(values.tolist(), (counts / 20_000).tolist(), strict=True)) == pytest.approx({5: 0.2, 15: 0.2, 16: 0.6}, abs=1e-3)

    def test_days_are_those_of_the_activitys_calendar(self) -> None:
        plan = pmo.make_plan({"a": 5}, start="2026-01-05")
        sim = pmo.risk.simulate(plan, certain(plan).with_columns(low=5.0, high=5.0), frame(risk("R", "event", 1, (1, 1, 1), ["a"])), iterations=10)
        assert set(sim.finish.tolist()) == {datetime(2026, 1, 12, 17)}


class TestBranches:
    NETWORK: ClassVar[dict[str, Any]] = {"a": 5, "b1": (10, "a"), "b2": (4, "a"), "c2": (3, "b2"), "d": (2, "b1; c2")}

    def test_exactly_one_branch_is_taken(self) -> None:
        branches = pl.DataFrame({"node": ["a"] * 2, "branch": ["long", "short"], "activities": [["b1"], ["b2"]], "probability": [0.3, 0.7]})
        for criticality in ("longest_path", "float"):
            sim = simulate(plan_of(self.NETWORK), branches=branches, criticality=criticality)
            values, counts = np.unique(days(sim), return_counts=True)
            assert dict(zip(values.tolist(), (counts / 20_000).tolist(), strict=True)) == pytest.approx({17: 0.3, 14: 0.7}, abs=1e-4)
            critical = dict(sim.activities.select("activity", "criticality").iter_rows())
            assert critical == pytest.approx({"a": 1, "b1": 0.3, "b2": 0.7, "c2": 0.7, "d": 1}, abs=1e-4)
            assert sim.ways["share"].to_list() == pytest.approx([0.3, 0.7], abs=1e-4)
            assert sim.ways["activities"].to_list() == [1, 2]
        found = durations(sim)
        assert np.array_equal(found["b1"] == 0, found["b2"] > 0)

    def test_conditional_on_what_was_drawn(self) -> None:
        """The long branch where a takes more than 6 of its uniform 5 to 9 days; the finish by its closed form."""
        plan = plan_of(self.NETWORK)
        ranges = pl.concat([certain(plan).filter(pl.col("activity") != "a"), pl.DataFrame({"activity": "a", "shape": "uniform", "low": 5.0, "high": 9.0})])
        tests = {"node": ["a"] * 2, "branch": ["long", "short"], "activities": [["b1"], ["b2"]], "comparison": [">", None]}
        for more in ({"measure": ["duration", None], "days": [6.0, None]}, {"measure": ["finish", None], "date": [datetime(2026, 1, 7), None]}):
            sim = pmo.risk.simulate(plan, ranges, branches=pl.DataFrame(tests | more), iterations=4_000, seed=2)
            a = durations(sim)["a"]
            assert np.array_equal(np.round(days(sim) * 1440), np.round((a + np.where(a > 6, 12, 9)) * 1440))
            assert sim.ways["share"].to_list() == pytest.approx([0.75, 0.25], abs=0.002)

    def test_a_condition_behind_a_condition(self) -> None:
        plan = plan_of({"a": 5, "b": (3, "a"), "c": (4, "a"), "d": (1, "b; c"), "e": (2, "d"), "f": (6, "d")})
        rows = {
            "node": ["d", "d", "a", "a"], "branch": ["soon", "late", "b", "c"], "activities": [["e"], ["f"], ["b"], ["c"]],
            "measure": ["finish", None, "duration", None], "comparison": ["<=", None, "<", None],
            "days": [None, None, 6.0, None], "date": [datetime(2026, 1, 10), None, None, None],
        }  # fmt: skip
        sim = simulate(plan, branches=pl.DataFrame(rows), iterations=100)  # a < 6: b; d ends on 5 + 3 + 1 = day 9: e
        assert set(days(sim).tolist()) == {11.0}

    def test_a_task_that_may_not_exist(self) -> None:
        sim = simulate(plan_of({"a": 5, "b": (3, "a"), "c": (4, "b")}), existence=pl.DataFrame({"activity": ["b"], "probability": [0.4]}))
        values, counts = np.unique(days(sim), return_counts=True)
        assert dict(zip(values.tolist(), (counts / 20_000).tolist(), strict=True)) == pytest.approx({9: 0.6, 12: 0.4}, abs=1e-4)
        assert dict(sim.activities.select("activity", "criticality").iter_rows()) == pytest.approx({"a": 1, "b": 0.4, "c": 1}, abs=1e-4)


class TestSameNumbers:
    def network(self) -> dict[str, Any]:
        names = [f"a{i}" for i in range(40)]
        return {n: (5 + i % 7, names[i // 2]) if i else 5 for i, n in enumerate(names)}

    RISKS: ClassVar[list[dict[str, Any]]] = [
        risk("F", "driver", 0.5, (0.9, 1.05, 1.3), ["*"]),
        risk("E", "event", 0.3, (1, 2, 6), ["a3", "a9"], occurrence="independent", impact="independent"),
        risk("G", "driver", 0.8, (0.9, 1.0, 1.5), ["a1", "a9"], combine="parallel"),
    ]
    BRANCHES = pl.DataFrame({"node": ["a8"] * 2, "branch": ["x", "y"], "activities": [["a16"], ["a17"]], "probability": [0.4, 0.6]})

    @pytest.mark.parametrize("calendar", ["24h", "mon-fri"])
    def test_threads_change_nothing(self, calendar: str) -> None:
        plan = pmo.make_plan(self.network(), start=START, calendar=calendar)
        one, two = (pmo.risk.simulate(plan, risks=frame(*self.RISKS), branches=self.BRANCHES, iterations=9_999, threads=t) for t in (1, 2))
        assert np.array_equal(one.finish_minutes, two.finish_minutes)
        for name in ("activities", "occurrences", "ways"):
            assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True)

    def test_more_risks_and_activities_leave_the_other_draws(self) -> None:
        before = durations(pmo.risk.simulate(plan_of(self.network()), risks=frame(*self.RISKS), iterations=2_000))
        more = frame(risk("new", "event", 0.5, (1, 2, 3), ["a7", "new"]), *reversed(self.RISKS))
        after = durations(pmo.risk.simulate(plan_of({"new": 3} | self.network()), risks=more, iterations=2_000))
        same = [name for name in before if np.array_equal(before[name], after[name])]
        assert set(before) - set(same) == {"a7"}

    def test_risks_that_change_nothing_leave_the_schedule(self) -> None:
        plan = pmo.make_plan({"A": 5, "B": (3, "A SS+2d"), "C": (4, "A; B FF+1d"), "D": (2, "A"), "E": (0, "C; D"), "F": (6, "B SF+9d")})
        ranges = pl.DataFrame([{"activity": n, "shape": "uniform", "low": d, "high": d} for n, d in zip("ABCDF", (5.0, 3, 4, 2, 6), strict=True)])
        none = [risk("F", "driver", 1, (1, 1, 1), ["*"]), risk("E", "event", 0, (5, 6, 7), ["A"]), risk("P", "event", 1, (0, 0, 0), ["*"], unit="percent")]
        sim = pmo.risk.simulate(plan, ranges, frame(*none), existence=pl.DataFrame({"activity": ["C"], "probability": [1.0]}), iterations=200)
        dates = pmo.schedule.dates(plan)
        assert set(sim.finish.astype("datetime64[us]").tolist()) == {dates["early_finish"].max()}
        assert sim.activities["criticality"].to_list() == dates["longest_path"].cast(pl.Float64).to_list()


class TestBadInput:
    @pytest.mark.parametrize(
        ("row", "said"),
        [
            (risk("R1", "driver", 1.4, (1, 1, 1), ["a"]), "risk R1: a probability lies between 0 and 1, and is 1.4"),
            (risk("R1", "driver", -0.1, (1, 1, 1), ["a"]), "risk R1: a probability lies between 0 and 1"),
            (risk("R1", "event", 0.5, (3, 2, 4), ["a"]), "risk R1: .*low must not exceed likely, and 3 > 2"),
            (risk("R1", "event", 0.5, (1, 2, 3), ["z"]), "risk R1 names the activity z, which plan lacks"),
            (risk("R1", "event", 0.5, (1, 2, 3), ["a, a"]), "names the activity a, a, which plan lacks; separate several ids by ;"),
            (risk("R1", "event", 0.5, (1, 2, 3), []), "risk R1 touches no activity"),
            (risk("R1", "event", 0.5, (-9, -8, -7), ["a"]), "risk R1 could take 4.0 days more off a than it lasts"),
            (risk("R1", "driver", 0.5, (-1, 1, 2), ["a"]), "risk R1: its least factor would be -1"),
            (risk("R1", "event", 0.5, (1, 2, 3), ["a"], unit="factor"), "risk R1: an event adds"),
            (risk("R1", "threat", 0.5, (1, 2, 3), ["a"], unit="days"), "risks, R1: 'threat' is no kind; it is driver or event"),
        ],
    )
    def test_risks(self, row: dict[str, Any], said: str) -> None:
        with pytest.raises(InvalidInput, match=said):
            simulate(plan_of({"a": 5}), frame(row), iterations=10)

    @pytest.mark.parametrize(
        ("columns", "said"),
        [
            ({"probability": [0.3, 0.6]}, "branches of a: their probabilities add up to 0.9"),
            ({"probability": [0.3, 1.7]}, "branch short of a: a probability lies between 0 and 1"),
            ({"probability": [0.3, None]}, "branches of a: some rows have a probability and some have none"),
            ({"probability": [0.3, 0.7], "activities": [["b1"], ["b1"]]}, "branches of a: b1 begins both long and short"),
            ({"probability": [0.3, 0.7], "activities": [["b1"], ["z"]]}, "branch short of a names the activity z"),
            ({"probability": [0.3, 0.7], "node": ["b2", "b2"]}, "branch long of b2: b1 does not follow b2"),
            ({"measure": ["finish", None], "comparison": ["<", None]}, "branch long of a tests a finish, which needs a comparison and date"),
            ({"measure": ["duration", "duration"], "comparison": ["<", "<"], "days": [1.0, 2.0]}, "branches of a: the last row"),
            (
                {"measure": ["finish", None], "comparison": ["<", None], "date": [datetime(2026, 2, 1), None], "tested": ["d", None]},
                "depends on the branch itself",
            ),
        ],
    )
    def test_branches(self, columns: dict[str, Any], said: str) -> None:
        usual = {"node": ["a"] * 2, "branch": ["long", "short"], "activities": [["b1"], ["b2"]]}
        with pytest.raises(InvalidInput, match=said):
            simulate(plan_of(TestBranches.NETWORK), branches=pl.DataFrame(usual | columns), iterations=10)

    def test_existence(self) -> None:
        for activity, probability, said in (("z", 0.5, "names the activity z"), ("a", 1.5, "existence of a: a probability")):
            with pytest.raises(InvalidInput, match=said):
                simulate(plan_of({"a": 5}), existence=pl.DataFrame({"activity": [activity], "probability": [probability]}), iterations=10)


def test_an_impact_may_be_a_list_of_values() -> None:
    """Two values of equal chance: the mean finish moves by their mean, and nothing else occurs."""
    plan = pmo.make_plan({"a": 10}, calendar="24h")
    certain = pl.DataFrame([{"activity": "a", "shape": "uniform", "low": 10.0, "high": 10.0}])
    row = {"risk": "R", "kind": "event", "probability": 1.0, "shape": "discrete", "values": "2; 6", "weights": "0.25; 0.75", "activities": "a"}
    sim = pmo.risk.simulate(plan, certain, pl.DataFrame([row]), iterations=1_000)
    assert sorted(set(((sim.finish_minutes - sim.finish_minutes.min()) // 1440).tolist())) == [0, 4]
    assert (sim.finish_minutes - sim.finish_minutes.min()).mean() == pytest.approx(3 * 1440, abs=20)
    with pytest.raises(InvalidInput, match=r"risk R: Discrete: the chances must add up to 1"):
        pmo.risk.simulate(plan, certain, pl.DataFrame([row | {"weights": "0.25; 0.7"}]), iterations=100)


def test_a_rule_may_be_a_list_of_values() -> None:
    plan = pmo.make_plan({"a": 10, "b": 20}, calendar="24h")
    rule = pl.DataFrame([{"unit": "percent", "shape": "empirical", "values": [90.0, 100.0, 130.0]}])
    sim = pmo.risk.simulate(plan, rules=rule, iterations=900)
    assert sorted(set((sim.finish_minutes - sim.network.axis(plan.info.planned_start)).tolist())) == [18 * 1440, 20 * 1440, 26 * 1440]  # type: ignore[arg-type]
    assert "empirical 90 / 100 / 130" in sim.ranges.sources["told"][0]

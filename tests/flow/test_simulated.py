"""Simulated forecasts of throughput, each doubt against its closed form."""

from __future__ import annotations

from datetime import date, timedelta
from math import comb

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import flow
from pmo_lib.calendar import Calendar
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.flow.capacity import spent
from pmo_lib.flow.law import power
from pmo_lib.flow.work import binomial
from pmo_lib.plan_calendars import calendar_from_rule
from pmo_lib.standards import standards

PAST = [1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2]
N = 20_000


def law_of(past: list[int], items: int, periods: int) -> np.ndarray:
    """Chance that so many items are done in 0, 1, … periods: by convolution."""
    law = np.bincount(past) / len(past)
    return np.array([1.0 - power(law, k)[:items].sum() if k else float(items == 0) for k in range(periods + 1)])


def alike(sim: flow.FlowSimulation, exact: np.ndarray, name: str | None = None) -> None:
    """Every chance within four standard errors of the exact one."""
    found = np.array([(sim.row(name) <= k).mean() for k in range(exact.size)])
    error = np.sqrt(np.maximum(exact * (1 - exact), 1 / N) / sim.iterations)
    assert (np.abs(found - exact) <= 4 * error).all(), (found - exact) / error


def weeks(counts: list[int], first: date = date(2026, 1, 5), group: str | None = None) -> pl.DataFrame:
    days = [first + timedelta(weeks=i) for i in range(len(counts))]
    return pl.DataFrame({"period": days, "group": pl.Series([group] * len(counts), dtype=pl.String), "finished": counts})


@pytest.mark.parametrize("items", [1, 12, 40])
def test_without_doubts_it_is_the_convolution(items: int) -> None:
    alike(flow.simulate(PAST, items, iterations=N), law_of(PAST, items, 25))


def test_a_backlog_that_is_a_range_is_the_mixture() -> None:
    exact = np.mean([law_of(PAST, items, 20) for items in range(15, 31)], axis=0)
    alike(flow.simulate(PAST, flow.Work(items=(15, 30)), iterations=N), exact)


def test_splits_are_the_binomial_mixture() -> None:
    exact = sum(comb(20, k) * 0.3**k * 0.7 ** (20 - k) * law_of(PAST, 20 + k, 20) for k in range(21))
    sim = flow.simulate(PAST, flow.Work(items=20, split=0.3), iterations=N)
    alike(sim, np.asarray(exact))
    assert sim.items[0] == pytest.approx(26, abs=4 * np.sqrt(20 * 0.21 / N))


def test_growth_is_the_first_passage() -> None:
    """What is left, period by period, absorbed where it is nothing: the exact law by its own recursion."""
    law = {finished: PAST.count(finished) / len(PAST) for finished in set(PAST)}
    left, done, exact = {12: 1.0}, 0.0, [0.0]
    for _ in range(25):
        after: dict[int, float] = {}
        for items, chance in left.items():
            for finished, share in law.items():
                rest = items + 1 - finished
                after[rest] = after.get(rest, 0.0) + chance * share
        done += sum(chance for rest, chance in after.items() if rest <= 0)
        left = {rest: chance for rest, chance in after.items() if rest > 0}
        exact.append(done)
    alike(flow.simulate(PAST, flow.Work(items=12, growth=1), iterations=N), np.array(exact))


def test_in_order_each_epic_ends_where_the_sum_up_to_it_does() -> None:
    work = [flow.Work(name=name, items=items) for name, items in (("first", 9), ("second", 4), ("third", 17))]
    sim = flow.simulate(PAST, work, iterations=N)
    for name, items in (("first", 9), ("second", 13), ("third", 30), (None, 30)):
        alike(sim, law_of(PAST, items, 25), name)


def test_even_throughput_gives_exact_dates() -> None:
    told = flow.finishes(flow.simulate(weeks([4, 4, 4]), 38, iterations=100), 0.85).row(0, named=True)
    assert (told["periods"], told["periods_low"], told["periods_high"], told["chance"]) == (10, 10, 10, 1.0)
    assert told["date"] == date(2026, 4, 5)  # ten weeks from Monday 26 January
    assert (told["sampled"], told["counted"], told["window_from"], told["window_to"]) == (3, 12, date(2026, 1, 5), date(2026, 1, 25))


def test_shares_by_hand() -> None:
    """Six a week on 12 and 6 items: 4 and 2 a week, both done in the third. With a third epic of weight 6 and 3 items: 3, 1.5, 1.5, and what is over."""
    both = flow.simulate([6], [flow.Work(name="a", items=12), flow.Work(name="b", items=6)], order="shares", iterations=100)
    assert both.periods[:, 0].tolist() == [3, 3]
    three = [flow.Work(name="a", items=12, share=12), flow.Work(name="b", items=6, share=6), flow.Work(name="c", items=3, share=6)]
    sim = flow.simulate([6], three, order="shares", iterations=100)
    assert sim.periods[:, 0].tolist() == [4, 4, 2]  # 9, 4.5, 1.5; 6, 3, 0; 2, 1; 0, 0 (in the fourth 3 are over)


def test_what_waits_begins_in_the_period_after() -> None:
    work = [flow.Work(name="a", items=5), flow.Work(name="b", items=8, after=("a",)), flow.Work(name="c", items=2, after=("a", "b"))]
    sim = flow.simulate([4], work, iterations=100)
    assert sim.periods[:, 0].tolist() == [2, 4, 5]
    side = flow.simulate([4], [work[0], work[1], flow.Work(name="free", items=6)], iterations=100)
    assert side.periods[:, 0].tolist() == [2, 4, 5]  # 4, 0, 0; 1, 0, 3; 0, 4, 0; 0, 4, 0; 0, 0, 3


def test_teams_draw_the_same_weeks() -> None:
    board = pl.concat([weeks([1, 5, 3, 0], group="A"), weeks([1, 5, 3, 0], group="B")])
    sim = flow.simulate(board, [flow.Work(name="x", items=9, team="A"), flow.Work(name="y", items=9, team="B")], iterations=500)
    assert (sim.periods[0] == sim.periods[1]).all()
    assert sim.window.counts.tolist() == [2, 10, 6, 0]
    crossed = flow.simulate(board, [flow.Work(name="x", items=3, team="A"), flow.Work(name="y", items=6, team="B", after=("x",))], iterations=500)
    assert (crossed.periods[1] > crossed.periods[0]).all()


def holidays(*days: str) -> Calendar:
    rule = standards().calendars["mon-fri"]
    return calendar_from_rule("mon-fri", type(rule)(rule.week, rule.shifts, list(days)))


def test_a_week_without_work_moves_the_date_by_a_week() -> None:
    ahead = holidays(*(f"2026-02-{day:02}" for day in range(2, 7)))  # the second week ahead
    told = flow.finishes(flow.simulate(weeks([4, 4, 4]), 8, calendar=ahead, iterations=100), 0.5)
    assert (told["periods"][0], told["date"][0]) == (3, date(2026, 2, 15))
    part = flow.simulate(weeks([5, 5, 5]), 9, calendar=holidays("2026-02-02"), iterations=100)
    assert part.periods[0, 0] == 2  # 5, then 4
    assert flow.simulate(weeks([5, 5, 5]), 10, calendar=holidays("2026-02-02"), iterations=100).periods[0, 0] == 3


def test_past_weeks_without_work_are_not_drawn() -> None:
    gone = holidays(*(f"2026-01-{day:02}" for day in range(12, 17)), "2026-01-20")
    sim = flow.simulate(weeks([5, 0, 4]), 20, calendar=gone, iterations=100)
    assert sim.periods[0].tolist() == [4] * 100  # 5 a week: four in the four days of a week count as five
    assert "1 past periods with less than half of their working time are left out" in sim.assumptions
    assert sim.window.counts.tolist() == [5, 4]


def test_draws_belong_to_their_name() -> None:
    alone = flow.simulate(PAST, flow.Work(name="a", items=(5, 50)), iterations=500)
    beside = flow.simulate(PAST, [flow.Work(name="a", items=(5, 50)), flow.Work(name="z", items=(1, 9), split=0.5)], iterations=500)
    assert (alone.periods[0] == beside.periods[0]).all()
    assert (alone.periods != flow.simulate(PAST, flow.Work(name="a", items=(5, 50)), iterations=500, seed=7).periods).any()


def test_work_that_never_ends_says_so() -> None:
    sim = flow.simulate([2, 3], flow.Work(items=30, growth=(2.2, 3.5)), iterations=2_000, longest=200)
    told = flow.finishes(sim, (0.05, 0.85))
    assert told["periods"].to_list()[1] is None
    assert told["periods"].to_list()[0] > 15
    assert "of the iterations within 200 periods" in told["reason"][1]
    with pytest.raises(NotAvailable, match="more is added than is finished"):
        flow.simulate(weeks([2, 3]), flow.Work(items=30, growth=4), iterations=100, longest=20).finish()


def test_finishes_are_the_ends_of_days() -> None:
    sim = flow.simulate(weeks([4, 4]), [flow.Work(name="a", items=0), flow.Work(name="b", items=5)], iterations=100)
    assert sim.finish("a")[0] == np.datetime64("2026-01-19")
    assert sim.finish()[0] == np.datetime64("2026-02-02")  # the end of Sunday 1 February
    assert flow.chance_by(sim, date(2026, 2, 1), "b") == 1.0
    assert flow.chance_by(sim, date(2026, 1, 31), "b") == 0.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0.5, 4)), min_size=1, max_size=5), st.lists(st.integers(0, 6), min_size=40, max_size=40))
def test_no_throughput_is_lost_or_made(sizes: list[tuple[int, float]], able: list[int]) -> None:
    """However it is shared, all of it together is done when the sum of the periods reaches it, and nothing is done sooner than it could be alone."""
    work = [flow.Work(name=f"w{i}", items=items, share=share) for i, (items, share) in enumerate(sizes)]
    left = np.array([[float(items)] for items, _ in sizes])
    total = np.cumsum(able)
    for order in ("priority", "shares"):
        done = spent(work, left, np.zeros_like(left), lambda period: {None: np.array([able[period - 1]])}, order=order, longest=40)[:, 0]  # type: ignore[arg-type]
        needed = sum(items for items, _ in sizes)
        assert done.max() == (0 if not needed else next((k + 1 for k, sum_ in enumerate(total) if sum_ >= needed), 41))
        alone = [next((k + 1 for k, sum_ in enumerate(total) if sum_ >= items), 41) if items else 0 for items, _ in sizes]
        assert (done >= alone).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.floats(0.01, 0.99), st.floats(0.001, 0.999))
def test_binomial_quantiles(n: int, p: float, u: float) -> None:
    law = np.cumsum([comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])
    expected = int(np.searchsorted(law, u - 1e-9))
    found = binomial(np.array([u]), np.array([float(n)]), np.array([p]))[0]
    assert found == expected or abs(law[int(min(found, expected))] - u) < 1e-6


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: flow.Work(items=-1), "items is a number or"),
        (lambda: flow.Work(items=(9, 3)), "0 <= low <= high"),
        (lambda: flow.Work(items=3, split=1.5), "split is a number or"),
        (lambda: flow.Work(items=3, share=0), "share is above 0"),
        (lambda: flow.simulate(PAST, []), "no work to forecast"),
        (lambda: flow.simulate(PAST, 5, order="random"), "'priority' or 'shares'"),  # type: ignore[arg-type]
        (lambda: flow.simulate(PAST, [flow.Work(items=1), flow.Work(items=2)]), "two bodies of work are called 'everything'"),
        (lambda: flow.simulate(PAST, [flow.Work(name="a", items=1, after=("b",))]), "waits for 'b', which is not among the work: a"),
        (
            lambda: flow.simulate(PAST, [flow.Work(name=a, items=1, after=(b,)) for a, b in ("ab", "bc", "ca")]),
            "work waits for itself: a -> c -> b -> a",
        ),
        (lambda: flow.simulate(PAST, [flow.Work(name=t, items=1, team=t) for t in "AB"]), "needs the throughput of each"),
        (lambda: flow.simulate({"A": PAST}, flow.Work(items=1, team="B")), "no throughput is given for team 'B'; there is A"),
        (lambda: flow.simulate({"A": PAST, "B": [1]}, [flow.Work(name=t, items=1, team=t) for t in "AB"]), "not the same ones"),
        (lambda: flow.simulate(PAST, 5, calendar=holidays()), "needs throughput with dates"),
    ],
)
def test_questions_that_break_a_rule(call: object, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        call()  # type: ignore[operator]

"""Earned value on plain numbers, against published figures."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_lib import evm
from pmo_lib.errors import InvalidInput

EXAMPLES = tomllib.loads((Path(__file__).parents[1] / "published" / "earned_value.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES["indices"], ids=lambda e: e["id"])
def test_published_indices(example: dict) -> None:
    for assumption, expected in example["expected"].items():
        figures = evm.indices(*example["given"], eac=assumption)
        for name, value in expected.items():
            assert figures[name] == pytest.approx(value, rel=5e-6), (assumption, name)


@pytest.mark.parametrize("example", EXAMPLES["series"], ids=lambda e: e["id"])
def test_published_earned_schedule(example: dict) -> None:
    row = evm.series(pv=example["pv"], ev=example["ev"]).row(example["at"] - 1, named=True)
    for name, value in example["expected"].items():
        assert row[name] == pytest.approx(value, abs=5e-5), name


def test_nothing_planned_or_spent_is_undefined_with_a_reason() -> None:
    figures = evm.indices(100, 0, 0, 0)
    assert figures["spi"] is None
    assert figures["cpi"] is None
    assert figures["eac"] is None
    assert figures["tcpi"] == 1.0
    reasons = evm.undefined(figures)
    assert reasons["spi"] == "nothing was planned by then"
    assert reasons["cpi"] == "nothing has been spent"


def test_without_actual_costs_only_the_schedule_is_judged() -> None:
    figures = evm.indices(100, 50, 40, None)
    assert figures["spi"] == 0.8
    assert {name for name, value in figures.items() if value is None} == {"ac", "cv", "cpi", "eac", "etc", "vac", "tcpi"}
    assert set(evm.undefined(figures).values()) == {"no actual costs"}


def test_finished_work_costs_what_it_cost() -> None:
    figures = evm.indices(100, 100, 100, 130)
    assert (figures["eac"], figures["etc"], figures["vac"], figures["tcpi"]) == (130, 0, -30, None)


def test_spent_budget_with_work_left_cannot_be_reached() -> None:
    figures = evm.indices(100, 80, 60, 100)
    assert figures["tcpi"] is None
    assert evm.undefined(figures)["tcpi"] == "the budget is spent and work is left"


@given(st.floats(1, 1e9), st.floats(0.01, 0.99), st.floats(0.01, 2))
def test_to_complete_index_of_the_estimate_is_cpi(bac: float, done: float, spent: float) -> None:
    figures = evm.indices(bac, bac / 2, bac * done, bac * spent)
    assert figures["eac"] is not None
    assert figures["ac"] is not None
    assert (bac - bac * done) / (figures["eac"] - figures["ac"]) == pytest.approx(figures["cpi"], rel=1e-6)


def test_plateaus_count_late_but_the_finish_counts_once() -> None:
    assert evm.series(pv=[10, 20, 20, 30, 30], ev=[20])["es"][0] == 3
    assert evm.series(pv=[10, 20, 20, 30, 30], ev=[30])["es"][0] == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pv": [10, 5], "ev": [1]}, "falls in period 2"),
        ({"pv": [10, 20], "ev": [1, 2, 3]}, "repeat the budget"),
        ({"pv": [10, 20], "ev": [1], "ac": [1, 2]}, "same status date"),
        ({"pv": [], "ev": []}, "ends above zero"),
    ],
)
def test_series_refuses_what_has_no_meaning(arguments: dict, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        evm.series(**arguments)


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(InvalidInput, match="ac must be zero or more"):
        evm.indices(100, 50, 40, -1)

"""Earned value on plain numbers: variances, indices and estimates at completion, as the PMI standard prints them."""

from __future__ import annotations

from math import isclose
from typing import Literal

from pmo_lib.errors import InvalidInput

Indices = dict[str, float | None]
Assumption = Literal["cpi", "budget", "cpi_spi", "weighted"]


def ratio(numerator: float | None, denominator: float | None) -> float | None:
    """The quotient; None where either is unknown or the denominator is zero."""
    return None if numerator is None or not denominator else numerator / denominator


def difference(first: float | None, second: float | None) -> float | None:
    """The difference; None where either is unknown."""
    return None if first is None or second is None else first - second


def indices(bac: float, pv: float | None, ev: float | None, ac: float | None, *, eac: Assumption = "cpi", weight: float = 0.8) -> Indices:
    """The earned value figures that follow from budget, planned value, earned value and actual cost [all in one unit].

    `eac` says what the rest of the work will cost: `cpi` as efficient as so far, `budget` as budgeted, `cpi_spi` held back by cost and schedule
    alike, `weighted` with `weight` on CPI and the rest on SPI. A zero denominator, or an unknown part, gives None; `undefined` says why.
    An unattainable TCPI (budget spent, work left) is None, and so is that of finished work.

    >>> indices(100_000, 40_000, 35_000, 36_000)["spi"]
    0.875

    References: PMBOK Guide 7.4; Standard for Earned Value Management (PMI, 2019).
    """
    for name, value in {"bac": bac, "pv": pv, "ev": ev, "ac": ac}.items():
        if value is not None and not value >= 0:
            raise InvalidInput(f"evm.indices: {name} must be zero or more, and is {value}; check the source's figures")
    cpi, spi = ratio(ev, ac), ratio(ev, pv)
    at_completion = _eac(bac, ev, ac, _efficiency(eac, cpi, spi, weight))
    left = difference(bac, ev)
    return {
        "pv": pv,
        "ev": ev,
        "ac": ac,
        "bac": bac,
        "cv": difference(ev, ac),
        "sv": difference(ev, pv),
        "cpi": cpi,
        "spi": spi,
        "eac": at_completion,
        "etc": difference(at_completion, ac),
        "vac": difference(bac, at_completion),
        "tcpi": None if ac is None or ac >= bac or not left else ratio(left, bac - ac),
    }


def _efficiency(eac: Assumption, cpi: float | None, spi: float | None, weight: float) -> float | None:
    if eac == "budget":
        return 1.0
    if cpi is None or eac == "cpi":
        return cpi
    if eac == "cpi_spi":
        return None if spi is None else cpi * spi
    if eac == "weighted":
        return None if spi is None else weight * cpi + (1 - weight) * spi
    raise InvalidInput(f"evm.indices: eac is cpi, budget, cpi_spi or weighted, and not {eac!r}")


def _eac(bac: float, ev: float | None, ac: float | None, efficiency: float | None) -> float | None:
    if ev is None or ac is None:
        return None
    if isclose(ev, bac):
        return ac
    rest = ratio(bac - ev, efficiency)
    return None if rest is None else ac + rest


def undefined(figures: Indices) -> dict[str, str]:
    """Why each figure of `indices` that is None is None, in words."""
    return {name: _reason(name, figures) for name, value in figures.items() if value is None}


MISSING = {"ac": "no actual costs", "pv": "no planned value", "ev": "no earned value"}
NEEDS = {"cv": "ev ac", "sv": "ev pv", "cpi": "ev ac", "spi": "ev pv", "eac": "ev ac", "etc": "ev ac", "vac": "ev ac", "tcpi": "ev ac"}


def _reason(name: str, figures: Indices) -> str:
    for part in [name, *NEEDS.get(name, "").split()]:
        if part in MISSING and figures[part] is None:
            return MISSING[part]
    if name == "tcpi":
        return "the work is finished" if figures["ev"] == figures["bac"] else "the budget is spent and work is left"
    return {"spi": "nothing was planned by then", "cpi": "nothing has been spent"}.get(name, "nothing has been earned")

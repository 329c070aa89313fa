"""Holidays in forecasts of throughput: how much of each period is working time, in the past that is drawn from and ahead."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from pmo_lib.calendar import Calendar
from pmo_lib.errors import NotAvailable

LEAST = 0.5  # of a past period's usual working time: what had less says too little of a whole one


def working_share(calendar: Calendar | None, first: date, days: int, periods: int) -> np.ndarray:
    """Working time of the periods of that many days from `first` on, each as a share of what it has without exceptions: [periods]."""
    if calendar is None:
        return np.ones(periods)
    usual = [sum(end - begin for begin, end in shifts) for shifts in calendar.week]
    shares = []
    for period in range(periods):
        each = [first + timedelta(days=period * days + day) for day in range(days)]
        whole = sum(usual[day.weekday()] for day in each)
        worked = sum(end - begin for day in each for begin, end in calendar.on(day))
        shares.append(worked / whole if whole else 0.0)
    return np.array(shares)


def usual(counts: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What past periods [teams, periods] would have finished in whole working time, and which are kept [periods].

    Those with less than half of their working time are left out; the others count as much more as they lacked. Raises `NotAvailable` where none is kept.
    """
    kept = share >= LEAST
    if not kept.any():
        raise NotAvailable("every past period has less than half of its working time by the calendar; choose a longer window or another calendar")
    return counts[:, kept] / share[kept], kept

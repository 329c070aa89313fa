"""Calendars as the source defines them: a base, weekly shifts, dated exceptions.

A calendar says only what is its own: a weekday without a shift row is inherited from `base`; a row with null start and finish says "not working".
"""

from __future__ import annotations

import dataframely as dy

MINUTE_OF_DAY = {"unit": "minute of the day, 0..1440"}


class Calendars(dy.Schema):
    """One row a calendar."""

    calendar = dy.String(primary_key=True, description="key of the calendar in its source")
    name = dy.String(description="the calendar's name")
    base = dy.String(nullable=True, description="key of the calendar that this one derives from")
    kind = dy.Enum(["project", "resource", "global"], description="whom the calendar belongs to")
    minutes_per_day = dy.Int64(min=1, max=1440, metadata={"unit": "working minutes"}, description="what one day of duration means on this calendar")


class Shifts(dy.Schema):
    """The working week: one row a shift; `first` and `last` bound an alternative working week (MS Project 2007 and later)."""

    calendar = dy.String(description="key of the calendar")
    weekday = dy.Int64(min=1, max=7, description="ISO weekday, Monday is 1")
    start = dy.Int64(nullable=True, min=0, max=1440, metadata=MINUTE_OF_DAY, description="when the shift begins; null: no work on this weekday")
    finish = dy.Int64(nullable=True, min=0, max=1440, metadata=MINUTE_OF_DAY, description="when the shift ends")
    first = dy.Date(nullable=True, description="first day on which this week holds; null: always")
    last = dy.Date(nullable=True, description="last day on which this week holds; null: always")


class Exceptions(dy.Schema):
    """Dated exceptions to the week: one row a shift of the days from `first` to `last`, null shift for a holiday. Recurring ones come expanded."""

    calendar = dy.String(description="key of the calendar")
    first = dy.Date(description="first day of the exception")
    last = dy.Date(description="last day of the exception")
    start = dy.Int64(nullable=True, min=0, max=1440, metadata=MINUTE_OF_DAY, description="when the shift begins; null: no work")
    finish = dy.Int64(nullable=True, min=0, max=1440, metadata=MINUTE_OF_DAY, description="when the shift ends")
    name = dy.String(nullable=True, description="the exception's name")

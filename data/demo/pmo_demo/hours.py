"""Working hours of Aldermoor Water: three calendars with England's bank holidays, and exact sums on them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

DAY = timedelta(days=1)
HORIZON = date(2024, 1, 1), date(2034, 12, 31)
Shift = tuple[int, int]
OFFICE: tuple[Shift, ...] = ((480, 720), (780, 1020))


@dataclass(frozen=True)
class Hours:
    """A calendar: the shifts of each ISO weekday [minute of the day], dated exceptions, and what one day of duration means [minutes]."""

    key: str
    name: str
    week: dict[int, tuple[Shift, ...]]
    exceptions: dict[date, tuple[str, tuple[Shift, ...]]]
    day: int
    _before: list[int] = field(default_factory=list, repr=False)  # working minutes before each day of the horizon

    def shifts(self, day: date) -> tuple[Shift, ...]:
        return self.exceptions[day][1] if day in self.exceptions else self.week[day.isoweekday()]

    def minutes(self, start: datetime, finish: datetime) -> int:
        """Working minutes from start to finish."""
        return self._count(finish) - self._count(start)

    def after(self, start: datetime, minutes: int) -> datetime:
        """The first instant that has `minutes` of working time behind it since `start`."""
        return self._instant(self._count(start) + minutes, forward=False)

    def opening(self, instant: datetime) -> datetime:
        """The instant itself while work goes on, else the next beginning of work."""
        return self._instant(self._count(instant), forward=True)

    def _table(self) -> list[int]:
        if not self._before:
            total, day = 0, HORIZON[0]
            while day <= HORIZON[1]:
                self._before.append(total)
                total += sum(finish - start for start, finish in self.shifts(day))
                day += DAY
        return self._before

    def _count(self, instant: datetime) -> int:
        minute = instant.hour * 60 + instant.minute
        today = sum(max(0, min(finish, minute) - start) for start, finish in self.shifts(instant.date()))
        return self._table()[(instant.date() - HORIZON[0]).days] + today

    def _instant(self, count: int, forward: bool) -> datetime:
        table = self._table()
        index = bisect_left(table, count + 1 if forward else count) - 1
        day, left = HORIZON[0] + index * DAY, count - table[index]
        for start, finish in self.shifts(day):
            if left < finish - start or (left == finish - start and not forward):
                return datetime.combine(day, time()) + timedelta(minutes=start + left)
            left -= finish - start
        raise ValueError(f"{self.name}: no working time on {day}")


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def bank_holidays(year: int) -> dict[date, str]:
    """England's bank holidays, with their substitute days."""
    monday = lambda month, day: date(year, month, day) - timedelta(days=date(year, month, day).weekday())  # noqa: E731
    sunday = easter(year)
    days = {
        sunday - 2 * DAY: "Good Friday",
        sunday + DAY: "Easter Monday",
        monday(5, 7): "Early May bank holiday",
        monday(5, 31): "Spring bank holiday",
        monday(8, 31): "Summer bank holiday",
    }
    for fixed, name in [(date(year, 1, 1), "New Year's Day"), (date(year, 12, 25), "Christmas Day"), (date(year, 12, 26), "Boxing Day")]:
        while fixed.isoweekday() > 5 or fixed in days:
            fixed += DAY
        days[fixed] = name
    return days


@cache
def calendars() -> dict[str, Hours]:
    """The three calendars by key: 1 office (five days), 2 site (five and a half days), 3 round the clock."""
    holidays: dict[date, tuple[str, tuple[Shift, ...]]] = {}
    for year in range(2025, 2029):
        holidays |= {day: (name, ()) for day, name in bank_holidays(year).items()}
        eve = date(year, 12, 24)
        if eve.isoweekday() <= 5:
            holidays[eve] = ("Christmas Eve", ((480, 720),))
    shutdown = dict(holidays)
    for year in range(2025, 2029):
        for offset in range(9):
            day = date(year, 12, 24) + offset * DAY
            shutdown[day] = ("Christmas shutdown", ())
    week: dict[int, tuple[Shift, ...]] = {day: OFFICE if day <= 5 else () for day in range(1, 8)}
    return {
        "1": Hours("1", "Aldermoor office week", week, dict(sorted(holidays.items())), 480),
        "2": Hours("2", "Site week with Saturday morning", week | {6: ((480, 720),)}, dict(sorted(shutdown.items())), 480),
        "3": Hours("3", "Round the clock", dict.fromkeys(range(1, 8), ((0, 1440),)), {}, 1440),
    }

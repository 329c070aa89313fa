"""Instants of the store: status dates as people give them, and the clock. All are naive; what the store stamps itself is UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from pmo_lib.errors import InvalidInput

AsOf = date | datetime | str | None


def now() -> datetime:
    """The clock, UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def local_now() -> datetime:
    """The clock where the program runs: what a plan that states no date is dated by."""
    return datetime.now()


def instant(as_of: date | str) -> datetime:
    """A status date as an instant; of a day its first. Raises `InvalidInput` for text that is no date."""
    if isinstance(as_of, str):
        try:
            as_of = datetime.fromisoformat(as_of)
        except ValueError as error:
            raise InvalidInput(f"{as_of!r} is no date; write it as 2027-03-12") from error
    return as_of.replace(tzinfo=None) if isinstance(as_of, datetime) else datetime.combine(as_of, time())


def until(as_of: AsOf) -> datetime | None:
    """The last instant that `as_of` takes in: midnight stands for its whole day."""
    if as_of is None:
        return None
    at = instant(as_of)
    return at + timedelta(days=1, microseconds=-1) if at.time() == time() else at


def day(at: datetime) -> str:
    """As in "12 Mar 2027"."""
    return f"{at.day} {at:%b %Y}"

"""Figures as people read them: "12 Mar 2027", "1,245", "15 %", "+23 d". One place, so that pages and reports agree.

A missing figure is "n/a"; the reason belongs beside it, and is the caller's to give.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime

SPACE = "\u00a0"  # no-break
MINUS = "\u2212"
NONE = "n/a"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
LONG_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
STATUS = {"on_track": "On track", "at_risk": "At risk", "off_track": "Off track", "no_data": "No data"}
SMALL_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
TARGETS = {
    "approved": "approved finish",
    "must_finish": "must-finish date",
    "deadline": "deadline",
    "baseline": "baseline finish",
    "given": "given target",
    "milestone": "milestone",
}
GROUPS = {  # of changes, as the attribution counts them
    "progress": "progress",
    "durations": "durations",
    "scope": "added and removed activities",
    "logic": "logic",
    "calendars": "calendars",
    "constraints": "constraints and project dates",
    "resources": "resources",
    "options": "scheduling options",
    "interaction": "interaction",
    "total": "total",
}
METHODS = {"guid": "GUID", "internal_id": "internal id", "visible_id": "visible id", "name_and_wbs": "name and WBS", "name": "name"}
SOURCES = {
    "xer": "P6", "pmxml": "P6", "mspdi": "MSP", "mpp": "MSP", "mpx": "MSP", "mpd": "MSP", "activity_list": "List", "dslib": "DSLIB", "by_hand": "By hand",
    "jira": "Jira", "jira_csv": "Jira", "asana": "Asana", "asana_csv": "Asana",
}  # fmt: skip
CURRENCIES = {"GBP": "£", "EUR": "€", "USD": "$"}


def day(at: date | None, *, year: bool = True) -> str:
    """A date, as in "12 Mar 2027"; without its year where the context names it."""
    if at is None:
        return NONE
    return f"{at.day} {MONTHS[at.month - 1]}" + (f" {at.year}" if year else "")


def long_day(at: date) -> str:
    """A date in a sentence, as in "12 March 2027"."""
    return f"{at.day} {LONG_MONTHS[at.month - 1]} {at.year}"


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands and a true minus, as in "1,245" or "−8.2"."""
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{abs(value):,.{digits}f}"
    negative = value < 0 and any(figure in text for figure in "123456789")
    return MINUS + text if negative else text


def index(value: float | None) -> str:
    """A performance index, as in "0.88"."""
    return number(value, 2)


def share(value: float | None) -> str:
    """A share in whole per cent, as in "15 %"; cut down, so that 100 % means all."""
    if value is None:
        return NONE
    return f"{math.floor(value * 100 + 1e-9)}{SPACE}%"


def chance(value: float | None) -> str:
    """A chance in whole per cent, never 0 or 100: "< 1 %", "15 %", "> 99 %"."""
    if value is None:
        return NONE
    if value < 0.005:
        return f"<{SPACE}1{SPACE}%"
    if value > 0.995:
        return f">{SPACE}99{SPACE}%"
    return f"{min(99, max(1, round(value * 100)))}{SPACE}%"


def error(low: float | None, high: float | None) -> str:
    """Half the width of a chance's interval, as in "± 2 %"; empty where there is none, or the whole of it is below 1 or above 99 %."""
    if low is None or high is None or high < 0.01 or low > 0.99:
        return ""
    return f"±{SPACE}{max(1, round((high - low) * 50))}{SPACE}%"


def signed(value: float | None, unit: str = "d") -> str:
    """A change with its sign and unit, as in "+23 d"; later and more is plus."""
    if value is None:
        return NONE
    whole = round(value)
    sign = "+" if whole > 0 else MINUS if whole < 0 else ""
    return f"{sign}{abs(whole):,}{SPACE}{unit}"


def change(value: float | None) -> str:
    """A change of a date in calendar days, as in "−8 d"."""
    return signed(value, "d")


def working_days(minutes: float | None, minutes_per_day: int, digits: int = 0) -> str:
    """Working minutes as working days, as in "8 wd"."""
    return NONE if minutes is None else f"{number(minutes / minutes_per_day, digits)}{SPACE}wd"


def days(value: float | None, *, sign: bool = False) -> str:
    """Days with a decimal where they need one, as in "12", "4.2" or "+5"; what would round to nothing is "0.01" at least."""
    if value is None:
        return NONE
    digits = 0 if abs(value - round(value)) < 0.005 else 1 if abs(value) >= 0.05 else 2
    text = number(value, digits)
    return f"+{text}" if sign and value > 0 else text


def money(value: float | None, currency: str | None = None) -> str:
    """Money in three figures, as in "£84.6 m" or "£310 k"."""
    if value is None:
        return NONE
    symbol = CURRENCIES.get(currency or "", f"{currency}{SPACE}" if (currency or "")[-1:].isalpha() else currency or "")
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= 0.9995 * size:
            scaled = abs(value) / size
            text = f"{scaled:.{max(0, 2 - max(0, math.floor(math.log10(scaled) + 1e-9)))}f}{SPACE}{unit}"
            break
    else:
        text = f"{abs(value):.0f}"
    return (MINUS if value < 0 else "") + symbol + text


def round_money(value: float, currency: str | None = None) -> str:
    """Money on an axis, without trailing zeros, as in "£10 m"; nought is "0"."""
    if not value:
        return "0"
    figures, space, unit = money(value, currency).rpartition(SPACE)
    return (figures.rstrip("0").rstrip(".") if "." in figures else figures) + space + unit


def status(value: str) -> str:
    """A status in words, as in "Off track"."""
    return STATUS[value]


def source(value: str | None) -> str:
    """The tool that a format belongs to, as in "P6"; "no file" where nothing was submitted."""
    return "no file" if value is None else SOURCES.get(value, value.upper() if len(value) <= 4 else value.replace("_", " ").capitalize())


def count(value: int, one: str, many: str | None = None) -> str:
    """A count with its noun, as in "1 finding" or "1,245 activities"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def spelled(value: int) -> str:
    """A small number in words, a large one in figures: for sentences."""
    return SMALL_NUMBERS[value] if 0 <= value < len(SMALL_NUMBERS) else f"{value:,}"


def span(days: float) -> str:
    """A length of time in a sentence: days below two weeks, weeks below three months, months below two years, years above."""
    size = abs(days)
    if size < 14:
        whole, unit = round(size), "day"
    elif size < 90:
        whole, unit = round(size / 7), "week"
    elif size < 730:
        whole, unit = round(size / 30.44), "month"
    else:
        whole, unit = round(size / 365.25), "year"
    return f"{spelled(whole)} {unit}{'' if whole == 1 else 's'}"


def days_between(earlier: datetime, later: datetime) -> float:
    """Calendar days from one date to another, by their days and not their hours."""
    return float((later.date() - earlier.date()).days)


def listed(names: list[str]) -> str:
    """Names in a sentence, as in "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]


def shortened(name: str, most: int = 30) -> str:
    """A name for an axis, cut with an ellipsis."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


VERBS = {
    "evm.metrics needs": "earned value needs",
    "evm.series needs": "earned value needs",
    "schedule needs": "scheduling needs",
    "schedule.dates needs": "scheduling needs",
    "schedule.agreement needs": "the agreement certificate needs",
    "schedule.checks needs": "checking the schedule needs",
    "schedule.compare needs": "a comparison needs",
    "risk.simulate needs": "a forecast needs",
}


def reason(refusal: str) -> str:
    """Why something is not available, in words that name no function."""
    for verb, plain in VERBS.items():
        refusal = refusal.replace(verb, plain)
    refusal = re.sub(r", in Python with \w+=?", "", refusal)
    return re.sub("`([^`]*)`", "“\\1”", refusal)

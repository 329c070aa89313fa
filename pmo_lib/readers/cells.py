"""What the text of a cell means: dates in the ways that people and tools write them, durations, numbers, per cent, yes and no."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from pmo_lib.readers.limits import LONGEST, YEARS

DateOrder = Literal["dmy", "mdy"]

ACCENTS = str.maketrans("äáàâéèêëíîïöóôüúûùçß", "aaaaeeeeiiiooouuuucs")
WEEKDAY = re.compile(r"^[A-Za-zäöüéû]{2,9}\.?,?\s+(?=\d)")
CLOCK = re.compile(r"[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?[Mm]?\.?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$")
NAMED = re.compile(r"(\d{1,2})\.?[-/\s.]*([^\W\d_]{3,13})\.?,?[-/\s]*(\d{4}|\d{2})$")
NAMED_FIRST = re.compile(r"([^\W\d_]{3,13})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
SERIAL = re.compile(r"(\d{5})(\.\d+)?$")
EXCEL_ZERO = datetime(1899, 12, 30)
FIRST = 1950  # an empty cell is the year 1900 to a spreadsheet
ISO_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00:00(?:\.0+)?$")

UNITS = {
    "minute": "m min mins minute minutes minuten",
    "hour": "h hr hrs hour hours std stunde stunden heure heures",
    "day": "d dy dys day days t tag tage j jour jours wd",
    "week": "w wk wks week weeks woche wochen sem semaine semaines",
    "month": "mo mon mons month months monat monate mois",
    "second": "s sec secs second seconds",
}
UNIT_OF = {spelt: unit for unit, names in UNITS.items() for spelt in names.split()}
AMOUNT = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(e?)\s*([A-Za-z]*)\.?\s*\??")
YES = {"yes", "y", "true", "1", "x", "ja", "j", "oui", "o", "vrai", "wahr"}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that a cell states; `timed`: with a time of day; `actual`: marked so, as P6 does with an A."""

    at: datetime
    timed: bool
    actual: bool = False


def plain(text: str) -> str:
    """Lower case without accents, one space between words."""
    return " ".join(text.casefold().translate(ACCENTS).split())


MONTHS = {
    plain(name): number
    for number, names in enumerate(
        (
            "jan januar january janvier janv janeiro januari gennaio gen enero ene styczeń stycznia sty led leden ledna oca ocak tammi ian янв января",
            "feb februar february fevrier fevr fev fevereiro februari febbraio febrero luty lutego lut úno únor února şub şubat helmi фев февр февраля",
            "mar märz maerz march mars mrz mrt maart marzo marco março mär marzec marca bře březen března mart maalis márc мар марта март",
            "apr april avril avr abril abr aprile kwiecień kwietnia kwi dub duben dubna nis nisan huhti ápr апр апреля",
            "may mai maio mei mayo maggio mag maj maja kvě květen května mayıs touko máj мая май",
            "jun juni june juin junho junio giugno giu czerwiec czerwca cze čvn červen června haz haziran kesä iun jún июн июня",
            "jul juli july juillet juil julho julio luglio lug lipiec lipca lip čvc červenec července tem temmuz heinä iul júl июл июля",
            "aug august août augustus agosto ago sierpień sierpnia sie srp srpen srpna ağu ağustos elo авг августа",
            "sep sept september septembre setembro set settembre septiembre wrzesień września wrz zář září eyl eylül syys szept сен сент сентября",
            "oct okt oktober october octobre outubro out ottobre ott octubre październik października paź říj říjen října eki ekim loka окт октября",
            "nov november novembre novembro noviembre listopad listopada lis kas kasım marras noi ноя нояб ноября",
            "dec dez dezember december decembre dezembro dicembre dic diciembre grudzień grudnia gru pro prosinec prosince ara aralık joulu des дек декабря",
        ),
        start=1,
    )
    for name in names.split()
}


def date_order(texts: Iterable[str]) -> DateOrder | Literal["either", "both"]:
    """Whether the numeric dates with slashes or hyphens put day or month first: from the values that can be read in one way only.

    "either" where none decides, "both" where they contradict each other.
    """
    orders: set[DateOrder] = set()
    for text in texts:
        found = NUMERIC.match(_bare(text)[0])
        if found and found[2] != "." and int(found[1]) != int(found[3]):
            if int(found[1]) > 12:
                orders.add("dmy")
            elif int(found[3]) > 12:
                orders.add("mdy")
    return orders.pop() if len(orders) == 1 else "both" if orders else "either"


def is_ambiguous(text: str) -> bool:
    """Whether a date may be day-month or month-day."""
    found = NUMERIC.match(_bare(text)[0])
    return bool(found and found[2] != "." and int(found[1]) != int(found[3]) and int(found[1]) <= 12 and int(found[3]) <= 12)


def dated(text: str, order: DateOrder | None) -> Dated | None:
    """The date that the text states; None where it states none that is real. `order` is needed only where `is_ambiguous`."""
    bare, clock, actual = _bare(text)
    day = _day(bare, order)
    if day is None or day.year < FIRST or day.year not in YEARS:
        return None
    if clock is None and SERIAL.match(bare) and "." in bare:
        clock = (EXCEL_ZERO + timedelta(minutes=round(float(bare) * 1440))).time()
    return Dated(datetime.combine(day, clock or time()), clock is not None, actual)


def _bare(text: str) -> tuple[str, time | None, bool]:
    """The day's text without weekday, time of day and P6's marks; the time of day; whether it is marked as actual."""
    marked = re.search(r"\s+A\*?$", text)
    text = re.sub(r"(\s+A)?\*?$", "", text.strip().replace("\u00a0", " ")).strip()
    midnight = ISO_CLOCK.match(text)
    if midnight:  # so a spreadsheet's date without time reads
        return midnight[1], None, bool(marked)
    clock = None
    found = CLOCK.search(text)
    if found:
        hour = int(found[1])
        if found[4]:
            hour = hour % 12 + (12 if found[4] in "Pp" else 0)
        if hour < 24 and int(found[2]) < 60:
            clock, text = time(hour, int(found[2])), text[: found.start()]
    return WEEKDAY.sub("", text).strip() if not NAMED_FIRST.match(text) else text, clock, bool(marked)


def _day(text: str, order: DateOrder | None) -> date | None:
    try:
        if found := ISO.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := NUMERIC.match(text):
            return _numeric(int(found[1]), int(found[3]), full_year(found[4]), "dmy" if found[2] == "." else order)
        if found := NAMED.match(text):
            return date(full_year(found[3]), MONTHS[plain(found[2])], int(found[1]))
        if found := NAMED_FIRST.match(text):
            return date(int(found[3]), MONTHS[plain(found[1])], int(found[2]))
        if found := SERIAL.match(text):
            return (EXCEL_ZERO + timedelta(days=int(found[1]))).date()
    except (ValueError, KeyError):
        return None
    return None


def _numeric(first: int, second: int, year: int, order: DateOrder | None) -> date | None:
    if first == second or (order == "dmy" and second <= 12):
        return date(year, second, first)
    if order == "mdy" and first <= 12:
        return date(year, first, second)
    if order is None and (first > 12) != (second > 12):
        return date(year, *((second, first) if first > 12 else (first, second)))
    return None


def full_year(text: str) -> int:
    """The year of four digits or of two: 70 is 1970, 69 is 2069."""
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)


def duration(text: str, default: str, minutes_per: dict[str, float]) -> tuple[int, bool] | None:
    """Whole minutes and whether they run round the clock, of `5`, `5d`, `3 wks`, `16h`, `1w 2d`, `2ed`; None where it is no duration.

    `default` is the unit of a bare number; `minutes_per` gives the working minutes of day, week and month.
    """
    rest, total, elapsed = text.strip(), 0.0, False
    if not rest:
        return None
    while rest:
        found = AMOUNT.match(rest)
        unit = None if found is None else UNIT_OF.get(plain(found[3])) if found[3] else default
        if found is None or unit is None or (found[2] and not found[3]):
            return None
        elapsed = elapsed or bool(found[2])
        total += float(found[1].replace(",", ".")) * _minutes(unit, bool(found[2]), minutes_per)
        rest = rest[found.end() :].strip(" ,;")
    return (math.floor(total + 0.5), elapsed) if 0 <= total <= LONGEST else None


def _minutes(unit: str, elapsed: bool, minutes_per: dict[str, float]) -> float:
    fixed = {"second": 1 / 60, "minute": 1.0, "hour": 60.0}
    if unit in fixed:
        return fixed[unit]
    return {"day": 1440.0, "week": 10080.0, "month": 43200.0}[unit] if elapsed else minutes_per[unit]


def decimal_comma(texts: Iterable[str]) -> bool:
    """Whether a column writes its decimals with a comma: some value has a comma that cannot part thousands."""
    return any(re.search(r",\d{1,2}\D*$|,\d{4,}", text) or re.search(r"\.\d{3},", text) for text in texts)


def number(text: str, comma: bool) -> float | None:
    """A number, with currency signs and thousands separators left aside; None where it is none."""
    bare = re.sub(r"[^\d.,\-−eE+]", "", text.strip()).replace("−", "-")
    bare = bare.replace(".", "").replace(",", ".") if comma else bare.replace(",", "")
    try:
        found = float(bare)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def yes(text: str) -> bool:
    """Whether a cell says yes."""
    return plain(text) in YES

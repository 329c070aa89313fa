"""What the certificate says: which dates differ from those that the source stored, by how much, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.plots import words

TOOLS = {"p6": "P6", "msp": "MS Project"}
CAUSES = {  # as `schedule.agreement` names them: what a planner reads, shortest first that is still true
    "contradiction": "the stored dates contradict each other",
    "stale": "stored before the plan was last changed",
    "split": "the work rests, and the file does not say when",
    "external": "waits for another project, which is not in the file",
    "unknown": "not explained by the file",
    "inherited": "follows from another that differs",
}
SHOWN = {
    "finish": "finish",
    "start": "start",
    "early_finish": "early finish",
    "early_start": "early start",
    "late_finish": "late finish",
    "late_start": "late start",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """An activity and the date of it that lies furthest from the stored one, or its float."""

    activity: str
    name: str
    what: str  # as in "late finish"
    stored: str
    ours: str
    moved: str  # ours against the stored one, as in "+3 d"
    cause: str


def tool(application: str) -> str:
    """The tool that stored the dates, in a sentence."""
    return TOOLS.get(application, "its own tool")


def cause(name: str | None) -> str:
    """A cause in words."""
    return CAUSES.get(name or "unknown", name or "")


def title(agreement: pl.DataFrame, application: str) -> str:
    """How many activities have the source's dates: the finding. `agreement` is `schedule.agreement`, with some row compared."""
    compared = agreement.filter("compared")
    apart = compared.height - int(compared["agrees"].sum())
    if not apart:
        return f"{'All ' if compared.height > 1 else ''}{words.count(compared.height, 'activity agrees', 'activities agree')} with {tool(application)}"
    return f"{apart:,} of {words.count(compared.height, 'activity', 'activities')} {'differs' if apart == 1 else 'differ'} from {tool(application)}"


def left_out(agreement: pl.DataFrame) -> str:
    """The rows that do not count, in a sentence; empty where all do."""
    aside = agreement.height - agreement["compared"].sum()
    return (
        f"{words.capitalised(words.count(int(aside), 'activity', 'activities'))}, complete, manually scheduled or without stored dates, do not count"
        if aside
        else ""
    )


def causes(agreement: pl.DataFrame) -> list[tuple[str, int]]:
    """Each cause in words with its number of activities: where differences begin, the most frequent first; then what follows from them."""
    found = agreement.filter("compared", ~pl.col("agrees"))["cause"].fill_null("unknown").value_counts()
    ranked = found.sort(pl.col("cause") == "inherited", pl.col("count"), "cause", descending=[False, True, False])
    return [(cause(name), count) for name, count in ranked.iter_rows()]


def worst_first(agreement: pl.DataFrame) -> pl.DataFrame:
    """The activities that differ: where a difference begins, of these the nearest to the critical path, of these the furthest from their stored dates."""
    differing = agreement.filter(pl.col("compared") & ~pl.col("agrees"))
    apart = (pl.col("early_finish") - pl.col("stored_early_finish")).abs()
    return differing.sort(pl.col("cause") == "inherited", "total_float", apart, descending=[False, False, True], nulls_last=True, maintain_order=True)


def differences(agreement: pl.DataFrame, most: int, minutes_per_day: int = 480) -> list[Difference]:
    """The first of `worst_first`, each by the date that lies furthest from the stored one."""
    return [_difference(row, minutes_per_day) for row in worst_first(agreement).head(most).iter_rows(named=True)]


def _difference(row: dict[str, Any], per_day: int) -> Difference:
    told = cause(row["cause"])
    pairs = [(column, row[f"stored_{column}"], row[column]) for column in SHOWN]
    dated = [(column, stored, ours) for column, stored, ours in pairs if stored is not None and ours is not None and stored != ours]
    if dated:
        column, stored, ours = max(dated, key=lambda pair: abs(pair[2] - pair[1]))
        return Difference(row["activity"], row["name"], SHOWN[column], *_told(stored, ours), told)
    stored, ours = (words.working_days(row[name], per_day, 1) for name in ("stored_total_float", "total_float"))
    minutes = (row["total_float"] or 0) - (row["stored_total_float"] or 0)
    return Difference(row["activity"], row["name"], "float", stored, ours, f"{words.days(minutes / per_day, sign=True)}{words.SPACE}wd", told)


def _told(stored: datetime, ours: datetime) -> tuple[str, str, str]:
    """Both days and how far they are apart; the hours where it is one day."""
    if stored.date() != ours.date():
        return words.day(stored), words.day(ours), words.change(words.days_between(stored, ours))
    hours = (ours - stored).total_seconds() / 3600
    return f"{words.day(stored)} {stored:%H:%M}", f"{words.day(ours)} {ours:%H:%M}", f"{words.days(hours, sign=True)}{words.SPACE}h"

"""The certificate: how far our engine reproduces a source's own dates, and what to do where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pmo_lib.office.assessment import Certificate
from pmo_lib.plots import agreed, words

NAMED = 3  # activities that a headline names
REMEDIES = {
    "p6": "schedule the plan anew in P6 (F9), export it and import it again",
    "msp": "recalculate the plan in MS Project (F9), save it and import it again",
    "other": "schedule the plan anew in its own tool and import it again",
}
DATES = (("early_finish", "finishes"), ("early_start", "starts"), ("late_finish", "ends late"), ("late_start", "begins late"))


def certificate(agreement: pl.DataFrame, threshold: float, application: str = "other") -> Certificate:
    """The certificate from `schedule.agreement`: the share of compared activities whose stored dates we reproduce.

    Of those that differ three are named: first those at which a difference begins (cause other than inherited), of these the ones nearest to the
    critical path (least total float), of these the ones furthest from their stored dates. Below `threshold` the note says so, with the remedy in
    the source's `application`.
    """
    compared = agreement.filter("compared")
    if compared.is_empty():
        return Certificate(rate=None, compared=0, agreeing=0, threshold=threshold, met=None, note="the source stores no computed dates of open activities")
    agreeing = int(compared["agrees"].sum())
    rate = agreeing / compared.height
    named = list(agreed.worst_first(compared).head(NAMED).iter_rows(named=True))
    note = None
    if rate < threshold:
        which = words.listed([f"{row['activity']} {row['name']}" for row in named])
        note = (
            f"only {words.share(rate)} of the activities ({agreeing:,} of {compared.height:,}) have the dates that {agreed.tool(application)} stored, and the "
            f"standard is {words.share(threshold)}: read the dates with care. Look first at {which}; {REMEDIES[application]}"
        )
    top = tuple(_told(row) for row in named)
    return Certificate(rate=rate, compared=compared.height, agreeing=agreeing, threshold=threshold, met=rate >= threshold, top=top, note=note)


def _told(row: Mapping[str, Any]) -> str:
    """An activity, the first of its dates that differs, and the cause."""
    cause = agreed.cause(row["cause"])
    for column, verb in DATES:
        ours, stored = row[column], row[f"stored_{column}"]
        if ours is not None and stored is not None and abs((ours - stored).total_seconds()) > 60:
            days = [words.day(ours), words.day(stored)] if ours.date() != stored.date() else [f"{words.day(at)} {at:%H:%M}" for at in (ours, stored)]
            return f"{row['activity']} {row['name']}: {verb} {days[0]}, stored {days[1]} ({cause})"
    return f"{row['activity']} {row['name']}: {cause}"

"""What a report says in sentences: each follows from the figures by a rule, and says what is missing where something is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.office import Assessment, Forecast
from pmo_lib.plots import headlines, words

LONG = 60  # characters of a name in a sentence
MUCH = 2.0  # [calendar days] a change of the P80 below this is not worth a sentence


def percentile(forecast: Forecast, p: float) -> dict[str, Any]:
    """The row of one percentile."""
    return forecast.percentiles.filter(pl.col("p") == p).row(0, named=True)


def main_target(forecast: Forecast | None) -> dict[str, Any] | None:
    """The target that the status is measured against: the first which has a date and binds the whole project."""
    if forecast is None:
        return None
    dated = forecast.targets.filter(pl.col("date").is_not_null() & (pl.col("kind") != "milestone"))
    return dated.row(0, named=True) if dated.height else None


def planned_finish(assessment: Assessment) -> datetime | None:
    """The finish without uncertainty: the forecast's, else the schedule's, else the source's own."""
    if assessment.forecast is not None:
        return assessment.forecast.deterministic_finish
    if assessment.dates is not None and assessment.dates.height:
        return max(assessment.dates["early_finish"].to_list())
    return assessment.info.stored_finish


def finished(assessment: Assessment) -> datetime | None:
    """When the last activity ended, where all have."""
    work = assessment.plan.tables.get("activities")
    if work is None:
        return None
    work = work.filter(pl.col("active") & ~pl.col("kind").is_in(["summary", "level_of_effort"]))
    return max(work["actual_finish"].to_list()) if work.height and work["actual_finish"].null_count() == 0 else None


def name_of(assessment: Assessment) -> str:
    """What the organisation calls the project: the project list comes before the source."""
    return (assessment.listing or {}).get("name") or assessment.info.name


def headline(assessment: Assessment) -> str:
    """The answer in one sentence, without a full stop."""
    name = short(name_of(assessment))
    if (ended := finished(assessment)) is not None:
        return f"{name} finished on {words.long_day(ended)}"
    forecast, target = assessment.forecast, main_target(assessment.forecast)
    p80 = percentile(forecast, 80)["finish"] if forecast else None
    return headlines.project(name, p80, target["date"] if target else None, planned=planned_finish(assessment))


def lead(assessment: Assessment) -> str:
    """The line beneath the headline: what moved, and what drives it; or what to do first."""
    if finished(assessment) is not None:
        return f"Nothing is left to forecast. {status_reason(assessment)}"
    if assessment.forecast is None:
        return refusal(assessment, "forecast")
    said = [moved(assessment), driven(assessment.forecast)]
    return " ".join(part for part in said if part) or status_reason(assessment)


def moved(assessment: Assessment) -> str | None:
    """How the P80 moved since the last snapshot."""
    change = p80_change(assessment)
    if change is None or assessment.previous_date is None:
        return None
    since = f"since {words.long_day(assessment.previous_date)}"
    if abs(change) < MUCH:
        return f"The P80 has held {since}."
    return f"The P80 moved {words.spelled(abs(round(change)))} days {'later' if change > 0 else 'earlier'} {since}."


def p80_change(assessment: Assessment) -> float | None:
    """Calendar days, later positive; None without an earlier forecast."""
    if assessment.forecast is None or assessment.previous_forecast is None:
        return None
    return words.days_between(percentile(assessment.previous_forecast, 80)["finish"], percentile(assessment.forecast, 80)["finish"])


def driven(forecast: Forecast) -> str | None:
    """The two greatest drivers."""
    from pmo_lib.reports.figures.ranking import ranked

    _, rows = ranked(forecast.sensitivity, 2)
    names = [short(name) for name in rows["name"].to_list()]
    if not names:
        return None
    return f"{names[0]} drives the date most." if len(names) == 1 else f"{names[0]} and {names[1]} drive the date most."


def status_reason(assessment: Assessment) -> str:
    return sentence(assessment.status.reason)


def refusal(assessment: Assessment, part: str) -> str:
    """Why a part is missing, in a sentence that names no function."""
    return sentence(words.reason(assessment.refusals.get(part, "the source does not say enough")))


def short(name: str, most: int = LONG) -> str:
    """A name that fits into a sentence."""
    name = " ".join(name.split())
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """Capital first letter, full stop at the end."""
    text = words.capitalised(text.strip())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def notes(assessment: Assessment) -> list[str]:
    """What a reader must know beside every figure: assumed ranges, the watermelon."""
    said = []
    if (doubt := disagreement(assessment)) is not None:
        said.append(doubt)
    if assessment.forecast is not None and assessment.forecast.indicative:
        said.append(sentence(assessment.forecast.indicative))
    if assessment.status.watermelon:
        said.append("Watermelon: declared on track, computed off track.")
    return said


def disagreement(assessment: Assessment) -> str | None:
    """That we do not reproduce enough of the source's own dates, and what to do."""
    certificate = assessment.certificate
    return None if certificate is None or certificate.met is not False else sentence(certificate.note or "")


def joined(parts: list[str]) -> str:
    """ "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def findings_title(findings: pl.DataFrame) -> str:
    """How much in the source was refused or doubtful."""
    if findings.is_empty():
        return "The source was read without a finding"
    counts = dict(findings.group_by(pl.col("severity").cast(pl.String)).len().iter_rows())
    named = {
        "error": ("row or value refused", "rows or values refused"),
        "warning": ("repaired or doubtful", "repaired or doubtful"),
        "info": ("worth knowing", "worth knowing"),
    }
    return words.capitalised(joined([f"{counts[key]:,} {one if counts[key] == 1 else many}" for key, (one, many) in named.items() if key in counts]))

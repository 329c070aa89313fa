"""What a report says in sentences: each follows from the figures by a rule, and says what is missing where something is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.office import Assessment, Forecast
from pmo_lib.plots import words

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


def headline(assessment: Assessment) -> str:
    """The answer in one sentence, without a full stop."""
    name = short(assessment.info.name)
    if (ended := finished(assessment)) is not None:
        return f"{name} finished on {words.long_day(ended)}"
    forecast = assessment.forecast
    if forecast is None:
        planned = planned_finish(assessment)
        return (
            f"{name} has no dates yet"
            if planned is None
            else f"{name} is planned to finish on {words.long_day(planned)}; no forecast yet says how sure that is"
        )
    p80, target = percentile(forecast, 80)["finish"], main_target(forecast)
    said = f"{name} will probably finish on {words.long_day(p80)}"
    return said if target is None else f"{said}, {against(p80, target)}"


def against(finish: datetime, target: dict[str, Any]) -> str:
    """A finish beside a target: "six weeks after its target"."""
    days = words.days_between(target["date"], finish)
    name = "target" if target["kind"] in ("approved", "given") else words.TARGETS[target["kind"]]
    return f"on its {name}" if days == 0 else f"{words.span(days)} {'after' if days > 0 else 'before'} its {name}"


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


VERBS = {
    "evm.metrics needs": "Earned value needs",
    "evm.series needs": "Earned value needs",
    "schedule.dates needs": "Scheduling needs",
    "schedule.agreement needs": "The agreement certificate needs",
    "schedule.checks needs": "Checking the schedule needs",
    "schedule.compare needs": "A comparison needs",
    "risk.simulate needs": "A forecast needs",
}


def refusal(assessment: Assessment, part: str) -> str:
    """Why a part is missing, in a sentence that names no function."""
    reason = assessment.refusals.get(part, "the source does not say enough")
    for verb, plain in VERBS.items():
        reason = reason.replace(verb, plain)
    return sentence(reason)


def short(name: str, most: int = LONG) -> str:
    """A name that fits into a sentence."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """Capital first letter, full stop at the end."""
    text = words.capitalised(text.strip())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def notes(assessment: Assessment) -> list[str]:
    """What a reader must know beside every figure: assumed ranges, the watermelon."""
    said = []
    if assessment.forecast is not None and assessment.forecast.indicative:
        said.append(sentence(assessment.forecast.indicative))
    if assessment.status.watermelon:
        said.append("Watermelon: declared on track, computed off track.")
    return said


def changes_title(changes: pl.DataFrame) -> str:
    """What happened to the plan, as a finding."""
    if changes.is_empty():
        return "Nothing in the plan has changed"
    counts = dict(changes.group_by("change").len().iter_rows())
    verbs = {"slipped": "slipped", "gained": "gained time", "added": "added", "removed": "removed", "relinked": "re-linked", "duration": "changed in duration"}
    said = [f"{words.spelled(counts[kind])} {verb}" for kind, verb in verbs.items() if kind in counts]
    if not said:
        return f"{words.capitalised(words.spelled(changes.height))} small changes, none of a date"
    return words.capitalised(joined(said[:3]))


def joined(parts: list[str]) -> str:
    """ "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def targets_title(forecast: Forecast) -> str:
    known = forecast.targets.filter(pl.col("chance").is_not_null())
    if known.is_empty():
        return "No target is set, so there is no chance to state"
    good = int((known["chance"] >= 0.5).sum())
    if known.height == 1:
        row = known.row(0, named=True)
        return f"The {row['target']} has a chance of {words.chance(row['chance'])}"
    if good == 0:
        return "No target has a better than even chance"
    return f"{words.capitalised(words.spelled(good))} of {words.spelled(known.height)} targets {'has' if good == 1 else 'have'} a better than even chance"


def drivers_title(forecast: Forecast) -> str:
    from pmo_lib.reports.figures.ranking import ranked

    measure, rows = ranked(forecast.sensitivity, 3)
    names = [short(name) for name in rows["name"].to_list()]
    if not names:
        return "No uncertain activity drives the finish"
    if measure == "contribution_p80" and len(names) > 1 and rows[measure][0] >= 1.5 * rows[measure][1]:
        return f"{names[0]} drives the finish more than anything else"
    return f"{joined(names[:2])} drive{'s' if len(names) == 1 else ''} the finish"


def checks_title(checks: pl.DataFrame) -> str:
    made = checks.drop_nulls("passed")
    passed = int(made["passed"].sum())
    if made.is_empty():
        return "No schedule check could be made"
    if passed == made.height:
        return f"The schedule passes all {words.spelled(made.height)} checks"
    return f"The schedule passes {words.spelled(passed)} of {words.spelled(made.height)} checks"


def earned_title(figures: dict[str, float | None], currency: str | None) -> str:
    """Cost and schedule efficiency, as a finding."""
    spi, cpi = figures.get("spi"), figures.get("cpi")
    said = []
    if spi is not None:
        said.append(f"{words.share(spi)} of the planned work is earned")
    if cpi is not None:
        symbol = words.CURRENCIES.get(currency or "")
        said.append(f"each {symbol}1 spent earned {symbol}{words.index(cpi)}" if symbol else f"each unit of cost earned {words.index(cpi)}")
    return words.capitalised(joined(said)) if said else "Nothing was planned to be earned by now"


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

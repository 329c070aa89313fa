"""The status report: where a project stands, what changed, when it will finish and what drives that, how good its plan is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.office import Assessment, Certificate, Forecast
from pmo_lib.plots import words
from pmo_lib.plots.schedule import gantt_rows
from pmo_lib.reports import figures, sentences
from pmo_lib.reports.document import Block, Card, Cell, Column, Document, Facts, Figure, Head, Kpi, Section, Table, Text, dated
from pmo_lib.reports.figures.drivers import MEASURES, ranked
from pmo_lib.reports.figures.sheet import width_of

MOST = 12  # rows of a table in print; what is left out is said beneath
SECTIONS = {
    "standing": "Where the project stands",
    "changes": "What changed",
    "earned_value": "Earned value",
    "schedule": "The plan",
    "quality": "Plan quality",
    "findings": "Findings",
    "provenance": "Provenance",
}


def build(assessment: Assessment) -> Document:
    """The report of an assessment; it computes nothing."""
    cards = {
        "standing": _standing(assessment),
        "changes": _changes(assessment),
        "earned_value": _earned_value(assessment),
        "schedule": _schedule(assessment),
        "quality": _quality(assessment),
        "findings": _findings(assessment),
        "provenance": _provenance(assessment),
    }
    return Document(_head(assessment), {name: Section(name, SECTIONS[name], made) for name, made in cards.items()})


# -- head


def _head(assessment: Assessment) -> Head:
    listing, provenance = assessment.listing or {}, assessment.provenance
    line = [text for text in (listing.get("portfolio"), listing.get("programme"), assessment.info.name) if text]
    left = [provenance.get("source"), f"data date {words.day(assessment.info.data_date)}" if assessment.info.data_date else "no data date"]
    right = [
        f"snapshot {assessment.snapshot[:12]}" if assessment.snapshot else None,
        f"{provenance['iterations']} iterations" if provenance.get("iterations") else None,
        f"seed {provenance['seed']}" if provenance.get("seed") else None,
        f"version {provenance['version']}" if provenance.get("version") else None,
    ]
    return Head(
        key=assessment.info.key,
        report="status",
        title=sentences.headline(assessment),
        lead=sentences.lead(assessment),
        line=line,
        dated=dated(assessment.info.data_date),
        kpis=_kpis(assessment),
        notes=sentences.notes(assessment),
        foot=[" · ".join(part for part in side if part) for side in (left, right)],
    )


def _kpis(assessment: Assessment) -> list[Kpi]:
    return [*_finish_kpis(assessment), _chance_kpi(assessment), _status_kpi(assessment), _value_kpi(assessment), _agreement_kpi(assessment.certificate)]


def _finish_kpis(assessment: Assessment) -> list[Kpi]:
    forecast = assessment.forecast
    if forecast is None:
        planned = sentences.planned_finish(assessment)
        ended = sentences.finished(assessment)
        first = Kpi("Finished", words.day(ended), "all work is done") if ended else Kpi("Planned finish", words.day(planned), "without uncertainty" if planned else "no dates")
        return [first, Kpi("P80 finish", words.NONE, "nothing left to forecast" if ended else "no forecast")]
    change = sentences.p80_change(assessment)
    since = words.day(assessment.previous_date, year=False)
    moved = "" if change is None else f"{words.change(change)} since {since}"
    return [
        Kpi("P80 finish", words.day(sentences.percentile(forecast, 80)["finish"]), moved or "the first forecast", _sampling(forecast, 80)),
        Kpi("P50 finish", words.day(sentences.percentile(forecast, 50)["finish"]), f"planned {words.day(forecast.deterministic_finish)}", _sampling(forecast, 50)),
    ]


def _sampling(forecast: Forecast, p: float) -> str:
    """Half the percentile's 95 % interval [calendar days]."""
    row = sentences.percentile(forecast, p)
    half = (row["finish_high"] - row["finish_low"]).total_seconds() / 2 / 86400
    return f"±{words.SPACE}{max(1, round(half))}{words.SPACE}d"


def _chance_kpi(assessment: Assessment) -> Kpi:
    target = sentences.main_target(assessment.forecast)
    if target is None or target["chance"] is None:
        return Kpi("Chance of the target", words.NONE, "no target is set" if assessment.forecast else "no forecast")
    before = sentences.main_target(assessment.previous_forecast)
    note = f"was {words.chance(before['chance'])}" if before and before["chance"] is not None else target["target"]
    return Kpi(f"Chance of {words.day(target['date'])}", words.chance(target["chance"]), note, words.error(target["chance_low"], target["chance_high"]))


def _status_kpi(assessment: Assessment) -> Kpi:
    status = assessment.status
    declared = "none declared" if status.declared == "no_data" else f"declared {words.status(status.declared).lower()}"
    note = f"{declared}: watermelon" if status.watermelon else declared
    return Kpi("Computed status", words.status(status.computed), note, glyph="watermelon" if status.watermelon else status.computed)


def _value_kpi(assessment: Assessment) -> Kpi:
    figures_now = assessment.earned_value or {}
    if figures_now.get("spi") is None:
        return Kpi("SPI", words.NONE, "no baseline" if "baselines" not in assessment.plan.tables else "not available")
    cpi = figures_now.get("cpi")
    return Kpi("SPI", words.index(figures_now["spi"]), f"CPI {words.index(cpi)}" if cpi is not None else "no actual costs, so no CPI")


def _agreement_kpi(certificate: Certificate | None) -> Kpi:
    if certificate is None or certificate.rate is None:
        return Kpi("Agreement", words.NONE, "nothing stored to compare with")
    return Kpi("Agreement", words.share(certificate.rate), f"{certificate.agreeing:,} of {certificate.compared:,} activities")


# -- where it stands: finish and targets


def _standing(assessment: Assessment) -> list[Card]:
    forecast = assessment.forecast
    if forecast is None:
        reason = "Nothing is left to forecast." if sentences.finished(assessment) else sentences.refusal(assessment, "forecast")
        return [Card("There is no forecast", [Text(reason), Text(sentences.status_reason(assessment), note=True)])]
    target = sentences.main_target(forecast)
    chart = figures.finish_distribution(
        forecast,
        target=target["date"] if target else None,
        chance=target["chance"] if target else None,
        earlier=assessment.previous_forecast,
        width=width_of(7),
        height=236,
    )
    title = _finish_title(assessment, forecast)
    grey = f"; grey: as of {words.day(assessment.previous_date)}" if assessment.previous_forecast and assessment.previous_date else ""
    return [
        Card(title, [Figure(chart, title), *_assumed(forecast)], f"Chance of finishing by a date; band: 95{words.SPACE}% sampling error{grey}", 7),
        Card(sentences.targets_title(forecast), [_targets(forecast), *_steps(forecast), Text(sentences.status_reason(assessment), note=True)], None, 5),
    ]


def _finish_title(assessment: Assessment, forecast: Forecast) -> str:
    p50, p80 = (sentences.percentile(forecast, p)["finish"] for p in (50, 80))
    return f"The finish is as likely before as after {words.day(p50)}; P80 is {words.day(p80)}"


def _assumed(forecast: Forecast) -> list[Block]:
    """The note that stands wherever a forecast from assumed ranges shows."""
    return [Text(sentences.sentence(forecast.indicative), note=True)] if forecast.indicative else []


def _targets(forecast: Forecast) -> Block:
    rows = []
    for row in forecast.targets.head(MOST).iter_rows(named=True):
        weak = row["chance"] is not None and row["chance"] < 0.5
        rows.append([Cell(words.capitalised(row["target"])), _day(row["date"]), _day(row["p80"], True), Cell(words.chance(row["chance"]), strong=weak, quiet=row["chance"] is None)])
    return Table([Column("Target", share=2.2), Column("Date", "right", 1.3), Column("P80", "right", 1.3), Column("Chance", "right", 0.9)], rows)


def _steps(forecast: Forecast) -> list[Block]:
    """What each preparation of the forecast moved."""
    said = [f"{words.capitalised(row['step'])}: {words.change(row['days'])}" for row in forecast.steps.iter_rows(named=True) if row["count"] or row["days"]]
    return [Text("Before sampling: " + "; ".join(said) + ".", note=True)] if said else []


# -- what changed


def _changes(assessment: Assessment) -> list[Card]:
    changed = _changed(assessment)
    forecast = assessment.forecast
    if forecast is None:
        return [changed]
    measure, rows = ranked(forecast.sensitivity)
    title = sentences.drivers_title(forecast)
    blocks: list[Block] = [Figure(figures.drivers(forecast.sensitivity, width=width_of(6)), title)] if rows.height else []
    return [changed, Card(title, [*blocks, *_assumed(forecast)], f"{MEASURES[measure]}", 6)]


def _changed(assessment: Assessment) -> Card:
    width = 6 if assessment.forecast is not None else 12
    changes = assessment.changes
    if changes is None:
        return Card("There is nothing to compare with", [Text(sentences.refusal(assessment, "changes"))], None, width)
    rows = [
        [
            Cell(row["name"] if row["name"] == row["activity"] else f"{row['activity']}  {row['name']}"),
            Cell(CHANGES[row["change"]]),
            Cell(_from_to(row), quiet=row["days"] is None),
            Cell(words.signed(row["days"], "wd") if row["days"] is not None else "–", strong=bool(row["days"] and abs(row["days"]) >= 1), quiet=row["days"] is None),
        ]
        for row in changes.head(MOST).iter_rows(named=True)
    ]
    columns = [Column("Activity", share=2.3), Column("Change", share=0.9), Column("From, to", share=2.4), Column("Days", "right", 0.8)]
    blocks: list[Block] = [Table(columns, rows)] if rows else []
    return Card(sentences.changes_title(changes), [*blocks, *_left_out(changes.height, "change")], f"Since {words.day(assessment.previous_date)}, largest first", width)


CHANGES = {
    "added": "added",
    "removed": "removed",
    "renamed": "renamed",
    "relinked": "re-linked",
    "duration": "duration",
    "calendar": "calendar",
    "constraint": "constraint",
    "actuals": "actual dates",
    "slipped": "slipped",
    "gained": "gained",
}


def _from_to(row: dict[str, Any]) -> str:
    if row["before"] is None and row["after"] is None:
        return "–"
    return f"{row['before'] or 'none'} → {row['after'] or 'none'}"


def _left_out(count: int, noun: str, most: int = MOST) -> list[Block]:
    left = count - most
    return [Text(f"{words.count(left, f'more {noun}')} not shown here.", note=True)] if left > 0 else []


# -- the plan


def _schedule(assessment: Assessment) -> list[Card]:
    if assessment.dates is None or assessment.dates.is_empty():
        reason = sentences.refusal(assessment, "dates")
        return [Card("The plan has no dates to draw", [Text(reason), *_activities(assessment)])]
    forecast, target = assessment.forecast, sentences.main_target(assessment.forecast)
    rows = gantt_rows(assessment.dates, assessment.plan.tables, forecast.activities if forecast else None, data_date=assessment.info.data_date)
    if rows.is_empty():
        return [Card("The plan has no work to draw", [Text("It consists of summaries and level of effort only.")])]
    chart = figures.gantt(
        rows,
        assessment.plan.tables.get("relationships"),
        data_date=assessment.info.data_date,
        target=target["date"] if target else None,
        minutes_per_day=assessment.info.options.minutes_per_day,
    )
    title = _plan_title(rows)
    doubt = " Finish: cut at P10, tick at P80, whisker to P90." if forecast else ""
    subtitle = f"Ink: done. Blue: to come, solid where critical. Thin line: baseline.{doubt} {rows.height} of {words.count(assessment.dates.height, 'activity', 'activities')}, drivers first."
    return [Card(title, [Figure(chart, title)], subtitle)]


def _plan_title(rows: pl.DataFrame) -> str:
    open_rows = rows.filter(~pl.col("finished"))
    critical = open_rows.filter(pl.col("critical"))
    if open_rows.is_empty():
        return "All work is done"
    if critical.is_empty():
        return "No open activity is critical"
    late = critical.filter(pl.col("early_finish") > pl.col("baseline_finish")).height
    first = critical.sort("early_start", maintain_order=True)["name"][0]
    which = f"all {words.spelled(late)}" if late == critical.height > 1 else f"{words.spelled(late)} of {words.spelled(critical.height)}"
    tail = f"; {which} critical activities shown are past their baseline" if late else ""
    return f"{first} comes next on the critical path{tail}"


def _activities(assessment: Assessment) -> list[Block]:
    """The list itself, where there is nothing to draw."""
    work = assessment.plan.tables.get("activities")
    if work is None or work.is_empty():
        return [Text("The source has no activities.")]
    per_day = assessment.info.options.minutes_per_day
    rows = [
        [Cell(row["activity"]), Cell(row["name"]), Cell(words.working_days(row["duration"], per_day)), Cell(words.share(row["percent_complete"]))]
        for row in work.head(MOST).iter_rows(named=True)
    ]
    columns = [Column("Activity", share=0.6), Column("Name", share=4), Column("Duration", "right"), Column("Complete", "right")]
    return [Table(columns, rows), *_left_out(work.height, "row")]


# -- earned value


def _earned_value(assessment: Assessment) -> list[Card]:
    amounts = assessment.earned_value
    if amounts is None:
        return [Card("Earned value is not available", [Text(sentences.refusal(assessment, "earned_value"))])]
    currency = assessment.info.currency
    title = sentences.earned_title(amounts, currency)
    until = f"Cumulative to {words.day(assessment.info.data_date)}"
    series = assessment.earned_value_series
    if series is None or series.height < 2:
        return [Card(title, [_amounts(amounts, currency)], until, 7)]
    chart = figures.earned_value(series, currency=currency, width=width_of(7), height=175)
    return [
        Card(title, [Figure(chart, title)], "Planned, earned and spent by month, cumulative", 7),
        Card("The figures behind it", [_amounts(amounts, currency)], until, 5),
    ]


AMOUNTS = [
    ("Planned value", "pv"), ("Earned value", "ev"), ("Actual cost", "ac"), ("Budget at completion", "bac"), ("Schedule variance", "sv"), ("Cost variance", "cv"),
    ("Schedule performance index, SPI", "spi"), ("Cost performance index, CPI", "cpi"), ("Estimate at completion", "eac"), ("Variance at completion", "vac"),
    ("To-complete performance index", "tcpi"),
]  # fmt: skip


def _amounts(amounts: dict[str, float | None], currency: str | None) -> Block:
    def shown(name: str) -> Cell:
        value = amounts.get(name)
        text = words.index(value) if name in ("spi", "cpi", "tcpi") else words.money(value, currency)
        return Cell(text, strong=name in ("spi", "cpi"), quiet=value is None)

    return Table([Column("Figure", share=3), Column("Value", "right")], [[Cell(title), shown(name)] for title, name in AMOUNTS])


# -- plan quality


def _quality(assessment: Assessment) -> list[Card]:
    certified = _certified(assessment)
    checks = assessment.checks
    if checks is None or checks.is_empty():
        return [Card("The schedule could not be checked", [Text(sentences.refusal(assessment, "checks"))], None, 8), certified]
    rows = [_checked(row) for row in checks.iter_rows(named=True)]
    columns = [Column("Check", share=2), Column("Result", share=1.1), Column("Measured", "right", 0.9), Column("Threshold", "right", 0.9), Column("First offenders", share=2.2)]
    return [Card(sentences.checks_title(checks), [Table(columns, rows)], "Schedule checks after DCMA's 14 points, thresholds from the organisation's standards", 8), certified]


def _checked(row: dict[str, Any]) -> list[Cell]:
    if row["passed"] is None:
        result = Cell("Not available", quiet=True)
    else:
        result = Cell("Passed" if row["passed"] else "Failed", strong=not row["passed"], glyph="on_track" if row["passed"] else "off_track")
    offenders = ", ".join(row["offenders"][:3]) if row["passed"] is False else ""
    more = f" and {len(row['offenders']) - 3:,} more" if row["passed"] is False and len(row["offenders"]) > 3 else ""
    said = offenders + more if offenders else row["reason"] or "–"
    return [Cell(row["title"]), result, Cell(_measured(row["value"], row["unit"])), Cell(_measured(row["threshold"], row["unit"]), quiet=True), Cell(said, quiet=not offenders)]


def _measured(value: float | None, unit: str) -> str:
    if value is None:
        return words.NONE
    if unit == "share":
        return f"{words.number(100 * value, 0 if value == 0 or value >= 0.1 else 1)}{words.SPACE}%"
    return words.index(value) if unit == "index" else words.number(value)


def _certified(assessment: Assessment) -> Card:
    certificate = assessment.certificate
    if certificate is None or certificate.rate is None:
        reason = sentences.sentence(certificate.note) if certificate and certificate.note else sentences.refusal(assessment, "certificate")
        return Card("There is no agreement to certify", [Text(reason)], None, 4)
    title = f"Our engine reproduces {words.share(certificate.rate)} of the source's dates"
    met = "meets" if certificate.met else "does not meet"
    blocks: list[Block] = [
        Text(f"{certificate.agreeing:,} of {certificate.compared:,} activities agree in every stored date. That {met} the standard of {words.share(certificate.threshold)}.")
    ]
    blocks += [Text(sentences.sentence(difference), note=True) for difference in certificate.top]
    blocks += [Text(sentences.sentence(certificate.note), note=True)] if certificate.note else []
    return Card(title, blocks, "Agreement certificate", 4)


# -- findings and provenance


def _findings(assessment: Assessment) -> list[Card]:
    findings = assessment.findings.sort(pl.col("severity").cast(pl.String).replace_strict({"error": 0, "warning": 1, "info": 2}), maintain_order=True)
    title = sentences.findings_title(findings)
    if findings.is_empty():
        return [Card(title, [Text("No row was refused and no value repaired.")])]
    rows = [
        [Cell(SEVERITY[row["severity"]], strong=row["severity"] == "error"), Cell(row["place"]), Cell(row["message"]), Cell(row["remedy"] or "–", quiet=not row["remedy"])]
        for row in findings.head(MOST).iter_rows(named=True)
    ]
    columns = [Column("Weight", share=0.8), Column("Where", share=1.6), Column("What was found", share=4), Column("What to do", share=2.4)]
    return [Card(title, [Table(columns, rows), *_left_out(findings.height, "finding")], "Rows and values that were refused, repaired or found odd when the source was read")]


SEVERITY = {"error": "Refused", "warning": "Doubtful", "info": "Note"}


def _provenance(assessment: Assessment) -> list[Card]:
    pairs = [(words.capitalised(name), value) for name, value in assessment.provenance.items()]
    if assessment.previous:
        pairs.append(("Compared with", f"snapshot {assessment.previous[:12]} of {words.day(assessment.previous_date)}"))
    if assessment.forecast is not None:
        pairs.append(("Sampling", assessment.forecast.sampling))
    return [Card("Every figure can be traced", [Facts(pairs)], "The same snapshot, parameters, seed and version give the same figures")]


def _day(at: datetime | None, strong: bool = False) -> Cell:
    return Cell(words.day(at), strong=strong, quiet=at is None)

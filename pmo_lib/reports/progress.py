"""Cards of the plan itself: its Gantt extract and its earned value."""

from __future__ import annotations

from pmo_lib import evm
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words
from pmo_lib.plots.schedule_rows import gantt_rows
from pmo_lib.reports import figures, sentences
from pmo_lib.reports.document import Block, Card, Cell, Column, Figure, Table, Text
from pmo_lib.reports.figures.sheet import width_of
from pmo_lib.reports.pieces import MOST, left_out


def schedule(assessment: Assessment) -> list[Card]:
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
    title = headlines.gantt(rows)
    doubt = " Finish: cut at P10, tick at P80, whisker to P90." if forecast else ""
    below = "Thin line: baseline." if rows["baseline_finish"].is_not_null().any() else "There is no baseline."
    shown = f"{rows.height} of {words.count(assessment.dates.height, 'activity', 'activities')}, drivers first."
    subtitle = f"Ink: done. Blue: to come, solid where critical. {below}{doubt} {shown}"
    return [Card(title, [Figure(chart, title)], subtitle)]


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
    return [Table(columns, rows), *left_out(work.height, "row")]


def earned_value(assessment: Assessment) -> list[Card]:
    amounts = assessment.earned_value
    if amounts is None:
        return [Card("Earned value is not available", [Text(sentences.refusal(assessment, "earned_value"))])]
    hours = evm.basis(assessment.plan) == "work"
    currency = None if hours else assessment.info.currency
    title = headlines.earned_value(amounts)
    table = _amounts(amounts, currency, hours)
    unit = ", in person hours: the baseline has no cost" if hours else ""
    until = f"Cumulative to {words.day(assessment.info.data_date)}"
    series = assessment.earned_value_series
    if series is None or series.height < 2:
        return [Card(title, [table], until, 7)]
    chart = figures.earned_value(series, currency=currency, width=width_of(7), height=175)
    return [
        Card(title, [Figure(chart, title)], f"Planned, earned and spent by month, cumulative{unit}", 7),
        Card("The figures behind it", [table], until, 5),
    ]


AMOUNTS = {
    "pv": "Planned value",
    "ev": "Earned value",
    "ac": "Actual cost",
    "bac": "Budget at completion",
    "sv": "Schedule variance",
    "cv": "Cost variance",
    "spi": "Schedule performance index, SPI",
    "cpi": "Cost performance index, CPI",
    "eac": "Estimate at completion",
    "vac": "Variance at completion",
    "tcpi": "To-complete performance index",
}


def _amounts(amounts: dict[str, float | None], currency: str | None, hours: bool) -> Block:
    def shown(name: str) -> Cell:
        value = amounts.get(name)
        amount = f"{words.number(value)}{words.SPACE}h" if hours and value is not None else words.money(value, currency)
        text = words.index(value) if name in ("spi", "cpi", "tcpi") else amount
        return Cell(text, strong=name in ("spi", "cpi"), quiet=value is None)

    return Table([Column("Figure", share=3), Column("Value", "right")], [[Cell(title), shown(name)] for name, title in AMOUNTS.items()])

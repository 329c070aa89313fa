"""When will this project finish, how sure are we, and what drives it?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.portfolio import choice
from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import Markup, html, join
from pmo_dashboards.state import Desk, Selection, selection
from pmo_lib import plots
from pmo_lib.errors import NotFound, PMOError
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words
from pmo_lib.plots.risk import measured_by
from pmo_lib.plots.schedule import ROW

LISTED = 8  # findings before "and n more"
CHANGED = 5  # changes before "and n more"
CHARTED = 232  # [pixels] height of a chart in the aside


def page(desk: Desk) -> Any:
    """The Project page of this session."""
    chosen = selection()
    body = parts.box(kind="flow")
    answer: Assessment | PMOError | None = None

    def refresh(*events: Any) -> None:
        nonlocal answer
        answer = _asked(desk, chosen)
        body[:] = [parts.show(_refused(answer, chosen))] if isinstance(answer, PMOError) else _filled(desk, chosen, answer)

    refresh()
    chosen.param.watch(refresh, ["key", "as_of"])
    return parts.shell(_tab(answer), "Project", chosen, [body])


def _tab(answer: Assessment | PMOError | None) -> str:
    """What the browser's tab says."""
    return "Project" if answer is None or isinstance(answer, PMOError) else name_of(answer)


def _asked(desk: Desk, chosen: Selection) -> Assessment | PMOError:
    try:
        if not chosen.key:
            raise NotFound("no project is chosen; open one from the portfolio")
        return desk.assess(chosen.key, chosen.instant)
    except PMOError as error:
        return error


def _refused(error: PMOError, chosen: Selection) -> Markup:
    back = html('<a href="{}">Back to the portfolio</a>', chosen.link("Portfolio", key=""))
    return html("{}{}", parts.failure(error), back)


def _filled(desk: Desk, chosen: Selection, known: Assessment) -> list[Any]:
    dates = {"Latest snapshot": "", **{words.day(at): at.strftime("%Y-%m-%d") for at in sorted(desk.status_dates(), reverse=True)}}
    context = parts.box(parts.show(_crumbs(known, chosen)), parts.filters(choice(chosen, "as_of", "Status date", dates)), kind="ctx")
    top = [context, parts.show(_head(known)), parts.show(parts.strip(figures(known)))]
    first = parts.box(gantt_card(known, chosen), parts.box(finish_card(known, chosen), targets_card(known), kind="stack"), kind="g2 gap")
    second = parts.box(drivers_card(known, chosen), earned_card(known, chosen), changes_card(known), kind="g3 gap")
    third = parts.box(checks_card(known), findings_card(known), kind="g2 gap")
    return [*top, first, second, third, parts.show(_foot(known))]


def name_of(known: Assessment) -> str:
    """The project's name: the organisation's, else the source's."""
    return (known.listing or {}).get("name") or known.info.name


def aim(known: Assessment) -> dict[str, Any] | None:
    """The target that the finish is measured against: the first of its kind."""
    if known.forecast is None:
        return None
    own = known.forecast.targets.filter(pl.col("kind") != "milestone")
    return own.row(0, named=True) if own.height else None


def p80(forecast: Any) -> dict[str, Any]:
    """P80 finish and its interval."""
    return forecast.percentiles.filter(pl.col("p") == 80).row(0, named=True)


def _crumbs(known: Assessment, chosen: Selection) -> Markup:
    listing = known.listing or {}
    steps: list[tuple[str, str | None]] = [("Portfolio", chosen.link("Portfolio", key=""))]
    if listing.get("programme"):
        steps.append((listing["programme"], chosen.link("Portfolio", key="", programme=listing["programme"])))
    return parts.crumbs(*steps, (name_of(known), None))


def _head(known: Assessment) -> Markup:
    target = aim(known)
    planned = known.dates["early_finish"].max() if known.dates is not None else None
    finish = p80(known.forecast)["finish"] if known.forecast else None
    sentence = headlines.project(name_of(known), finish, target["date"] if target else None, planned=planned)  # type: ignore[arg-type]
    return parts.head(sentence, _line(known), _caveat(known))


def _line(known: Assessment) -> str:
    if known.forecast is None:
        return parts.sentence(_why(known, "forecast", known.status.reason))
    said = [parts.sentence(known.status.reason)]
    if (moved := _move(known)) is not None and abs(moved) >= 1 and known.previous_date:
        said.insert(0, f"Its P80 moved {words.span(moved)} {'later' if moved > 0 else 'earlier'} since {words.day(known.previous_date)}.")
    return " ".join(said)


def _caveat(known: Assessment) -> str | None:
    if known.forecast is None or known.forecast.indicative is None:
        return None
    said = parts.sentence(known.forecast.indicative)
    return said if "indicative" in said.lower() else f"Indicative, ranges assumed. {said}"


def _move(known: Assessment) -> float | None:
    if known.forecast is None or known.previous_forecast is None:
        return None
    return words.days_between(p80(known.previous_forecast)["finish"], p80(known.forecast)["finish"])


def figures(known: Assessment) -> list[Figure]:
    """The KPI strip."""
    return [_finish_figure(known), _chance_figure(known), _status_figure(known), _spi_figure(known), _cost_figure(known), _agreement_figure(known)]


def _why(known: Assessment, part: str, otherwise: str) -> str:
    """Why a part of the page is missing."""
    return words.reason(known.refusals.get(part) or otherwise)


def _missing(label: str, why: str) -> Figure:
    return Figure(label, "not available", html('<span title="{0}">{0}</span>', why), why, missing=True)


def _finish_figure(known: Assessment) -> Figure:
    if known.forecast is None:
        return _missing("P80 finish", _why(known, "forecast", "there is no forecast"))
    row = p80(known.forecast)
    error = max(1, round(words.days_between(row["finish_low"], row["finish_high"]) / 2))
    moved = _move(known)
    since = html("<b>{}</b> since {}; ", words.change(moved), words.day(known.previous_date, year=False)) if moved is not None and known.previous_date else ""
    below = html("{}±{}{}d sampling{}", since, error, words.SPACE, "; indicative" if known.forecast.indicative else "")
    return Figure("P80 finish", words.day(row["finish"]), below, f"The date that 80 % of {known.forecast.iterations:,} simulated runs meet.")


def _chance_figure(known: Assessment) -> Figure:
    target = aim(known)
    if known.forecast is None:
        return _missing("Chance of the target", _why(known, "forecast", "there is no forecast"))
    if target is None or target["chance"] is None:
        return _missing("Chance of the target", "no target: give an approved finish, a must-finish date, a deadline or a baseline")
    value = html("{} <small>{}</small>", words.chance(target["chance"]), words.error(target["chance_low"], target["chance_high"]))
    before = aim_before(known)
    below = (
        html("was <b>{}</b> on {}", words.chance(before), words.day(known.previous_date, year=False))
        if before is not None and known.previous_date
        else words.TARGETS.get(target["kind"], "")
    )
    label = f"Chance of the target, {words.day(target['date'])}"
    return Figure(label, value, below, f"Share of simulated runs that finish by {words.day(target['date'])}: {target['target']}.")


def aim_before(known: Assessment) -> float | None:
    """The chance of the same target, a snapshot earlier."""
    if known.previous_forecast is None:
        return None
    own = known.previous_forecast.targets.filter(pl.col("kind") != "milestone")
    return own["chance"][0] if own.height else None


def _status_figure(known: Assessment) -> Figure:
    status = known.status
    shape = marks.glyph("watermelon" if status.watermelon else status.computed, 16)
    declared = (
        "nobody declared one"
        if status.declared == "no_data"
        else html("declared <b>{}</b>{}", words.status(status.declared).lower(), ": watermelon" if status.watermelon else "")
    )
    return Figure("Computed status", html("{}{}", shape, words.status(status.computed)), declared, parts.sentence(status.reason))


def _spi_figure(known: Assessment) -> Figure:
    spi = (known.earned_value or {}).get("spi")
    if spi is None:
        return _missing("SPI", _why(known, "earned_value", "needs a baseline, progress and costs"))
    return Figure(
        "SPI",
        words.index(spi),
        html("CPI <b>{}</b>", words.index((known.earned_value or {}).get("cpi"))),
        "Schedule performance index: earned value over planned value.",
    )


def _cost_figure(known: Assessment) -> Figure:
    figures, currency = known.earned_value or {}, known.info.currency
    if figures.get("eac") is None:
        return _missing("Cost at completion", _why(known, "earned_value", "needs costs"))
    over = None if figures.get("vac") is None else -(figures["vac"] or 0)
    gap = html("<b>{}{}</b>; ", "+" if over > 0 else "", words.money(over, currency)) if over else ""
    return Figure(
        "Cost at completion",
        words.money(figures["eac"], currency),
        html("{}budget {}", gap, words.money(figures["bac"], currency)),
        "EAC = BAC / CPI, against the budget at completion.",
    )


def _agreement_figure(known: Assessment) -> Figure:
    paper, tool = known.certificate, words.source(known.info.source)
    if paper is None or paper.rate is None:
        return _missing("Agreement with the source", (paper.note if paper else None) or _why(known, "certificate", "the source stores no dates"))
    return Figure(
        f"Agreement with {tool}",
        words.share(paper.rate),
        f"{paper.agreeing:,} of {paper.compared:,} activities",
        "Share of activities whose stored dates our engine reproduces.",
    )


def gantt_card(known: Assessment, chosen: Selection) -> Any:
    """The drivers on a time axis, with names on the left and P80 and float on the right as text."""
    if known.dates is None or known.dates.is_empty():
        return parts.words_card("Gantt chart", parts.state("There is no Gantt chart.", parts.sentence(_why(known, "dates", "the plan has no dates"))))
    forecast = known.forecast.activities if known.forecast else None
    rows = plots.gantt_rows(known.dates, known.plan.tables, forecast, data_date=known.info.data_date)
    target = aim(known)
    heading = headlines.gantt(rows)

    def draw(tokens: Any) -> Any:
        at = target["date"] if target else None
        return plots.gantt(rows, known.plan.tables.get("relationships"), data_date=known.info.data_date, target=at, names=False, theme=tokens)

    below = "Thin line: baseline." if rows["baseline_finish"].is_not_null().any() else "There is no baseline."
    finish = " Finish: cut at P10, tick at P80, whisker to P90." if forecast is not None else ""
    line = f"Neutral: done. Blue: to come, solid where critical. {below}{finish}"
    count = html('<span class="s">{} of {}, drivers first</span>', f"{rows.height:,}", words.count(known.dates.height, "activity", "activities"))
    chart = parts.picture(draw, chosen, f"Gantt chart: {heading}")
    grid = parts.box(parts.show(_names(rows)), chart, parts.show(_numbers(rows, known)), kind="gantt")
    return parts.card(heading, line, grid, aside=count)


def _lines(rows: pl.DataFrame, draw: Any, top: Markup, headed: bool = True) -> Markup:
    """One line of `ROW` pixels for each row of the chart, headings and the free first line included."""
    assert ROW == 28, "page.css has the same height"
    placed = {row["row"]: row for row in rows.iter_rows(named=True)}
    headings = {row["row"] - 1: row["heading"] for row in placed.values() if row["heading"] and headed}

    def line(place: int) -> Markup:
        return draw(placed[place]) if place in placed else html('<div class="h{}">{}</div>', " first" if place == 0 else "", headings.get(place, ""))

    return html('<div class="gr">{}</div>', join([top, *(line(place) for place in range(max(placed) + 1))]))


def _kind(row: dict[str, Any]) -> str:
    return "f" if row["finished"] else "c" if row["critical"] else ""


def _names(rows: pl.DataFrame) -> Markup:
    def draw(row: dict[str, Any]) -> Markup:
        return html(
            '<div class="{0}" title="{1} {2}"><span class="id wide">{1}</span><span class="nm">{2}</span></div>', _kind(row), row["activity"], row["name"]
        )

    return _lines(rows, draw, html('<div class="top">Activity</div>'))


def _numbers(rows: pl.DataFrame, known: Assessment) -> Markup:
    per_day = known.info.options.minutes_per_day

    def draw(row: dict[str, Any]) -> Markup:
        when = "done" if row["finished"] else words.day(row["p80"] or row["early_finish"], year=False)
        slack = "" if row["finished"] else words.working_days(row["total_float"], per_day)
        return html(
            '<div class="{} two"><span title="{}">{}</span><span>{}</span></div>', _kind(row), words.day(row["p80"] or row["early_finish"]), when, slack
        )

    title = "P80" if rows["p80"].drop_nulls().len() else "Finish"
    return _lines(rows, draw, html('<div class="top two"><span>{}</span><span>Float</span></div>', title), headed=False)


def finish_card(known: Assessment, chosen: Selection) -> Any:
    """The finish distribution."""
    forecast = known.forecast
    if forecast is None:
        return parts.words_card(
            "When the project will finish", parts.state("There is no forecast.", parts.sentence(_why(known, "forecast", "it was not made")))
        )
    target = aim(known)
    date, chance = (target["date"], target["chance"]) if target else (None, None)
    heading = headlines.finish(chance, date)

    def draw(tokens: Any) -> Any:
        return plots.finish_distribution(forecast, target=date, chance=chance, theme=tokens, height=CHARTED, narrow=True)

    rows = [
        (f"P{row['p']:.0f}", words.day(row["finish"]), f"{words.day(row['finish_low'])} to {words.day(row['finish_high'])}")
        for row in forecast.percentiles.iter_rows(named=True)
        if row["p"] in (10, 25, 50, 75, 80, 90)
    ]
    folded = parts.as_table([("Percentile", False), ("Finish", True), ("95 % interval", True)], rows, "Finish dates by percentile")
    line = "Chance of finishing by a date, with its 95 % sampling band; bars: how often" + (". Indicative, ranges assumed" if forecast.indicative else "")
    return parts.card(heading, line, parts.picture(draw, chosen, f"Finish distribution: {heading}", CHARTED), folded)


def targets_card(known: Assessment) -> Any:
    """Targets and key milestones."""
    if known.forecast is None or known.forecast.targets.is_empty():
        why = _why(known, "forecast", "give an approved finish in the project list, or a must-finish date, deadline or baseline in the plan")
        return parts.words_card("Targets and milestones", parts.state("There is no target to measure against.", parts.sentence(why)))
    rows = [_target_row(row) for row in known.forecast.targets.iter_rows(named=True)]
    headers = [("Target or milestone", False), ("Date", True), ("P80", True), ("Late", True), ("Chance", True)]
    return parts.words_card(headlines.targets(known.forecast.targets), parts.table(headers, rows, "Targets and milestones"), _indicative(known))


def _indicative(known: Assessment) -> str:
    return "Indicative, ranges assumed" if known.forecast is not None and known.forecast.indicative else ""


def _target_row(row: dict[str, Any]) -> tuple[Any, ...]:
    late = words.days_between(row["date"], row["p80"]) if row["date"] else None
    kind = "b" if row["activity"] is None else ""
    chance = (
        ("q", html('<span title="no date to meet">{}</span>', words.NONE))
        if row["chance"] is None
        else ("b" if row["chance"] < 0.5 else "", words.chance(row["chance"]))
    )
    due = ("q", html('<span title="no date was given">{}</span>', words.NONE)) if row["date"] is None else ("m", words.day(row["date"]))
    gap = ("q", words.NONE) if late is None else ("b" if late > 0 else "", words.change(late))
    return (kind, words.capitalised(row["target"])), due, words.day(row["p80"]), gap, chance


def drivers_card(known: Assessment, chosen: Selection) -> Any:
    """What the finish hangs on."""
    if known.forecast is None:
        return parts.words_card("What drives the finish", parts.state("There are no drivers.", parts.sentence(_why(known, "forecast", "there is no forecast"))))
    sensitivity = known.forecast.sensitivity
    measure = measured_by(sensitivity)
    said = {
        "contribution_p80": "Working days that the P80 would lose, were its duration certain",
        "ssi": "Schedule sensitivity index: criticality times the ratio of the standard deviations",
        "cruciality": "Cruciality: rank correlation of its duration with the finish",
        "criticality": "Share of simulated runs in which it is critical",
    }[measure]
    heading = headlines.drivers(sensitivity, measure)
    top = sensitivity.filter(pl.col(measure).fill_null(0) > 0).sort(measure, descending=True).head(8)
    if top.is_empty():
        return parts.words_card(heading, parts.state("No activity’s duration is uncertain.", "Give estimates, or choose a range rule in standards.toml."))
    rows = [(row["name"], words.share(row["criticality"]), words.index(row["cruciality"]), words.index(row["ssi"])) for row in top.iter_rows(named=True)]
    folded = parts.as_table([("Activity", False), ("Criticality", True), ("Cruciality", True), ("SSI", True)], rows, "Drivers of the finish")
    chart = parts.picture(lambda tokens: plots.drivers(sensitivity, theme=tokens), chosen, f"Drivers: {heading}", top.height * ROW + 8)
    return parts.card(heading, said + (". Indicative" if known.forecast.indicative else ""), chart, folded)


def earned_card(known: Assessment, chosen: Selection) -> Any:
    """Earned value, or why there is none."""
    figures, series = known.earned_value, known.earned_value_series
    if figures is None:
        return parts.words_card(
            "Earned value", parts.state("Not available, because " + _why(known, "earned_value", "the plan has no baseline, progress or costs") + ".")
        )
    heading = headlines.earned_value(figures)
    currency = known.info.currency
    names = [
        ("pv", "Planned value"),
        ("ev", "Earned value"),
        ("ac", "Actual cost"),
        ("bac", "Budget at completion"),
        ("eac", "Estimate at completion"),
        ("vac", "Variance at completion"),
    ]
    rows = [(name, words.money(figures.get(key), currency)) for key, name in names] + [
        (key.upper(), words.index(figures.get(key))) for key in ("spi", "cpi", "tcpi")
    ]
    if series is None or series.height < 2:
        return parts.words_card(heading, parts.table([("Figure", False), ("Value", True)], rows, "Earned value"), "To the status date")
    chart = parts.picture(
        lambda tokens: plots.earned_value(series, currency=currency, theme=tokens, height=CHARTED, narrow=True), chosen, f"Earned value: {heading}", CHARTED
    )
    return parts.card(heading, "Cumulative, by month", chart, parts.as_table([("Figure", False), ("Value", True)], rows, "Earned value"))


def changes_card(known: Assessment) -> Any:
    """What changed since the last snapshot."""
    if known.changes is None:
        return parts.words_card(
            "What changed", parts.state(parts.sentence(_why(known, "changes", "this is the first snapshot")), "The next import shows what moved.")
        )
    if known.changes.is_empty():
        return parts.words_card(headlines.changes(known.changes, known.previous_date), parts.state("The plan is as it was."))
    rows = [_change_row(row) for row in known.changes.head(CHANGED).iter_rows(named=True)]
    body = parts.table([("Activity", False), ("Change", False), ("Working days", True)], rows, "Changes since the last snapshot")
    return parts.words_card(headlines.changes(known.changes, known.previous_date), html("{}{}", body, _rest(known.changes.height, CHANGED)), "Largest first")


def _change_row(row: dict[str, Any]) -> tuple[Any, ...]:
    from_to = " → ".join(_said(value) for value in (row["before"], row["after"]) if value is not None)
    name = html('<span title="{} {}">{}</span>', row["activity"], row["name"], row["name"])
    return (
        ("w", name),
        ("w", html('{}<br><span class="s">{}</span>', row["change"], from_to)),
        words.signed(row["days"], "wd") if row["days"] is not None else ("q", "–"),
    )


def _said(value: str) -> str:
    """A value of a change; instants as days."""
    try:
        return words.day(datetime.fromisoformat(value))
    except ValueError:
        return value


def _rest(count: int, listed: int) -> Markup | str:
    return html('<p class="s more">and {} more</p>', f"{count - listed:,}") if count > listed else ""


def checks_card(known: Assessment) -> Any:
    """Schedule quality: each check against its threshold, failures first."""
    if known.checks is None:
        return parts.words_card(
            "Schedule quality", parts.state("No schedule check could be made.", parts.sentence(_why(known, "checks", "the plan has no network")))
        )
    order = known.checks.with_columns(place=pl.when(pl.col("passed").is_null()).then(2).when(pl.col("passed")).then(1).otherwise(0)).sort(
        "place", maintain_order=True
    )
    rows = [_check_row(row) for row in order.iter_rows(named=True)]
    headers = [("Check", False), ("Result", False), ("Value", True), ("Threshold", True), ("Offenders", True)]
    return parts.words_card(
        headlines.checks(known.checks), parts.table(headers, rows, "Schedule checks"), "Failures first; thresholds are the organisation’s standards"
    )


def _check_row(row: dict[str, Any]) -> tuple[Any, ...]:
    def measured(value: float | None) -> str:
        if value is None:
            return words.NONE
        return (
            f"{words.number(value * 100, 1 if 0 < value < 0.1 else 0)}{words.SPACE}%"
            if row["unit"] == "share"
            else words.index(value)
            if row["unit"] == "index"
            else words.number(value)
        )

    if row["passed"] is None:
        return (
            row["title"],
            ("q", html('<span title="{0}">not available: {0}</span>', row["reason"] or "no reason given")),
            ("q", words.NONE),
            measured(row["threshold"]),
            ("q", words.NONE),
        )
    result = html(
        '<span class="st">{}{}</span>', marks.glyph("on_track" if row["passed"] else "off_track"), "passed" if row["passed"] else html("<b>failed</b>")
    )
    count = (
        words.NONE
        if row["numerator"] is None
        else f"{row['numerator']:,} of {row['denominator']:,}"
        if row["denominator"] is not None
        else f"{row['numerator']:,}"
    )
    return (
        row["title"],
        result,
        measured(row["value"]),
        ("m", measured(row["threshold"])),
        html('<span title="{}">{}</span>', ", ".join((row["offenders"] or [])[:20]), count),
    )


def findings_card(known: Assessment) -> Any:
    """What the reader refused, repaired or found odd."""
    found = known.findings
    if found.is_empty():
        return parts.words_card("No findings", parts.state("Nothing was refused, repaired or found odd when the file was read."))
    order = {"error": 0, "warning": 1, "info": 2}
    ranked = found.with_columns(rank=pl.col("severity").cast(pl.String).replace_strict(order)).sort("rank", maintain_order=True)
    shapes = {"error": "off_track", "warning": "at_risk", "info": "no_data"}
    rows = [
        (
            html('<span class="st">{}{}</span>', marks.glyph(shapes[row["severity"]]), row["severity"]),
            ("w", html('{}<br><span class="s">{}{}</span>', words.capitalised(row["message"]), row["place"], f"; {row['remedy']}" if row["remedy"] else "")),
        )
        for row in ranked.head(LISTED).iter_rows(named=True)
    ]
    body = parts.table([("Severity", False), ("Finding", False)], rows, "Findings")
    return parts.words_card(
        words.capitalised(words.count(found.height, "finding")), html("{}{}", body, _rest(found.height, LISTED)), "From reading the file, worst first"
    )


def _foot(known: Assessment) -> Markup:
    record = dict(known.provenance)
    right = " · ".join(f"{name} {record.pop(name)}" for name in ("snapshot", "iterations", "seed", "version") if name in record)
    record["data date"] = words.day(known.info.data_date) if isinstance(known.info.data_date, datetime) else record.get("data date", "none")
    left = " · ".join(value if name == "source" else f"{name} {value}" for name, value in record.items())
    return parts.foot(f"{left} · {words.count(known.findings.height, 'finding')}", words.capitalised(right))

"""The KPI strip: finish, chance, status, indices, cost and agreement."""

from __future__ import annotations

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.project.answers import aim, aim_before, move, p80, why
from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import html
from pmo_lib.office import Assessment
from pmo_lib.plots import words
from pmo_lib.reports.sentences import finished


def figures(known: Assessment) -> list[Figure]:
    """The KPI strip."""
    return [_finish_figure(known), _chance_figure(known), _status_figure(known), _spi_figure(known), _cost_figure(known), _agreement_figure(known)]


def _missing(label: str, why: str) -> Figure:
    return Figure(label, "not available", html('<span title="{0}">{0}</span>', why), why, missing=True)


def _finish_figure(known: Assessment) -> Figure:
    if (ended := finished(known)) is not None:
        return Figure("Finished", words.day(ended), "all work is done", "The latest actual finish of all activities.")
    if known.forecast is None:
        return _missing("P80 finish", why(known, "forecast", "there is no forecast"))
    row = p80(known.forecast)
    error = max(1, round(words.days_between(row["finish_low"], row["finish_high"]) / 2))
    moved = move(known)
    since = html("<b>{}</b> since {}; ", words.change(moved), words.day(known.previous_date, year=False)) if moved is not None and known.previous_date else ""
    below = html("{}±{}{}d sampling{}", since, error, words.SPACE, "; indicative" if known.forecast.indicative else "")
    return Figure("P80 finish", words.day(row["finish"]), below, f"The date that 80 % of {known.forecast.iterations:,} simulated runs meet.")


def _chance_figure(known: Assessment) -> Figure:
    target = aim(known)
    if finished(known) is not None:
        return _missing("Chance of the target", "nothing is left to forecast")
    if known.forecast is None:
        return _missing("Chance of the target", why(known, "forecast", "there is no forecast"))
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
        return _missing("SPI", why(known, "earned_value", "needs a baseline, progress and costs"))
    return Figure(
        "SPI",
        words.index(spi),
        html("CPI <b>{}</b>", words.index((known.earned_value or {}).get("cpi"))),
        "Schedule performance index: earned value over planned value.",
    )


def _cost_figure(known: Assessment) -> Figure:
    figures, currency = known.earned_value or {}, known.info.currency
    if figures.get("eac") is None:
        return _missing("Cost at completion", why(known, "earned_value", "needs costs"))
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
        return _missing("Agreement with the source", (paper.note if paper else None) or why(known, "certificate", "the source stores no dates"))
    return Figure(
        f"Agreement with {tool}",
        words.share(paper.rate),
        f"{paper.agreeing:,} of {paper.compared:,} activities",
        "Share of activities whose stored dates our engine reproduces.",
    )

"""The head of a report: the answer, what supports it, and the figures in a strip."""

from __future__ import annotations

from pmo_lib.office import Assessment, Certificate, Forecast
from pmo_lib.plots import words
from pmo_lib.reports import sentences
from pmo_lib.reports.document import Head, Kpi, dated


def head(assessment: Assessment) -> Head:
    listing, provenance = assessment.listing or {}, assessment.provenance
    line = [sentences.short(text) for text in (listing.get("portfolio"), listing.get("programme"), sentences.name_of(assessment)) if text]
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
        first = (
            Kpi("Finished", words.day(ended), "all work is done")
            if ended
            else Kpi("Planned finish", words.day(planned), "without uncertainty" if planned else "no dates")
        )
        return [first, Kpi("P80 finish", words.NONE, "nothing left to forecast" if ended else "no forecast")]
    change = sentences.p80_change(assessment)
    since = words.day(assessment.previous_date, year=False)
    moved = "" if change is None else f"{words.change(change)} since {since}"
    return [
        Kpi("P80 finish", words.day(sentences.percentile(forecast, 80)["finish"]), moved or "the first forecast", _sampling(forecast, 80)),
        Kpi(
            "P50 finish",
            words.day(sentences.percentile(forecast, 50)["finish"]),
            f"planned {words.day(forecast.deterministic_finish)}",
            _sampling(forecast, 50),
        ),
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

"""Assess: put together all that is known of one project, from the store or straight from a plan."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib import __version__
from pmo_lib.errors import PMOError
from pmo_lib.office import boards, forecasting, targets
from pmo_lib.office import standing as parts
from pmo_lib.office.assessment import Assessment, Forecast
from pmo_lib.office.board_rules import BoardRules
from pmo_lib.office.boards import BoardForecast
from pmo_lib.office.certifying import certified, quality_trend, snapshots_until, standard_of
from pmo_lib.office.recounting import recounted
from pmo_lib.portfolio.health import Status, status
from pmo_lib.project import Project, ProjectInfo
from pmo_lib.standards import Standards, standards
from pmo_lib.tables import finding, findings_frame

if TYPE_CHECKING:
    from pmo_lib.store import Result, Workspace

LOOP = re.compile(r"has a loop: (.+?)(?:;|$)")


def assess(ws: Workspace, key: str, as_of: datetime | None = None) -> Assessment:
    """All that the workspace knows of a project at the snapshot that `as_of` means (None: the latest).

    Nothing is simulated here: without a kept forecast `refusals["forecast"]` says how to make one.
    """
    snapshots = snapshots_until(ws, key, as_of)
    latest = snapshots.row(-1, named=True)
    before = snapshots.row(-2, named=True) if snapshots.height > 1 else None
    plan = ws.project(key, snapshot=latest["snapshot"])
    at, earlier = ws.snapshot(key, as_of), ws.snapshot(key, before["data_date"]) if before else None
    result, simulated = (recounted(ws, key, at, ws.result(at, kind)) for kind in (parts.KIND, forecasting.KIND))
    made = parts.from_kept(result) if result and parts.current(result) else certified(ws, key, as_of=latest["data_date"])
    previous = recounted(ws, key, earlier, ws.result(earlier, forecasting.KIND)) if earlier else None
    forecast, refusal = _kept_forecast(simulated, key)
    return _assessment(
        plan,
        made,
        forecast,
        refusal,
        standard_of(ws),
        snapshot=latest["snapshot"],
        previous=before["snapshot"] if before else None,
        previous_date=before["data_date"] if before else None,
        previous_forecast=_kept_forecast(previous, key)[0],
        listing=targets.listing_row(ws, key, latest["data_date"]),
        board_forecast=boards.forecast_from_kept(simulated),
        previous_board_forecast=boards.forecast_from_kept(previous),
        series=_with_history(ws, made.earned_value_series, snapshots),
        trend=quality_trend(ws, key, as_of=latest["data_date"]),
    )


def assess_plan(
    plan: Project,
    *,
    as_of: datetime | None = None,
    forecast: bool = True,
    standard: Standards | None = None,
    rules: BoardRules | None = None,
    **options: Any,
) -> Assessment:
    """All that can be said of a plan without a workspace. `rules` are those of a board; `options` go to `forecast_plan`."""
    standard = standard or standards()
    made = parts.standing(plan, standard, at=as_of, rules=rules)
    simulated, of_board, refusal = None, None, "no forecast was asked for"
    if forecast:
        try:
            if boards.is_board(plan):
                told, aim = rules or BoardRules(), boards.target_of(plan, None, options.get("target"))
                of_board = boards.board_forecast(plan, told.rules, target=aim, window=told.window, at=as_of)
            else:
                simulated = forecasting.forecast_plan(plan, as_of=as_of, standard=standard, **options)
        except PMOError as error:
            refusal = str(error)
    return _assessment(plan, made, simulated, refusal, standard, board_forecast=of_board, series=made.earned_value_series)


def _assessment(
    plan: Project,
    made: parts.Standing,
    forecast: Forecast | None,
    refusal: str,
    standard: Standards,
    *,
    series: pl.DataFrame | None,
    board_forecast: BoardForecast | None = None,
    previous_board_forecast: BoardForecast | None = None,
    trend: pl.DataFrame | None = None,
    snapshot: str | None = None,
    previous: str | None = None,
    previous_date: datetime | None = None,
    previous_forecast: Forecast | None = None,
    listing: dict[str, Any] | None = None,
) -> Assessment:
    return Assessment(
        plan=plan,
        info=plan.info,
        snapshot=snapshot,
        previous=previous,
        previous_date=previous_date,
        listing=listing,
        dates=made.dates,
        certificate=made.certificate,
        agreement=made.agreement,
        checks=made.checks,
        forecast=forecast,
        previous_forecast=previous_forecast,
        earned_value=made.earned_value,
        earned_value_series=series,
        comparison=made.comparison,
        status=_status(forecast, board_forecast, made, listing, standard),
        findings=_findings(plan, made),
        provenance=_provenance(plan.info, snapshot, forecast),
        board=made.board,
        board_forecast=board_forecast,
        previous_board_forecast=previous_board_forecast,
        board_changes=made.board_changes,
        refusals=made.refusals if forecast or board_forecast else {**made.refusals, "forecast": refusal},
        checks_trend=trend,
    )


def _findings(plan: Project, made: parts.Standing) -> pl.DataFrame:
    """What the reader found, and why the plan cannot be scheduled, where it cannot: a loop stands where it runs."""
    refusal = made.refusals.get("dates")
    if refusal is None or boards.is_board(plan) or plan.tables["activities"].is_empty():
        return plan.findings
    loop = LOOP.search(refusal)
    place = f"relationships, {loop[1]}" if loop else plan.info.file or plan.info.key
    told = finding("error", "not-scheduled", place, refusal, "correct it in the source and import again")
    return pl.concat([findings_frame([told]), plan.findings])


def _kept_forecast(result: Result | None, key: str) -> tuple[Forecast | None, str]:
    if result is None:
        return None, f"nobody has asked for one yet: pmo forecast {key}"
    return forecasting.from_kept(result), result.payload.get("refusal", "")


def _status(
    forecast: Forecast | None, board_forecast: BoardForecast | None, made: parts.Standing, listing: dict[str, Any] | None, standard: Standards
) -> Status:
    target = targets.measured(forecast.targets) if forecast else board_forecast.target if board_forecast else None
    earned = made.earned_value or {}
    return status(
        chance=target["chance"] if target else None,
        spi=earned.get("spi"),
        cpi=earned.get("cpi"),
        indicative=bool(forecast and forecast.indicative),
        declared=(listing or {}).get("declared"),
        standard=standard,
    )


def _with_history(ws: Workspace, series: pl.DataFrame | None, snapshots: pl.DataFrame) -> pl.DataFrame | None:
    """The planned curve of the latest snapshot with each snapshot's own earned value and actual cost."""
    if series is None:
        return None
    known = {row["date"]: row for row in series.iter_rows(named=True)}
    for row in snapshots.iter_rows(named=True):
        result = ws.result(row["snapshot"], parts.KIND)
        earned = result.payload["earned_value"] if result else None
        if earned is not None:
            point = known.setdefault(row["data_date"], {"date": row["data_date"], "pv": earned["pv"], "ev": None, "ac": None})
            point.update(ev=earned["ev"], ac=earned["ac"])
    return pl.DataFrame(sorted(known.values(), key=lambda point: point["date"]), schema=series.schema)


def _provenance(info: ProjectInfo, snapshot: str | None, forecast: Forecast | None) -> dict[str, str]:
    told = {"source": info.file or info.source, "reader": info.reader, "version": __version__}
    if info.data_date:
        told["data date"] = info.data_date.isoformat(timespec="minutes")
    if info.content_hash:
        told["content"] = info.content_hash[:12]
    if snapshot:
        told["snapshot"] = snapshot[:12]
    if forecast:
        told |= {"iterations": f"{forecast.iterations:,}", "seed": str(forecast.seed)}
    return told

"""The portfolio at a glance: one row a project, from what is kept, without opening a plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.office import forecasting
from pmo_lib.office import standing as parts
from pmo_lib.office.certifying import standard_of
from pmo_lib.office.recounting import in_force
from pmo_lib.portfolio.health import health
from pmo_lib.tables.framing import types
from pmo_lib.tables.portfolio_results import Health

if TYPE_CHECKING:
    from pmo_lib.store import ProjectResult, Result, Workspace

JUDGED = ("computed", "watermelon", "reason")


def edition(ws: Workspace) -> tuple[int, float]:
    """What `portfolio` depends on besides its status date: equal as long as neither the workspace nor its standards and settings were written to."""
    own = (Path(ws.folder) / name for name in ("standards.toml", "pmo.toml"))
    return ws.edition(), sum(file.stat().st_mtime for file in own if file.exists())


def portfolio(ws: Workspace, as_of: datetime | None = None) -> pl.DataFrame:
    """`tables.portfolio_results.Health`: every project on the list or in the store, worst first, as of a status date (None: the latest)."""
    standings, forecasts = ({one.key: one for one in _kept(ws, kind, as_of)} for kind in (parts.KIND, forecasting.KIND))
    facts = [_facts(row, standings.get(row["key"]), forecasts.get(row["key"])) for row in ws.portfolio(as_of).iter_rows(named=True)]
    told = {name: kind for name, kind in types(Health).items() if name not in JUDGED}
    return health(pl.DataFrame(facts, schema=told), standard=standard_of(ws))


def _kept(ws: Workspace, kind: str, as_of: datetime | None) -> list[ProjectResult]:
    """What is kept of a kind; of boards by the rules that hold now."""
    return in_force(ws, ws.results(kind, as_of))


def _facts(row: dict[str, Any], standing: Any, forecast: Any) -> dict[str, Any]:
    """A row of Health, less what is judged."""
    made = _payload(standing and standing.result)
    simulated = _payload(forecast and forecast.result)
    before = _payload(forecast and forecast.previous_result)
    p80, previous_p80 = _instant(simulated, "p80"), _instant(before, "p80")
    target = simulated.get("target") or {}
    certificate = made.get("certificate") or {}
    earned = made.get("earned_value") or {}
    counts = standing.snapshot.counts if standing else {}
    return {
        **{name: row[name] for name in ("key", "name", "programme", "portfolio", "manager", "source", "snapshot")},
        "data_date": None if row["dated_by"] == "import" else row["data_date"],  # the moment of import is no status date
        "declared": row["declared"] or "no_data",
        "finish": _iso(made.get("finish")),
        "target_kind": target.get("kind"),
        "target": _iso(target.get("date")),
        **{f"p{p}": _instant(simulated, f"p{p}") for p in forecasting.QUANTILES},
        "p80_low": _iso(simulated.get("p80_low")),
        "p80_high": _iso(simulated.get("p80_high")),
        "chance": target.get("chance"),
        "indicative": bool(simulated.get("indicative")),
        "previous_p80": previous_p80,
        "p80_change": (p80 - previous_p80).total_seconds() / 86400 if p80 and previous_p80 else None,
        "spi": earned.get("spi"),
        "cpi": earned.get("cpi"),
        "checks_passed": made.get("checks_passed"),
        "checks_made": made.get("checks_made"),
        "agreement": certificate.get("rate"),
        "compared": certificate.get("compared"),
        **_of_board(made.get("board"), simulated.get("board")),
        "findings": counts.get("findings_error", 0) + counts.get("findings_warning", 0),
        "note": _note(row, made, simulated),
    }


def _of_board(figures: dict[str, Any] | None, forecast: dict[str, Any] | None) -> dict[str, Any]:
    """What a board has in place of a network: what is left, throughput, service level, and what its forecast was drawn from. None for a plan."""
    told = {**(figures or {}), **{name: value for name, value in (forecast or {}).items() if name in ("weeks", "counted", "learnt")}}
    names = ("left", "weekly", "within", "share", "measured", "weeks", "counted", "learnt")
    return {"kind": "plan" if figures is None else "board", **{name: told.get(name) for name in names}}


def _payload(result: Result | None) -> dict[str, Any]:
    return result.payload if result else {}


def _instant(simulated: dict[str, Any], name: str) -> datetime | None:
    return _iso(simulated.get("finish", {}).get(name)) if "finish" in simulated else None


def _iso(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _note(row: dict[str, Any], made: dict[str, Any], simulated: dict[str, Any]) -> str | None:
    if row["snapshot"] is None:
        return "no plan was submitted: import its file"
    if "refusal" in simulated:
        return simulated["refusal"]
    if not simulated:
        return made.get("refusals", {}).get("dates") or f"no forecast yet: pmo forecast {row['key']}"
    return None

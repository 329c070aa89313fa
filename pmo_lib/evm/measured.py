"""Earned value of a plan: its baseline spread over time, its progress and its actual costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar, round_minutes, timeline
from pmo_lib.errors import InvalidInput, NotAvailable
from pmo_lib.evm.formulas import indices, ratio
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.project import Project, table

PERSON_MINUTES_PER_HOUR = 60


def metrics(plan: Project, at: date | datetime | str | None = None, *, by: str | int | None = None) -> pl.DataFrame:
    """Earned value at the status date: pv ev ac bac cv sv cpi spi eac etc vac tcpi [project currency, or person hours: see `basis`].

    `at` is the status date, by default the plan's own. `by` groups: None the whole project, an int the WBS elements of that level, `"wbs"` each element
    with all below it, `"activity"` each activity; `key` and `name` say which.
    Planned value spreads each activity's baseline cost evenly over its baseline working time, but for the part that falls due at its start. Earned value
    is per cent complete (physical, where the source keeps it) of the baseline cost, and the part due at the start once it has begun; level of effort earns
    what was planned, so `spi_without_loe` leaves it out. `note` says what is missing, and why.

    Raises `NotAvailable` where the plan has no baseline, no baseline cost or work, or no status date.
    """
    base = budget(plan)
    when = _instant(at, plan)
    loe = pl.col("kind") == "level_of_effort"
    base = base.with_columns(pv=pl.Series(planned_value(plan, base, [when])[0]))
    base = base.with_columns(ev=pl.when(loe).then(pl.col("pv")).otherwise(_EARNED))
    if not _costs_kept(base):
        base = base.with_columns(ac=pl.lit(None, pl.Float64))
    rows = [_row(key, name, part) for key, name, part in _groups(plan, base, by)]
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides=dict.fromkeys(FIGURES, pl.Float64)).with_columns(date=pl.lit(when, pl.Datetime("us")))


FIGURES = ["pv", "ev", "ac", "bac", "cv", "sv", "cpi", "spi", "spi_without_loe", "eac", "etc", "vac", "tcpi"]


def budget(plan: Project) -> pl.DataFrame:
    """The baseline in force beside progress: a row an activity with start, finish, bac, at_start, begun, percent and ac, and the `basis` (cost or work).

    Summaries are left out, their children carry the cost. An activity that has left the plan stays in the budget and earns nothing.
    """
    if "baselines" not in plan.tables or plan.tables["baselines"].filter(pl.col("baseline") == 0).is_empty():
        name = plan.info.file or plan.info.key
        raise NotAvailable(f"evm.metrics needs a baseline; {name} has none: set one with pmo baseline")
    activities = table(plan, "activities", "evm.metrics").filter(pl.col("active")).select("activity", "name", "kind", "wbs", "calendar", *_PROGRESS)
    baseline = plan.tables["baselines"].filter(pl.col("baseline") == 0)
    measure = basis(plan)
    joined = baseline.join(activities, on="activity", how="left").filter(pl.col("kind").is_null() | (pl.col("kind") != "summary"))
    return joined.select(
        "activity",
        pl.col("name").fill_null(pl.col("activity")),
        pl.col("kind").cast(pl.String),
        "wbs",
        "calendar",
        "start",
        "finish",
        bac=_BUDGET[measure].fill_null(0.0),
        at_start=_AT_START[measure].fill_null(0.0),
        begun=pl.col("actual_start").is_not_null(),
        percent=_percent(activities),
        ac=_SPENT[measure],
        basis=pl.lit(measure),
    )


_PROGRESS = ["actual_start", "percent_complete", "physical_percent", "actual_finish", "actual_cost", "actual_work"]
_BUDGET = {"cost": pl.col("cost"), "work": pl.col("work") / PERSON_MINUTES_PER_HOUR}
_AT_START = {"cost": pl.col("cost_at_start"), "work": pl.lit(0.0)}
_EARNED = pl.col("begun").cast(pl.Float64) * pl.col("at_start") + pl.col("percent") * (pl.col("bac") - pl.col("at_start"))
_SPENT = {"cost": pl.col("actual_cost"), "work": pl.col("actual_work") / PERSON_MINUTES_PER_HOUR}


def basis(plan: Project) -> str:
    """What value is measured in: `cost` [project currency], or `work` [person hours] where the baseline has no cost.

    Raises `NotAvailable` where the baseline has neither.
    """
    baseline = plan.tables["baselines"].filter(pl.col("baseline") == 0)
    for measure in ("cost", "work"):
        if (baseline[measure].fill_null(0) > 0).any():
            return measure
    name = plan.info.file or plan.info.key
    raise NotAvailable(f"evm.metrics needs baseline cost or work; the baseline of {name} has dates only: load its costs and set it again")


def _percent(activities: pl.DataFrame) -> pl.Expr:
    """0..1. MS Project writes a physical per cent of 0 for everyone, so it counts only where somebody has used it."""
    kept = (activities["physical_percent"].fill_null(0) > 0).any()
    source = pl.coalesce("physical_percent", "percent_complete") if kept else pl.col("percent_complete")
    return pl.when(pl.col("actual_finish").is_not_null()).then(1.0).otherwise(source.fill_null(0.0))


def planned_value(plan: Project, base: pl.DataFrame, instants: Sequence[datetime]) -> np.ndarray:
    """What the baseline meant to have earned by each instant [instants, activities], spread evenly over each activity's working time.

    The part that falls due at the start counts once the activity was to have begun. Nothing where the baseline has no dates; all at the finish where
    there is no working time between its dates.
    """
    shares = np.zeros((len(instants), base.height))
    dated = base.with_row_index().drop_nulls(["start", "finish"])
    if dated.is_empty():
        return shares
    known, own = calendars(plan), project_calendar(plan)
    for (key,), part in dated.group_by("calendar"):
        shares[:, part["index"].to_numpy()] = _shares(known.get(str(key), own), part["start"].to_list(), part["finish"].to_list(), instants)
    at_start, starts = base["at_start"].to_numpy(), base["start"].to_numpy()
    due = np.array(instants, "datetime64[us]")[:, None] > starts if at_start.any() else shares > 0
    return shares * (base["bac"].to_numpy() - at_start) + due * at_start


def _shares(cal: Calendar, start: list[datetime], finish: list[datetime], instants: Sequence[datetime]) -> np.ndarray:
    """Shares of the working time from start to finish that lie before each instant [instants, activities]."""
    days = [*start, *finish, *instants]
    line = timeline(cal if cal.works else ROUND_THE_CLOCK, min(days).date(), max(days).date() + timedelta(days=7))

    def worked(moments: Sequence[datetime]) -> np.ndarray:
        return line.working([round_minutes(moment - line.origin) for moment in moments])

    begun, ended, now = worked(start), worked(finish), worked(instants)[:, None]
    stepped = np.array(instants, "datetime64[us]")[:, None] >= np.array(finish, "datetime64[us]")
    length = np.maximum(ended - begun, 1)
    return np.where(ended > begun, np.clip((now - begun) / length, 0.0, 1.0), stepped)


def _instant(at: date | datetime | str | None, plan: Project) -> datetime:
    """The status date as an instant; a date without time means the end of that day."""
    if at is None:
        if plan.info.data_date is None:
            raise NotAvailable(f"evm.metrics needs a status date; {plan.info.file or plan.info.key} has none: give one with --as-of, in Python with at=")
        return plan.info.data_date
    if isinstance(at, str):
        try:
            at = date.fromisoformat(at) if len(at) == 10 else datetime.fromisoformat(at)
        except ValueError as error:
            raise InvalidInput(f"evm.metrics: at must be a date as in 2026-11-30, and is {at!r}") from error
    return at if isinstance(at, datetime) else datetime.combine(at, time()) + timedelta(days=1)


def _costs_kept(base: pl.DataFrame) -> bool:
    """False where actual costs are absent, or all zero although work was done: a plan whose costs nobody books."""
    return base["ac"].is_not_null().any() and (_total(base["ac"]) > 0 or _total(base["ev"]) == 0)


def _groups(plan: Project, base: pl.DataFrame, by: str | int | None) -> list[tuple[str, str, pl.DataFrame]]:
    if by is None:
        return [(plan.info.key, plan.info.name, base)]
    if by == "activity":
        return [(key, name, base[i]) for i, (key, name) in enumerate(base.select("activity", "name").iter_rows())]
    if by != "wbs" and not isinstance(by, int):
        raise InvalidInput(f"evm.metrics: by is 'activity', 'wbs' or a level of the WBS as a number, and not {by!r}")
    wbs = table(plan, "wbs", f"evm.metrics by {by}")
    shown = wbs.filter(pl.col("level") == by) if isinstance(by, int) else wbs
    above = _ancestors(wbs)
    members = {key: [below for below, line in above.items() if key in line] for key in shown["wbs"]}
    parts = [(key, name, base.filter(pl.col("wbs").is_in(members[key]))) for key, name in shown.select("wbs", "name").iter_rows()]
    return [part for part in parts if part[2].height]


def _ancestors(wbs: pl.DataFrame) -> dict[str, set[str]]:
    """Each element's own key and the keys of all above it; parents come first in the table."""
    above: dict[str, set[str]] = {}
    for key, parent in wbs.select("wbs", "parent").iter_rows():
        above[key] = {key} | (above.get(parent, set()) if parent else set())
    return above


def _row(key: str, name: str, part: pl.DataFrame) -> dict[str, Any]:
    spent = _total(part["ac"]) if part["ac"].is_not_null().any() else None
    figures = indices(_total(part["bac"]), _total(part["pv"]), _total(part["ev"]), spent)
    steered = part.filter(pl.col("kind").fill_null("task") != "level_of_effort")
    without = ratio(_total(steered["ev"]), _total(steered["pv"]))
    return {"key": key, "name": name, **figures, "spi_without_loe": without, "basis": part["basis"][0], "note": _note(part)}


def _total(amounts: pl.Series) -> float:
    return float(amounts.sum())


def _note(part: pl.DataFrame) -> str | None:
    """What a reader of the figures must know, in sentences."""
    said = []
    if part["basis"][0] == "work":
        said.append("The baseline has no cost: figures are person hours.")
    if part["ac"].is_null().all():
        said.append(f"No actual {'costs are' if part['basis'][0] == 'cost' else 'work is'} recorded, so there is no cost index.")
    loe, bac = _total(part.filter(pl.col("kind") == "level_of_effort")["bac"]), _total(part["bac"])
    if loe:
        said.append(f"Level of effort is {100 * loe / bac:.0f}\u00a0% of the budget and always on plan.")
    gone = part["kind"].null_count()
    undated = part.filter((pl.col("bac") > 0) & (pl.col("start").is_null() | pl.col("finish").is_null())).height
    if gone:
        said.append(f"{gone:,} baselined {'activity has' if gone == 1 else 'activities have'} left the plan and earn nothing.")
    if undated:
        said.append(f"{undated:,} baselined {'activity has' if undated == 1 else 'activities have'} no baseline dates and no planned value.")
    return " ".join(said) or None

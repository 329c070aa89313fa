"""Every activity of a plan in one list: when it is, what is left of it, whether its dates are the source's own, which checks it offends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.calendar import between
from pmo_lib.errors import NotAvailable
from pmo_lib.office.assessment import Assessment
from pmo_lib.office.offenders import BETWEEN, day_lengths, ends
from pmo_lib.plan_calendars import calendars, project_calendar
from pmo_lib.plots import agreed
from pmo_lib.project import Project

SHOWN = ("critical", "late", "open", "differs", "failed")  # what the list can be narrowed to


def activities(known: Assessment) -> pl.DataFrame:
    """Every activity that is scheduled (`tables.schedule_results.ActivityOverview`), open ones with the least total float first, complete ones last.

    Days are by each activity's own calendar. Raises `NotAvailable` for what has no dates: a board, or a plan that cannot be scheduled.
    """
    from pmo_lib.tables.schedule_results import ActivityOverview

    if known.dates is None:
        raise NotAvailable(known.refusals.get("dates", "the plan has no dates"))
    plan = known.plan
    own = plan.tables["activities"].select("activity", "wbs", "remaining_duration", "calendar", "elapsed", open=pl.col("actual_finish").is_null())
    rows = known.dates.join(own, on="activity", how="inner", maintain_order="left")
    per_day = pl.col("activity").replace_strict(day_lengths(plan), return_dtype=pl.Float64)
    rows = rows.with_columns(
        start="early_start",
        finish="early_finish",
        baseline_finish=_told(rows, "activity", _baseline(plan), pl.Datetime("us")),
        remaining_days=pl.when("open").then(pl.col("remaining_duration") / per_day),
        total_float_days=pl.when("open").then(pl.col("total_float") / per_day),
        critical=pl.col("open") & pl.col("critical").fill_null(False),
        **_within(plan, rows),
        **_agreeing(known, rows),
        failed=_told(rows, "activity", _failed(known), pl.List(pl.String), []),
    )
    late = pl.col("open") & (pl.col("activity").is_in(_slipped(plan, rows)) | (pl.col("total_float") < 0).fill_null(False))
    ordered = rows.with_columns(late=late).sort(~pl.col("open"), "total_float_days", "start", nulls_last=True, maintain_order=True)
    return ActivityOverview.validate(ordered.select(ActivityOverview.column_names()))


def chosen_activities(found: pl.DataFrame, *, text: str = "", show: str = "", wbs: str = "") -> pl.DataFrame:
    """The rows of `activities` with the text in id or name, of a kind of `SHOWN`, within a WBS element (its key); what is empty or unknown leaves all."""
    if wanted := text.strip().lower():
        named = pl.concat_str("activity", pl.lit(" "), "name").str.to_lowercase()
        found = found.filter(named.str.contains(wanted, literal=True))
    if wbs:
        found = found.filter(pl.col("wbs").list.contains(wbs))
    rules = {"differs": ~pl.col("agrees").fill_null(True), "failed": pl.col("failed").list.len() > 0, **{name: pl.col(name) for name in SHOWN[:3]}}
    return found.filter(rules[show]) if show in rules else found


def wbs_choices(found: pl.DataFrame, most: int = 60) -> list[tuple[str, str, int]]:
    """The WBS elements that hold activities of `activities`: key, name and depth, by name beneath their parent; as many levels as give at most `most`."""
    lines: dict[tuple[str, ...], tuple[str, ...]] = {}
    for keys, names in found.select("wbs", "wbs_names").unique(maintain_order=True).iter_rows():
        for depth in range(1, len(keys) + 1):
            lines.setdefault(tuple(keys[:depth]), tuple(names[:depth]))
    deepest = max((depth for depth in range(1, 1 + max(map(len, lines), default=0)) if sum(len(line) <= depth for line in lines) <= most), default=1)
    shown = sorted((names, keys) for keys, names in lines.items() if len(keys) <= deepest)
    return [(keys[-1], names[-1], len(keys) - 1) for names, keys in shown]


def _told(rows: pl.DataFrame, column: str, known: Mapping[str, Any], kind: Any, otherwise: Any = None) -> pl.Series:
    """What is known of each value of the column; `otherwise` of what nothing is."""
    return pl.Series([known.get(one, otherwise) for one in rows[column].to_list()], dtype=kind)


def _baseline(plan: Project) -> dict[str, datetime]:
    """The current baseline's finish of each activity."""
    kept = plan.tables.get("baselines")
    return {} if kept is None else dict(kept.filter(pl.col("baseline") == 0, pl.col("finish").is_not_null()).select("activity", "finish").iter_rows())


def _slipped(plan: Project, rows: pl.DataFrame) -> list[str]:
    """The open activities that finish after their baseline with working time between: Monday 08:00 is no later than Friday 17:00."""
    cals, default = calendars(plan), project_calendar(plan)
    later = rows.filter("open", pl.col("finish") > pl.col("baseline_finish")).select("activity", "calendar", "elapsed", "baseline_finish", "finish")
    return [name for name, key, elapsed, planned, now in later.iter_rows() if elapsed or between(cals.get(key or "", default), planned, now) > 0]


def _within(plan: Project, activities: pl.DataFrame) -> dict[str, pl.Series]:
    """Keys and names of the WBS elements from the top down to the activity's own; the project itself, which holds all, is left out."""
    table = plan.tables.get("wbs")
    rows = {} if table is None else {row["wbs"]: row for row in table.select("wbs", "parent", "name", "level").iter_rows(named=True)}
    lines: dict[str, list[str]] = {}
    for key, row in rows.items():  # parents come before children
        lines[key] = lines.get(row["parent"], []) + ([key] if row["level"] else [])
    names = {key: [rows[one]["name"] for one in line] for key, line in lines.items()}
    return {"wbs": _told(activities, "wbs", lines, pl.List(pl.String), []), "wbs_names": _told(activities, "wbs", names, pl.List(pl.String), [])}


def _agreeing(known: Assessment, rows: pl.DataFrame) -> dict[str, pl.Series]:
    """Whether each has the stored dates, why not, and what differs most."""
    agrees: dict[str, bool] = {}
    causes: dict[str, str] = {}
    told: dict[str, str] = {}
    if known.agreement is not None:
        compared = known.agreement.filter("compared")
        agrees = dict(compared.select("activity", "agrees").iter_rows())
        causes = dict(compared.filter(~pl.col("agrees")).select("activity", pl.col("cause").fill_null("unknown")).iter_rows())
        for one in agreed.differences(known.agreement, known.agreement.height, known.info.options.minutes_per_day):
            told[one.activity] = f"{one.what}: stored {one.stored}, ours {one.ours} ({one.moved})"
    return {
        "agrees": _told(rows, "activity", agrees, pl.Boolean),
        "cause": _told(rows, "activity", causes, pl.String),
        "difference": _told(rows, "activity", told, pl.String),
    }


def _failed(known: Assessment) -> dict[str, list[str]]:
    """The titles of the failed checks that an activity offends itself, or by a relationship of its own."""
    found: dict[str, list[str]] = {}
    if known.checks is None:
        return found
    names = set(known.plan.tables["activities"]["activity"])
    for row in known.checks.filter(pl.col("passed").eq(False), pl.col("group").cast(pl.String) != "gao").iter_rows(named=True):
        for activity in dict.fromkeys(one for offender in row["offenders"] for one in _who(offender, names)):
            found.setdefault(activity, []).append(row["title"])
    return found


def _who(offender: str, names: set[str]) -> Iterator[str]:
    """The activities that an offender of a check is: itself, or the two ends of a relationship; a calendar is none."""
    ids = (offender,) if offender in names else ends(offender, names)[:2] if BETWEEN in offender else ()
    yield from (one for one in ids if one in names)

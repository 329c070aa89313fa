"""A board as a network of activities: its items' dates, estimates and `blocks` links as `activities` and `relationships`, for scheduling and simulation.

A board says little of durations, so each item's comes from the first of these rules that holds for it, and which one it was stands beside it
(custom field "Duration from") and, counted, in the findings:

    start and due   the working time from the planned start to the due date
    estimate        what was estimated at the beginning, or of work begun what is estimated to be left
    typical         the median working time that finished items of the board took, where at least five are known
    none            no rule holds: the item is a milestone, and a warning says so; `days` gives such items a duration instead

Work that began keeps its actual start, and what its duration leaves after the working time since then; finished work keeps its actual dates. `blocks` is a
finish-start relationship. A planned start of work that has not begun is kept as its earliest start; a due date is a deadline. Working time is `mon-fri`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

from pmo_lib.by_hand import calendar_tables
from pmo_lib.calendar import Calendar, Timeline, timeline
from pmo_lib.errors import InvalidInput
from pmo_lib.plan_calendars import calendar_from_rule
from pmo_lib.project import Project, table
from pmo_lib.standards import standards
from pmo_lib.tables import TABLES, finding, findings_frame
from pmo_lib.tables.framing import types

CALENDAR = "mon-fri"
FIELD = "Duration from"
FEWEST = 5  # finished items that a typical duration is the median of
MILESTONES = ("milestone",)
LEVELS = ("item", "epic", "subtask", "portfolio")  # the first of them that the board has is what is scheduled
MADE = ("activities", "relationships", "calendars", "shifts", "exceptions")
SAID = {
    "start and due": ("info", "duration-from-dates", "have the working time from their planned start to their due date as duration", None),
    "estimate": ("info", "duration-from-estimate", "have their estimate as duration", None),
    "typical": ("warning", "duration-typical", "have no dates or estimate: their duration is {days:.1f} days, the median of finished items", "estimate them"),
    "given": ("info", "duration-given", "have no dates or estimate: their duration is the one that was asked for", None),
    "none": ("warning", "duration-missing", "have no dates or estimate, and no rule gives a duration: they are milestones", "estimate them"),
}  # fmt: skip


def can_be_network(board: Project) -> bool:
    """Whether a board says enough to be scheduled: some item that is left waits for another, and some has a date or an estimate."""
    if "items" not in board.tables or "item_links" not in board.tables or "activities" in board.tables:
        return False
    items = _scheduled(board)
    left = items.filter(pl.col("category").cast(pl.String) != "done")
    links = board.tables["item_links"].filter(pl.col("kind").cast(pl.String) == "blocks", pl.col("item").is_in(items["item"].implode()))
    waits = links.filter(pl.col("other").is_in(left["item"].implode())).height > 0
    return (
        waits and left.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in ("start", "due", "original_estimate", "remaining_estimate"))).height > 0
    )


def with_network(board: Project, *, days: float | None = None) -> Project:
    """The board with `activities`, `relationships` and a calendar. `days` is the duration [working days] of items for which no rule gives one.

    Raises `NotAvailable` for a project without items, `InvalidInput` for days that are none.
    """
    if days is not None and not 0 < days < 10_000:
        raise InvalidInput(f"days is above 0 and below 10,000, and is {days}")
    table(board, "items", "a board's network")
    calendar = calendar_from_rule(CALENDAR, standards().calendars[CALENDAR])
    items = _lived(board)
    line = _line(board, items, calendar)
    timed, typical = _durations(items, line, calendar, board.info.data_date, days)
    activities = _activities(timed, calendar)
    relationships, lost = _relationships(board, activities)
    begin = _begin(board, timed)
    info = replace(board.info, calendar=CALENDAR, planned_start=begin, options=replace(board.info.options, minutes_per_day=calendar.minutes_per_day))
    fields = [board.tables[name] for name in ("custom_fields",) if name in board.tables]
    tables = {
        **{name: frame for name, frame in board.tables.items() if name not in MADE},
        "activities": activities,
        **({"relationships": relationships} if relationships.height else {}),
        **calendar_tables({CALENDAR: calendar}),
        "custom_fields": pl.concat([*fields, _rule_fields(timed)]),
    }
    return Project(info, tables, pl.concat([board.findings, findings_frame(_findings(board, timed, typical, lost, calendar))]))


def _scheduled(board: Project) -> pl.DataFrame:
    """The items of the one level that is scheduled: a story and its sub-tasks are never both."""
    items = board.tables["items"].with_columns(pl.col("level").cast(pl.String))
    level = next((level for level in LEVELS if (items["level"] == level).any()), LEVELS[0])
    return items.filter(pl.col("level") == level)


def _lived(board: Project) -> pl.DataFrame:
    """The scheduled items with when they began and ended [naive UTC]."""
    items = _scheduled(board).with_columns(pl.col("category").cast(pl.String))
    known = dict(items.select("status", "category").unique(maintain_order=True).iter_rows())
    if "statuses" in board.tables:
        known |= dict(board.tables["statuses"].select("status", pl.col("category").cast(pl.String)).iter_rows())
    moves = board.tables.get("transitions", TABLES["transitions"].create_empty())
    moves = moves.select(
        "item", pl.col("at").dt.replace_time_zone(None), to=pl.col("after").replace_strict(known, default="in_progress", return_dtype=pl.String)
    )
    began = moves.filter(pl.col("to") == "in_progress").group_by("item").agg(began=pl.col("at").min())
    ended = moves.filter(pl.col("to") == "done").group_by("item").agg(ended=pl.col("at").max())
    joined = items.join(began, on="item", how="left", maintain_order="left").join(ended, on="item", how="left", maintain_order="left")
    done = pl.col("category") == "done"
    resolved = pl.col("resolved").dt.replace_time_zone(None)
    ended_at = pl.when(done).then(pl.coalesce("ended", resolved, pl.col("updated").dt.replace_time_zone(None), pl.col("created").dt.replace_time_zone(None)))
    joined = joined.with_columns(ended=ended_at).with_columns(seen=pl.col("began").is_not_null())
    begun = pl.when(done).then(pl.min_horizontal(pl.coalesce("began", "ended"), "ended")).when(pl.col("category") == "in_progress")
    return joined.with_columns(began=begun.then(pl.coalesce("began", pl.col("created").dt.replace_time_zone(None))))


def _line(board: Project, items: pl.DataFrame, calendar: Calendar) -> Timeline:
    """The calendar over every date of the board."""
    spans = items.select(pl.col("began", "ended").dt.date(), "start", "due", pl.col("created").dt.date())
    days = [day for name in spans.columns for day in (spans[name].min(), spans[name].max()) if isinstance(day, date)]
    if board.info.data_date:
        days.append(board.info.data_date.date())
    return timeline(calendar, min(days, default=date(2026, 1, 1)) - timedelta(days=7), max(days, default=date(2026, 1, 1)) + timedelta(days=7))


def _worked(line: Timeline, first: pl.Series, last: pl.Series) -> pl.Series:
    """Working minutes between two instants; null where either is."""

    def minutes(at: pl.Series) -> np.ndarray:
        return ((at.cast(pl.Datetime("us")) - line.origin).dt.total_seconds() / 60).round().fill_null(0).cast(pl.Int64).to_numpy()

    known = first.is_not_null() & last.is_not_null()
    found = pl.Series(np.maximum(line.working(minutes(last)) - line.working(minutes(first)), 0))
    return found.set(~known, None)


def _durations(items: pl.DataFrame, line: Timeline, calendar: Calendar, at: datetime | None, days: float | None) -> tuple[pl.DataFrame, float | None]:
    """The items with their duration, what is left of it [working minutes] and the rule; and the typical duration, where it is used."""
    done, milestone = pl.col("category") == "done", pl.col("type").str.to_lowercase().is_in(MILESTONES)
    planned = pl.col("start").is_not_null() & pl.col("due").is_not_null() & (pl.col("start") <= pl.col("due"))
    end_of_due = (items["due"].cast(pl.Datetime("us")) + timedelta(days=1)) if items.height else items["due"].cast(pl.Datetime("us"))
    now = pl.Series([at] * items.height, dtype=pl.Datetime("us"))
    timed = items.with_columns(
        took=_worked(line, items["began"], items["ended"]),
        between=_worked(line, items["start"].cast(pl.Datetime("us")), end_of_due),
        gone=_worked(line, items["began"], now),
    )
    took = timed.filter(done & pl.col("seen") & (pl.col("took") > 0))["took"]
    typical = float(took.median()) if took.len() >= FEWEST else None  # type: ignore[arg-type]
    estimate = pl.coalesce("original_estimate", "remaining_estimate")
    given = None if days is None else round(days * calendar.minutes_per_day)
    rule = (
        pl.when(done).then(pl.lit("actual")).when(milestone).then(pl.lit("milestone")).when(planned).then(pl.lit("start and due"))
        .when(estimate.is_not_null()).then(pl.lit("estimate")).when(pl.lit(given is not None)).then(pl.lit("given"))
        .when(pl.lit(typical is not None)).then(pl.lit("typical")).otherwise(pl.lit("none"))
    )  # fmt: skip
    timed = timed.with_columns(rule=rule)
    duration = (
        pl.when(pl.col("rule") == "actual").then(pl.col("took")).when(pl.col("rule") == "start and due").then(pl.col("between"))
        .when(pl.col("rule") == "estimate").then(estimate).when(pl.col("rule") == "given").then(pl.lit(given, dtype=pl.Int64))
        .when(pl.col("rule") == "typical").then(pl.lit(None if typical is None else round(typical), dtype=pl.Int64)).otherwise(pl.lit(0, dtype=pl.Int64))
    )  # fmt: skip
    timed = timed.with_columns(duration=duration.cast(pl.Int64).fill_null(0))
    begun = pl.col("began").is_not_null() & ~done
    since = pl.max_horizontal(pl.col("duration") - pl.col("gone").fill_null(0), 0)
    left = pl.when(done).then(0).when(begun & pl.col("remaining_estimate").is_not_null()).then(pl.col("remaining_estimate")).when(begun).then(since)
    timed = timed.with_columns(left=left.otherwise(pl.col("duration")).cast(pl.Int64))
    return timed, typical if (timed["rule"] == "typical").any() else None


def _activities(timed: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    schema = TABLES["activities"]
    done, begun = pl.col("category") == "done", pl.col("began").is_not_null()
    first, last = (shifts[0][0], shifts[-1][1]) if (shifts := calendar.on(date(2026, 1, 5))) else (0, 1440)
    start = pl.col("start").cast(pl.Datetime("us")) + pl.duration(minutes=first)
    due = pl.col("due").cast(pl.Datetime("us")) + pl.duration(minutes=last)
    keeps = ~begun & pl.col("start").is_not_null()
    share = pl.when(done).then(1.0).when(begun & (pl.col("duration") > 0)).then(1.0 - pl.col("left") / pl.col("duration")).otherwise(0.0).clip(0.0, 1.0)
    made = timed.with_row_index("position", offset=1).select(
        activity="item",
        uid="uid",
        row=pl.col("position").cast(pl.Int64),
        name="name",
        kind=pl.when((pl.col("duration") == 0) & pl.col("rule").is_in(["milestone", "none"])).then(pl.lit("finish_milestone")).otherwise(pl.lit("task")),
        active=pl.lit(value=True),
        manual=pl.lit(value=False),
        elapsed=pl.lit(value=False),
        ignore_resource_calendars=pl.lit(value=False),
        duration="duration",
        remaining_duration="left",
        percent_complete=share,
        actual_start=pl.when(begun).then(pl.col("began").dt.round("1m")),
        actual_finish=pl.when(done).then(pl.col("ended").dt.round("1m")),
        constraint=pl.when(keeps).then(pl.lit("start_on_or_after")),
        constraint_date=pl.when(keeps).then(start),
        deadline=pl.when(~done).then(due),
        levelling_delay=pl.lit(0, dtype=pl.Int64),
        planned_start=start,
        planned_finish=due,
    )
    rest = [pl.lit(None, dtype=kind).alias(name) for name, kind in types(schema).items() if name not in made.columns]
    return schema.validate(made.with_columns(rest).select(list(types(schema))), cast=True)


def _relationships(board: Project, activities: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    """`blocks` as finish-start between scheduled items, each told once; and the links of which an end is not scheduled."""
    schema = TABLES["relationships"]
    links = board.tables.get("item_links", TABLES["item_links"].create_empty()).filter(pl.col("kind").cast(pl.String) == "blocks")
    known = activities["activity"].implode()
    whole = pl.col("item").is_in(known) & pl.col("other").is_in(known) & (pl.col("item") != pl.col("other"))
    kept = links.filter(whole).unique(["item", "other"], maintain_order=True)
    made = kept.select(
        predecessor="item", successor="other", type=pl.lit("FS"), lag=pl.lit(0, dtype=pl.Int64), lag_kind=pl.lit("working"),
        lag_percent=pl.lit(None, dtype=pl.Float64), uid=pl.lit(None, dtype=pl.String),
    )  # fmt: skip
    return schema.validate(made, cast=True), list(links.filter(~whole).select("item", "other").iter_rows())


def _begin(board: Project, timed: pl.DataFrame) -> datetime | None:
    """Where the forward pass begins: the first actual start, the project's own, or the data date, whichever is first."""
    found = [each for each in (timed["began"].min(), board.info.planned_start, board.info.data_date) if isinstance(each, datetime)]
    starts = timed["start"].min()
    if not found and isinstance(starts, date):
        found.append(datetime.combine(starts, time()))
    created = timed["created"].min()
    return min(found, default=created.replace(tzinfo=None) if isinstance(created, datetime) else None)


def _rule_fields(timed: pl.DataFrame) -> pl.DataFrame:
    """Which rule made each duration."""
    made = timed.select(subject=pl.lit("activity"), key="item", field=pl.lit(FIELD), kind=pl.lit("text"), value="rule")
    return TABLES["custom_fields"].validate(made, cast=True)


def _findings(board: Project, timed: pl.DataFrame, typical: float | None, lost: list[tuple[str, str]], calendar: Calendar) -> list[dict[str, Any]]:
    """What was taken for granted, counted, under the first item that it is about."""
    told = []
    for rule, (severity, code, message, remedy) in SAID.items():
        found = timed.filter(pl.col("rule") == rule)
        if found.height:
            said = message.format(days=(typical or 0) / calendar.minutes_per_day)
            told.append(finding(severity, code, _first(found), f"{_items(found.height)} {said}", remedy))
    over = timed.filter(pl.col("began").is_not_null(), pl.col("category") != "done", pl.col("left") == 0, pl.col("duration") > 0)
    if over.height:
        told.append(
            finding(
                "warning",
                "duration-used-up",
                _first(over),
                f"{_items(over.height)} in progress have used up their duration: nothing is left of them",
                "estimate what is left",
            )
        )
    unseen = timed.filter(pl.col("category") == "done", ~pl.col("seen"))
    if unseen.height:
        told.append(
            finding(
                "info", "start-not-seen", _first(unseen), f"{_items(unseen.height)} were never seen to begin: they are taken to have begun as they ended", None
            )
        )
    if lost:
        what = f"{len(lost):,} links with something that is not scheduled (another board's item, a sub-task, an epic) or with itself hold nothing"
        told.append(finding("warning", "link-not-scheduled", f"{lost[0][0]} blocks {lost[0][1]}", what, "link the items themselves"))
    told.append(finding("info", "no-capacity", "board", "a network knows no capacity: items that do not wait for one another run side by side", None))
    if board.info.data_date is None:
        told.append(
            finding("info", "no-data-date", "board", "the board says not when it was looked at, so nothing of work in progress is taken as done", "give as_of")
        )
    return told


def _first(found: pl.DataFrame) -> str:
    return f"item {found['item'][0]}" + (f" and {found.height - 1:,} more" if found.height > 1 else "")


def _items(count: int) -> str:
    return f"{count:,} item" if count == 1 else f"{count:,} items"

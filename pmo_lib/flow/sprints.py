"""What a sprint set out with, what came and went, what it completed and what it carried over.

Source: the Scrum Guide 2020 (the sprint backlog is a forecast, and its scope may be renegotiated); counted as Jira's sprint report does, but from the history.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pmo_lib.flow.crossings import History, history
from pmo_lib.flow.grouping import grouped, shaped
from pmo_lib.flow.membership import numbers, spells
from pmo_lib.flow.rules import FlowRules
from pmo_lib.project import Project, table

FATES = ("completed", "cancelled", "removed", "carried_over")
NOT_BEGUN, UNDATED = "the sprint has not begun", "the source does not say when the sprint began"


def sprint_results(board: Project | History, rules: FlowRules | None = None, *, by: str | None = None, at: datetime | None = None) -> pl.DataFrame:
    """One row a sprint and group, in order of their start (`tables.flow_scope.SprintResults`): items and points.

    Committed is what was in the sprint, and not done, at its start; added, what came in later. Each of these is completed (done when the sprint was closed),
    cancelled, removed (no longer in it when it was closed) or carried over (neither). Whether it was done is told by the status at that moment: what was
    reopened afterwards stays completed. What was done before the sprint and stayed so is left out. An open sprint is told as it stands at `at`.
    Points are those of the start for what was committed, and those of the end for the rest; items without points count as 0 points.

    Raises `NotAvailable` for a board without sprints.
    """
    from pmo_lib.tables.flow_scope import SprintResults

    h = history(board, rules, at=at)
    sprints = _dated(h)
    return grouped(h, by, lambda own: _results(own, sprints), SprintResults).sort("start", "sprint", "group", nulls_last=True, maintain_order=True)


def sprint_items(board: Project | History, rules: FlowRules | None = None, *, at: datetime | None = None) -> pl.DataFrame:
    """One row a sprint and an item that was ever in it while it ran (`tables.flow_scope.SprintItems`): how it came and what became of it."""
    from pmo_lib.tables.flow_scope import SprintItems

    h = history(board, rules, at=at)
    found = _fates(h, _dated(h)).join(h.items.select("item", "name", "type").with_row_index("code"), on="code")
    return shaped(found.sort("sprint", "item"), SprintItems)


def _dated(h: History) -> pl.DataFrame:
    """The board's sprints with `begin` and `end` [microseconds]: null where they have not begun."""
    end = pl.coalesce(pl.when(pl.col("state").cast(pl.String) == "closed").then(pl.coalesce("completed", "finish")), pl.lit(h.at).dt.replace_time_zone("UTC"))
    sprints = table(h.board, "sprints", "flow.sprint_results").with_columns(
        begin=pl.col("start").dt.timestamp("us"), end=pl.min_horizontal(end.dt.timestamp("us"), pl.lit(h.now)), closed="completed"
    )
    future = (pl.col("begin") > h.now) | (pl.col("state").cast(pl.String) == "future")
    reason = pl.when(future).then(pl.lit(NOT_BEGUN)).when(pl.col("begin").is_null()).then(pl.lit(UNDATED))
    return sprints.with_columns(reason=reason).with_columns(begin=pl.when(pl.col("reason").is_null()).then("begin"))


def _fates(h: History, sprints: pl.DataFrame) -> pl.DataFrame:
    """Every item that was in a sprint while it ran, and not done before it: sprint, code, joined, fate, points at the start and the end."""
    stays = spells(h, "sprints").join(_keys(sprints), on="group")
    begin, end, since, until = (pl.col(name) for name in ("begin", "end", "since", "until"))
    created = pl.Series("created", h.items["created"].dt.timestamp("us"))
    ran = stays.filter(since <= end, until > begin).with_columns(born=created.gather(stays.filter(since <= end, until > begin)["code"]))
    pairs = ran.group_by("sprint", "code", maintain_order=True).agg(
        begin.first(),
        end.first(),
        at_start=((since <= begin) & (begin < until) & (pl.col("born") <= begin)).any(),
        at_end=((since <= end) & (end <= until)).any(),
    )
    for name in ("begin", "end"):
        pairs = _at(pairs, _places(h), name, "place", f"place_{name}")
        pairs = _at(pairs, numbers(h, "points").select("code", at="since", value="value"), name, "value", f"points_{name}")
    done_then, done_now = ((pl.col(f"place_{name}") >= h.done).fill_null(value=False) for name in ("begin", "end"))
    pairs = pairs.with_columns(cancelled=pl.Series(h.cancelled).gather(pairs["code"])).filter(~(done_then & done_now))
    fate = (
        pl.when(~pl.col("at_end")).then(pl.lit("removed"))
        .when(done_now & pl.col("cancelled")).then(pl.lit("cancelled"))
        .when(done_now).then(pl.lit("completed"))
        .otherwise(pl.lit("carried_over"))
    )  # fmt: skip
    joined = pl.when(pl.col("at_start") & ~done_then).then(pl.lit("committed")).otherwise(pl.lit("added"))
    return pairs.with_columns(fate=fate, joined=joined, points=pl.when(joined == "committed").then("points_begin").otherwise("points_end"))


def _keys(sprints: pl.DataFrame) -> pl.DataFrame:
    """Sprints as items may name them: by id, or by a name that only one has."""
    begun = sprints.filter(pl.col("begin").is_not_null()).select("sprint", "name", "begin", "end")
    named = begun.filter(pl.col("name").is_unique(), ~pl.col("name").is_in(begun["sprint"].implode()))
    return pl.concat([begun.select("begin", "end", "sprint", group="sprint"), named.select("begin", "end", "sprint", group="name")])


def _places(h: History) -> pl.DataFrame:
    """Changes of column: code, at, place."""
    return pl.DataFrame({"code": h.codes, "at": h.moments, "place": h.place[h.after]}).with_columns(pl.col("code").cast(pl.UInt32))


def _at(pairs: pl.DataFrame, changes: pl.DataFrame, moment: str, column: str, name: str) -> pl.DataFrame:
    """`pairs` with what `column` held of each item at a moment."""
    told = changes.select("code", "at", pl.col(column).alias(name)).sort("at", maintain_order=True)
    return pairs.sort(moment, maintain_order=True).join_asof(told, left_on=moment, right_on="at", by="code", check_sortedness=False).drop("at", strict=False)


def _results(h: History, sprints: pl.DataFrame) -> pl.DataFrame:
    fates = _fates(h, sprints)
    whole = pl.col("points").fill_null(0.0)
    kinds = [(kind, pl.col("joined") == kind) for kind in ("committed", "added")] + [(kind, pl.col("fate") == kind) for kind in FATES]
    kinds.append(("kept", (pl.col("joined") == "committed") & (pl.col("fate") == "completed")))
    sums = fates.group_by("sprint").agg(
        *(told.sum().cast(pl.Int64).alias(kind) for kind, told in kinds),
        *(whole.filter(told).sum().alias(f"{kind}_points") for kind, told in kinds),
        unestimated=pl.col("points").is_null().sum().cast(pl.Int64),
    )
    found = sprints.drop("completed").join(sums, on="sprint", how="left", maintain_order="left")
    begun = pl.col("reason").is_null()
    counts = [column for column in sums.columns if column != "sprint"]
    found = found.with_columns(pl.when(begun).then(pl.col(column).fill_null(0)).alias(column) for column in counts)
    if not h.items["points"].count():
        found = found.with_columns(pl.lit(None, pl.Float64).alias(column) for column in counts if column.endswith("_points"))
    return found.with_columns(
        completion=pl.when(pl.col("committed") > 0).then(pl.col("kept") / pl.col("committed")),
        completion_points=pl.when(pl.col("committed_points") > 0).then(pl.col("kept_points") / pl.col("committed_points")),
    )

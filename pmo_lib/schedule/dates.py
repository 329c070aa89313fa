"""When each activity can and must happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.schedule.network import Network
    from pmo_lib.schedule.network.plain import Link
    from pmo_lib.schedule.passes import Passes

FLOATS = ("total_float", "free_float")


@dataclass(frozen=True)
class Run:
    """One scheduling of a plan as its source would, for verbs that look at the same one: made by `schedule_once`."""

    plan: Project
    net: Network
    passes: Passes

    @cached_property
    def columns(self) -> tuple[Mapping[str, np.ndarray], np.ndarray]:
        """As `shown.columns` gives them."""
        from pmo_lib.schedule.shown import columns

        return columns(self.plan, self.net, self.passes)

    @cached_property
    def links(self) -> Sequence[Link]:
        """Every relationship between scheduled activities, as `linked` gives them; those between what has not begun first."""
        from pmo_lib.schedule.network.links import linked
        from pmo_lib.schedule.network.plain import joined

        project = project_calendar(self.plan)
        plain, others = joined(self.plan, self.net.tasks, project)
        return [*plain.links(self.net.tasks), *linked(self.plan, self.net.tasks, project, others)]

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """For each activity its columns of `Dates`, in the plan's order, with P6's `remaining_start` beside the early start of what has begun."""
        return _rows(self.net, *self.columns)


def schedule_once(plan: Project) -> Run:
    """Both passes over the plan, to be handed to `dates`, `agreement` and `checks`. Raises what `dates` raises."""
    from pmo_lib.schedule.network import lower
    from pmo_lib.schedule.passes import passes

    net = lower(plan)
    return Run(plan, net, passes(net))


def dates(plan: Project, *, run: Run | None = None) -> pl.DataFrame:
    """Early and late dates, floats and the critical path, of every activity that the source schedules (`tables.schedule_results.Dates`).

    Floats are working minutes on the activity's own calendar. What is done shows its actual dates and has neither late dates nor float; a started
    activity begins at its actual start. Level of effort takes its dates from its links, and summary and inactive tasks have no row.
    `run` is `schedule_once(plan)`, where it was made already.

    Raises `NotAvailable` without activities, `NotSchedulable` for a loop or a calendar without working time.
    """
    from pmo_lib.tables.schedule_results import Dates

    run = run or schedule_once(plan)
    found, floated = run.columns
    named = plan.tables["activities"].select("activity", "name")
    named = named if named.height == len(run.net.tasks) else named[run.net.tasks.row]
    frame = named.hstack([pl.Series(name, values) for name, values in found.items() if name != "remaining_start"])
    if not floated.all():
        frame = frame.with_columns(pl.when(pl.Series(floated)).then(pl.col(name)).alias(name) for name in FLOATS)
    return Dates.cast(frame if not np.isnat(found["early_start"]).any() else frame.filter(pl.col("early_start").is_not_null()))


def unmoved(run: Run) -> dict[str, dict[str, datetime]]:
    """MS Project's early dates of what is as late as possible: those of as soon as possible.

    They follow what precedes it where that could end, unless it is moved by something else that is as late as possible.
    """
    net, both = run.net, run.passes
    if run.plan.info.application != "msp":
        return {}
    found = {}
    for i in np.flatnonzero(net.late).tolist():
        line = net.timelines[net.arrays.calendar[i]]
        at = both.first_es[i]
        begins = int(at) if net.single else int(line.working(at))
        clock = int(line.start_clock(begins)), int(line.finish_clock(begins + int(net.duration[i])))
        instants = [net.origin + timedelta(minutes=minutes) for minutes in clock]
        found[net.activities[i]] = {"early_start": instants[0], "early_finish": instants[1] if net.duration[i] else instants[0]}
    return found


def _rows(net: Network, found: Mapping[str, np.ndarray], floated: np.ndarray) -> dict[str, dict[str, Any]]:
    columns = {name: values.tolist() for name, values in found.items()}
    for name in FLOATS:
        columns[name] = [value if known else None for value, known in zip(columns[name], floated.tolist(), strict=True)]
    rows = {}
    for activity, *values in zip(net.tasks.names, *columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        if row["remaining_start"] is None:
            del row["remaining_start"]
        if row["early_start"] is not None:
            rows[activity] = row
    return rows

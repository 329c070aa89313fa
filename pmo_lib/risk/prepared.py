"""The plan as reality must schedule it: open work no earlier than the status date, no date that overrides logic; and what each step moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.errors import NotAvailable
from pmo_lib.project import Project

if TYPE_CHECKING:
    from pmo_lib.schedule.network import Network

MOVED = "open work moved to the status date"
SOFTENED = "mandatory dates softened, latest dates set aside"
HARD = ["start_on_or_before", "start_on", "finish_on_or_before", "finish_on", "mandatory_start", "mandatory_finish"]


@dataclass(frozen=True, slots=True)
class Preparation:
    """The steps of a forecast (`tables.risk_results.Steps`) and the status date that it starts from."""

    steps: pl.DataFrame
    status_date: datetime | None
    soften: bool


def prepare(plan: Project, as_of: datetime | None, constraints: str) -> tuple[Preparation, Network]:
    """Each preparation's effect on the deterministic finish, alone and in order; and the network after the last of them.

    Raises `NotAvailable` for a plan that has started and has no status date.
    """
    from pmo_lib.schedule.network import lower

    status, soften = status_date(plan, as_of), constraints == "soften"
    net = lower(plan)
    if not net.activities:
        raise NotAvailable(f"every activity of {plan.info.file or plan.info.key} is finished; there is nothing left to forecast")
    before, starts = _pass(net)
    rows = []
    if status is not None:
        del net  # a large network is not held twice
        net = lower(plan, move_to=status)
        after, later = _pass(net)
        rows.append(_step(MOVED, before, after, int(np.count_nonzero(later > starts))))  # what has no start compares as false
        before = after
    if soften:
        del net
        net = lower(plan, move_to=status, soften=True)
        after, _ = _pass(net)
        rows.append(_step(SOFTENED, before, after, _hard(plan)))
    return Preparation(_frame(rows), status, soften), net


def status_date(plan: Project, as_of: datetime | None) -> datetime | None:
    """From when open work can be done: the file's own date, else `as_of`; None for a plan that has not begun and has neither."""
    status = plan.info.data_date or as_of
    if status is None and plan.tables["activities"]["actual_start"].is_not_null().any():
        name = plan.info.file or plan.info.key
        raise NotAvailable(f"{name} has begun but states no status date, so what is left cannot be told from what is late; give one with --as-of")
    return status


def _pass(net: Network) -> tuple[datetime, np.ndarray]:
    """The project's finish, and the early start of each of its tasks, in the plan's order; NaT for what is not open."""
    from pmo_lib.schedule import kernel

    duration = np.ascontiguousarray(net.duration[:, None])
    es, ef, finish = np.empty_like(duration), np.empty_like(duration), np.empty(1, np.int32)
    kernel.forward(net.arrays, duration, es, ef)
    kernel.latest(net.arrays, ef, finish)
    starts = np.full(len(net.tasks), "NaT", "datetime64[us]")
    starts[net.place[net.shown]] = net.instants(es[net.shown, 0], finish=False)
    return net.instants(finish).astype("datetime64[us]")[0].item(), starts


def _hard(plan: Project) -> int:
    """Constraints, deadlines apart, that would hold a date against logic or progress."""
    rows = plan.tables["activities"].filter(pl.col("active") & pl.col("actual_finish").is_null() & (pl.col("kind") != "summary"))
    first = pl.col("constraint").is_in(HARD) & pl.col("constraint_date").is_not_null()
    second = pl.col("constraint_2").is_in(HARD) & pl.col("constraint_2_date").is_not_null()
    return int(rows.select(first.fill_null(False).sum() + second.fill_null(False).sum()).item())


def _step(step: str, before: datetime, after: datetime, count: int) -> dict[str, Any]:
    return {"step": step, "finish": after, "days": (after - before).total_seconds() / 86400, "count": count}


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.risk_results import Steps

    return framed(Steps, rows)

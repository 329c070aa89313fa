"""Which project of a file is meant, and when it was so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from pmo_lib.errors import NotFound
from pmo_lib.project import Project
from pmo_lib.tables import finding, findings_frame


def chosen(projects: list[Project], named: str | None, as_of: datetime | None = None) -> Project:
    """The project so named, else the largest; of one project at several dates the one at or before `as_of`, else the earliest."""
    if named is not None:
        return _named(projects, named)
    if len(projects) > 1 and len({plan.info.key for plan in projects}) == 1 and all(plan.info.data_date for plan in projects):
        return _at(projects, as_of)
    largest = max(projects, key=size)
    others = [plan.info.key for plan in projects if plan is not largest and size(plan)]
    if not others:
        return largest
    more = finding(
        "info",
        "several-projects",
        "file",
        f"the file holds {len(others) + 1} projects; this is the largest, the others are {', '.join(others)}",
        "read_all gives them all",
    )
    return _with(largest, more)


def size(plan: Project) -> int:
    """How many activities a plan has, or items a board."""
    return max((plan.tables[name].height for name in ("activities", "items") if name in plan.tables), default=0)


def dated(plan: Project, as_of: datetime | None) -> Project:
    """The plan with its data date; a date that the source states stands, and a finding says so."""
    if as_of is None or as_of == plan.info.data_date or plan.findings["code"].is_in(["several-dates"]).any():
        return plan
    if plan.info.data_date is None:
        return replace(plan, info=replace(plan.info, data_date=as_of))
    kept = finding(
        "warning",
        "as-of-ignored",
        "file",
        f"the source's own data date, {plan.info.data_date:%Y-%m-%d}, was kept; {as_of:%Y-%m-%d} was asked for",
        "leave the date out, or schedule the plan at it in its source",
    )
    return _with(plan, kept)


def _at(projects: list[Project], as_of: datetime | None) -> Project:
    """The state of one project at a date. A date without time means the end of that day."""
    if as_of is not None and as_of.time() == datetime.min.time():
        as_of += timedelta(days=1)
    states = sorted(projects, key=lambda plan: plan.info.data_date or datetime.min)
    before = [plan for plan in states if as_of is not None and plan.info.data_date is not None and plan.info.data_date <= as_of]
    chosen = before[-1] if before else states[0]
    dates = ", ".join(f"{plan.info.data_date:%Y-%m-%d}" for plan in states)
    told = f"the file holds the project at {len(states)} dates ({dates}); this is {chosen.info.data_date:%Y-%m-%d}"
    return _with(chosen, finding("info", "several-dates", "file", told, "name another with --as-of, in Python with as_of; read_all gives them all"))


def _named(projects: list[Project], named: str) -> Project:
    for plan in projects:
        if named in (plan.info.key, plan.info.name, plan.info.guid, plan.info.source_id):
            return plan
    keys = ", ".join(plan.info.key for plan in projects)
    raise NotFound(f"{projects[0].info.file} holds no project {named!r}; it holds {keys}")


def _with(plan: Project, row: dict[str, str | None]) -> Project:
    return replace(plan, findings=pl.concat([plan.findings, findings_frame([row])]))

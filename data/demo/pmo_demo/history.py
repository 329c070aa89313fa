"""A project's snapshots: the draft lives through its months, and at each status date its tool's plan is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from pmo_demo.drafts import Draft
from pmo_demo.plans import baseline_of, plan_of, scheduled, three_points
from pmo_demo.projects import PROJECTS
from pmo_demo.stories import MONTHS, Story
from pmo_demo.truth import advance
from pmo_lib.project import Project


def snapshots(story: Story, seed: int) -> Iterator[tuple[int, Draft, Project]]:
    """Month (0 is June 2026), the draft as it then is, and its plan with stored dates; months without a submission are lived, not given."""
    draft = PROJECTS[story.key]()
    if story.estimated:
        estimate(draft)
    baseline, budget = baseline_of(draft)
    for month, at in enumerate(MONTHS):
        live_through(draft, story, month, seed)
        if month not in story.missing:
            bare = plan_of(draft, at, baseline if draft.application == "msp" else None, budget, story.overrun)
            yield month, draft, scheduled(bare)


def live_through(draft: Draft, story: Story, month: int, seed: int) -> None:
    """Let the month pass: the planner's changes first, then the works at their true pace. Month 0 holds all that went before."""
    if month in story.events:
        story.events[month](draft)
    for since, until in _spells(draft.start, month):
        advance(draft, since, until, story.pace[month], f"{seed}/{draft.key}/{until:%Y-%m}")


def _spells(start: datetime, month: int) -> list[tuple[datetime, datetime]]:
    until = MONTHS[month]
    if month:
        return [(max(MONTHS[month - 1], start), until)] if start < until else []
    return [(start, until)] if start < until else []


def estimate(draft: Draft) -> None:
    """Three-point estimates for every work, as an estimating workshop gives them: supply and weather spread most."""
    spreads = {"DES": (0.9, 1.2), "CON": (0.85, 1.45), "PRO": (0.92, 1.3), "CIV": (0.88, 1.35), "MAR": (0.85, 1.5), "COM": (0.92, 1.3), "IT": (0.85, 1.4)}
    for work in draft.works.values():
        if work.has_work:
            low, high = spreads.get(work.discipline, (0.9, 1.25))
            luck = Random(f"estimate/{draft.key}/{work.name}").random() * 0.08
            work.spread = (low + luck / 2, high + luck)


def estimates(draft: Draft) -> list[dict[str, object]]:
    """Rows of `tables.Estimates` for the open works that somebody estimated [working days of the work's own calendar; MS Project's days are all alike]."""
    rows: list[dict[str, object]] = []
    for work in draft.works.values():
        points = three_points(work)
        if points:
            day = 480 if draft.application == "msp" else work.hours.day
            low, likely, high = (round(minutes / day, 4) for minutes in points)
            rows.append({"activity": work.id, "shape": "triangular", "low": low, "likely": likely, "high": high, "meaning": "minmax"})
    return rows

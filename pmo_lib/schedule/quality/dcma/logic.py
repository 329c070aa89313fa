"""DCMA 1: activities that nothing leads to, or that lead to nothing."""

from __future__ import annotations

from pmo_lib.schedule.quality.check import Check, Measured, Missing, Row, share
from pmo_lib.schedule.quality.facts import SUMMARY_LOGIC, Facts


def _logic(facts: Facts) -> Measured | Missing:
    links = facts.logic
    if isinstance(links, str):
        return Missing(links)
    followed = {before for before, _, _ in links} | facts.elsewhere("successor")
    preceded = {after for _, after, _ in links} | facts.elsewhere("predecessor")
    first, last = _ends(facts.open, preceded, followed)

    def lacks(activity: str) -> bool:
        return (activity not in preceded and activity != first) or (activity not in followed and activity != last)

    return share([row["activity"] for row in facts.open if lacks(row["activity"])], len(facts.open), facts.nothing)


def _ends(rows: list[Row], preceded: set[str], followed: set[str]) -> tuple[str | None, str | None]:
    """The milestone that begins the project, and the one that ends it: these need no relationship at that side."""
    begins = (row["activity"] for row in rows if row["kind"] == "start_milestone" and row["activity"] not in preceded)
    ends = [row["activity"] for row in rows if row["kind"] == "finish_milestone" and row["activity"] not in followed]
    return next(begins, None), ends[-1] if ends else None


CHECK = Check(
    name="logic",
    title="Missing logic",
    group="dcma",
    reference="DCMA 1",
    definition="Incomplete activities without a predecessor, a successor or both, of all incomplete activities{exclude_milestones}{summary_logic}",
    options={
        "exclude_milestones": {True: "; milestones do not count", False: ", milestones too: one that begins the project and one that ends it may"},
        "summary_logic": SUMMARY_LOGIC,
    },
    remedy="Ask of each what must be done before it can begin, and who waits for its result; add the relationship",
    measure=_logic,
)

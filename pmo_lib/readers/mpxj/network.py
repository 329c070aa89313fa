"""MPXJ's summary tasks and relations as work breakdown structure and relationships. Runs beside the JVM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_lib.readers.mpxj.values import constant, split, text

if TYPE_CHECKING:
    from pmo_lib.readers.mpxj.plan import Plan

Row = dict[str, Any]
LINKS = {"FINISH_START": "FS", "START_START": "SS", "FINISH_FINISH": "FF", "START_FINISH": "SF"}


def element_row(plan: Plan, task: Any) -> Row:
    """One summary task, or one of P6's WBS elements, as a row of the work breakdown structure."""
    uid = int(task.getUniqueID())
    return {
        "wbs": str(uid),
        "parent": text(task.getParentTaskUniqueID()),
        "code": text(task.getWBS()) or text(task.getOutlineNumber()) or None,
        "name": text(task.getName()) or f"Task {uid}",
        "level": _depth(plan, task),
        "activity": None if plan.p6 else plan.ids[uid],
    }


def _depth(plan: Plan, task: Any) -> int:
    """MS Project's outline level, whose 0 is the project; P6 has no such number, so there the elements above are counted."""
    if not plan.p6:
        return max(int(task.getOutlineLevel() or 0), 0)
    depth, above = 0, task.getParentTask()
    while above is not None and depth < 1000:
        depth, above = depth + 1, above.getParentTask()
    return depth


def relationship_rows(plan: Plan) -> list[Row]:
    """Rows of relationships; those whose other end lies outside the project become findings."""
    rows = []
    for relation in plan.project.getRelations():
        before, after = relation.getPredecessorTask(), relation.getSuccessorTask()
        if any(task is not None and not task.getParentFile().equals(plan.project) for task in (before, after)):
            continue  # with another project of the file: `external`
        ends = [plan.ids.get(int(task.getUniqueID())) if task is not None and task.getUniqueID() is not None else None for task in (before, after)]
        if None in ends:
            named = " -> ".join("?" if task is None else str(text(task.getName())) for task in (before, after))
            plan.find("warning", "relationship-outside", f"relationship {named}", "one of its ends is no activity of this project, so it was left out")
            continue
        kind = LINKS.get(constant(relation.getType()) or "", "FS")
        rows.append(
            {
                "predecessor": ends[0],
                "successor": ends[1],
                "type": kind,
                "uid": text(relation.getUniqueID()),
                **lag(plan, relation.getLag(), before, f"{ends[0]} -> {ends[1]}"),
            }
        )
    return rows


def lag(plan: Plan, stated: Any, predecessor: Any, of: str) -> Row:
    """The columns of a relationship's lag."""
    parsed = split(stated)
    if parsed is None:
        return {"lag": 0, "lag_kind": "working", "lag_percent": None}
    amount, elapsed, unit = parsed
    if unit != "%":
        return {"lag": plan.units.whole(parsed, "lag", of) or 0, "lag_kind": "elapsed" if elapsed else "working", "lag_percent": None}
    base = plan.units.minutes(predecessor.getDuration()) or 0
    return {
        "lag": plan.units.whole((base * amount / 100, False, "m"), "lag", of) or 0,
        "lag_kind": "elapsed_percent" if elapsed else "percent",
        "lag_percent": amount,
    }

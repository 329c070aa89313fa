"""Relationships between the projects of one file of P6's own XML: what each end needs to know of the other. Runs beside the JVM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_lib.readers.mpxj.network import LINKS, lag
from pmo_lib.readers.mpxj.values import constant, instant, text

if TYPE_CHECKING:
    from pmo_lib.readers.mpxj.plan import Plan

Row = dict[str, Any]
HELD = "a relationship with another project's activity is held at the dates that the file keeps of that activity"


def external_rows(plan: Plan) -> list[Row]:
    """Rows of relationships with other projects of the file."""
    rows = []
    for relation in plan.project.getRelations():
        ends = {"predecessor": relation.getPredecessorTask(), "successor": relation.getSuccessorTask()}
        ours = [end for end, task in ends.items() if of_plan(plan, task)]
        if len(ours) != 1:
            continue
        side = "successor" if ours[0] == "predecessor" else "predecessor"
        task, other = ends[ours[0]], ends[side]
        activity = plan.ids[int(task.getUniqueID())]
        named = " -> ".join(activity if end == ours[0] else str(text(other.getActivityID())) for end in ends)
        plan.find("info", "relationship-external", named, HELD, "schedule both projects together in P6 before the export")
        properties = other.getParentFile().getProjectProperties()
        rows.append(
            {
                "activity": activity,
                "other_is": side,
                "project": text(properties.getProjectID()) or text(properties.getName()) or "",
                "other": text(other.getActivityID()) or str(other.getUniqueID()),
                "type": LINKS.get(constant(relation.getType()) or "", "FS"),
                "lag": lag(plan, relation.getLag(), ends["predecessor"], named)["lag"],
                "done": other.getActualFinish() is not None,
                **_dates(other, side),
            }
        )
    return rows


def _dates(other: Any, side: str) -> Row:
    if side == "predecessor":
        start = other.getActualStart() or other.getRemainingEarlyStart() or other.getEarlyStart()
        finish = other.getActualFinish() or other.getRemainingEarlyFinish() or other.getEarlyFinish()
        return {"start": instant(start), "finish": instant(finish), "early_start": None, "early_finish": None}
    return {
        "start": instant(other.getRemainingLateStart() or other.getLateStart()),
        "finish": instant(other.getRemainingLateFinish() or other.getLateFinish()),
        "early_start": instant(other.getRemainingEarlyStart() or other.getEarlyStart()),
        "early_finish": instant(other.getRemainingEarlyFinish() or other.getEarlyFinish()),
    }


def of_plan(plan: Plan, task: Any) -> bool:
    """Whether a task is an activity of this project."""
    return task is not None and task.getUniqueID() is not None and bool(task.getParentFile().equals(plan.project)) and int(task.getUniqueID()) in plan.ids

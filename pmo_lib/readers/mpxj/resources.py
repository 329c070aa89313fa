"""MPXJ's resources and assignments as rows. Runs beside the JVM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_lib.readers.mpxj.values import constant, instant, number, share, text

if TYPE_CHECKING:
    from pmo_lib.readers.mpxj.plan import Plan

Row = dict[str, Any]
RESOURCE_KINDS = {"WORK": "labour", "NON_LABOR": "equipment", "MATERIAL": "material", "COST": "cost"}


def resource_row(plan: Plan, resource: Any) -> Row:
    """One resource as a row."""
    rate, units = _price(plan, resource)
    return {
        "resource": text(resource.getUniqueID()),
        "code": text(resource.getResourceID() if plan.p6 else resource.getInitials()) or None,
        "name": text(resource.getName()) or f"Resource {text(resource.getUniqueID())}",
        "kind": RESOURCE_KINDS.get(constant(resource.getType()) or "", "labour"),
        "calendar": text(resource.getCalendarUniqueID()),
        "max_units": _positive(share(units)),
        "standard_rate": None if rate is None else _per_hour(plan, rate, resource),
        "parent": text(resource.getParentResourceUniqueID()),
    }


def _price(plan: Plan, resource: Any) -> tuple[Any, Any]:
    """Rate and availability that hold on the data date, else at the project's start. MPXJ's own getters take today's."""
    rates, availabilities = resource.getCostRateTable(0), resource.getAvailability()
    entry = rates.getEntryByDate(plan.at) if plan.at is not None and rates is not None and rates.size() else None
    available = availabilities.getEntryByDate(plan.at) if plan.at is not None and availabilities is not None and availabilities.size() else None
    return (
        entry.getStandardRate() if entry is not None else resource.getStandardRate(),
        available.getUnits() if available is not None else resource.getMaxUnits(),
    )


def _per_hour(plan: Plan, rate: Any, resource: Any) -> float | None:
    amount, unit = number(rate.getAmount()), constant(rate.getUnits())
    if amount is None or constant(resource.getType()) == "MATERIAL":
        return amount
    hours = {"MINUTES": 1.0, "HOURS": 60.0, "DAYS": plan.units.day, "WEEKS": plan.units.week, "MONTHS": plan.units.month, "YEARS": plan.units.year}.get(
        unit or "", 60.0
    ) / 60
    return amount / hours if hours else None


def assignment_rows(plan: Plan) -> list[Row]:
    """Rows of assignments; a material has a quantity, all else has work."""
    rows = []
    for assignment in plan.project.getResourceAssignments():
        uid = assignment.getTaskUniqueID()
        activity = None if uid is None else plan.ids.get(int(uid))
        if activity is None:
            plan.find(
                "warning",
                "assignment-outside",
                f"assignment {text(assignment.getUniqueID())}",
                "its task is no activity of this project, so it was left out",
            )
            continue
        rows.append(_assignment(plan, assignment, activity))
    return rows


def _assignment(plan: Plan, assignment: Any, activity: str) -> Row:
    resource = assignment.getResource()
    timed = resource is None or bool(resource.getType().isTimeBased()) if resource is None or resource.getType() is not None else True
    minutes = plan.units.minutes
    planned = assignment.getPlannedWork() if plan.p6 else assignment.getWork()
    return {
        "activity": activity,
        "resource": text(resource.getUniqueID()) if resource is not None and is_resource(resource) else None,
        "uid": text(assignment.getUniqueID()),
        "units": share(assignment.getUnits()),
        "planned_work": minutes(planned, "work", activity) if timed else None,
        "actual_work": minutes(assignment.getActualWork(), "work", activity) if timed else None,
        "remaining_work": minutes(assignment.getRemainingWork(), "work", activity) if timed else None,
        "planned_quantity": None if timed else number(assignment.getPlannedMaterial() if plan.p6 else assignment.getMaterial()),
        "planned_cost": number(assignment.getPlannedCost() if plan.p6 else assignment.getCost()),
        "actual_cost": number(assignment.getActualCost()),
        "remaining_cost": number(assignment.getRemainingCost()),
        "start": instant(assignment.getStart()),
        "finish": instant(assignment.getFinish()),
    }


def is_resource(resource: Any) -> bool:
    """MS Project keeps a nameless resource 0 for work that nobody is assigned to; a role of P6's is nobody yet."""
    uid = resource.getUniqueID()
    return uid is not None and not resource.getRole() and (int(uid) != 0 or resource.getName() is not None)


def _positive(value: float | None) -> float | None:
    return None if value is None or value < 0 else value

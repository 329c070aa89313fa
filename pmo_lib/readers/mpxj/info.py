"""What one of MPXJ's projects says of itself, and the options that it is scheduled with."""

from __future__ import annotations

from pathlib import PurePath

from pmo_lib.readers.mpxj.plan import Plan, Row
from pmo_lib.readers.mpxj.values import constant, instant, text

LAG_CALENDARS = {"PREDECESSOR": "predecessor", "SUCCESSOR": "successor", "PROJECT_DEFAULT": "project", "TWENTY_FOUR_HOUR": "24h"}
FLOATS = {"SMALLEST_SLACK": "smallest", "START_SLACK": "start", "FINISH_SLACK": "finish"}
PROGRESS = {"RETAINED_LOGIC": "retained_logic", "PROGRESS_OVERRIDE": "progress_override", "ACTUAL_DATES": "actual_dates"}

MISSING = "the file does not state the scheduling options; P6's defaults are assumed"


def info(plan: Plan) -> Row:
    """Fields of ProjectInfo, and under `options` those of SchedulingOptions."""
    properties = plan.properties
    saved_as = PurePath(text(properties.getName()) or "").stem
    title = text(properties.getProjectTitle())
    found = {
        "key": text(properties.getProjectID()) if plan.p6 else saved_as or None,
        "name": (text(properties.getName()) or title if plan.p6 else title or saved_as) or None,
        "source": plan.type.lower(),
        "application": plan.application,
        "position": plan.position,
        "source_id": text(properties.getUniqueID()),
        "guid": text(properties.getGUID()),
        "data_date": instant(properties.getStatusDate()),
        "planned_start": instant(properties.getPlannedStart() or properties.getStartDate() if plan.p6 else properties.getStartDate()),
        "must_finish": instant(properties.getMustFinishBy()),
        "stored_finish": instant(properties.getScheduledFinish() or properties.getFinishDate() if plan.p6 else properties.getFinishDate()),
        "calendar": text(properties.getDefaultCalendarUniqueID()),
        "currency": text(properties.getCurrencyCode()) or text(properties.getCurrencySymbol()) or None,
        "manager": text(properties.getManager()) or None,
        "options": _options(plan),
    }
    return plan.dated(found, "project")


def _options(plan: Plan) -> Row:
    properties = plan.properties
    options = {
        "critical_float": plan.limit,
        "open_ends_critical": bool(properties.getMakeOpenEndedActivitiesCritical() if plan.p6 else properties.getMultipleCriticalPaths()),
        "schedule_from": "finish" if constant(properties.getScheduleFrom()) == "FINISH" else "start",
        "minutes_per_day": int(plan.units.day),
        "minutes_per_week": int(plan.units.week),
        "days_per_month": int(properties.getDaysPerMonth() or 20),
    }
    if not plan.p6:
        # a started task keeps to its late predecessor only where in-progress tasks may be split
        kept = "retained_logic" if properties.getSplitInProgressTasks() else "progress_override"
        return options | {
            "out_of_sequence": kept,
            "lag_calendar": "successor",
            "total_float": "smallest",
            "honour_constraints": bool(properties.getHonorConstraints()),
        }
    stated = _stated(plan)  # before MPXJ is asked for any, for it keeps the default that it answers with
    if not stated:
        plan.find("warning", "options-missing", "ScheduleOptions", MISSING, "schedule the project in P6 and export again")
    return options | {
        "out_of_sequence": PROGRESS.get(constant(properties.getSchedulingProgressedActivities()) or "", "retained_logic"),
        "lag_calendar": LAG_CALENDARS.get(constant(properties.getRelationshipLagCalendar()) or "", "predecessor"),
        "total_float": FLOATS.get(constant(properties.getTotalSlackCalculationType()) or "", "finish") if stated else "finish",
        "critical": "longest_path" if plan.longest_path else "float",
        "lag_from": "early_start" if properties.getComputeStartToStartLagFromEarlyStart() else "actual_start",
        "use_expected_finish": bool(properties.getUseExpectedFinishDates()),
        "ignore_external": bool(properties.getIgnoreRelationshipsToAndFromOtherProjects()),
    }


def _stated(plan: Plan) -> bool:
    """Whether the file states P6's scheduling options; where it does not, MPXJ takes the smaller float and P6 that of the finish."""
    import jpype  # only where a JVM runs

    return plan.properties.getCachedValue(jpype.JClass("org.mpxj.ProjectField").SCHEDULING_PROGRESSED_ACTIVITIES) is not None

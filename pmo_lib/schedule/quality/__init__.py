"""Schedule checks, one file each: the index of the family. A check's threshold is the standard's key of its name."""

from pmo_lib.schedule.quality.dcma import (
    bei,
    cpli,
    critical_path_test,
    hard_constraints,
    high_duration,
    high_float,
    invalid_dates,
    lags,
    leads,
    logic,
    missed_tasks,
    negative_float,
    relationship_types,
    resources,
)
from pmo_lib.schedule.quality.progress import bei_start, invalid_actuals, out_of_sequence, retroactive_actuals, riding_data_date, without_baseline
from pmo_lib.schedule.quality.structure import (
    missing_calendars,
    near_critical,
    open_finishes,
    open_starts,
    outside_wbs,
    redundant_relationships,
    summary_dates,
    summary_relationships,
    unused_calendars,
)

DCMA = [
    logic, leads, lags, relationship_types, hard_constraints, high_float, negative_float, high_duration, invalid_dates, resources, missed_tasks,
    critical_path_test, cpli, bei,
]  # fmt: skip
STRUCTURE = [
    open_starts, open_finishes, redundant_relationships, summary_relationships, near_critical, missing_calendars, unused_calendars, outside_wbs,
    summary_dates,
]  # fmt: skip
PROGRESS = [out_of_sequence, riding_data_date, invalid_actuals, retroactive_actuals, without_baseline, bei_start]

CHECKS = {module.CHECK.name: module.CHECK for module in (*DCMA, *STRUCTURE, *PROGRESS)}

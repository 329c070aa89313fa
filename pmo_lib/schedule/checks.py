"""Schedule quality: the DCMA's 14 points, what else an auditor looks at, and GAO's ten best practices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import polars as pl

from pmo_lib.project import Project
from pmo_lib.schedule.dates import Run

if TYPE_CHECKING:
    from pmo_lib.standards import Standards


def checks(
    plan: Project,
    baseline: Project | None = None,
    previous: Project | None = None,
    *,
    exclude_milestones: bool | None = None,
    baselined_only: bool | None = None,
    bei_variant: Literal["pam_2012", "classic", "both"] | None = None,
    high_duration_of: Literal["baseline", "remaining"] | None = None,
    critical_path_test_days: float | None = None,
    summary_logic: bool | None = None,
    standard: Standards | None = None,
    run: Run | None = None,
) -> pl.DataFrame:
    """Every check with its value, threshold and offenders (`tables.schedule_results.Checks`); what cannot be measured says why.

    `baseline` is another version of the project, whose scheduled dates are the baseline (its source's, or ours where that stored none); without it the
    plan's own baseline 0 is taken.
    `previous` is the snapshot before: without it nothing can be said of retroactive actuals. The options are the standard's, unless given here.
    `run` is `schedule_once(plan)`, where it was made already.

    Raises `NotAvailable` without activities, `NotSchedulable` for a `baseline` without stored dates that cannot be scheduled.

    References: DCMA-EA PAM 200.1, section 4 (2012); GAO-16-89G, Schedule Assessment Guide.
    """
    from pmo_lib.schedule.quality import CHECKS
    from pmo_lib.schedule.quality.facts import facts
    from pmo_lib.schedule.quality.gao import PRACTICES, row
    from pmo_lib.standards import checked, standards
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.schedule_results import Checks

    asked = {
        "exclude_milestones": exclude_milestones,
        "baselined_only": baselined_only,
        "bei_variant": bei_variant,
        "high_duration_of": high_duration_of,
        "critical_path_test_days": critical_path_test_days,
        "summary_logic": summary_logic,
    }
    standard = standard or standards()
    limits = replace(standard.schedule, **{name: value for name, value in asked.items() if value is not None})
    checked(replace(standard, schedule=limits), "schedule.checks")
    known = facts(plan, limits, baseline, previous, run)
    rows = {name: check.row(known) for name, check in CHECKS.items()}
    rows |= {practice.name: row(practice, rows) for practice in PRACTICES}
    return framed(Checks, list(rows.values()))

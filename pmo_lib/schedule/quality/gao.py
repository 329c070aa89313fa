"""GAO's ten best practices of scheduling (GAO-16-89G), as far as checks of a plan's file can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Row = dict[str, Any]
Coverage = Literal["measured", "partly", "not_measurable"]


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice, the checks that speak of it, the one that it cannot do without first, and what no file can tell."""

    number: int
    name: str
    title: str
    checks: tuple[str, ...]
    coverage: Coverage
    untold: str


PRACTICES = (
    Practice(1, "gao_activities", "Capturing all activities", ("outside_wbs",), "partly", "whether the activities are all that the scope needs"),
    Practice(
        2,
        "gao_sequence",
        "Sequencing all activities",
        ("logic", "open_starts", "open_finishes", "leads", "lags", "relationship_types", "hard_constraints", "summary_relationships"),
        "measured",
        "",
    ),
    Practice(3, "gao_resources", "Assigning resources to all activities", ("resources",), "partly", "whether those resources are to be had"),
    Practice(
        4,
        "gao_durations",
        "Establishing the duration of all activities",
        ("high_duration", "missing_calendars"),
        "partly",
        "whether the durations are realistic",
    ),
    Practice(
        5,
        "gao_traceable",
        "Verifying that the schedule is traceable horizontally and vertically",
        ("critical_path_test", "open_finishes", "outside_wbs", "summary_dates"),
        "partly",
        "whether it agrees with other schedules and with the contract",
    ),
    Practice(
        6,
        "gao_critical_path",
        "Confirming that the critical path is valid",
        ("critical_path_test", "hard_constraints", "open_finishes", "missing_calendars"),
        "measured",
        "",
    ),
    Practice(7, "gao_float", "Ensuring reasonable total float", ("high_float", "negative_float"), "measured", ""),
    Practice(8, "gao_risk_analysis", "Conducting a schedule risk analysis", (), "not_measurable", "no plan holds a risk analysis; pmo forecast makes one"),
    Practice(
        9,
        "gao_updating",
        "Updating the schedule with actual progress and logic",
        ("invalid_dates", "out_of_sequence", "riding_data_date", "invalid_actuals", "retroactive_actuals"),
        "partly",
        "whether the progress is true",
    ),
    Practice(
        10,
        "gao_baseline",
        "Maintaining a baseline schedule",
        ("without_baseline", "missed_tasks", "bei", "bei_start"),
        "partly",
        "whether changes of the baseline are under control",
    ),
)


def row(practice: Practice, known: Mapping[str, Row]) -> Row:
    """The practice's row of `tables.schedule_results.Checks`: the share of its checks that passed. Offenders are the checks that failed.

    Its coverage is less where a check that speaks of it could not be made.
    """
    made = [name for name in practice.checks if known[name]["passed"] is not None]
    failed = [name for name in made if not known[name]["passed"]]
    said: Row = {"check": practice.name, "title": practice.title, "group": "gao", "reference": f"GAO {practice.number}", "unit": "share"}
    said |= {"threshold": 1.0, "rule": "at_least", "definition": _definition(practice), "offenders": failed}
    if not practice.checks or practice.checks[0] not in made:
        return said | {"coverage": "not_measurable", "reason": practice.untold if not practice.checks else known[practice.checks[0]]["reason"]}
    coverage = "partly" if len(made) < len(practice.checks) else practice.coverage
    passed = len(made) - len(failed)
    return said | {"coverage": coverage, "value": passed / len(made), "passed": not failed, "numerator": passed, "denominator": len(made)}


def _definition(practice: Practice) -> str:
    if not practice.checks:
        return practice.untold.capitalize()
    told = "Share of the checks that speak of it and passed: " + ", ".join(name.replace("_", " ") for name in practice.checks)
    return f"{told}. No file tells {practice.untold}" if practice.untold else told

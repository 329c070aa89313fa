"""What of a plan MS Project has no place for, each kind in a sentence: where, how many, and what stands there instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pmo_lib.project import Project
from pmo_lib.tables import finding
from pmo_lib.writers.mspdi.begun import ORIGINAL
from pmo_lib.writers.mspdi.calendars import Clocks
from pmo_lib.writers.mspdi.elements import Row, rows
from pmo_lib.writers.mspdi.fields import Fields
from pmo_lib.writers.mspdi.outline import Outline

SHOWN = 3  # activities named before "and n more"
Loss = dict[str, Any]


def losses(plan: Project, outline: Outline, clocks: Clocks, fields: Fields, begun: Mapping[str, Row]) -> Iterator[Loss]:
    """Findings: a warning where dates may be others in MS Project, information where a value only has another place or none."""
    yield from _activities(plan)
    yield from _begun(plan, begun)
    yield from _of_the_plan(plan)
    others = plan.tables["custom_fields"].filter(pl.col("subject").cast(pl.String) != "activity") if "custom_fields" in plan.tables else None
    elsewhere = [] if others is None else others["field"].unique(maintain_order=True).to_list()
    for severity, code, names, message in (
        ("warning", "wbs-summary-left-out", [row["activity"] for row in outline.left_out], WBS_SUMMARY),
        ("info", "codes-as-fields", fields.codes, "activity codes stand in text fields"),
        ("info", "wbs-without-work", _without_work(outline), "elements of the WBS without activities become tasks of no duration"),
        ("warning", "field-left-out", [name for name, _ in fields.left_out], FULL),
        ("info", "calendar-stands-alone", clocks.flattened, FLATTENED),
        ("info", "resource-calendar-derived", list(clocks.own), "resources have a calendar of their own, derived from the one that they shared"),
        ("info", "field-left-out", elsewhere, "fields of resources, assignments and the project are left out"),
    ):
        if names:
            yield _loss(severity, code, names, message)
    if not outline.named:
        yield _loss("info", "ids-in-a-field", [], "every task has a new Unique ID; the activity ids stand in the text field Activity ID")


WBS_SUMMARY = "WBS summary activities are left out: the summary task itself spans that work"
FULL = "fields are left out: MS Project has thirty texts, twenty numbers and flags, and ten of each other kind"
FLATTENED = "calendars that derive from another hold all its time themselves: base calendars of MS Project derive from none"
DURATIONS = f"the duration of begun work is what lies between its dates, as MS Project computes it; the original one stands in the field {ORIGINAL}"
RULES = (
    "MS Project schedules by its own rules: lags run on the successor's calendar, float is the smaller of two, "
    "and Update Project, not the status date, moves what is left"
)
SOFTENED = "start on becomes no earlier than: MS Project's must start on overrides logic, P6's does not"
DUE, LATE = ("finish_on_or_before", "finish_on"), "as_late_as_possible"
DEADLINE = "finish on or before becomes a deadline, which as in P6 bounds late dates alone; of finish on, no earlier than stays beside it"
LATER = "as late as possible takes all of an activity's float in MS Project, in P6 its free float"
SECONDARY = "the secondary constraint is left out: MS Project has one"


def _activities(plan: Project) -> Iterator[Loss]:
    """What single activities have that MS Project's tasks have not."""
    kind, first, second = (pl.col(name).cast(pl.String) for name in ("kind", "constraint", "constraint_2"))
    external = pl.any_horizontal(pl.col("external_early_start", "external_late_finish").is_not_null())
    planned = pl.any_horizontal(pl.col("planned_start", "planned_finish").is_not_null())
    running = pl.col("actual_start").is_not_null() & pl.col("actual_finish").is_null()
    paused = pl.any_horizontal(pl.col("suspended", "resumed").is_not_null()) & ~running
    p6, new = pl.lit(plan.info.application == "p6"), pl.lit(plan.info.application != "msp")
    rules: list[tuple[str, str, pl.Expr, str]] = [
        ("warning", "level-of-effort", kind == "level_of_effort", "level of effort becomes a task of its own duration, which its links no longer stretch"),
        ("info", "start-milestone", kind == "start_milestone", "start milestones become milestones, which MS Project has of one kind"),
        ("info", "resource-dependent", kind == "resource_dependent", "resource-dependent activities become tasks that follow their resources' calendars"),
        ("info", "resource-calendars-ignored", p6 & (kind == "task"), "task-dependent activities go on ignoring their resources' calendars, by a flag"),
        ("info", "finish-as-deadline", new & pl.any_horizontal(first.is_in(DUE), second.is_in(DUE)), DEADLINE),
        ("warning", "constraint-softened", new & pl.any_horizontal(first == "start_on", second == "start_on"), SOFTENED),
        ("warning", "constraint-secondary", new & second.is_not_null() & ~second.is_in(DUE) & first.is_not_null() & ~first.is_in(DUE[:1]), SECONDARY),
        ("warning", "as-late-as-possible", p6 & pl.any_horizontal(first == LATE, second == LATE), LATER),
        ("info", "constraint-mandatory", p6 & first.str.starts_with("mandatory"), "mandatory dates become must start on and must finish on"),
        ("warning", "external-date", external, "dates that another project imposes are left out"),
        ("warning", "expected-finish", pl.col("expected_finish").is_not_null(), "the expected finish is left out; the remaining duration stands as it is"),
        ("info", "suspension", paused, "when work that is not in progress was suspended is left out"),
        ("info", "planned-dates", planned, "P6's planned dates are left out; they are no baseline"),
        ("info", "fractions", _in_parts(), "per cent complete is written in whole per cent"),
    ]
    activities = plan.tables["activities"]
    for severity, code, rule, message in rules:
        found = activities.filter(rule)["activity"].to_list()
        if found:
            yield _loss(severity, code, found, message)


def _without_work(outline: Outline) -> list[str]:
    """Names of the elements below which nothing stands, which MS Project therefore takes for no summary tasks."""
    levels = [level for level, _, _ in outline.entries]
    lowest = [level and below <= level for level, below in zip(levels, [*levels[1:], 0], strict=True)]
    return [str(element["name"]) for (_, row, element), alone in zip(outline.entries, lowest, strict=True) if alone and row is None and element is not None]


def _begun(plan: Project, begun: Mapping[str, Row]) -> Iterator[Loss]:
    """What goes out otherwise of work that has begun."""
    before = {row["activity"]: row for row in rows(plan, "activities") if row["activity"] in begun}
    for code, columns, message in (
        ("duration-of-begun-work", ("duration",), DURATIONS),
        ("split-until-resumed", ("resumed",), "begun work is split: it rests from what is done until its remaining work begins"),
        ("percent-of-begun-work", ("percent_complete",), "per cent complete of begun work is that of its duration, as MS Project computes it"),
    ):
        names = [name for name, row in begun.items() if any(row[column] != before[name][column] for column in columns)]
        if names:
            yield _loss("info", code, names, message)


def _in_parts() -> pl.Expr:
    """Shares that are no whole per cent."""
    hundredths = pl.col("percent_complete", "physical_percent") * 100
    return pl.any_horizontal((hundredths - hundredths.round()).abs() > 1e-9)


def _of_the_plan(plan: Project) -> Iterator[Loss]:
    info, options = plan.info, plan.info.options
    if info.application != "msp":
        yield _loss("warning", "rules-of-ms-project", [], RULES)
    if info.must_finish is not None:
        yield _loss("warning", "must-finish", [], f"the project's must-finish-by {info.must_finish:%Y-%m-%d} is left out; set a deadline on the last task")
    if options.out_of_sequence == "actual_dates":
        yield _loss("warning", "rules-of-ms-project", [], "scheduling by actual dates becomes progress override")
    for name, message in {
        "external_relationships": "relationships with other projects of the file are left out",
        "estimates": "three-point estimates are left out",
    }.items():
        if name in plan.tables and plan.tables[name].height:
            yield _loss("warning", name.replace("_", "-"), plan.tables[name]["activity"].unique(maintain_order=True).to_list(), message)
    if "resources" in plan.tables and (plan.tables["resources"]["kind"].cast(pl.String) == "equipment").any():
        yield _loss("info", "equipment", [], "equipment becomes a work resource: MS Project knows work, material and cost")


def _loss(severity: str, code: str, names: list[str], message: str) -> Loss:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return finding(severity, code, (", ".join(names[:SHOWN]) + more) or "the whole plan", message)

"""A `Project` as Microsoft Project XML (MSPDI), which MS Project opens and our reader reads back.

Amounts go out as MS Project keeps them: money in hundredths, floats and lags in tenths of minutes, material quantities as hours of work. Elements stand
in the order of the schema.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import polars as pl

from pmo_lib.durable import whole
from pmo_lib.project import Project, table
from pmo_lib.tables import findings_frame
from pmo_lib.writers.mspdi import calendars, resources, tasks
from pmo_lib.writers.mspdi.begun import restated
from pmo_lib.writers.mspdi.calendars import Clocks
from pmo_lib.writers.mspdi.constraints import honours
from pmo_lib.writers.mspdi.elements import ordered, put
from pmo_lib.writers.mspdi.fields import Fields
from pmo_lib.writers.mspdi.losses import losses
from pmo_lib.writers.mspdi.outline import Outline

NAMESPACE = "http://schemas.microsoft.com/project"


def write_mspdi(plan: Project, path: Path) -> pl.DataFrame:
    """Write the plan as MSPDI; returns findings: what MS Project has no place for, and what stands there instead.

    Activity ids that are no Unique IDs of MS Project get one each and are kept in a text field named "Activity ID". The file appears whole or not
    at all.

    Raises `NotAvailable` where the plan has no activities.
    """
    table(plan, "activities", "writers.write_mspdi")
    outline, clocks = Outline(plan), calendars.clocks(plan)
    begun = restated(plan)
    fields = Fields(plan, outline.named, begun)
    root = Element("Project")
    _header(root, plan, clocks)
    fields.define(SubElement(root, "ExtendedAttributes"))
    calendars.write(SubElement(root, "Calendars"), plan, clocks)
    tasks.write(SubElement(root, "Tasks"), plan, outline, clocks, fields, begun)
    people = resources.write_resources(SubElement(root, "Resources"), plan, clocks)
    resources.write_assignments(SubElement(root, "Assignments"), plan, outline, people)
    ordered(root)
    root.set("xmlns", NAMESPACE)
    indent(root, "")  # a line an element: differences can be read, and nothing is spent on blanks
    _save(root, path)
    found = sorted(losses(plan, outline, clocks, fields, begun), key=lambda loss: loss["severity"] != "warning")
    return findings_frame(found)


def _save(root: Element, path: Path) -> None:
    """Under another name first: a file that was cut off half-way must not pass for a plan."""
    with whole(path, sync=False) as out:
        ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)


def _header(root: Element, plan: Project, clocks: Clocks) -> None:
    info, options = plan.info, plan.info.options
    for name, value in [
        ("SaveVersion", 14),
        ("Name", f"{info.key}.xml"),
        ("GUID", info.guid),
        ("Title", info.name),
        ("Manager", info.manager),
        ("ScheduleFromStart", options.schedule_from == "start"),
        ("StartDate", info.planned_start),
        ("FinishDate", info.stored_finish),
        ("CriticalSlackLimit", options.critical_float // options.minutes_per_day),
        ("CurrencyDigits", 2),
        ("CurrencyCode", info.currency),
        ("CalendarUID", clocks.uids.get(info.calendar or "")),
        ("DefaultStartTime", "08:00:00"),
        ("DefaultFinishTime", "17:00:00"),
        ("MinutesPerDay", options.minutes_per_day),
        ("MinutesPerWeek", options.minutes_per_week),
        ("DaysPerMonth", options.days_per_month),
        ("DefaultTaskType", 1),
        ("DurationFormat", 7),
        ("WorkFormat", 2),
        ("HonorConstraints", honours(plan)),
        ("MultipleCriticalPaths", options.open_ends_critical),
        ("NewTasksEffortDriven", False),
        ("NewTasksEstimated", False),
        ("SplitsInProgressTasks", options.out_of_sequence == "retained_logic"),
        ("StatusDate", info.data_date),
    ]:
        put(root, name, value)

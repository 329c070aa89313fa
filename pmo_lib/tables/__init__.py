"""Every table, declared once: columns, units, meaning, rules. `TABLES` is the index of what a Project may hold."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.board import ItemChanges, ItemLinks, Items, Sprints, Statuses, Transitions, Worklogs
from pmo_lib.tables.calendars import Calendars, Exceptions, Shifts
from pmo_lib.tables.parting import finding, findings_frame, part
from pmo_lib.tables.plan import WBS, Activities, ExternalRelationships, Relationships, Splits
from pmo_lib.tables.records import Baselines, Codes, CustomFields, Estimates, Findings, ProjectRecord
from pmo_lib.tables.resources import Assignments, Resources
from pmo_lib.tables.risks import Branches, Existence, Risks, Weather

TABLES: dict[str, type[dy.Schema]] = {
    "activities": Activities,
    "relationships": Relationships,
    "external_relationships": ExternalRelationships,
    "splits": Splits,
    "wbs": WBS,
    "calendars": Calendars,
    "shifts": Shifts,
    "exceptions": Exceptions,
    "resources": Resources,
    "assignments": Assignments,
    "baselines": Baselines,
    "codes": Codes,
    "custom_fields": CustomFields,
    "estimates": Estimates,
    "risks": Risks,
    "branches": Branches,
    "existence": Existence,
    "weather": Weather,
    "items": Items,
    "transitions": Transitions,
    "item_changes": ItemChanges,
    "statuses": Statuses,
    "sprints": Sprints,
    "item_links": ItemLinks,
    "worklogs": Worklogs,
}

__all__ = [
    "TABLES",
    "WBS",
    "Activities",
    "Assignments",
    "Baselines",
    "Branches",
    "Calendars",
    "Codes",
    "CustomFields",
    "Estimates",
    "Exceptions",
    "Existence",
    "ExternalRelationships",
    "Findings",
    "ItemChanges",
    "ItemLinks",
    "Items",
    "ProjectRecord",
    "Relationships",
    "Resources",
    "Risks",
    "Shifts",
    "Splits",
    "Sprints",
    "Statuses",
    "Transitions",
    "Weather",
    "Worklogs",
    "finding",
    "findings_frame",
    "part",
]

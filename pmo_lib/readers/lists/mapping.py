"""Which column of a list holds what: guessed from its headers, shown as a finding, kept as TOML, changed by people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from pmo_lib.errors import InvalidInput
from pmo_lib.readers.cells import UNIT_OF, DateOrder, plain

UNIT_IN_HEADER = re.compile(r"[(\[]\s*(?:in\s+)?([a-z$€£]+)\.?\s*[)\]]")
# field -> headers in the order in which they are preferred; MS Project's, P6's, Asana's, Jira's own among them, in English, German and French
ACTIVITY_HEADERS: dict[str, str] = {
    "id": (
        "activity id|task id|id|issue key|key|wbs id|ref|reference|unique id|#|no|nr|number|issue id|vorgangs-id|vorgangsnummer|nummer|identifiant|numero|n°"
    ),
    "name": (
        "activity name|task name|name|activity|task|summary|title|work item|item|description|vorgangsname|vorgang|aufgabe|"
        "aktivitat|bezeichnung|nom de la tache|tache|activite|nom|libelle|intitule"
    ),
    "duration": (
        "duration|original duration|orig dur|at completion duration|planned duration|estimated duration|dur|original estimate|"
        "dauer|geplante dauer|duree|duree prevue|work days|days"
    ),
    "remaining": "remaining duration|remaining|rem dur|remaining estimate|restdauer|verbleibende dauer|duree restante",
    "start": (
        "start|start date|planned start|scheduled start|begin|begin date|custom field start date|anfang|beginn|start datum|"
        "startdatum|anfangstermin|geplanter anfang|debut|date de debut|demarrage"
    ),
    "finish": (
        "finish|finish date|planned finish|scheduled finish|end|end date|due date|due|target date|deadline|custom field end date|"
        "ende|enddatum|endtermin|fertigstellung|fertig stellen|geplantes ende|fallig|falligkeitsdatum|fin|date de fin|echeance|"
        "date d'echeance"
    ),
    "predecessors": (
        "predecessors|predecessor|predecessor list|depends on|dependencies|dependency|blocked by|vorganger|abhangig von|predecesseurs|predecesseur|depend de"
    ),
    "percent": (
        "% complete|percent complete|activity % complete|% work complete|physical % complete|complete %|percentage complete|"
        "progress|% done|done %|complete|fortschritt|% abgeschlossen|prozent abgeschlossen|% fertig|avancement|% acheve|"
        "% termine|pourcentage acheve"
    ),
    "actual_start": "actual start|actual start date|started|ist-anfang|tatsachlicher anfang|debut reel|date de debut reelle",
    "actual_finish": (
        "actual finish|actual finish date|actual end|actual end date|completed at|completed on|resolved|finished|ist-ende|"
        "tatsachliches ende|fin reelle|date de fin reelle"
    ),
    "baseline_start": (
        "baseline start|baseline start date|bl start|bl project start|bl1 start|basisplan anfang|geplanter anfang (basis)|debut planifie|debut de reference"
    ),
    "baseline_finish": (
        "baseline finish|baseline finish date|baseline end|bl finish|bl project finish|bl1 finish|basisplan ende|fin planifiee|fin de reference"
    ),
    "cost": "cost|total cost|planned cost|budgeted total cost|budgeted cost|budget|kosten|gesamtkosten|cout|cout total",
    "actual_cost": "actual cost|actual total cost|cost to date|ist-kosten|aktuelle kosten|cout reel",
    "resource": (
        "resource names|resources|resource|assignee|assigned to|owner|responsible|ressourcennamen|ressourcen|zustandig|"
        "verantwortlich|zugewiesen an|noms ressources|ressources|responsable"
    ),
    "outline": "outline number|gliederungsnummer|numero hierarchique|n° hierarchique",
    "level": "outline level|level|gliederungsebene|niveau hierarchique|niveau",
    "wbs": "wbs|wbs code|wbs path|wbs name|section/column|section|phase|stage|work package|psp-code|psp|arbeitspaket|lot",
    "calendar": "calendar|activity calendar|calendar name|task calendar|kalender|calendrier",
    "milestone": "milestone|is milestone|meilenstein|jalon",
}
CHOICES: dict[str, tuple[str, ...]] = {"date_order": ("dmy", "mdy"), "percent": ("share", "percent"), "decimal": (".", ",")}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields and the headers that hold them, and how to read what headers do not tell.

    `date_order` is dmy or mdy, for dates such as 03/04/2026; `percent` says whether 1 means 100 % (share) or 1 % (percent); `decimal` is . or ,;
    `calendar` names a calendar of the standards; `duration_unit` is the unit of bare numbers. None: decided from the values.
    """

    columns: AnyMapping[str, str]
    date_order: DateOrder | None = None
    percent: Literal["share", "percent"] | None = None
    decimal: Literal[".", ","] | None = None
    duration_unit: str = "day"
    calendar: str = "mon-fri"
    others: Sequence[str] = field(default=(), compare=False)  # headers that hold nothing known

    def told(self) -> str:
        """The mapping in a sentence, for a finding."""
        used = ", ".join(f"{header!r} is {name.replace('_', ' ')}" for name, header in self.columns.items())
        return used + (f"; not used: {', '.join(self.others)}" if self.others else "")


def guess_mapping(headers: Sequence[str]) -> Mapping:
    """The mapping that an activity list's headers suggest."""
    columns = guess_columns(headers, ACTIVITY_HEADERS)
    header = columns.get("duration") or columns.get("remaining") or ""
    seconds = _normal(header) in ("original estimate", "remaining estimate")  # Jira's are in seconds
    return Mapping(
        columns, duration_unit="second" if seconds else _unit(header), others=tuple(name for name in headers if name and name not in columns.values())
    )


def guess_columns(headers: Sequence[str], known: AnyMapping[str, str]) -> dict[str, str]:
    """Field → header, each header for one field; of several that fit, the one that the table names first."""
    found: dict[str, str] = {}
    normal = {}
    for header in headers:
        normal.setdefault(_normal(header), header)
    for name, spellings in known.items():
        hit = next((normal[spelt] for spelt in spellings.split("|") if spelt in normal and normal[spelt] not in found.values()), None)
        if hit:
            found[name] = hit
    return found


def read_mapping(text: str, where: str) -> Mapping:
    """The mapping from its TOML; one without columns leaves them to be guessed. Raises `InvalidInput` naming the key that breaks the rule."""
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{where}: it is no valid TOML ({error})") from None
    columns = stated.pop("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(header, str) for header in columns.values()):
        raise InvalidInput(f'{where}: it has no fields; write them as in [columns], start = "Planned start"')
    for name in columns:
        if name not in ACTIVITY_HEADERS:
            raise InvalidInput(f"{where}: [columns] has {name!r}, which is no field; the fields are {', '.join(ACTIVITY_HEADERS)}")
    allowed = {**CHOICES, "duration_unit": tuple(sorted({*UNIT_OF.values()})), "calendar": ()}
    for name, value in stated.items():
        if name not in allowed:
            raise InvalidInput(f"{where}: {name!r} is no key of a mapping; the keys are {', '.join(allowed)} and [columns]")
        if allowed[name] and value not in allowed[name]:
            raise InvalidInput(f"{where}: {name} is {value!r}; it can be {' or '.join(allowed[name])}")
    return Mapping(cast("dict[str, str]", columns), **stated)


def mapping_file(path: Path) -> Path:
    """Where a file's mapping is kept beside it."""
    return path.with_name(f"{path.name}.mapping.toml")


def _normal(header: str) -> str:
    """A header as the table spells it: without marks, units in brackets and punctuation."""
    text = UNIT_IN_HEADER.sub(" ", plain(header.replace("(*)", "").replace("\u00a0", " ")))
    return " ".join(re.sub(r"[()\[\]:*_]", " ", text).split()).strip(". ")


def _unit(header: str) -> str:
    found = UNIT_IN_HEADER.search(plain(header))
    return UNIT_OF.get(found[1], "day") if found else "day"

"""Headers of lists of activities and of projects, in the order in which they are preferred, and which of them a file has.

MS Project's, P6's, Asana's and Jira's own are among them, in English, German and French.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pmo_lib.readers.cells import UNIT_OF, plain

UNIT_IN_HEADER = re.compile(r"[(\[]\s*(?:in\s+)?([a-z$€£]+)\.?\s*[)\]]")
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
        "predecessor details|"  # P6: with types and lags, beside a column of ids alone
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
PROJECT_HEADERS: dict[str, str] = {
    "key": ("key|project key|project id|project code|project number|project no|id|code|projektnummer|projekt-id|kennung|nummer|code projet|numero de projet"),
    "name": "name|project name|project|title|project title|projektname|projekt|bezeichnung|nom du projet|projet|nom",
    "programme": "programme|program|programme name|program name|programm",
    "portfolio": "portfolio|portfolio name|portefeuille",
    "manager": "manager|project manager|pm|lead|project lead|projektleiter|projektleitung|projektleiterin|chef de projet",
    "sponsor": "sponsor|project sponsor|sro|senior responsible owner|executive|auftraggeber|commanditaire",
    "phase": "phase|stage|project phase|gate|lifecycle phase|projektphase",
    "approved_budget": "approved budget|budget approved|budget|total budget|authorised budget|authorized budget|genehmigtes budget|budget approuve",
    "approved_finish": (
        "approved finish|approved end|approved end date|approved finish date|approved completion|target finish|baseline finish|"
        "genehmigtes ende|genehmigter endtermin|fin approuvee"
    ),
    "milestones": "key milestones|milestones|key milestone|meilensteine|jalons cles|jalons",
    "file_pattern": "file pattern|files|file|pattern|file name|dateimuster|dateien|fichiers",
    "declared": (
        "declared status|status|rag|rag status|reported status|overall status|health|dca|delivery confidence|gemeldeter status|ampel|statut|statut declare"
    ),
}
# fields that a project list has and a list of activities has not
TELLING = {"programme", "portfolio", "sponsor", "phase", "approved_budget", "approved_finish", "milestones", "file_pattern", "declared", "manager"}


def guess_columns(headers: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Field → header, each header for one field; of several that fit, the one that the table names first."""
    found: dict[str, str] = {}
    spelt: dict[str, str] = {}
    for header in headers:
        spelt.setdefault(normal(header), header)
    for name, spellings in known.items():
        hit = next((spelt[one] for one in spellings.split("|") if one in spelt and spelt[one] not in found.values()), None)
        if hit:
            found[name] = hit
    return found


def project_fit(headers: Sequence[str]) -> int:
    """How many of a project list's headers are there; none count without a key or name and two more that only such a list has."""
    found = guess_columns([header for header in headers if header], PROJECT_HEADERS).keys()
    return len(found) if {"key", "name"} & found and len(TELLING & found) >= 2 and not _of_activities(headers) else 0


def _of_activities(headers: Sequence[str]) -> bool:
    """Whether the headers are an activity list's, which has a status and a phase too."""
    found = guess_columns([header for header in headers if header], ACTIVITY_HEADERS)
    return "predecessors" in found or "duration" in found or {"start", "finish", "percent"} <= found.keys()


def normal(header: str) -> str:
    """A header as the table spells it: without marks, units in brackets and punctuation."""
    text = UNIT_IN_HEADER.sub(" ", plain(header.replace("(*)", "").replace("\u00a0", " ")))
    return " ".join(re.sub(r"[()\[\]:*_]", " ", text).split()).strip(". ")


def unit(header: str) -> str:
    """The unit that a header states in brackets; a day where it states none."""
    found = UNIT_IN_HEADER.search(plain(header))
    return UNIT_OF.get(found[1], "day") if found else "day"

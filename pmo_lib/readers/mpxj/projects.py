"""A file's projects as MPXJ reads them, and what it passes over in P6's own XML, which we look up there ourselves. Runs beside the JVM."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Told = tuple[str, str, str, str]  # severity, code, message and remedy of a finding
MISSING = "a relationship with another project's activity, of which the file holds nothing, is not scheduled here"
NOWHERE = "a relationship whose activities are not in the project was left out"
IDLE = "the calendar has no working time in its week, so nothing can be scheduled on it"
ASTRAY = "a baseline of a project that the file does not hold was left out"
REMEDY = "correct it in P6 and export again"
ENDS = ("Predecessor", "Successor")


def projects(path: Path) -> tuple[list[Any], list[tuple[int | None, Row]], set[str]]:
    """MPXJ's projects of a file, with the relationships between them; findings, by unique id of an activity or of all; keys of calendars without work."""
    import jpype

    reader: Any = jpype.JClass("org.mpxj.reader.UniversalProjectReader")
    proxy = reader().getProjectReaderProxy(str(path))
    if proxy is None:
        return [], [], set()
    try:
        inner = proxy.getProjectReader()
        of_p6 = inner.getClass().getSimpleName() == "PrimaveraPMFileReader"
        if of_p6:
            inner.setLinkCrossProjectRelations(True)
        found = list(proxy.readAll() or ())
    finally:
        proxy.close()
    idle: set[str] = set()
    return found, list(_passed_over(path, idle)) if of_p6 else [], idle


def _passed_over(path: Path, idle: set[str]) -> Iterator[tuple[int | None, Row]]:
    """What MPXJ passes over: calendars without working time, whose keys go into `idle`, for MPXJ gives them Monday to Friday; baselines of projects that
    are not there; and each relationship with an activity that the file does not hold, by the one that it holds."""
    from defusedxml.ElementTree import iterparse

    known: set[str] = set()
    held: set[str] = set()
    measures: list[tuple[str, str]] = []
    links: list[dict[str, str]] = []
    inside: list[str] = []
    for event, element in iterparse(str(path), events=("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            inside.append(name)
            continue
        inside.pop()
        if name == "Calendar" and _idle(element):
            told = ("error", "calendar-without-work", IDLE, "give it a working day in P6 and export again")
            idle.add(_child(element, "ObjectId"))
            yield None, _finding(f"calendar {_child(element, 'Name')}", told)
        if name == "BaselineProject":
            measures.append((_child(element, "OriginalProjectObjectId"), _child(element, "Id") or _child(element, "Name")))
        if inside[-1:] != ["Project"]:
            continue
        if name == "ObjectId":
            held.add(element.text or "")
        elif name == "Activity":
            known.add(_child(element, "ObjectId"))
        elif name == "Relationship":
            links.append({f"{end}{of}": _child(element, f"{end}{of}ObjectId") for end in ENDS for of in ("Activity", "Project")})
        element.clear()
    for of, title in measures:
        if of not in held:
            yield None, _finding(f"baseline {title}", ("warning", "baseline-without-project", ASTRAY, "export the project and its baseline together"))
    for link in links:
        ends, owners = ([link[f"{end}{of}"] for end in ENDS] for of in ("Activity", "Project"))
        ours = [end for end in ends if end in known]
        told = _told(owners, len(ours))
        if told and ours and ours[0].isdecimal():
            named = " -> ".join(f"ObjectId {end or '(none)'}" for end in ends)
            yield int(ours[0]), _finding(named, told)


def _idle(calendar: Any) -> bool:
    """Whether nobody works in a calendar's own week; one that is based on another need not say."""
    weeks = [child for child in calendar if child.tag.endswith("StandardWorkWeek")]
    return not _child(calendar, "BaseCalendarObjectId") and not any(part.tag.endswith("Start") for week in weeks for part in week.iter())


def _finding(place: str, told: Told) -> Row:
    return {"place": place, **dict(zip(("severity", "code", "message", "remedy"), told, strict=True))}


def _told(owners: list[str], held: int) -> Told | None:
    """What to say of a relationship between activities of these projects, so many of which the file holds."""
    if held == 1 and owners[0] in ("", owners[1]):
        return "error", "relationship-without-activities", NOWHERE, REMEDY
    if held == 1:
        return "warning", "relationship-external", MISSING, "import the other project too"
    return None


def _child(element: Any, name: str) -> str:
    return next((child.text or "" for child in element if child.tag.rpartition("}")[2] == name), "")

"""Run as a process: what MPXJ reads in each file named, and the dates of its own scheduler, as one line of JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import jpype
import jpype.imports
import mpxj  # noqa: F401  puts the jars on the class path

from pmo_lib.readers.mpxj import jvm


def main(paths: list[str]) -> None:
    jpype.addClassPath(str(jvm.CHARSET_JAR))
    jpype.startJVM(str(jvm.find().library), "-Djava.awt.headless=true", convertStrings=True)
    reader = jpype.JClass("org.mpxj.reader.UniversalProjectReader")
    print(json.dumps([facts(next(iter(reader().readAll(path))), path) for path in paths]))


def facts(file: Any, path: str) -> dict[str, Any]:
    works = [task for task in file.getTasks() if not task.getSummary()]
    found = {
        "complaints": [str(error) for error in file.getIgnoredErrors()],
        "activities": len(works),
        "relationships": sum(len(task.getPredecessors()) for task in file.getTasks()),
        "calendars": len(file.getCalendars()),
        "resources": sum(1 for resource in file.getResources() if resource.getName()),
        "assignments": len(file.getResourceAssignments()),
    }
    scheduler = "PrimaveraScheduler" if path.endswith(".xer") else "MicrosoftScheduler"
    jpype.JClass(f"org.mpxj.cpm.{scheduler}")().schedule(file, file.getProjectProperties().getStartDate())
    dates = {
        str(task.getUniqueID()): [str(day) for day in (task.getEarlyStart(), task.getEarlyFinish(), task.getLateStart(), task.getLateFinish())]
        for task in works
    }
    return found | {"dates": dates}


if __name__ == "__main__":
    main(sys.argv[1:])

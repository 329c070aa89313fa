"""MPXJ's own CPM in a process of its own: `python -m benchmarks.rivals.mpxj_cpm`, spoken to by `Rival`. MPXJ calls it not guaranteed to match P6."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

DATES = ("EarlyStart", "EarlyFinish", "LateStart", "LateFinish")


class Rival:
    """The process, warm as soon as it has scheduled a few times. A context manager."""

    def __enter__(self) -> Rival:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.rivals.mpxj_cpm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def read(self, path: Path, *, rules: Literal["Primavera", "Microsoft"] = "Primavera") -> None:
        """Reads the file, whose project the next calls schedule by these rules."""
        self._ask({"read": str(path), "rules": rules})

    def seconds(self) -> tuple[float, float]:
        """Schedules once more; how long its dates took, and its floats, which MPXJ works out when they are asked for, inside the process."""
        answer = self._ask({"schedule": True})
        return float(answer["dates"]), float(answer["floats"])

    def dates(self) -> dict[str, list[datetime | None]]:
        """By activity id (MS Project: unique id) the four dates of the last scheduling. Raises `ValueError` with MPXJ's words where it cannot schedule."""
        answer = self._ask({"dates": True})
        if "error" in answer:
            raise ValueError(answer["error"])
        return {activity: [datetime.fromisoformat(each) if each else None for each in found] for activity, found in answer["dates"].items()}

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _floats(project: Any) -> float:
    """Seconds to ask every activity for its floats and whether it is critical."""
    tasks = list(project.getTasks())
    begin = time.perf_counter()
    for task in tasks:
        task.getTotalSlack()
        task.getFreeSlack()
        task.getCritical()
    return time.perf_counter() - begin


def _leaves(project: Any) -> list[Any]:
    return [task for task in project.getTasks() if not task.getSummary()]


def _dates(task: Any) -> list[str | None]:
    return [str(day) if day is not None else None for day in (getattr(task, f"get{name}")() for name in DATES)]


def main() -> None:
    """Answers requests, a line of JSON each, until standard input ends."""
    import jpype
    import jpype.imports
    import mpxj  # noqa: F401  puts the jars on the class path

    from pmo_lib.readers.mpxj import jvm

    jpype.addClassPath(str(jvm.CHARSET_JAR))
    # the usual JIT, both tiers: the rival runs as fast as it can
    jpype.startJVM(str(jvm.find().library), "-Djava.awt.headless=true", convertStrings=True)
    reader: Any = jpype.JClass("org.mpxj.reader.UniversalProjectReader")
    project: Any = None
    rules = "Primavera"
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any] = {}
        try:
            if "read" in request:
                project, rules = next(iter(reader().readAll(request["read"]))), request["rules"]
            elif "schedule" in request:
                begin = time.perf_counter()
                jpype.JClass(f"org.mpxj.cpm.{rules}Scheduler")().schedule(
                    project, project.getProjectProperties().getPlannedStart() or project.getProjectProperties().getStartDate()
                )
                answer["dates"] = time.perf_counter() - begin
                # the second round finds them made: the difference is what they cost, without the way from Python to Java
                first, again = _floats(project), _floats(project)
                answer["floats"] = max(first - again, 0.0)
            else:
                answer["dates"] = {str(task.getActivityID() if rules == "Primavera" else task.getUniqueID()): _dates(task) for task in _leaves(project)}
        except Exception as failure:  # noqa: BLE001  Java's exceptions are no subclasses of one Python kind
            answer = {"error": str(failure)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

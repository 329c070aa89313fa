"""The process in which MPXJ runs: `python -m pmo_lib.readers.mpxj.child FOLDER MEGABYTES`, started by `mpxj.reader.read_many`, never imported by it.

A line of JSON on standard input names a file and a folder; the answer is left in that folder (answer.json and an Arrow file a table)
and one line on standard output says that it is complete. Nothing is pickled, and nothing that Java prints reaches the parent's pipe.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
BROKEN = 3  # exit code of a child whose memory ran out


def main() -> None:
    """Starts the JVM and answers requests until standard input ends."""
    scratch, megabytes = Path(sys.argv[1]), int(sys.argv[2])
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    started = _start(scratch)
    _confine(megabytes)
    pipe.write(json.dumps(started) + "\n")
    pipe.flush()
    for line in sys.stdin if "error" not in started else ():
        request = json.loads(line)
        _answer(Path(request["path"]), Path(request["folder"]))
        pipe.write("done\n")
        pipe.flush()


def _confine(megabytes: int) -> None:
    """Limits core files, and the address space to what the started JVM has reserved and so much more, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        reserved = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        limit = reserved + megabytes * MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _start(scratch: Path) -> dict[str, Any]:
    """Starts the JVM; which one, or why it would not start."""
    from pmo_lib.errors import NotAvailable
    from pmo_lib.readers.mpxj import jvm

    try:
        java = jvm.find()
        jars = jvm.class_path(java)
    except NotAvailable as missing:
        return {"error": str(missing)}
    import jpype
    import polars as _  # noqa: F401  loaded before the limits hold

    native = ("--enable-native-access=ALL-UNNAMED",) if (java.version or 0) >= 22 else ()
    places = (f"-Djava.io.tmpdir={scratch}", f"-XX:ErrorFile={scratch}/java-error.log")
    try:
        jpype.startJVM(str(java.library), *jvm.OPTIONS, *native, *places, classpath=jars, convertStrings=True)
    except Exception as failure:  # noqa: BLE001  JPype raises several kinds, some of them Java's
        return {"error": f"the Java runtime at {java.home} did not start ({failure}); {jvm.REMEDY}"}
    return {"java": java.origin, "version": java.version, "home": str(java.home)}


def _answer(path: Path, folder: Path) -> None:
    try:
        answer = {"projects": _projects(path, folder)}
    except MemoryError:
        os._exit(BROKEN)  # nothing in this process can be trusted any more
    except Exception as failure:  # noqa: BLE001  Java's exceptions are no subclasses of one Python kind
        answer = {"error": _reason(failure)}
        if "OutOfMemoryError" in " ".join(answer["error"]):
            os._exit(BROKEN)
    (folder / "answer.json").write_text(json.dumps(answer, default=_json), encoding="utf-8")


def _projects(path: Path, folder: Path) -> list[dict[str, Any]]:
    from pmo_lib.readers.mpxj.info import info
    from pmo_lib.readers.mpxj.plan import Plan
    from pmo_lib.readers.mpxj.projects import projects
    from pmo_lib.readers.mpxj.rows import rows

    answers = []
    found, unheld, idle = projects(path)
    for position, project in enumerate(found):
        plan = Plan(project, position)
        tables = {name: _write(those, folder / f"{position}-{name}.arrow") for name, those in rows(plan, idle).items() if those}
        ignored = [str(error.toString()) for error in project.getIgnoredErrors()]
        said = info(plan)
        passed_over = [told for uid, told in unheld if uid is None or uid in plan.ids]
        answers.append({"info": said, "tables": tables, "findings": [*plan.findings, *passed_over], "ignored": ignored})
    return answers


def _write(rows: list[dict[str, Any]], file: Path) -> str:
    """The rows as an Arrow IPC file; the file's name."""
    import polars as pl

    columns: dict[str, None] = {name: None for row in rows for name in row}
    pl.DataFrame({name: pl.Series(name, [row.get(name) for row in rows], strict=False) for name in columns}).write_ipc(file)
    return file.name


def _reason(failure: Exception) -> list[str]:
    """Messages of an exception and its causes, outermost first."""
    reasons: list[str] = []
    current: Any = failure
    while current is not None and len(reasons) < 8:
        message = current.getMessage() if hasattr(current, "getMessage") else None
        reasons.append(str(message or (current.toString() if hasattr(current, "toString") else f"{type(current).__name__}: {current}")))
        current = current.getCause() if hasattr(current, "getCause") else None
    return reasons


def _json(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


if __name__ == "__main__":
    main()

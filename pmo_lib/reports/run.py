"""Run a report's notebook for a project, and export it: notebook, HTML, PDF."""

from __future__ import annotations

import hashlib
import os
import queue
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_lib.durable import whole
from pmo_lib.errors import InvalidInput, PMOError
from pmo_lib.reports.index import named, own
from pmo_lib.shipped import shipped

if TYPE_CHECKING:
    from pmo_lib.store import Workspace

FORMATS = ("html", "pdf")
Progress = Callable[[int, int, str], None]


def report(
    ws: Workspace | str | os.PathLike[str],
    key: str,
    *,
    report: str | None = None,
    formats: Sequence[str] = FORMATS,
    out: str | os.PathLike[str] | None = None,
    as_of: date | str | None = None,
    iterations: int | None = None,
    seed: int | None = None,
) -> list[Path]:
    """Writes a project's report: `<out>/<key>/<data date>/<report>.ipynb` and the formats asked for; `out` is by default the workspace's `reports`.

    `report` is "status" or "flow" (of a board alone); None: the project's own, of a plan its status and of a board its flow.

    `iterations` makes a new forecast before, with `seed`; without it the kept one is shown. Raises `InvalidInput` for an unknown report or format, and what
    the notebook raises where a project cannot be reported.
    """
    from pmo_lib.reports.kernel import kernel

    job = _Job(ws, report, formats, out, as_of, iterations, seed)
    with kernel() as running:
        return job.write(key, running)


def report_all(
    ws: Workspace | str | os.PathLike[str],
    keys: Sequence[str],
    *,
    report: str | None = None,
    formats: Sequence[str] = FORMATS,
    out: str | os.PathLike[str] | None = None,
    as_of: date | str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> dict[str, list[Path]]:
    """Writes the report of each project, `jobs` side by side, each with one warm kernel; the paths by project. `report` as in `report`.

    A project that cannot be reported does not stop the others. Raises `PMOError` at the end, naming each that failed.
    """
    job = _Job(ws, report, formats, out, as_of, None, None)
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    written: dict[str, list[Path]] = {}
    failed: dict[str, str] = {}
    for key in keys:
        waiting.put(key)

    def told(key: str) -> None:
        if progress is not None:
            progress(len(written) + len(failed), len(keys), key)

    def work() -> None:
        from pmo_lib.reports.kernel import kernel

        with kernel() as running:
            while not waiting.empty():
                try:
                    key = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    written[key] = job.write(key, running)
                except PMOError as error:
                    failed[key] = str(error)
                told(key)

    with ThreadPoolExecutor(max(1, min(jobs, len(keys)))) as pool:
        for done in [pool.submit(work) for _ in range(min(jobs, len(keys)))]:
            done.result()
    if failed:
        reasons = "; ".join(f"{key}: {reason}" for key, reason in failed.items())
        raise PMOError(f"{len(failed)} of {len(keys)} reports could not be written: {reasons}")
    return {key: written[key] for key in keys}


class _Job:
    """What is the same for each project of a run."""

    def __init__(self, ws: Any, report: str | None, formats: Sequence[str], out: Any, as_of: Any, iterations: int | None, seed: int | None) -> None:
        if unknown := [name for name in formats if name not in FORMATS]:
            raise InvalidInput(f"there is no report format {unknown[0]!r}; there are {', '.join(FORMATS)}")
        folder = Path(getattr(ws, "folder", ws)).resolve()
        self.ws, self.asked = ws, named(report) if report else None
        self.formats, self.out = tuple(formats), Path(out) if out is not None else folder / "reports"
        self.parameters = {
            "workspace": str(folder),
            "user": getattr(ws, "user", None),
            "as_of": as_of.isoformat() if isinstance(as_of, date | datetime) else as_of,
            "iterations": iterations,
            "seed": seed,
        }

    def _own(self, key: str) -> str:
        from pmo_lib.store import Workspace, open_workspace

        if isinstance(self.ws, Workspace):
            return own(self.ws, key, self.parameters["as_of"])
        with open_workspace(self.ws) as ws:
            return own(ws, key, self.parameters["as_of"])

    def write(self, key: str, running: Any) -> list[Path]:
        import nbformat

        from pmo_lib.reports.kernel import executed
        from pmo_lib.reports.page import page, parts
        from pmo_lib.reports.pdf import pdf

        report = self.asked or self._own(key)
        notebook = executed(str(shipped(f"notebooks/reports/{report}.ipynb")), {**self.parameters, "key": key}, running)
        notebook.metadata["papermill"].update(input_path=f"{report}.ipynb", output_path=None)
        found = parts(notebook)
        folder = self.out / safe_name(key) / found[0]["dated"]
        paths = [_put(folder / f"{report}.ipynb", nbformat.writes(notebook).encode())]
        if "html" in self.formats:
            paths.append(_put(folder / f"{report}.html", page(notebook).encode()))
        if "pdf" in self.formats:
            paths.append(_put(folder / f"{report}.pdf", pdf(found)))
        return paths


def safe_name(key: str) -> str:
    """A key as the name of a folder, on every system: letters, digits, `.`, `_` and `-`; a changed one carries a hash of the key."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", key).strip("._")[:80]
    return name if name == key else f"{name or 'project'}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _put(path: Path, content: bytes) -> Path:
    """Writes the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path, sync=False) as file:
        file.write(content)
    return path

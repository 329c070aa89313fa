"""`pmo report`: which projects, which formats, one after another or side by side."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from pmo_lib.cli.arguments import is_file, workspace
from pmo_lib.cli.output import progress
from pmo_lib.errors import InvalidInput

FORMATS = ("html", "pdf")


def write_reports(
    what: list[str],
    *,
    everything: bool,
    name: str | None,
    formats: str,
    out: Path | None,
    jobs: int,
    as_of: datetime | None,
    folder: Path | None,
    quiet: bool,
) -> dict[str, list[Path]]:
    """The paths written, by project."""
    kinds = tuple(kind.strip() for kind in formats.split(","))
    if unknown := [kind for kind in kinds if kind not in FORMATS]:
        raise InvalidInput(f"no report format {unknown[0]!r}; there are {' and '.join(FORMATS)}")
    if not what and not everything:
        raise InvalidInput("which project? give keys or files, or --all; pmo projects lists the keys")
    files = [Path(item) for item in what if is_file(item)]
    keys = [item for item in what if not is_file(item)]
    written: dict[str, list[Path]] = {}
    with progress("Reporting", quiet=quiet) as report_progress:
        if keys or everything:
            from pmo_lib.reports import report_all

            ws = workspace(folder)
            there = ws.projects()["key"].to_list()
            chosen = there if everything else _projects(keys, there)
            written |= report_all(ws, chosen, report=name, formats=kinds, out=out, jobs=jobs, as_of=as_of, progress=report_progress)
        for file in files:
            written[str(file)] = report_of_file(file, name, kinds, out or Path.cwd(), as_of)
    return written


def _projects(keys: list[str], there: list[str]) -> list[str]:
    """The keys; a kind of report among them is what somebody typed for `--report`."""
    from pmo_lib.reports.index import REPORTS

    kinds = [key for key in keys if key not in there and key.lower() in REPORTS]
    if kinds:
        others = [key for key in keys if key not in kinds] or ["KEY"]
        raise InvalidInput(
            f"there is no project {kinds[0]}; the kind of a report goes with --report: pmo report {' '.join(others)} --report {kinds[0].lower()}"
        )
    return keys


def report_of_file(file: Path, name: str | None, formats: tuple[str, ...], out: Path, as_of: datetime | None) -> list[Path]:
    """A report straight from a plan file: through a workspace that lives as long as the run."""
    from pmo_lib import office
    from pmo_lib.reports import report
    from pmo_lib.store import init_workspace

    with tempfile.TemporaryDirectory(prefix="pmo-") as folder:
        ws = init_workspace(Path(folder) / "workspace")
        submissions, _ = office.bring_in(ws, file, as_of=as_of)
        key = office.only_key(submissions)
        office.forecast_if_possible(ws, key, as_of=as_of)
        return report(ws, key, report=name, formats=formats, out=out)

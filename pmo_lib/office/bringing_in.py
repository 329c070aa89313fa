"""Bring in: files and folders become snapshots of projects; the project list says whose they are and who is missing."""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import polars as pl

from pmo_lib.errors import InvalidInput, NotAvailable, NotFound, PMOError
from pmo_lib.office import standing
from pmo_lib.office.board_forecasting import forecast_board, holds_board
from pmo_lib.office.boards import is_board
from pmo_lib.office.certifying import certify
from pmo_lib.office.forecasting import forecast as make_forecast
from pmo_lib.plots import words
from pmo_lib.project import Project, trusted
from pmo_lib.readers import door, payloads, read_many
from pmo_lib.readers.choosing import size
from pmo_lib.readers.lists.projects import is_project_list, read_project_list

if TYPE_CHECKING:
    from pmo_lib.store import Workspace

Progress = Callable[[int, int, str], None]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What became of one project of one file (or of a file that was refused)."""

    file: str
    key: str | None
    outcome: Literal["new", "same", "refused", "project list"]
    data_date: datetime | None = None
    dated_by: Literal["file", "given", "import"] | None = None
    snapshot: str | None = None
    message: str = ""

    def row(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def bring_in(
    ws: Workspace,
    *paths: str | Path,
    project: str | None = None,
    as_of: datetime | None = None,
    forecast: bool = False,
    progress: Progress | None = None,
) -> tuple[list[Submission], list[str]]:
    """Read every file of `paths` (folders are searched; a pull's folder is one source), keep each project as a snapshot and certify it.

    Returns what became of each, and the keys on the project list that no file of a folder import belonged to. A file that cannot be read is refused with
    its reason and the rest goes on. `project` files a single plan under that key; `forecast` simulates each new snapshot too.
    """
    files = _files(paths)
    if project is not None and len(files) != 1:
        raise InvalidInput(f"--project names one plan's key, and there are {len(files)} files; import them one by one, or let the project list name them")
    lists = [file for file in files if is_project_list(file)]
    plans = [file for file in files if file not in lists]
    tell = progress or (lambda done, total, text: None)
    submissions = [_take_list(ws, file, as_of) for file in lists]
    listing = ws.listing()
    for done, (file, outcome) in enumerate(_ahead(read_many(plans))):
        tell(done, len(plans), file.name)
        if isinstance(outcome, PMOError):
            submissions.append(Submission(file=file.name, key=None, outcome="refused", message=str(outcome)))
        else:
            kept = [_keep(ws, plan, file, _key(plan, file, outcome, listing, project), as_of) for plan in outcome]
            submissions.extend(_with_forecast(ws, one) if forecast else one for one in kept)
    tell(len(plans), len(plans), "")
    missing = _missing(listing, submissions) if any(Path(path).is_dir() and path not in files for path in map(Path, paths)) else []
    return submissions, missing


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The items, each made while the one before is used: the reader's process works while we keep and certify."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = reader.submit(next, items, None)
            yield item


def only_key(submissions: Sequence[Submission]) -> str:
    """The key of the one project that came in; the largest is listed first. Raises the refusal where none did."""
    for submission in submissions:
        if submission.key is not None:
            return submission.key
    raise NotFound(submissions[0].message if submissions else "no plan was found")


def set_baseline(ws: Workspace, key: str, source: str, *, project: str | None = None) -> str:
    """Measure `key` against a snapshot (the beginning of its hash) or a plan file (of several projects the one named); returns the snapshot's hash.

    The latest snapshot is certified anew.
    """
    file = Path(source)
    if holds_board(ws, key):
        raise NotAvailable(f"{key} is a board: a board cannot be a baseline nor be measured against one; name its approved finish in the project list")
    if file.is_file():
        ws.snapshot(key)  # refused before anything is written
        from pmo_lib.readers import read

        plan = read(file, project=project)
        if is_board(plan):
            raise NotAvailable(f"{file.name} is a board: a plan is measured against a plan; name a plan file, or a snapshot of {key}")
        chosen = ws.set_baseline(key, ws.add(plan, source_bytes=file, key=key, purpose="baseline"))
    else:
        chosen = ws.set_baseline(key, source)
    assert chosen is not None
    certify(ws, key)
    return chosen.hash


def _files(paths: Iterable[str | Path]) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, paths):
        many = path.is_dir() and not door.reads_as_one(path)
        files.extend(_within(path) if many else [path])
    if not files:
        raise InvalidInput(f"{', '.join(map(str, paths))}: no file there to import; name plan files, or a folder that holds some")
    return files


def _within(folder: Path) -> list[Path]:
    """Every file under the folder, and each folder that is a board's payloads as one."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            found.extend([path] if door.reads_as_one(path) else _within(path))
        elif path.is_file() and _wanted(path):
            found.append(path)
    return found


def _wanted(file: Path) -> bool:
    """In a folder, mappings, notes and licences lie beside the plans and belong to them."""
    return not file.name.casefold().startswith((".", "~$", "license", "licence", "readme")) and file.suffix.lower() not in {
        ".toml",
        ".md",
        ".txt",
        ".log",
        ".pdf",
    }


def _take_list(ws: Workspace, file: Path, as_of: datetime | None) -> Submission:
    door.admit(file)
    frame, findings = read_project_list(file)
    ws.set_listing(frame, file.name, as_of=as_of)
    refused = f"; {findings.height} rows or values were refused: " + "; ".join(findings["message"].head(3)) if findings.height else ""
    return Submission(file=file.name, key=None, outcome="project list", message=f"{frame.height} projects listed{refused}")


def _key(plan: Project, file: Path, siblings: Sequence[Project], listing: pl.DataFrame, asked: str | None) -> str:
    """The key to file a plan under: asked for, else the list's (by key or file pattern), else the plan's own, else the file's name."""
    largest = max(siblings, key=size)
    if asked and (plan is largest or (plan.info.key and plan.info.key == largest.info.key)):  # of a history every status date
        return asked
    for row in listing.iter_rows(named=True):
        if row["key"].casefold() == plan.info.key.casefold():
            return row["key"]
        if row["file_pattern"] and plan is largest and fnmatch.fnmatch(file.name.casefold(), row["file_pattern"].casefold()):
            return row["key"]
    return re.sub(r"[^\w.-]+", "-", plan.info.key or file.stem).strip("-.").upper() or "PROJECT"


def _keep(ws: Workspace, plan: Project, file: Path, key: str, as_of: datetime | None) -> Submission:
    if not size(plan):
        return Submission(file=file.name, key=None, outcome="refused", message=f"{file.name}: the project {plan.info.name!r} has no activities and no items")
    plan = trusted(replace(plan.info, file=file.name), plan.tables, plan.findings)
    snapshot = ws.add(plan, source_bytes=_source(file, plan), key=key, as_of=as_of)
    if ws.result(snapshot, standing.KIND) is None:  # new, or an import that was cut off before its certificate
        certify(ws, key, as_of=snapshot.data_date)
    faults = plan.findings.filter(pl.col("severity").cast(pl.String) != "info").height
    counted = words.count(plan.tables["items"].height, "item") if is_board(plan) else words.count(plan.tables["activities"].height, "activity", "activities")
    message = counted + (f", {words.count(faults, 'finding')}" if faults else "")
    return Submission(
        file=file.name,
        key=key,
        outcome="new" if snapshot.new else "same",
        data_date=snapshot.data_date,
        dated_by=snapshot.dated_by,
        snapshot=snapshot.hash,
        message=message,
    )


def _source(file: Path, plan: Project) -> bytes | Path | None:
    """What is kept as the snapshot's source: the file, or a pull's archive; of another tool's folder nothing that could be read again."""
    if not file.is_dir():
        return file
    archive = payloads.packed(file)
    return archive if hashlib.sha256(archive).hexdigest() == plan.info.content_hash else None


def _with_forecast(ws: Workspace, submission: Submission) -> Submission:
    """The submission with a forecast kept beside its certificate, or the reason why there is none."""
    if submission.outcome != "new" or submission.key is None:
        return submission
    try:
        # a date that only the import gave is no status date
        at = None if submission.dated_by == "import" else submission.data_date
        made = forecast_board(ws, submission.key, as_of=at) if holds_board(ws, submission.key, at) else make_forecast(ws, submission.key, as_of=at)
    except PMOError as error:
        return replace(submission, message=f"{submission.message}; no forecast: {error}")
    p80 = made.percentiles.filter(pl.col("p") == 80)["finish"][0]
    assumed = ", indicative: ranges assumed" if made.indicative else ""
    return replace(submission, message=f"{submission.message}; P80 finish {p80:%-d %b %Y}{assumed}")


def _missing(listing: pl.DataFrame, submissions: Sequence[Submission]) -> list[str]:
    came = {submission.key for submission in submissions}
    return [key for key in listing["key"].to_list() if key not in came]

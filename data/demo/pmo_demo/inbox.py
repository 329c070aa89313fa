"""The demo on disk: a folder of submissions a month, a project list a month, estimates, and which file is whose baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pmo_demo.board_payloads import PULLS, write_board
from pmo_demo.board_payloads import listing as board_listing
from pmo_demo.drafts import Draft
from pmo_demo.history import estimates, snapshots
from pmo_demo.lists import write_csv_list, write_estimates, write_excel_list, write_project_list
from pmo_demo.register import write_registers
from pmo_demo.stories import MONTHS, STORIES, Story
from pmo_demo.xer import write_xer
from pmo_lib.project import Project
from pmo_lib.tables import TABLES, part

PORTFOLIO = "Aldermoor Water capital programme"


def build_demo(out: Path, seed: int = 2026) -> list[Path]:
    """Write the demo below `out` and return the files written. The same seed gives the same files."""
    written: list[Path] = []
    rows: list[list[dict[str, Any]]] = [[] for _ in MONTHS]
    for story in STORIES.values():
        latest: Draft | None = None
        for month, draft, plan in snapshots(story, seed):
            written += _submit(out, story, month, draft, plan)
            latest = draft
        if latest:
            for month, listed in enumerate(rows):
                listed.append(listing(story, latest, month))
    written += write_board(out, seed)
    for month, listed in enumerate(rows):
        if f"{MONTHS[month]:%Y-%m}" in PULLS:
            listed.append({**board_listing(), "portfolio": PORTFOLIO})
        path = out / f"project-list-{MONTHS[month]:%Y-%m}.xlsx"
        write_project_list(path, listed)
        written.append(path)
    return [*written, *write_registers(out), _write_baselines(out)]


def file_of(out: Path, story: Story, month: int) -> Path:
    """Where the project's submission of that month lies."""
    stamp = f"{MONTHS[month]:%Y-%m}"
    return out / "inbox" / stamp / f"{story.key.lower()}-{stamp}.{story.format}"


def listing(story: Story, draft: Draft, month: int) -> dict[str, Any]:
    """The project's row of the project list (`tables.Listing`) as of that month."""
    return {
        "key": story.key,
        "name": draft.name,
        "programme": story.programme,
        "portfolio": PORTFOLIO,
        "manager": draft.manager,
        "sponsor": story.sponsor,
        "phase": story.phases[month],
        "approved_budget": float(story.budget),
        "approved_finish": story.approved,
        "milestones": ";".join(draft.find(name).id for name in story.milestones) or None,
        "file_pattern": f"*{story.key.lower()}*",
        "declared": story.declared[month],
    }


def _submit(out: Path, story: Story, month: int, draft: Draft, plan: Project) -> list[Path]:
    path = file_of(out, story, month)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_plan(looped(plan) if story.looped == month else plan, path, draft)
    if not story.estimated:
        return [path]
    sheet = out / "estimates" / f"{MONTHS[month]:%Y-%m}" / f"{story.key}.csv"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    write_estimates(sheet, estimates(draft))
    return [path, sheet]


def write_plan(plan: Project, path: Path, draft: Draft) -> None:
    """Write the draft's plan in the format that the file's suffix names."""
    from pmo_lib.writers.mspdi.writer import write_mspdi

    if path.suffix == ".xer":
        write_xer(plan, path, {work.id: work.minutes for work in draft.works.values() if work.has_work})
    elif path.suffix == ".xml":
        write_mspdi(plan, path)
    elif path.suffix == ".xlsx":
        write_excel_list(plan, path, draft.manager)
    else:
        write_csv_list(plan, path)


def looped(plan: Project) -> Project:
    """The plan with a relationship that leads back: what a planner's slip in a network diagram makes. Its stored dates are from before the slip."""
    links = plan.tables["relationships"]
    open_works = set(plan.tables["activities"].filter(plan.tables["activities"]["actual_start"].is_null())["activity"])
    row = next(row for row in links.iter_rows(named=True) if row["predecessor"] in open_works and row["successor"] in open_works)
    back = {"predecessor": row["successor"], "successor": row["predecessor"], "type": "FS", "lag": 0, "uid": str(links.height + 1)}
    added, _ = part(TABLES["relationships"], [back], "relationships")
    return Project(plan.info, dict(plan.tables) | {"relationships": links.vstack(added)}, plan.findings)


def _write_baselines(out: Path) -> Path:
    """P6 exports hold no baseline: the June file of each P6 project is its baseline."""
    path = out / "baselines.toml"
    lines = ["# Which snapshot is whose baseline: project key = file below this folder. MS Project's files bring theirs.", "[baselines]"]
    lines += [f'{story.key} = "{file_of(out, story, 0).relative_to(out).as_posix()}"' for story in STORIES.values() if story.format == "xer"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path

"""Answers of Asana's for tests: records shaped as its API description says, and the folder in which a pull leaves them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROJECT = {
    "gid": "77",
    "resource_type": "project",
    "name": "Shop",
    "default_view": "board",
    "due_on": "2026-12-18",
    "owner": {"gid": "1", "name": "Ada"},
    "team": {"gid": "9", "name": "Web"},
}
SECTIONS = ["Backlog", "Doing", "Review", "Done"]


def at(day: float) -> str:
    """Day 1 is 1 September 2026."""
    whole = int(day)
    return f"2026-{9 + (whole - 1) // 30:02d}-{(whole - 1) % 30 + 1:02d}T{round((day - whole) * 24):02d}:00:00.000Z"


def sections(names: list[str] | None = None) -> list[dict[str, Any]]:
    """Sections of the project, gid 100 on."""
    return [{"gid": str(100 + n), "name": name, "project": {"gid": "77"}} for n, name in enumerate(names or SECTIONS)]


def section(name: str, names: list[str] | None = None) -> dict[str, str]:
    return {"gid": str(100 + (names or SECTIONS).index(name)), "name": name}


def task(gid: str, where: str | None = "Backlog", *, created: float = 1, done: float | None = None, **more: Any) -> dict[str, Any]:
    """A task in a section of the project."""
    return {
        "gid": gid,
        "resource_type": "task",
        "resource_subtype": "default_task",
        "name": f"Task {gid}",
        "created_at": at(created),
        "modified_at": at(more.pop("modified", done or created)),
        "completed": done is not None,
        "completed_at": None if done is None else at(done),
        "memberships": [{"project": {"gid": "77", "name": "Shop"}, "section": section(where)}] if where else [],
        **more,
    }


def moved(gid: str, day: float, before: str, after: str, **more: Any) -> dict[str, Any]:
    """The story of a move between sections."""
    return story(gid, day, "section_changed", old_section=section(before), new_section=section(after), **more)


def story(gid: str, day: float, subtype: str, **more: Any) -> dict[str, Any]:
    """A story of a task."""
    return {
        "gid": f"{gid}-{subtype}-{day}", "resource_type": "story", "resource_subtype": subtype, "created_at": at(day),
        "created_by": {"gid": "1", "name": "Ada"}, "target": {"gid": gid, "resource_type": "task"}, **more,
    }  # fmt: skip


def pull(folder: Path, *, page: int = 2, **resources: list[dict[str, Any]]) -> Path:
    """A pull in that folder, `page` records a file."""
    folder.mkdir(parents=True)
    told = {"schema": 1, "source": "asana", "site": "https://app.asana.com", "project": "77", "pulled": "2026-11-23T10:15:00Z"}
    (folder / "pull.json").write_text(json.dumps(told))
    (folder / "project.json").write_text(json.dumps({"data": PROJECT}))
    for name, records in {"sections": sections(), **resources}.items():
        for number, first in enumerate(range(0, max(len(records), 1), page), start=1):
            (folder / f"{name}-{number:04d}.json").write_text(json.dumps({"data": records[first : first + page], "next_page": None}))
    return folder

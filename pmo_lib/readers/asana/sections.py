"""What an Asana project's sections mean: phases that work goes through, or topics under which it is kept. A guess, which is shown.

Asana knows two states of a task, open and completed. A section is a column of the board view and a heading of the list view, so it may be a phase (To do,
Doing, Review) or a topic (Kitchen, Garden). As phases they are statuses in their order; as topics they say nothing of how far a task is, and the statuses are
Open and Completed alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pmo_lib.readers.cells import plain
from pmo_lib.readers.notes import Notes

OPEN, COMPLETED = "Open", "Completed"
DONE = re.compile(
    r"\b(done|complete|completed|closed|finished|shipped|released|delivered|launched|erledigt|fertig|abgeschlossen|termine|fait|hecho|terminado|concluido)\b"
)
TO_DO = re.compile(
    r"\b(to ?do|to-do|backlog|ideas?|new|inbox|requests?|requested|not started|up next|next|later|planned|open|untitled section|"
    r"offen|zu erledigen|geplant|neu|a faire|por hacer|pendiente)\b"
)
DOING = re.compile(
    r"\b(doing|in progress|wip|working on|in work|review|reviewing|in review|testing|qa|blocked|waiting|on hold|approval|ready for|in arbeit|"
    r"prufung|en cours|en progreso|en curso)\b"
)
WORDS = {"done": DONE, "in_progress": DOING, "to_do": TO_DO}  # asked in this order: "Ready for release" is work, "Done" is not "to be done"
FEW_MOVES = 0.1  # share of the tasks that moved between sections, from which on these are phases


@dataclass(frozen=True, slots=True)
class Phases:
    """The statuses of a project: a row of `tables.Statuses` each, and whether the sections are among them."""

    rows: tuple[dict[str, Any], ...]
    sections: bool  # whether a section is a status

    def of(self, section: str | None, *, completed: bool) -> str:
        """The status of a task in that section."""
        if completed:
            return COMPLETED
        return section if self.sections and section is not None else OPEN

    def category(self, status: str) -> str:
        """to_do, in_progress or done."""
        return next((row["category"] for row in self.rows if row["status"] == status), "in_progress")


def phases(sections: Sequence[str], *, view: str | None, moved: float, notes: Notes, place: str) -> Phases:
    """Statuses from the sections' names in their order, the view that the project opens in, and the share of its tasks that moved between sections."""
    names = list(dict.fromkeys(sections))
    if not _are_phases(names, view, moved):
        if names:
            shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
            notes.add(
                "info", "sections-are-topics", place,
                f"the sections ({shown}) were taken for topics: work is open or completed, so there is no cycle time",
                "if work moves through them, open the project as a board in Asana, or name a field for the status in pmo.toml",
            )  # fmt: skip
        return Phases((_row(OPEN, "to_do", 0), _row(COMPLETED, "done", 1)), sections=False)
    rows = [_row(name, _category(name, at, len(names)), at) for at, name in enumerate(names)]
    told = "; ".join(f"{row['status']}: {row['category'].replace('_', ' ')}" for row in rows)
    notes.add(
        "info",
        "sections-are-phases",
        place,
        f"the sections were taken for phases of the work ({told})",
        "where one is wrong, set started and done in the flow rules",
    )
    return Phases(_with_asanas_own(rows), sections=True)


def of_field(options: Sequence[str]) -> Phases:
    """Statuses from the options of a field which the user named as the status, in their order."""
    names = list(dict.fromkeys(options))
    return Phases(_with_asanas_own([_row(name, _category(name, at, len(names)), at) for at, name in enumerate(names)]), sections=True)


def _with_asanas_own(rows: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The rows with Asana's own two states: open in the first column of work to come, completed in the last column of finished work."""
    names = {row["status"] for row in rows}
    to_do = [row for row in rows if row["category"] == "to_do"][:1]
    done = [row for row in rows if row["category"] == "done"][-1:] or [_row(COMPLETED, "done", len(rows))]
    open_ = to_do or [_row(OPEN, "to_do", None)]
    own = [{**at, "status": status} for status, (at,) in ((OPEN, open_), (COMPLETED, done)) if status not in names]
    return (*rows, *own)


def _row(status: str, category: str, position: int | None) -> dict[str, Any]:
    return {"status": status, "category": category, "column": None if position is None else status, "position": position}


def _are_phases(names: Sequence[str], view: str | None, moved: float) -> bool:
    known = [name for name in names if _said(name)]
    return bool(names) and (view == "board" or moved >= FEW_MOVES or len(known) * 2 > len(names))


def _said(name: str) -> str | None:
    return next((category for category, words in WORDS.items() if words.search(plain(name))), None)


def _category(name: str, position: int, among: int) -> str:
    """What the name says; of a name that says nothing, the first column is work to come and the others are work."""
    return _said(name) or ("to_do" if position == 0 and among > 1 else "in_progress")

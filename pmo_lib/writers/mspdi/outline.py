"""The order of tasks, their levels and Unique IDs. Elements of the work breakdown structure without a summary task become one."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_lib.project import Project
from pmo_lib.writers.mspdi.elements import Row, rows, whole

Entry = tuple[int, Row | None, Row | None]  # level, activity, WBS element


class Outline:
    """`entries` in order, and the Unique ID of each activity, and of each element (under ' ' and its key) that has no activity."""

    def __init__(self, plan: Project) -> None:
        activities = list(rows(plan, "activities"))
        self.elements = {row["wbs"]: row for row in rows(plan, "wbs")}
        of_elements = {element["activity"] for element in self.elements.values()}
        # P6's WBS summary activities: here the element's own summary task spans the same work
        self.left_out = [row for row in activities if row["kind"] == "summary" and row["activity"] not in of_elements]
        gone = {row["activity"] for row in self.left_out}
        kept = [row for row in activities if row["activity"] not in gone]
        self.named = all(whole(row["activity"]) or (row["kind"] == "summary" and row["activity"] == "0") for row in kept)
        self.entries: list[Entry] = []
        self._fill([row for row in kept if row["activity"] not in of_elements], {row["activity"]: row for row in kept})
        if [level for level, _, _ in self.entries].count(0) > 1:  # MS Project has one project summary task
            self.entries = [(level + 1, row, element) for level, row, element in self.entries]
        self.uids = self._numbers()

    def _fill(self, works: list[Row], own: Mapping[str, Row]) -> None:
        inside: dict[str | None, list[Row]] = {}
        for row in works:
            inside.setdefault(row["wbs"] if row["wbs"] in self.elements else None, []).append(row)
        children: dict[str | None, list[Row]] = {}
        for element in self.elements.values():
            children.setdefault(element["parent"], []).append(element)
        self._add(None, -1, inside, children, own)

    def _add(
        self, key: str | None, level: int, inside: Mapping[str | None, list[Row]], children: Mapping[str | None, list[Row]], own: Mapping[str, Row]
    ) -> None:
        self.entries += [(max(level + 1, 1), row, None) for row in inside.get(key, [])]
        for element in children.get(key, []):
            self.entries.append((level + 1, own.get(element["activity"]), element))
            self._add(element["wbs"], level + 1, inside, children, own)

    def _numbers(self) -> dict[str, int]:
        if self.named:
            numbers = {row["activity"]: int(row["activity"]) for _, row, _ in self.entries if row}
            free = max(numbers.values(), default=0) + 1
            return numbers | {f" {element['wbs']}": free + index for index, (_, row, element) in enumerate(self.entries) if row is None and element}
        first = 0 if self.entries and self.entries[0][0] == 0 else 1  # the project summary task is MS Project's number 0
        return {name_of(row, element): index for index, (_, row, element) in enumerate(self.entries, start=first)}


def name_of(row: Row | None, element: Row | None) -> str:
    """Under what an entry's Unique ID is kept."""
    return row["activity"] if row else f" {element['wbs'] if element else ''}"

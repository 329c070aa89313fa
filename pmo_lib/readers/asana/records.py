"""Asana's records of one pull or export, and what each task says of where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Task = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Records by what they are about; keys are gids."""

    projects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sections: list[dict[str, Any]] = field(default_factory=list)
    tasks: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    stories: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    has_stories: bool = False
    time: list[dict[str, Any]] = field(default_factory=list)
    portfolios: list[str] = field(default_factory=list)
    fields: Mapping[str, Any] = field(default_factory=dict)  # column: name of the custom field, as the user asked
    site: str | None = None

    @staticmethod
    def memberships(task: Task) -> list[dict[str, Any]]:
        """The projects that a task says it is in."""
        told = [each.get("project") or {} for each in task.get("memberships") or []]
        return told or list(task.get("projects") or [])

    def root(self, task: Task) -> Task:
        """The task at the top of its parents that are known; a task in a circle of parents is its own."""
        seen = set()
        at = task
        while (parent := str((at.get("parent") or {}).get("gid"))) in self.tasks and parent not in seen:
            seen.add(parent)
            at = self.tasks[parent]
        return at

    def named(self, task: Task) -> list[str]:
        """gids of the projects which the task, or the one above all its parents, says it is in."""
        return [str(one["gid"]) for one in (*self.memberships(task), *self.memberships(self.root(task))) if one.get("gid")]

    def of(self, project: str) -> list[dict[str, Any]]:
        """The project's tasks and their subtasks of every depth; headings that only part a list are none. Of one project alone, loose tasks are its own too."""
        alone = len(self.projects) <= 1 or not project
        own = []
        for task in self.tasks.values():
            named = self.named(task)
            if (project in named or (alone and not named)) and not _is_heading(task):
                own.append(task)
        return own


def membership(task: Task, project: str) -> Mapping[str, Any]:
    """How a task is in the project; empty where it does not say so."""
    told = task.get("memberships") or []
    return next((each for each in told if not project or str((each.get("project") or {}).get("gid")) == project), {})


def section(task: Task, project: str, sections: Mapping[str, str]) -> str | None:
    """Name of the section in which a task stands in the project; `sections` are names by gid."""
    told = membership(task, project).get("section") or {}
    return sections.get(str(told.get("gid")), told.get("name"))


def _is_heading(task: Task) -> bool:
    return bool(task.get("is_rendered_as_separator")) or task.get("resource_subtype") == "section"

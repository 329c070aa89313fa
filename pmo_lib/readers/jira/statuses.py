"""Statuses and the board's columns: what each counts as, and where it stands. A status that the site no longer has is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pmo_lib.readers.cells import plain
from pmo_lib.readers.jira.values import mapping, objects, text
from pmo_lib.readers.notes import Notes

CATEGORIES = {"new": "to_do", "indeterminate": "in_progress", "done": "done"}
# of statuses that the site no longer describes: what their names usually mean
USUAL = {
    "to_do": (
        "todo|proposed|vorgeschlagen|"
        "to do|open|new|backlog|created|inbox|triage|ready|selected for development|reopened|offen|neu|zu erledigen|a faire|ouvert|nouveau|"
        "por hacer|tareas por hacer|abierto|nuevo|a fazer|tarefas pendentes|itens pendentes|pendente|aberto|novo|do zrobienia|otwarte|nowe|"
        "новый|открыт|открытый|черновик|к выполнению|сделать|бэклог|da fare|da completare|aperto|nuovo|te doen|"
        "abierta|nueva|reabierta|reabierto|aberta|nova|ouverte|nouvelle|открыта|новая|aperta|nuova"
    ),
    "done": (
        "removed|duplicate|fixed|verified|"
        "done|closed|resolved|complete|completed|finished|released|deployed|cancelled|canceled|rejected|won't do|erledigt|geschlossen|fertig|abgebrochen|"
        "termine|terminee|ferme|resolu|hecho|listo|cerrado|finalizado|finalizada|resuelto|concluido|fechado|resolvido|cancelado|gotowe|zamkniete|rozwiazane|"
        "готово|закрыт|закрыто|решен|решена|выполнено|отменен|отменено|fatto|completato|chiuso|risolto|gereed|gesloten|"
        "hecha|lista|cerrada|resuelta|terminado|terminada|completado|completada|cancelada|concluida|fechada|resolvida|fermee|resolue|annule|annulee|"
        "закрыта|решено|отменена|chiusa|risolta|completata"
    ),
}
USUALLY = {name: category for category, names in USUAL.items() for name in names.split("|")}
LIMITS = range(1_000_000)  # [items] of a column
ORDER = {"to_do": 0, "in_progress": 1, "done": 2}

Column = tuple[str, int, int | None]  # name, place from the left, the most items that it may hold


def category_of(status: Mapping[str, Any]) -> str | None:
    """What the source says that the status counts as; None where it does not say."""
    return CATEGORIES.get(str(mapping(status.get("statusCategory")).get("key") or "").lower())


def usual_category(name: str) -> str:
    """What a status of that name usually counts as; work in progress unless its name is one of a beginning or an end."""
    return USUALLY.get(plain(name), "in_progress")


class Statuses:
    """What the site says of its statuses, and what was seen of them."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._listed: dict[str, tuple[str, str | None]] = {}  # id → name, category
        self._seen: dict[str, tuple[str, str | None]] = {}  # of the issues' own statuses
        self._now: Counter[tuple[str, str]] = Counter()  # name, category of the issues
        self._past: dict[str, str] = {}  # names in histories → where first
        self.boards: dict[str, Mapping[str, Any]] = {}
        self.named: dict[str, str] = {}  # names of boards

    def listed(self, status: Mapping[str, Any]) -> None:
        """A status of the site's list."""
        self._listed[str(status.get("id") or status.get("name"))] = text(status.get("name")) or "", category_of(status)

    def configured(self, board: Mapping[str, Any]) -> None:
        """A board's configuration."""
        key = str(board.get("id"))
        self.boards[key] = board
        self.named.setdefault(key, text(board.get("name")) or key)

    def of_issue(self, status: Mapping[str, Any], place: str) -> tuple[str, str]:
        """Name and category of an issue's status now."""
        key, name, category = str(status.get("id")), text(status.get("name")) or "", category_of(status)
        if key in self._listed:
            name, listed = self._listed[key]
            if listed and category and listed != category:
                self._notes.add(
                    "warning", "category-disagrees", place, f"the status {name!r} counts as {category} here and as {listed} in the site's list", "pull again"
                )
            category = category or listed
        if category is None:
            category = self._guessed(name, place)
        self._seen.setdefault(key, (name, category))
        self._now[name, category] += 1
        return name, category

    def made_up(self, name: str, category: str) -> None:
        """A status of our own making, for what the source does not tell."""
        if (name, category) not in self._now:
            self._seen.setdefault(name, (name, category))
            self._now[name, category] += 0
            self._past.setdefault(name, "")

    def in_history(self, key: Any, name: Any, place: str) -> str | None:
        """The status as it is named now; its name then where the site no longer has it."""
        known = self._listed.get(str(key)) or self._seen.get(str(key))
        found = known[0] if known else text(name) or text(key)
        if found is not None:
            self._past.setdefault(found, place)
        return found

    def rows(self, board: str | None = None) -> list[dict[str, Any]]:
        """Rows of the table: the statuses of the board's columns and those that its items have or had, in the board's order."""
        columns = self._columns(board)
        by_name = self._by_name()
        names = dict.fromkeys([*columns, *by_name.keys() & {name for name, _ in self._now}, *self._past])
        rows = []
        for name in names:
            column, position, limit = columns.get(name, (None, None, None))
            category = by_name.get(name) or self._deleted(name)
            rows.append({"status": name, "category": category, "column": column, "position": position, "limit": limit})
        return sorted(rows, key=lambda row: (row["position"] is None, row["position"] or 0, ORDER[row["category"]], row["status"]))

    def _by_name(self) -> dict[str, str]:
        """Category by name; where projects of one site use a name differently, what most of the issues say."""
        said: dict[str, Counter[str]] = {}
        for name, category in self._listed.values():
            if category:
                said.setdefault(name, Counter())[category] += 0
        for (name, category), count in self._now.items():
            said.setdefault(name, Counter())[category] += count
        return {name: max(votes, key=votes.__getitem__) for name, votes in said.items()}

    def _deleted(self, name: str) -> str:
        if not self._listed:
            return self._guessed(name, self._past.get(name, "board"))
        category = usual_category(name)
        self._notes.add(
            "warning",
            "status-deleted",
            self._past.get(name, "board"),
            f"the status {name!r} stands in histories and is none of the site's any more; it is taken as {category}",
            "name the columns that begin and end the work in the board's rules",
        )
        return category

    def _guessed(self, name: str, place: str) -> str:
        category = usual_category(name)
        self._notes.add(
            "warning", "category-missing", place, f"the source does not say what the status {name!r} counts as; it is taken as {category}", "pull again"
        )
        return category

    def _columns(self, board: str | None) -> dict[str, Column]:
        """Status name → column, its place and its limit, of the board that is asked for, else of the one on which most of the issues stand."""
        if not self.boards:
            return {}
        found = {key: self._columns_of(configuration) for key, configuration in self.boards.items()}
        weights = Counter(dict.fromkeys(found, 0))
        for key, columns in found.items():
            weights[key] = sum(count for (name, _), count in self._now.items() if name in columns)
        chosen = board if board in found else max(weights, key=lambda key: (weights[key], -_place(key, found)))
        if len(found) > 1:
            others = ", ".join(self.named[key] for key in found if key != chosen)
            self._notes.add(
                "info", "several-boards", "boards", f"columns are those of the board {self.named[chosen]!r}; the others are {others}", "name one in pmo.toml"
            )
        return found[chosen]

    def _columns_of(self, configuration: Mapping[str, Any]) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for position, column in enumerate(objects(mapping(configuration.get("columnConfig")).get("columns"))):
            limit = column.get("max") if isinstance(column.get("max"), int) and column["max"] in LIMITS else None
            for status in objects(column.get("statuses")):
                key = str(status.get("id"))
                known = self._listed.get(key) or self._seen.get(key)
                name = known[0] if known else text(status.get("name"))
                if name is None:
                    place = f"board {configuration.get('id')}, column {column.get('name')}"
                    self._notes.add("info", "column-status-unknown", place, "a column has a status that the pull does not describe", "pull the statuses too")
                    continue
                columns.setdefault(name, (text(column.get("name")) or str(position), position, limit))
        return columns


def _place(key: str, among: Iterable[str]) -> int:
    return list(among).index(key)

"""Which of a site's fields holds what: told by the pull, else by the kind of field, else by its name as Jira ships it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pmo_lib.errors import InvalidInput
from pmo_lib.readers.cells import plain
from pmo_lib.readers.jira.values import mapping
from pmo_lib.readers.notes import Notes

# what flow depends on → kinds of field, which no language changes, and names in Jira's own spellings
KINDS = {
    "epic": ("com.pyxis.greenhopper.jira:gh-epic-link",),
    "sprints": ("com.pyxis.greenhopper.jira:gh-sprint",),
    "points": ("com.pyxis.greenhopper.jira:jsw-story-points",),
    "team": (
        "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team",
        "com.atlassian.teams:rm-teams-custom-field-team",
        "com.atlassian.teams:team",
    ),
    "start": ("com.atlassian.jpo:jpo-custom-field-baseline-start",),
    "due": ("com.atlassian.jpo:jpo-custom-field-baseline-end",),
    "parent": ("com.atlassian.jpo:jpo-custom-field-parent",),
    "blocked": (),
    "service": (),
}
NAMES = {
    "epic": "epic link|epic-verknupfung|epic-link|lien d'epopee|lien epic|enlace de epica|ссылка на эпик|lacze do epopei|link do epico",
    "sprints": "sprint|sprints",
    "points": "story points|story point estimate|story-points|storypoints|story point|story-point-schatzung|estimation des story points|puntos de historia|"
    "исторические точки|pontos de historia",
    "team": "team|команда|teams|squad|equipe|equipo|scrum team|delivery team",
    "start": "start date|целевая дата начала|target start|planned start|startdatum|startdatum (geplant)|date de debut|begin date|fecha de inicio",
    "due": "target end|целевая дата окончания|planned end|end date|enddatum|date de fin|fecha de fin",
    "parent": "parent link|ubergeordnete verknupfung",
    "blocked": "flagged|markiert|marque|marcado|impediment|отмечено",
    "service": "class of service|classes of service|service class|serviceklasse|classe de service",
}
ROLES = tuple(NAMES)


@dataclass(slots=True)
class FieldMap:
    """Ids of fields by what they hold, the preferred one first; `told` are the pull's own words, by role: a field's id or name."""

    told: Mapping[str, str] = field(default_factory=dict)
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # id → name as the site says
    known: bool = False  # the site's list of fields was there
    _rank: dict[str, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for role, said in dict(self.told).items():
            self.tell(role, said)

    def tell(self, role: str, said: str) -> None:
        """Take the role from the field of that id or name, whatever else there is. Raises `InvalidInput` for no role."""
        if role not in NAMES:
            raise InvalidInput(f"fields: {role!r} is nothing that a field can be named for; it can be {', '.join(ROLES)}")
        self.told = {**self.told, role: said}
        for key in [said, *(key for key, name in self.names.items() if plain(name) == plain(said))]:
            self._found(role, key, -1)

    def learn(self, described: Mapping[str, Any]) -> None:
        """Take in one row of the site's list of fields."""
        key, name = str(described.get("id") or described.get("key") or ""), str(described.get("name") or "")
        self.known = True
        if key:
            kind = str(mapping(described.get("schema")).get("custom") or "")
            self._named(key, name, kind)

    def learn_names(self, names: Mapping[str, str]) -> None:
        """Take in what a page of issues says of its fields' names."""
        for key, name in names.items():
            if key not in self.names and key.startswith("customfield_"):
                self.known = True
                self._named(key, str(name), "")

    def learn_values(self, fields: Mapping[str, Any]) -> None:
        """Take in which field of an issue holds sprints, where nobody names the fields: sprints alone look like sprints."""
        if self.known or "sprints" in self.ids:
            return
        for key, value in fields.items():
            if key.startswith("customfield_") and isinstance(value, list) and value and all(map(_sprint, value)):
                self._found("sprints", key, 20)

    def _named(self, key: str, name: str, kind: str) -> None:
        self.names[key] = name
        said = plain(name)
        for role in ROLES:
            spellings = NAMES[role].split("|")
            wanted = plain(self.told.get(role, ""))
            if wanted and said == wanted:
                self._found(role, key, -1)
            if not key.startswith("customfield_"):
                continue
            if kind in KINDS[role]:
                self._found(role, key, KINDS[role].index(kind))
            elif said in spellings:
                self._found(role, key, 10 + spellings.index(said))

    def _found(self, role: str, key: str, rank: int) -> None:
        ranks = self._rank.setdefault(role, {})
        ranks[key] = min(rank, ranks.get(key, rank))
        self.ids[role] = tuple(sorted(ranks, key=lambda each: (ranks[each], each)))

    def value(self, fields: Mapping[str, Any], role: str) -> Any:
        """The issue's value of the role; of several fields that may hold it, the first that is filled."""
        for key in self.ids.get(role, ()):
            found = fields.get(key)
            if found is not None and found != []:
                return found
        return None

    def on(self, fields: Mapping[str, Any], role: str) -> bool:
        """Whether the issue has a field for the role, filled or not."""
        return any(key in fields for key in self.ids.get(role, ()))

    def describe(self, notes: Notes) -> None:
        """Tell as a finding which field is taken for what, and which were not found though the pull names them."""
        for role, said in self.told.items():
            if self.known and not any(key in self.names for key in (said, *self.ids.get(role, ())) if key != said or said in self.names):
                notes.add("warning", "field-unknown", "fields", f"the pull takes {role} from {said!r}, which is no field of the site", "correct it in pmo.toml")
        used = [f"{role} from {' or '.join(self.names.get(key, key) for key in self.ids[role])}" for role in ROLES if role in self.ids]
        if used:
            notes.add("info", "fields", "fields", f"taken by their kind or name: {'; '.join(used)}", "name others under [jira.fields] in pmo.toml")

    def role_of(self, changed: Iterable[str]) -> str | None:
        """The role of a field in a history, by its id or its name."""
        for said in changed:
            for role, keys in self.ids.items():
                if said in keys:
                    return role
            normal = plain(said)
            for role, spellings in NAMES.items():
                if normal in spellings.split("|"):
                    return role
        return None


def _sprint(value: Any) -> bool:
    """Whether it is a sprint, as Jira Cloud and as Data Center writes one."""
    return value.startswith("com.atlassian.greenhopper.") if isinstance(value, str) else {"name", "state", "boardId"} <= mapping(value).keys()

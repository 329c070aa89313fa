"""What is to be pulled: [jira] and [asana] of the workspace's pmo.toml, every word of it checked."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pmo_lib.connectors.polite import checked
from pmo_lib.errors import InvalidInput

CLOUD, DATA_CENTER, ASANA = "jira-cloud", "jira-data-center", "asana"
KINDS = {"cloud": CLOUD, "data-center": DATA_CENTER}
CLOUD_HOSTS = (".atlassian.net", ".jira.com", "api.atlassian.com")
ASANA_SITE = "https://app.asana.com"
KNOWN: dict[str, dict[str, type]] = {
    "jira": {"site": str, "kind": str, "user": str, "projects": list, "jql": str, "boards": list, "fields": dict, "private": list, "certificates": str},
    "asana": {"site": str, "projects": list, "portfolios": list, "fields": dict, "private": list, "certificates": str},
}
SECRETS = ("token", "password", "secret", "api_token", "apikey", "api_key", "pat")
# what a field of the service may be named for, as the readers know it
FIELDS = {
    "jira": ("epic", "sprints", "points", "team", "start", "due", "parent", "blocked", "service"),
    "asana": ("points", "status", "team", "service", "blocked", "priority", "type", "estimated_time"),
}
EXAMPLES = {"jira": '["WEB"]', "asana": '{ CRM = "1200123456789012" }'}
WORDS = {str: "text in quotes", list: 'a list, as in ["WEB", "OPS"]', dict: 'a table, as in { points = "Story Points" }'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One service of pmo.toml. `projects` maps the workspace's keys to the service's own ids; null keys are the reader's to choose."""

    source: str
    site: str
    projects: tuple[tuple[str | None, str], ...]
    user: str | None = None
    jql: str | None = None
    boards: tuple[int, ...] = ()
    portfolios: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    certificates: str | None = None

    @property
    def host(self) -> str:
        """The host, under which the keyring knows the token."""
        return urlsplit(self.site).hostname or self.site

    def only(self, project: str) -> tuple[tuple[str | None, str], ...]:
        """The one project that is asked for, by its key here or its id there. Raises `InvalidInput` where pmo.toml does not name it."""
        found = tuple(pair for pair in self.projects if project in pair)
        if not found and not self.portfolios:
            known = ", ".join(key or there for key, there in self.projects)
            raise InvalidInput(f"pmo.toml names no project {project} for {self.host}; it names {known}")
        return found or ((None, project),)


def order(file: Path, name: str) -> Order:
    """The order for `name` ("jira", "asana") in pmo.toml. Raises `InvalidInput` naming the key, the rule and an example."""
    section = _section(file, name)
    for key, value in section.items():
        _check(file.name, name, key, value)
    private = _texts(name, "private", section)
    site = section.get("site", ASANA_SITE if name == "asana" else None)
    if site is None:
        raise InvalidInput(f'{file.name}: [{name}] needs the site, as in site = "https://acme.atlassian.net"')
    projects, portfolios = _projects(name, section), _texts(name, "portfolios", section)
    if not projects and not portfolios:
        raise InvalidInput(f"{file.name}: [{name}] needs projects, as in projects = {EXAMPLES[name]}")
    try:
        site = checked(site, private)
    except InvalidInput as error:
        raise InvalidInput(f"{file.name}: [{name}] {error}") from None
    return Order(
        source=ASANA if name == "asana" else _kind(file.name, section, site),
        site=site,
        projects=projects,
        user=section.get("user"),
        jql=_jql(file.name, section.get("jql")),
        boards=tuple(_numbers(section.get("boards", []))),
        portfolios=portfolios,
        fields=_fields(file.name, name, section),
        private=private,
        certificates=section.get("certificates"),
    )


def _section(file: Path, name: str) -> dict[str, Any]:
    try:
        known = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{file} cannot be read as settings: {error}; correct the line it names") from None
    section = known.get(name)
    if not isinstance(section, dict):
        raise InvalidInput(f"{file} has no [{name}]; add site and projects under it, as docs/connecting.md shows, and run pmo pull {name} again")
    return section


def _check(file: str, name: str, key: str, value: Any) -> None:
    if key.casefold() in SECRETS:
        raise InvalidInput(
            f"{file}: a {key} does not belong into a file: take it out, revoke it, and set a new one as PMO_{name.upper()}_TOKEN or in the keyring"
        )
    known = KNOWN[name]
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        raise InvalidInput(f"{file}: unknown setting {name}.{key}; " + (f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"))
    if not isinstance(value, known[key]) and not (key == "projects" and isinstance(value, dict)):
        raise InvalidInput(f"{file}: {name}.{key} is {WORDS[known[key]]}, and is {value!r}")


def _kind(file: str, section: Mapping[str, Any], site: str) -> str:
    named = section.get("kind")
    if named is not None and named not in KINDS:
        raise InvalidInput(f"{file}: jira.kind is cloud or data-center, and is {named!r}")
    guessed = "cloud" if (urlsplit(site).hostname or "").endswith(CLOUD_HOSTS) else "data-center"
    kind = KINDS[named or guessed]
    if kind == CLOUD and not section.get("user"):
        raise InvalidInput(f'{file}: [jira] needs user, the e-mail address of the token\'s owner, as in user = "ana@acme.example"')
    if kind == DATA_CENTER and section.get("user"):
        raise InvalidInput(f'{file}: jira.user is for Jira Cloud; Data Center\'s personal access tokens need none, leave it out (or set kind = "cloud")')
    return kind


def _projects(name: str, section: Mapping[str, Any]) -> tuple[tuple[str | None, str], ...]:
    named = section.get("projects", [])
    pairs = tuple(named.items()) if isinstance(named, dict) else tuple((None, one) for one in named)
    for key, there in pairs:
        if not isinstance(there, str) or not there.replace("_", "").replace("-", "").isalnum() or (name == "asana" and not there.isdecimal()):
            example = 'a key, as in "WEB"' if name == "jira" else 'the number in the project\'s address, as in "1200123456789012"'
            raise InvalidInput(f"pmo.toml: {name}.projects holds {there!r}{f' for {key}' if key else ''}; a project is named by {example}")
    return tuple((there if name == "jira" and key is None else key, there) for key, there in pairs)


def _jql(file: str, jql: str | None) -> str | None:
    if jql and "order by" in " ".join(jql.casefold().split()):
        raise InvalidInput(f"{file}: jira.jql only chooses items; leave ORDER BY out, the pull sets its own")
    return jql or None


def _numbers(boards: list[Any]) -> list[int]:
    for board in boards:
        if not isinstance(board, int) or isinstance(board, bool):
            raise InvalidInput(f"pmo.toml: jira.boards holds {board!r}; a board is named by the number in its address, as in boards = [84]")
    return boards


def _texts(name: str, key: str, section: Mapping[str, Any]) -> tuple[str, ...]:
    for value in section.get(key, []):
        if not isinstance(value, str) or (key == "portfolios" and not value.isdecimal()):
            raise InvalidInput(f"pmo.toml: {name}.{key} holds {value!r}; it is a list of {'numbers in quotes' if key == 'portfolios' else 'texts'}")
    return tuple(section.get(key, []))


def _fields(file: str, name: str, section: Mapping[str, Any]) -> dict[str, str]:
    for column, value in section.get("fields", {}).items():
        if column not in FIELDS[name]:
            near = difflib.get_close_matches(column, FIELDS[name], 1)
            raise InvalidInput(f"{file}: {name}.fields has no {column}; " + (f"did you mean {near[0]}?" if near else f"known are {', '.join(FIELDS[name])}"))
        if not isinstance(value, str):
            raise InvalidInput(f"{file}: {name}.fields.{column} is the name of a field, and is {value!r}")
    return dict(section.get("fields", {}))

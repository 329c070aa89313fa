"""Settings, each with its origin: flag, then PMO_*, then the workspace's pmo.toml, then the user's file, then the default.

PMO_SERVE_PORT=8080 pmo serve        # serve.port; the environment writes the dot as _
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmo_lib.errors import InvalidInput

Value = str | int | None
PREFIX = "PMO_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting's rule. A default of None means that something else decides; `meaning` says what."""

    kind: type[str] | type[int]
    default: Value
    meaning: str
    allowed: Callable[[Any], bool] = lambda _: True
    rule: str = ""


SETTINGS: dict[str, Setting] = {
    "workspace": Setting(str, "pmo-workspace", "folder of the workspace, or its catalogue's URL"),
    "store.url": Setting(str, None, "the catalogue's address; without it pmo.db in the workspace"),
    "store.facts": Setting(str, None, "folder of the facts, from the workspace's folder on; without it facts/"),
    "serve.port": Setting(int, 5006, "port of the dashboards", lambda port: 0 <= port <= 65535, "lies between 0 and 65535"),
    "serve.address": Setting(str, "127.0.0.1", "address that the dashboards listen on"),
    "java": Setting(str, None, "the java command for MPXJ; without it the system's, or the one that came with the program"),
    "forecast.iterations": Setting(int, None, "iterations of a forecast; without it the standards' [forecast]", lambda n: n >= 100, "is at least 100"),
    "forecast.seed": Setting(int, None, "seed of a forecast; without it the standards' [forecast]", lambda n: 0 <= n < 2**64, "is at least 0, below 2^64"),
}

SERVICES = ("jira", "asana")  # sections whose keys are checked where a pull reads them
BOARDS = ("flow", "waits")  # and those checked where a board is counted, or waited for


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting's value and where it comes from."""

    value: Value
    origin: str


class Settings(Mapping[str, Value]):
    """The values in force, by key; `origins` tells where each comes from."""

    def __init__(self, chosen: Mapping[str, Chosen]) -> None:
        self._chosen = dict(chosen)

    def __getitem__(self, key: str) -> Value:
        if key not in SETTINGS:
            raise InvalidInput(_unknown("settings", key))
        return self._chosen[key].value

    def __iter__(self) -> Iterator[str]:
        return iter(SETTINGS)

    def __len__(self) -> int:
        return len(SETTINGS)

    @property
    def origins(self) -> dict[str, Chosen]:
        """Each value with its origin, in the order of `SETTINGS`."""
        return dict(self._chosen)


def settings(
    workspace: str | os.PathLike[str] | None = None, *, flags: Mapping[str, Value] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings in force for a workspace's folder; flags that are None were not given.

    Raises `InvalidInput` naming the place, the key and the rule; an unknown key names the nearest known one.
    """
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    layers = [
        *([("pmo.toml", _file(Path(workspace) / "pmo.toml"))] if workspace is not None else []),
        (str(user_file()), _file(user_file())),
    ]
    layers = [("flag", given), ("environment", _environment(os.environ if environ is None else environ)), *layers]
    for place, values in layers:
        for key in values:
            if key not in SETTINGS:
                raise InvalidInput(_unknown(place, key))
    return Settings({key: _first(key, setting, layers) for key, setting in SETTINGS.items()})


def sections(name: str, workspace: str | os.PathLike[str] | None = None) -> list[tuple[str, dict[str, Any]]]:
    """A section as the workspace's pmo.toml has it, then as the user's file does, each with its place. Raises `InvalidInput` where it is no section."""
    places = [*([("pmo.toml", Path(workspace) / "pmo.toml")] if workspace is not None else []), (str(user_file()), user_file())]
    found = []
    for place, path in places:
        value = _read(path).get(name, {})
        if not isinstance(value, dict):
            raise InvalidInput(f"{place}: {name} is a section, as in [{name}], and is {value!r}")
        found.append((place, value))
    return found


def user_file() -> Path:
    """The user's own settings, for every workspace."""
    import platformdirs

    return Path(platformdirs.user_config_dir("pmo-workbench", appauthor=False)) / "pmo.toml"


def _first(key: str, setting: Setting, layers: list[tuple[str, Mapping[str, Any]]]) -> Chosen:
    for place, values in layers:
        if key in values:
            name = PREFIX + key.replace(".", "_").upper() if place == "environment" else place
            return Chosen(_checked(place, key, setting, values[key]), name)
    return Chosen(setting.default, "default")


def _checked(place: str, key: str, setting: Setting, value: Any) -> Value:
    if setting.kind is int and isinstance(value, str) and place in ("environment", "flag"):
        value = int(value) if value.strip().lstrip("-").isdecimal() else value
    if not isinstance(value, setting.kind) or isinstance(value, bool):
        raise InvalidInput(f"{place}: {key} must be {'a whole number' if setting.kind is int else 'text'}, and is {value!r}")
    if not setting.allowed(value):
        raise InvalidInput(f"{place}: {key} {setting.rule}, and is {value!r}")
    return value


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Our variables that are set. Others that begin with PMO_ are not ours to judge, unless they all but spell one of ours."""
    names = {PREFIX + key.replace(".", "_").upper(): key for key in SETTINGS}
    for name in environ:
        near = difflib.get_close_matches(name, names, 1, cutoff=0.9) if name.startswith(PREFIX) and name not in names else []
        if near:
            raise InvalidInput(f"environment: there is no setting {name}; did you mean {near[0]}?")
    return {key: environ[name] for name, key in names.items() if environ.get(name)}


def _file(path: Path) -> dict[str, Any]:
    return _flat({key: value for key, value in _read(path).items() if key not in (*SERVICES, *BOARDS)})


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read as settings: {error}; correct the line it names") from error


def _flat(values: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        found |= _flat(value, f"{at}{key}.") if isinstance(value, dict) else {f"{at}{key}": value}
    return found


def _unknown(place: str, key: str) -> str:
    near = difflib.get_close_matches(key, SETTINGS, 1)
    return f"{place}: unknown setting {key}; " + (f"did you mean {near[0]}?" if near else f"known are {', '.join(SETTINGS)}")

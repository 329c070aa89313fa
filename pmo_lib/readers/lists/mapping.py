"""Which column of a list holds what: guessed from its headers, shown as a finding, kept as TOML, changed by people."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from pmo_lib.errors import InvalidInput
from pmo_lib.readers.cells import UNIT_OF, DateOrder
from pmo_lib.readers.headers import ACTIVITY_HEADERS, guess_columns, normal, unit

CHOICES: dict[str, tuple[str, ...]] = {"date_order": ("dmy", "mdy"), "percent": ("share", "percent"), "decimal": (".", ",")}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields and the headers that hold them, and how to read what headers do not tell.

    `date_order` is dmy or mdy, for dates such as 03/04/2026; `percent` says whether 1 means 100 % (share) or 1 % (percent); `decimal` is . or ,;
    `calendar` names a calendar of the standards; `duration_unit` is the unit of bare numbers. None: decided from the values.
    """

    columns: AnyMapping[str, str]
    date_order: DateOrder | None = None
    percent: Literal["share", "percent"] | None = None
    decimal: Literal[".", ","] | None = None
    duration_unit: str = "day"
    calendar: str = "mon-fri"
    others: Sequence[str] = field(default=(), compare=False)  # headers that hold nothing known

    def told(self) -> str:
        """The mapping in a sentence, for a finding."""
        used = ", ".join(f"{header!r} is {name.replace('_', ' ')}" for name, header in self.columns.items())
        return used + (f"; not used: {', '.join(self.others)}" if self.others else "")


def guess_mapping(headers: Sequence[str]) -> Mapping:
    """The mapping that an activity list's headers suggest."""
    columns = guess_columns(headers, ACTIVITY_HEADERS)
    header = columns.get("duration") or columns.get("remaining") or ""
    seconds = normal(header) in ("original estimate", "remaining estimate")  # Jira's are in seconds
    return Mapping(
        columns, duration_unit="second" if seconds else unit(header), others=tuple(name for name in headers if name and name not in columns.values())
    )


def read_mapping(text: str, where: str) -> Mapping:
    """The mapping from its TOML; one without columns leaves them to be guessed. Raises `InvalidInput` naming the key that breaks the rule."""
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{where}: it is no valid TOML ({error})") from None
    columns = stated.pop("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(header, str) for header in columns.values()):
        raise InvalidInput(f'{where}: it has no fields; write them as in [columns], start = "Planned start"')
    for name in columns:
        if name not in ACTIVITY_HEADERS:
            raise InvalidInput(f"{where}: [columns] has {name!r}, which is no field; the fields are {', '.join(ACTIVITY_HEADERS)}")
    allowed = {**CHOICES, "duration_unit": tuple(sorted({*UNIT_OF.values()})), "calendar": ()}
    for name, value in stated.items():
        if name not in allowed:
            raise InvalidInput(f"{where}: {name!r} is no key of a mapping; the keys are {', '.join(allowed)} and [columns]")
        if allowed[name] and value not in allowed[name]:
            raise InvalidInput(f"{where}: {name} is {value!r}; it can be {' or '.join(allowed[name])}")
    return Mapping(cast("dict[str, str]", columns), **stated)


def mapping_file(path: Path) -> Path:
    """Where a file's mapping is kept beside it."""
    return path.with_name(f"{path.name}.mapping.toml")

from pathlib import Path

from pmo_lib.tables import TABLES
from pmo_lib.tables.dictionary import RESULTS, dictionary


def test_the_page_is_current(root: Path) -> None:
    assert (root / "docs/data-dictionary.md").read_text() == dictionary(), "run make dictionary"


def test_every_column_says_what_it_means() -> None:
    silent = [f"{table}.{name}" for table, schema in {**TABLES, **RESULTS}.items() for name, column in schema.columns().items() if not column.description]
    assert silent == []


def test_numbers_that_carry_a_unit_name_it() -> None:
    durations = {name: column for schema in TABLES.values() for name, column in schema.columns().items() if "duration" in name or "work" in name.split("_")}
    assert all((column.metadata or {}).get("unit") for column in durations.values())

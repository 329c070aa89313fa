"""The proofs: every area is listed and answers to the same names, and each page in docs/proof says where its figures come from."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

from benchmarks import proofs
from benchmarks.proofs.tables import table


@pytest.mark.parametrize("area", proofs.AREAS)
def test_areas_answer_to_the_same_names(area: str) -> None:
    module = importlib.import_module(proofs.AREAS[area])
    assert module.TITLE
    assert callable(module.prove)
    assert isinstance(module.OPTIONS, dict)


def test_every_area_is_listed() -> None:
    modules = [importlib.import_module(f"benchmarks.proofs.{found.name}") for found in pkgutil.iter_modules(proofs.__path__)]
    assert {module.__name__ for module in modules if hasattr(module, "prove")} == set(proofs.AREAS.values())


def test_pages_say_where_their_figures_come_from(root: Path) -> None:
    pages = sorted((root / "docs/proof").glob("*.md"))
    assert {page.stem for page in pages} <= set(proofs.AREAS)
    for page in pages:
        head = page.read_text(encoding="utf-8").split("##")[0]
        assert f"python -m benchmarks.prove {page.stem}" in head
        assert all(f"| {name} |" in head for name in ("Command", "Commit", "Machine", "System"))


def test_a_table_keeps_its_columns() -> None:
    assert table(["what", "n"], [["a|b", 1]], text=("what",)).splitlines() == ["| what | n |", "|---|---:|", "| a/b | 1 |"]

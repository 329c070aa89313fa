"""Small cases whose dates were captured from P6 23.12: all six of its own columns, as data in `tests/published/p6_native.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from benchmarks.proofs.p6_native import CASES, FOLDER, beside, compared

CAPTURED = tomllib.loads((Path(__file__).parents[1] / "published" / "p6_native.toml").read_text(encoding="utf-8"))
PUBLISHED = CAPTURED["case"]


@pytest.mark.parametrize("case", [*PUBLISHED, *CAPTURED["later"]], ids=lambda case: case["name"])
def test_p6(case: dict[str, Any]) -> None:
    found = beside(case, case["p6"])
    assert [row for row in found if row[2] != row[3]] == []
    assert len(found) >= 6


@pytest.mark.real
def test_the_data_are_those_that_were_captured(real_data: Path) -> None:
    assert [case["name"] for case in PUBLISHED] == CASES
    for case in PUBLISHED:
        assert beside(case, case["p6"]) == compared(real_data / FOLDER / case["name"])

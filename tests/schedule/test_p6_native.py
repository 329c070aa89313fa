"""Small cases whose dates were captured from P6 23.12: all six of its own columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.proofs.p6_native import CASES, FOLDER, compared


@pytest.mark.real
@pytest.mark.parametrize("case", CASES)
def test_p6(case: str, real_data: Path) -> None:
    found = compared(real_data / FOLDER / case)
    assert [row for row in found if row[2] != row[3]] == []
    assert len(found) >= 6

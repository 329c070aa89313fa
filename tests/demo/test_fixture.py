"""The made-up portfolio: any size, the same each time, read by our readers and taken by a workspace."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
from pmo_demo.fixture import build_fixture, fill_workspace, made_up, months

from pmo_lib.readers import mspdi, xer
from pmo_lib.schedule import agreement
from pmo_lib.store import init_workspace


def hashes(paths: list[Path], out: Path) -> dict[str, str]:
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.suffix != ".xlsx"}


def test_same_seed_same_files_whatever_the_number_of_processes(tmp_path: Path) -> None:
    one = build_fixture(tmp_path / "one", projects=2, snapshots=2, seed=7, processes=1)
    two = build_fixture(tmp_path / "two", projects=2, snapshots=2, seed=7, processes=2)
    assert hashes(one, tmp_path / "one") == hashes(two, tmp_path / "two")
    assert len(one) == 2 * 2 + 2
    for path in one:
        if path.suffix != ".xlsx":
            plan = (xer if path.suffix == ".xer" else mspdi).parse(path)[0]
            assert plan.findings.is_empty()
            assert agreement(plan).filter(pl.col("compared"))["agrees"].all()


def test_sizes_and_programmes_vary() -> None:
    portfolio = [made_up(index, 2026) for index in range(300)]
    sizes = [len(draft.works) for draft, _, _ in portfolio]
    assert 15 <= min(sizes) < 25
    assert 150 < max(sizes) <= 200
    assert len({draft.name for draft, _, _ in portfolio}) == len({draft.key for draft, _, _ in portfolio}) == 300
    assert {draft.application for draft, _, _ in portfolio} == {"p6", "msp"}


def test_month_ends() -> None:
    found = months(24)
    assert f"{found[0]:%Y-%m-%d %H:%M}" == "2024-12-31 17:00"
    assert f"{found[-1]:%Y-%m-%d}" == "2026-11-30"
    assert len(set(found)) == 24


def test_straight_into_a_workspace(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws") as workspace:
        assert fill_workspace(workspace, projects=2, snapshots=2) == 4
        known = workspace.projects()
        assert known["key"].to_list() == ["PRJ-0001", "PRJ-0002"]
        assert known["snapshots"].to_list() == [2, 2]

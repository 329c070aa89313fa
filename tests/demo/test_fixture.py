"""The made-up portfolio: any size, the same each time, read by our readers and taken by a workspace."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
from pmo_demo.fixture import build_fixture, build_workspace, made_up, months

from pmo_lib import office
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.readers.xer import reader as xer
from pmo_lib.schedule import agreement
from pmo_lib.store import open_workspace


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


def test_straight_into_a_workspace_is_what_an_import_gives(tmp_path: Path) -> None:
    assert build_workspace(tmp_path / "whole", projects=2, snapshots=3, processes=1) == 6
    assert build_workspace(tmp_path / "open", projects=2, snapshots=3, processes=1, inbox=tmp_path / "inbox") == 4
    with open_workspace(tmp_path / "whole") as whole, open_workspace(tmp_path / "open") as left:
        assert whole.projects()["snapshots"].to_list() == [3, 3]
        assert left.projects()["snapshots"].to_list() == [2, 2]
        assert office.portfolio(left)["p80_change"].null_count() == 0
        submissions, missing = office.bring_in(left, tmp_path / "inbox")
        assert [submission.outcome for submission in submissions] == ["new", "new"]
        assert missing == []
        for key in whole.projects()["key"]:
            office.forecast(left, key)
        told = ["key", "finish", "p80", "p80_change", "spi", "checks_passed", "agreement", "declared", "computed"]
        assert office.portfolio(left).select(told).equals(office.portfolio(whole).select(told))

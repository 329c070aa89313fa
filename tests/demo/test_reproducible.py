"""The committed demo is what the script makes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest


def generated(folder: Path) -> dict[str, Path]:
    inbox = (path for path in folder.glob("inbox/**/*") if path.is_file())  # a pull is a folder of its own
    files = [*folder.glob("*.xlsx"), *folder.glob("*.toml"), *inbox, *folder.glob("estimates/*/*"), *folder.glob("risks/*/*")]
    return {path.relative_to(folder).as_posix(): path for path in files}


def content(path: Path) -> object:
    """The bytes; of a workbook those of its parts, since compression may differ between builds of zlib."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_same_seed_same_bytes(demo: Path, rebuilt: Path) -> None:
    committed, anew = generated(demo), generated(rebuilt)
    assert committed.keys() == anew.keys()
    different = [name for name in anew if content(committed[name]) != content(anew[name])]
    assert not different, f"run python data/demo/build.py data/demo, and commit: {different[:5]}"


def test_small_enough_to_commit(demo: Path) -> None:
    assert sum(path.stat().st_size for path in generated(demo).values()) < 6_800_000


@pytest.mark.parametrize("month", ["2026-06", "2026-11"])
def test_every_project_hands_in_its_own_format(demo: Path, month: str) -> None:
    suffixes = sorted(path.suffix for path in (demo / "inbox" / month).iterdir() if path.is_file())
    assert suffixes == [".csv", *[".xer"] * 4, ".xlsx", *[".xml"] * 4]

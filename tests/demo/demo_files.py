"""The demo's files as Projects, each read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pmo_lib.project import Project
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.readers.xer import reader as xer

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11")
PLANS = ("northgate", "fenwick", "saltmarsh", "kestrel", "harrow", "control", "depot", "billing")


@cache
def plan(name: str, month: str) -> Project:
    """The submission of a project in a month, by our own readers."""
    path = next((DEMO / "inbox" / month).glob(f"{name}-*"))
    return (xer if path.suffix == ".xer" else mspdi).parse(path)[0]


def submitted(name: str) -> list[str]:
    """The months in which the project handed something in."""
    return [month for month in MONTHS if list((DEMO / "inbox" / month).glob(f"{name}-*"))]

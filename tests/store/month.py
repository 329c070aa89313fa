"""A small plan that grows older, for every store test."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pmo_lib.by_hand import make_plan
from pmo_lib.project import Project


def month(number: int, *, days: int = 5, key: str = "NORTHGATE") -> Project:
    """The plan as it stood at the end of that month of 2026."""
    made = make_plan({"A": days, "B": (3, "A"), "C": (4, "A SS+2d; B FF")}, start="2026-01-05", calendar="mon-fri")
    info = replace(made.info, key=key, name=key.title(), file=f"{key.lower()}-{number:02}.xer", data_date=datetime(2026, number, 28, 17))
    return Project(info, made.tables, made.findings)

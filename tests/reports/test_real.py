"""The report on real plans: whatever they lack, it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pmo_lib as pmo
from pmo_lib import reports
from pmo_lib.reports.html import fragment
from pmo_lib.reports.pdf import pdf

PLANS = ["schedules/xer/jaggelas-test-P6-23.12-progress.xer", "schedules/mpp-nbia-programme/NBIA_4.4_Project_Plan.mpp"]


@pytest.mark.real
@pytest.mark.parametrize("name", PLANS, ids=lambda name: Path(name).stem)
def test_real_plans_are_reported(real_data: Path, name: str) -> None:
    plan = pmo.read(real_data / name)
    at = None if plan.info.data_date else max(plan.tables["activities"]["actual_finish"].drop_nulls().to_list(), default=plan.info.planned_start)
    known = pmo.office.assess_plan(plan, as_of=at, iterations=100, seed=1)
    document = reports.build(known)
    parts = document.data()
    assert pdf(parts).startswith(b"%PDF-")
    html = "".join(fragment(part) for part in parts)
    assert document.head.title
    assert not re.findall(r"\b(?:None|nan|inf|NaT)\b", re.sub(r"base64,[^\"]+", "", html))

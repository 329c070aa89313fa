"""The demo's risk register moves its project's forecast, and every filter in it meets open work."""

from __future__ import annotations

from pathlib import Path

from pmo_lib import office
from pmo_lib.office import RiskInputs
from pmo_lib.readers import read


def test_the_register_is_in_the_forecast(demo: Path) -> None:
    plan = read(demo / "inbox/2026-11/fenwick-2026-11.xer")
    estimates, risks = demo / "estimates/2026-11/FENWICK.csv", demo / "risks/2026-11/FENWICK.xlsx"
    bare = office.forecast_plan(plan, iterations=1000, inputs=RiskInputs(estimates=estimates))
    made = office.forecast_plan(plan, iterations=1000, inputs=RiskInputs(estimates=estimates, risks=risks))
    assert made.percentiles["finish"][79] > bare.percentiles["finish"][79]
    assert made.occurrences is not None
    assert made.occurrences["activities"].min() > 0  # type: ignore[operator]
    assert made.contributions is not None
    adds = dict(made.contributions.select("item", "contribution").iter_rows())
    assert adds["R1"] == max(adds.values()) > 0
    assert adds["R5"] <= 0  # an opportunity

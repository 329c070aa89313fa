"""The demo's risk register moves its project's forecast, and every filter in it meets open work."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("month", ["2026-10", "2026-11"])
def test_northgates_register_is_kept_from_month_to_month(demo: Path, month: str) -> None:
    plan = read(demo / f"inbox/{month}/northgate-{month}.xer")
    inputs = RiskInputs(estimates=demo / f"estimates/{month}/NORTHGATE.csv", risks=demo / f"risks/{month}/NORTHGATE.xlsx")
    made = office.forecast_plan(plan, iterations=200, inputs=inputs)
    assert made.occurrences is not None
    assert made.occurrences["activities"].min() > 0  # type: ignore[operator]
    assert made.occurrences["risk"].to_list() == [f"N{number}" for number in range(1, 9 if month == "2026-10" else 10)]

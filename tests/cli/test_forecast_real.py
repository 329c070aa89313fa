"""`pmo forecast` on real files: what a planner and a CFO ask for is there, and hangs together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.real

FILES = (
    "schedules/xer/jaggelas-test-P6-23.12-progress.xer",
    "schedules/xer/terminal-building-airport.xer",
    "schedules/mpp/commercial-construction-126.mpp",
    "evm/dslib/C2011-05.xlsx",
    "evm/dslib/C2013-12.xlsx",
    "evm/dslib/C2013-15.xlsx",
    "evm/dslib/C2014-05.xlsx",
)
RISKS = """risk,name,kind,probability,unit,shape,low,likely,high,where
R1,Ground worse than surveyed,driver,0.6,factor,triangular,1.0,1.2,1.5,name ~ excavation
R2,Concrete late,event,0.4,days,triangular,5,10,20,name ~ slab
R3,Cannot happen,event,0,days,triangular,5,10,20,name ~ slab
"""


@pytest.fixture
def said(command: Any) -> Callable[..., str]:
    """What the command says of a forecast; it succeeds."""

    def run(*arguments: str) -> str:
        code, out, err = command("forecast", *arguments)
        assert code == 0, err
        return out

    return run


@pytest.mark.parametrize("name", FILES)
def test_a_forecast_is_whole(name: str, real_data: Path, said: Callable[..., str]) -> None:
    document = json.loads(said(str(real_data / name), "-n", "500", "--json"))
    assert document["schema"] == 1
    made = document["forecast"]
    finishes = [row["finish"] for row in made["percentiles"]]
    assert finishes == sorted(finishes)
    assert all(row["finish_low"] <= row["finish"] <= row["finish_high"] for row in made["percentiles"])
    assert finishes[9] < finishes[89]
    assert all(row["chance"] is None or 0 <= row["chance"] <= 1 for row in made["targets"])
    uncertain = sum(row["decides"] for row in made["sources"])
    assert uncertain == len(made["sensitivity"]) > 0
    adds = [row["contribution_p80"] for row in made["sensitivity"][:12]]
    assert None not in adds
    assert max(adds) > 0
    assert made["certainty"]
    if name.startswith("evm"):  # people estimated them, each for itself
        assert made["indicative"] is None
        assert [row["kind"] for row in made["targets"]] == ["baseline"]
    else:
        assert "ranges assumed" in made["indicative"]
        assert not made["falsely_certain"]  # the assumed ranges share a factor


def test_risks_are_told_with_what_they_cost(real_data: Path, tmp_path: Path, said: Callable[..., str]) -> None:
    (tmp_path / "risks.csv").write_text(RISKS)
    plan = [str(real_data / "schedules/xer/terminal-building-airport.xer"), "-n", "2000"]
    bare: dict[str, Any] = json.loads(said(*plan, "--json"))["forecast"]
    made: dict[str, Any] = json.loads(said(*plan, "--risks", str(tmp_path / "risks.csv"), "--json"))["forecast"]
    assert made["percentiles"][79]["finish"] > bare["percentiles"][79]["finish"]
    assert {row["risk"]: row["share"] for row in made["occurrences"]} == pytest.approx({"R1": 0.6, "R2": 0.4, "R3": 0.0}, abs=0.01)
    adds = {row["item"]: row["contribution"] for row in made["contributions"]}
    assert adds["R1"] > 0
    assert adds["R2"] > 0
    assert adds["R3"] == 0
    text = said(*plan, "--risks", str(tmp_path / "risks.csv"))
    listed = re.findall(r"^ (R\d) .* (\S+) +\S+ $", text, re.MULTILINE)
    assert dict(listed) == {risk: f"{days:.1f}" for risk, days in adds.items()}
    assert [risk for risk, _ in listed] == sorted(adds, key=lambda risk: -adds[risk])


def test_until_goes_on_until_the_p80_is_known(real_data: Path, said: Callable[..., str]) -> None:
    plan = [str(real_data / "evm/dslib/C2014-05.xlsx"), "-n", "500", "--json"]
    rough, fine = (json.loads(said(*plan, "--until", days))["forecast"]["iterations"] for days in ("2", "0.3"))
    assert 500 <= rough <= 700 < fine < 100_000  # ten replicates to begin with, and narrow enough after three in a row

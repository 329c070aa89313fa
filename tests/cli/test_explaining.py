"""`pmo check --explain`: one check as a person needs it, with everything that offends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PLAN = """ID;Task;Start;Finish;Duration;Predecessors
A;Dig;04.01.2027;08.01.2027;5;
B;Pour;11.01.2027;13.01.2027;3;A+2d
C;Cure;14.01.2027;25.01.2027;8;"B SS+1d;A"
"""


@pytest.fixture
def pmo(tmp_path: Path, command: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.csv").write_text(PLAN)

    def run(*arguments: str) -> str:
        return "".join(command("check", "plan.csv", *arguments)[1:])

    return run


@pytest.mark.parametrize("asked", ["lags", "Lags", "3", "DCMA 3"])
def test_a_check_goes_by_its_name_or_number(pmo, asked: str) -> None:
    said = [" ".join(line.split()) for line in pmo("--explain", asked).splitlines()]
    assert said[0] == "Lags (DCMA 3): failed"
    assert said[1] == "Measured 67 % (2 of 3); the standard: ≤ 5 %."
    assert said[3].startswith("What to do: Make an activity of a lag")
    assert "A Dig FS+2d B Pour" in said
    assert "B Pour SS+1d C Cure" in said


def test_activities_are_told_with_their_dates_and_float(pmo) -> None:
    said = [" ".join(line.split()) for line in pmo("--explain", "open finishes").splitlines()]
    assert "2 offenders" in said
    assert "B Pour 13 Jan 2027 15 Jan 2027 3 0" in said
    told = json.loads(pmo("--explain", "open_finishes", "--json"))
    assert told["check"]["offenders"] == ["B", "C"]
    assert told["offenders"][0] == {
        "activity": "B", "name": "Pour", "start": "2027-01-13T08:00:00", "finish": "2027-01-15T17:00:00", "duration_days": 3.0, "total_float_days": 0.0,
    }  # fmt: skip


def test_a_practice_names_what_failed_and_a_missing_value_its_reason(pmo) -> None:
    assert "Open finishes" in pmo("--explain", "gao 2")
    said = pmo("--explain", "bei")
    assert "Not available: the plan has no baseline." in said
    assert "What to do" not in said


def test_an_unknown_check_is_refused_with_the_nearest(pmo) -> None:
    assert pmo("--explain", "high flaot").startswith("pmo: there is no check 'high flaot'; is high_float meant? There are logic, leads, lags")


def test_what_failed_is_told_with_what_to_do(pmo) -> None:
    said = pmo()
    assert "What to do about what failed" in said
    assert "Every offender of one: pmo check plan.csv --explain logic" in said

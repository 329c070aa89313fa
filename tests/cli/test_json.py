"""What scripts rely on: the JSON documents of the one-plan commands, on real files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REAL = {"commercial": ("schedules/mpp/commercial-construction-126.mpp", 126), "airport": ("schedules/xer/terminal-building-airport.xer", 66)}


@pytest.fixture
def pmo(command: Any) -> Callable[..., dict[str, Any]]:
    """The document that the command gives; it succeeds."""

    def run(*arguments: str) -> dict[str, Any]:
        code, out, err = command(*arguments, "--json")
        assert code == 0, err
        told = json.loads(out)
        assert told["schema"] == 1
        return told

    return run


@pytest.mark.real
@pytest.mark.parametrize("name", REAL)
def test_check_agrees_with_the_source_tool(name: str, real_data: Path, pmo: Callable[..., dict[str, Any]]) -> None:
    file, activities = REAL[name]
    told = pmo("check", str(real_data / file))
    assert told["certificate"]["compared"] == told["certificate"]["agreeing"] == activities
    rows = [row for row in told["activities"] if row["compared"]]
    assert all(row["agrees"] and row["early_start"] and row["stored_early_start"] for row in rows)
    assert {"logic", "leads", "lags"} <= {row["check"] for row in told["checks"]}


@pytest.mark.real
def test_a_forecast_does_not_depend_on_threads(real_data: Path, pmo: Callable[..., dict[str, Any]]) -> None:
    file = str(real_data / REAL["airport"][0])
    one, two = (pmo("forecast", file, "--iterations", "10000", "--seed", "1", "--threads", threads) for threads in ("1", "2"))
    assert one == two
    forecast = one["forecast"]
    assert [row["p"] for row in forecast["percentiles"]] == list(range(1, 100))
    assert forecast["iterations"] == 10000
    assert forecast["seed"] == 1
    assert "ranges assumed" in forecast["indicative"]
    assert forecast["targets"][0]["kind"] == "must_finish"
    other = pmo("forecast", file, "--iterations", "10000", "--seed", "2")
    assert other["forecast"]["percentiles"] != forecast["percentiles"]


@pytest.mark.real
def test_a_workspace_by_json(real_data: Path, tmp_path: Path, pmo: Callable[..., dict[str, Any]]) -> None:
    folder = str(tmp_path / "ws")

    pmo("init", folder)
    came = pmo("import", str(real_data / REAL["airport"][0]), "--project", "AIRPORT", "--workspace", folder)
    assert [row["outcome"] for row in came["submissions"]] == ["new"]
    forecasts = pmo("forecast", "--all", "--iterations", "500", "--workspace", folder)
    assert list(forecasts["forecasts"]) == ["AIRPORT"]
    rows = pmo("projects", "--workspace", folder)["projects"]
    assert rows[0]["agreement"] == 1.0
    assert rows[0]["p80"] > rows[0]["finish"]
    assert all(check["ok"] for check in pmo("doctor", "--workspace", folder)["checks"])
    pmo("backup", str(tmp_path / "saved.tar"), "--workspace", folder)
    pmo("restore", str(tmp_path / "saved.tar"), str(tmp_path / "again"))
    assert pmo("projects", "--workspace", str(tmp_path / "again"))["projects"] == rows

import polars as pl
import pytest

from pmo_lib.portfolio import health, status
from pmo_lib.tables.portfolio_results import Health


@pytest.mark.parametrize(
    ("given", "computed"),
    [
        ({"chance": 0.80}, "on_track"),
        ({"chance": 0.7999}, "at_risk"),
        ({"chance": 0.50}, "at_risk"),
        ({"chance": 0.4999}, "off_track"),
        ({"chance": 0.95, "indicative": True}, "no_data"),
        ({"chance": 0.60, "indicative": True}, "at_risk"),
        ({"chance": 0.10, "indicative": True}, "off_track"),
        ({"chance": None}, "no_data"),
        ({"chance": None, "spi": 0.96, "cpi": 1.0}, "on_track"),
        ({"chance": 0.95, "spi": 0.90}, "at_risk"),
        ({"chance": 0.95, "cpi": 0.84}, "off_track"),
        ({"chance": 0.10, "spi": 1.1, "cpi": 1.1}, "off_track"),
    ],
)
def test_the_worst_dimension_decides(given: dict, computed: str) -> None:
    assert status(**given).computed == computed


def test_a_watermelon_is_declared_green_and_computed_red() -> None:
    assert status(chance=0.2, declared="on_track").watermelon
    assert not status(chance=0.6, declared="on_track").watermelon
    assert not status(chance=0.2, declared="at_risk").watermelon


def test_the_reason_names_figure_and_threshold() -> None:
    assert status(chance=0.15).reason == "The chance of the target is 15\u00a0%, below 50\u00a0%."
    assert "ranges are assumed" in status(chance=0.9, indicative=True).reason


def facts(key: str, **known: object) -> dict:
    blank = {name: None for name in Health.column_names() if name not in ("computed", "watermelon", "reason")}
    return blank | {"key": key, "name": key, "declared": "no_data", "indicative": False, "findings": 0, "kind": "plan"} | known


def test_health_puts_the_worst_first_and_keeps_every_project() -> None:
    rows = [
        facts("GREEN", chance=0.9),
        facts("MELON", chance=0.3, declared="on_track"),
        facts("RED", chance=0.1, declared="off_track"),
        facts("SILENT"),
        facts("AMBER", chance=0.6),
    ]
    types = {name: kind for name, kind in Health.create_empty().schema.items() if name in rows[0]}
    frame = health(pl.DataFrame(rows, schema=types))
    assert frame["key"].to_list() == ["MELON", "RED", "AMBER", "SILENT", "GREEN"]
    assert frame["watermelon"].sum() == 1

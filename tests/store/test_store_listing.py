"""The project list keeps every version of a row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from month import month

from pmo_lib.errors import InvalidInput
from pmo_lib.store import Workspace
from pmo_lib.tables.portfolio_results import Listing


def rows(*told: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(told), infer_schema_length=None)


def test_the_list_as_it_stood(ws: Workspace) -> None:
    north = {"key": "N", "name": "North", "approved_finish": date(2027, 3, 12), "approved_budget": 5e6, "declared": "on_track"}
    south = {"key": "S", "name": "South", "portfolio": "Rail"}
    assert ws.listing().is_empty()
    assert ws.set_listing(rows(north, south), "list-01.xlsx", as_of="2026-01-31") == 2
    assert ws.set_listing(rows(north, south), "list-01b.xlsx", as_of="2026-02-10") == 0
    assert ws.set_listing(rows(north | {"declared": "at_risk"}), "list-02.xlsx", as_of="2026-02-28") == 2  # North changed, South withdrawn
    assert ws.set_listing(rows(north | {"declared": "at_risk"}, south), "list-03.xlsx") == 1  # South is back

    assert ws.listing(as_of="2026-01-30").is_empty()
    assert dict(ws.listing(as_of="2026-01-31").select("key", "declared").iter_rows()) == {"N": "on_track", "S": None}
    assert dict(ws.listing(as_of="2026-02-28").select("key", "declared").iter_rows()) == {"N": "at_risk"}
    now = Listing.validate(ws.listing())
    assert now["key"].to_list() == ["N", "S"]
    assert now.row(0, named=True)["approved_finish"] == date(2027, 3, 12)
    assert now.row(1, named=True)["portfolio"] == "Rail"
    assert ws.audit().filter(what="listing").height == 3


def test_a_list_that_breaks_its_rules_changes_nothing(ws: Workspace) -> None:
    for told, said in [
        (rows({"key": "N"}), "has key, name and any of"),
        (rows({"key": "N", "name": "North", "colour": "red"}), "it has no colour"),
        (rows({"key": "N", "name": "North"}, {"key": "N", "name": "South"}), "primary_key in 2 rows; each project has one row"),
        (rows({"key": "N", "name": "North", "declared": "green"}), "declared.* in 1 row"),
    ]:
        with pytest.raises(InvalidInput, match=said):
            ws.set_listing(told, "list.xlsx")
    assert ws.listing().is_empty()


def test_the_portfolio_names_the_projects_without_a_submission(ws: Workspace) -> None:
    ws.set_listing(rows({"key": "N", "name": "Never sent", "manager": "Ann"}, {"key": "NORTHGATE", "name": "North Gate"}), "list.xlsx", as_of="2026-01-01")
    ws.add(month(1))
    ws.add(month(1, key="UNLISTED"))
    found = ws.portfolio().select("key", "name", "manager", "data_date")
    assert found.rows() == [
        ("N", "Never sent", "Ann", None),
        ("NORTHGATE", "North Gate", None, datetime(2026, 1, 28, 17)),
        ("UNLISTED", "Unlisted", None, datetime(2026, 1, 28, 17)),
    ]
    assert ws.portfolio(as_of="2026-01-01")["data_date"].null_count() == 2

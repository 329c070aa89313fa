"""How old finished items were when they left each column."""

from __future__ import annotations

import polars as pl
import pytest
from boards import board

from pmo_lib import flow
from pmo_lib.errors import InvalidInput

WAYS = {f"i{k}": [(1, "To Do"), (2, "Doing"), (2 + k, "Review"), (2 + 2 * k, "Done")] for k in range(1, 21)}


def test_ages_are_counted_from_the_start_as_cycle_times_are() -> None:
    found = {(row["column"], row["confidence"]): row["days"] for row in flow.pace(board(WAYS)).iter_rows(named=True)}
    assert found["Doing", 0.5] == 11.0  # the tenth of twenty left it ten days after it came, both days counted
    assert found["Doing", 0.85] == 18.0
    levels = dict(flow.service_level(flow.cycle_times(board(WAYS))).select("confidence", "days").iter_rows())
    assert {share: found["Review", share] for share in levels} == levels  # the last column's are those of the cycle time
    assert set(flow.pace(board(WAYS))["items"]) == {20}


def test_what_is_not_finished_cancelled_or_never_seen_to_start_teaches_nothing() -> None:
    ways = {"open": [(1, "To Do"), (2, "Doing"), (90, "Review")], "jumped": [(1, "To Do"), (80, "Done")], "no": [(1, "Doing"), (70, "Done")]}
    assert flow.pace(board(ways, resolution={"no": "Won't Do"})).is_empty()
    more = flow.pace(board({**ways, "yes": [(1, "Doing"), (3, "Review"), (4, "Done")]}, resolution={"no": "Won't Do"}), confidence=[0.5])
    assert more.select("column", "days").rows() == [("Doing", 3.0), ("Review", 4.0)]


def test_elapsed_days_and_shares_out_of_range() -> None:
    one = board({"a": [(1, "Doing"), (1.5, "Review"), (2.5, "Done")]})
    assert flow.pace(one, flow.FlowRules(days="elapsed"), confidence=[0.85])["days"].to_list() == [0.5, 1.5]
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        flow.pace(one, confidence=[85])
    assert flow.pace(one).schema["days"] == pl.Float64

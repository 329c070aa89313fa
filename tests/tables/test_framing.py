"""Rows as frames of a declared table."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from dataframely.exc import ValidationError

from pmo_lib.tables.framing import framed, loose, types
from pmo_lib.tables.risk_results import Steps
from pmo_lib.tables.schedule_results import Matching

WHEN = datetime(2026, 1, 5, 8)


def test_tuples_records_and_columns_make_the_same_frame() -> None:
    columns = {"older": ["A", None], "newer": [None, "B"], "name": ["a", "b"], "method": [None, None]}
    records = [{"older": "A", "name": "a"}, {"name": "b", "newer": "B"}]  # what a record lacks is null
    tuples = list(zip(*columns.values(), strict=True))
    found = [framed(Matching, rows) for rows in (tuples, records, columns)]
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])
    assert dict(found[0].schema) == types(Matching)


def test_no_rows_are_an_empty_frame_of_the_table() -> None:
    assert framed(Steps, []).equals(Steps.create_empty())


def test_a_row_that_breaks_a_rule_is_refused() -> None:
    with pytest.raises(ValidationError):
        framed(Steps, [("moved", WHEN, 1.0, -1)])


def test_enums_are_texts_where_a_value_must_still_be_named() -> None:
    assert isinstance(types(Matching)["method"], pl.Enum)
    assert loose(Matching)["method"] == pl.String

"""CSV for a spreadsheet."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pmo_lib.writers.csv_text import csv_text


def test_nothing_in_it_runs_and_numbers_stay_numbers() -> None:
    hostile = ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", 'A "b", c', "a=1"]
    table = pl.DataFrame({"name": hostile, "wbs": [["=1", "b"], [], *[["a"]] * 5], "days": [-2.25, None, *[1.0] * 5], "at": [datetime(2027, 3, 12, 17)] * 7})
    lines = csv_text(table).splitlines()
    assert lines[0] == "\ufeffname,wbs,days,at"
    assert lines[1] == "'=HYPERLINK(1),'=1; b,-2.25,2027-03-12T17:00"
    assert [line.split(",")[0] for line in lines[2:6]] == ["'+1", "'-1", "'@x", "'\t=1"]
    assert lines[2] == '\'+1,"",,2027-03-12T17:00'
    assert lines[6].startswith('"A ""b"", c",')
    assert lines[7].startswith("a=1,")

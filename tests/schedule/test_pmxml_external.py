"""External dates of P6's own XML, on a real file in which two activities are given some."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

import pmo_lib as pmo

FILE = "schedules/mpxj-fixtures/misc/percent-complete-8.4.pmxml"
EMPTY = '<External{}Date xsi:nil="true" />'
GIVEN = "<External{0}Date>{1}</External{0}Date>"


@pytest.mark.real
def test_external_dates_of_pmxml_bind_early_and_late_dates(real_data: Path, tmp_path: Path) -> None:
    text = (real_data / FILE).read_text(encoding="utf-8")
    before = {row["activity"]: row for row in pmo.schedule.dates(pmo.read(real_data / FILE)).iter_rows(named=True)}
    parts = text.split("<Activity>")
    held = [a for a in before if before[a]["total_float"] is not None and before[a]["free_float"] is not None]
    for name, what, when in ((held[0], "EarlyStart", "2015-06-01T08:00:00"), (held[1], "LateFinish", "2015-02-27T17:00:00")):
        at = next(i for i, part in enumerate(parts) if f"<Id>{name}</Id>" in part)
        assert EMPTY.format(what) in parts[at]
        parts[at] = parts[at].replace(EMPTY.format(what), GIVEN.format(what, when), 1)
    edited = tmp_path / "external.xml"
    edited.write_text("<Activity>".join(parts), encoding="utf-8")
    plan = pmo.read(edited)
    rows = {row["activity"]: row for row in pmo.schedule.dates(plan).iter_rows(named=True)}
    assert rows[held[0]]["early_start"] == datetime(2015, 6, 1, 8)
    assert rows[held[1]]["late_finish"] == datetime(2015, 2, 27, 16)  # its calendar ends the day at 16:00

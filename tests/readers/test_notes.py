"""What a reader noticed, as people read it."""

from __future__ import annotations

import pytest

from pmo_lib.readers.notes import Notes


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("act_equip_qty", "actual nonlabour units (act_equip_qty)"),
        ("RemainingDuration", "remaining duration (RemainingDuration)"),
        ("Work", "work"),
        ("work", "work"),
        ("unheard_of_qty", "unheard_of_qty"),
    ],
)
def test_fields_are_called_by_words(field: str, said: str) -> None:
    notes = Notes()
    notes.whole_minutes(7.5, field, "row 2")
    assert notes.frame()["message"].to_list() == [f"rounded to a whole minute: {said}"]

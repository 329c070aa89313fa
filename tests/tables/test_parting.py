from pmo_lib.tables import Activities, Relationships, findings_frame, part


def test_a_bad_row_is_named_and_the_good_ones_stay() -> None:
    rows = [
        {"activity": "A", "name": "Dig", "duration": 480, "remaining_duration": 480},
        {"activity": "B", "name": "Pour", "duration": 480, "remaining_duration": -480},
        {"activity": "C", "name": "Cure", "kind": "nap", "duration": 0, "remaining_duration": 0},
    ]
    good, refused = part(Activities, rows, "TASK")
    assert good["activity"].to_list() == ["A"]
    assert [finding["place"] for finding in refused] == ["TASK, B", "TASK, C"]
    assert refused[0]["message"] == "the row was left out: remaining duration is negative"
    assert findings_frame(refused).height == 2


def test_absent_columns_take_their_default() -> None:
    good, _ = part(Relationships, [{"predecessor": "A", "successor": "B", "type": "FS"}], "TASKPRED")
    assert good.row(0, named=True)["lag"] == 0
    assert good.row(0, named=True)["lag_kind"] == "working"


def test_no_rows_make_an_empty_table_of_the_right_types() -> None:
    good, refused = part(Activities, [], "TASK")
    assert good.is_empty()
    assert good.schema == Activities.create_empty().schema
    assert refused == []

"""Board quality: each check on a board made for it, its offenders by name; moves against a plain reading; thresholds of the standards."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from boards import Way, board
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import ORDER, clock, crossing, placed, way

from pmo_lib import flow
from pmo_lib.errors import InvalidInput
from pmo_lib.flow.quality import CHECKS
from pmo_lib.project import Project
from pmo_lib.standards import BoardThresholds, standards

WHOLE: Way = [(1, "To Do"), (2, "Doing"), (4, "Review"), (6, "Done")]


def found(made: Project, name: str, **options: object) -> dict[str, object]:
    return flow.checks(made, **options).row(by_predicate=pl.col("check") == name, named=True)  # type: ignore[arg-type]


def test_each_check_has_a_threshold_and_each_share_a_check() -> None:
    limits = {one.name for one in fields(BoardThresholds)}
    assert set(CHECKS) <= limits
    assert {name for name in limits - set(CHECKS) if not name.endswith(("_days", "_items", "_factor"))} == set()


def test_a_clean_board_passes() -> None:
    told = flow.checks(board({f"i{n}": [(d + n, s) for d, s in WHOLE] for n in range(5)}, resolution={f"i{n}": "Done" for n in range(5)}))
    assert told.filter(~pl.col("passed")).is_empty()
    assert told.filter(pl.col("passed").is_null()).select("check", "reason").rows() == [
        ("off_board", "nothing is in progress"), ("beyond_limits", "no column of the board has a limit"), ("stale_wip", "nothing is in progress"),
        ("zombies", "nothing is in progress"), ("stale_backlog", "every item is begun or ended"), ("overdue", "no open item has a due date"),
        ("unassigned_wip", "no item has an assignee"), ("resolved_open", "every item is done"),
    ]  # fmt: skip


BACK: Way = [(1, "To Do"), (2, "Doing"), (3, "To Do"), (4, "Doing"), (5, "Review"), (6, "Done")]
OPEN: Way = [(1, "To Do"), (2, "Doing")]
CASES = {
    "done_without_start": (board({"jump": [(1, "To Do"), (5, "Done")], "whole": WHOLE}), ["jump"], 0.5),
    "skipped_columns": (
        board({"skip": [(1, "To Do"), (2, "Doing"), (5, "Done")], "whole": WHOLE, "jump": [(1, "To Do"), (5, "Done")]}),
        ["skip"],
        0.5,  # what jumped is told by another check
    ),
    "backward_moves": (board({"back": BACK, "reopened": [*WHOLE, (8, "Doing"), (9, "Done")], "whole": WHOLE, "open": OPEN}), ["back", "reopened"], 0.5),
    "beyond_limits": (
        board({"a": OPEN, "c": [(1, "To Do"), (4, "Doing")], "b": [(1, "To Do"), (3, "Doing")], "to do": [(1, "To Do")]}, limits={"Doing": 1}),
        ["c", "b"],
        2 / 3,
    ),
    "stale_wip": (board({"stale": OPEN, "fresh": [(1, "To Do"), (15, "Doing")], "clock": [(1, "To Do"), (18, "Done")]}), ["stale"], 0.5),
    "zombies": (board({"dead": OPEN, "alive": [(1, "To Do"), (2, "Doing")], "x": [(95, "To Do")]}, updated={"alive": datetime(2026, 4, 1)}), ["dead"], 0.5),
    "stale_backlog": (
        board({"old": [(1, "To Do")], "touched": [(1, "To Do")], "x": [(380, "To Do")]}, updated={"touched": datetime(2026, 8, 1)}),
        ["old"],
        1 / 3,
    ),
    "overdue": (
        board(
            {"late": OPEN, "soon": OPEN, "today": OPEN, "no": OPEN, "done": WHOLE},
            due=dict.fromkeys(["late", "done"], date(2026, 1, 5)) | {"soon": date(2026, 2, 1), "today": date(2026, 1, 6)},
        ),
        ["late"],
        1 / 3,
    ),
    "unassigned_wip": (board({"nobody": OPEN, "hers": OPEN, "done": WHOLE}, assignee={"hers": "Ada"}), ["nobody"], 0.5),
    "impossible_times": (
        board({"resolved": OPEN, "moved": WHOLE, "fine": OPEN}, resolved={"resolved": datetime(2025, 12, 1)}, created={"moved": datetime(2026, 1, 3)}),
        ["resolved", "moved"],
        2 / 3,
    ),
    "unresolved_done": (board({"what": WHOLE, "told": WHOLE, "open": OPEN}, resolution={"told": "Done"}), ["what"], 0.5),
    "resolved_open": (board({"odd": OPEN, "fine": OPEN, "done": WHOLE}, resolution={"odd": "Done"}), ["odd"], 0.5),
    "mixed_levels": (
        board({"whole": WHOLE, "part": WHOLE, "epic": WHOLE, "child": WHOLE}, parent={"part": "whole"}, epic={"child": "epic", "epic": "epic"}),
        ["whole", "epic"],
        0.5,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_board_made_for_the_check(name: str) -> None:
    made, offenders, value = CASES[name]
    row = found(made, name)
    assert (row["offenders"], row["value"], row["passed"]) == (offenders, pytest.approx(value), False)


def test_bulk_closed_days() -> None:
    ways = {f"d{n}": [(1, "To Do"), (2, "Doing"), (4 + n, "Done")] for n in range(9)} | {f"b{n}": [(1, "To Do"), (2, "Doing"), (20, "Done")] for n in range(11)}
    row = found(board(ways), "bulk_closed")
    assert (row["numerator"], row["denominator"]) == (11, 20)
    assert set(row["offenders"]) == {f"b{n}" for n in range(11)}  # type: ignore[call-overload]
    del ways["b0"], ways["b1"]
    assert found(board(ways), "bulk_closed")["numerator"] == 0  # nine on a day are no bulk


def changed(made: Project, **tables: pl.DataFrame) -> Project:
    return Project(made.info, {**made.tables, **tables})


def test_a_broken_history_and_moments_that_are_missing() -> None:
    made = board({"gap": WHOLE, "end": WHOLE, "none": WHOLE, "fine": WHOLE, "new": [(1, "To Do")]})
    moves = made.tables["transitions"]
    gap = (pl.col("item") == "gap") & (pl.col("after") == "Review")
    end = (pl.col("item") == "end") & (pl.col("after") == "Done")
    broken = changed(made, transitions=moves.filter(~gap, ~end, pl.col("item") != "none"))
    assert found(broken, "broken_history")["offenders"] == ["gap", "end"]
    assert found(broken, "missing_moments")["offenders"] == ["end", "none"]
    assert found(broken, "broken_history")["denominator"] == 4
    past = datetime(2026, 1, 3)
    assert "looked at as it was" in str(found(broken, "missing_moments", at=past)["reason"])
    assert found(broken, "broken_history", at=past)["offenders"] == []


def test_statuses_that_no_column_holds() -> None:
    made = board({"lost": OPEN, "seen": [(1, "To Do"), (2, "Review")]})
    hidden = made.tables["statuses"].with_columns(pl.when(pl.col("status") != "Doing").then("position").alias("position"))
    assert found(changed(made, statuses=hidden), "off_board")["offenders"] == ["lost"]
    none = made.tables["statuses"].with_columns(position=pl.lit(None, pl.Int64))
    assert found(changed(made, statuses=none), "off_board")["reason"] == "the source tells no board with columns"


@settings(max_examples=60, deadline=None)
@given(st.lists(way, min_size=1, max_size=8))
def test_moves_in_plain_words(ways: list[list[tuple[int, str]]]) -> None:
    named = {f"i{n}": one for n, one in enumerate(ways)}
    told = {row["check"]: set(row["offenders"]) for row in flow.checks(board(named)).iter_rows(named=True)}
    places = {name: [ORDER[status] for _, status in one] for name, one in named.items()}
    assert told["backward_moves"] == {name for name, one in places.items() if any(b < a for a, b in pairwise(one))}
    done = {name for name, one in named.items() if crossing(placed(one), 3)}
    assert told["done_without_start"] == {name for name in done if clock(named[name])[0] is None}
    used = {1, 2} & {place for one in places.values() for place in one}
    assert told["skipped_columns"] == {name for name in done - told["done_without_start"] if used and not used <= set(places[name])}


def test_an_organisation_sets_its_own_thresholds(tmp_path: Path) -> None:
    file = tmp_path / "standards.toml"
    file.write_text("[board]\nstale_wip_days = 30\nstale_wip = 0.5\n")
    made = board({"stale": OPEN, "clock": [(1, "To Do"), (18, "Done")]})
    row = found(made, "stale_wip", standard=standards(file))
    assert (row["passed"], row["threshold"]) == (True, 0.5)
    assert "more than 30 days" in str(row["definition"])
    file.write_text("[board]\nzombies = 2.0\n")
    with pytest.raises(InvalidInput, match=r"board\.zombies is a share between 0 and 1, and is 2\.0"):
        standards(file)

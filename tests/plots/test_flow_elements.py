"""Pictures of a board's flow as data: what each element holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import plots
from pmo_lib.plots import flow_forecast, flow_state, flow_times, over_time
from pmo_lib.plots.theme import DARK

MONDAY = date(2026, 9, 7)


def parts(overlay: Any) -> dict[str, Any]:
    return {element.label: element for element in overlay.values() if element.label}


def said(element: Any) -> list[str]:
    return list(element.dimension_values(2))


def flow(rows: list[list[int]]) -> pl.DataFrame:
    days = [MONDAY + timedelta(days=k) for k in range(len(rows))]
    return pl.DataFrame({"day": days, **{name: [row[k] for row in rows] for k, name in enumerate(("To do", "Doing", "Review", "Done"))}})


def cycles(taken: list[float]) -> pl.DataFrame:
    done = [datetime(2026, 9, 1, 12, tzinfo=UTC) + timedelta(days=k % 90) for k in range(len(taken))]
    return pl.DataFrame({"item": [f"A-{k}" for k in range(len(taken))], "name": "x", "finished": done, "cycle_time": taken})


def levels(*days: float) -> pl.DataFrame:
    return pl.DataFrame({"confidence": [0.5, 0.85, 0.95][: len(days)], "days": list(days), "items": 9}, schema_overrides={"days": pl.Float64})


def test_a_band_is_as_high_as_the_work_in_its_column(rendered: Callable[[Any], Any]) -> None:
    picture = plots.cumulative_flow(flow([[3, 1, 0, 0], [9, 6, 4, 1]]), started="Doing", done="Done")
    found = parts(picture)
    heights = {name: found[name].dimension_values("reached")[-1] - found[name].dimension_values("floor")[-1] for name in ("To do", "Doing", "Review", "Done")}
    assert heights == {"To do": 3, "Doing": 2, "Review": 3, "Done": 1}
    assert said(found["Review text"]) == ["Review 3"]
    dark = [flow_state.shade(place, 1, 3) for place in range(4)]
    assert dark[2] > dark[1] > dark[3] > dark[0]  # work in progress stands out, darkest next to done
    rendered(picture)


def test_the_latest_weeks_leave_out_what_was_done_before_them() -> None:
    known = flow([[10 + k, 8 + k, 7 + k, 6 + k] for k in range(30)])
    shown = flow_state.lately(known, "Done", weeks=2)
    assert shown["day"][0] == known["day"][15]
    assert shown.row(0)[1:] == (4, 2, 1, 0)
    assert shown.row(-1)[1:] == (18, 16, 15, 14)
    assert flow_state.lately(known, "Done", weeks=9).equals(known)


def test_long_histories_are_thinned_and_keep_the_last_day() -> None:
    days = [date(2000, 1, 1) + timedelta(days=k) for k in range(2_345)]
    found = flow_state.thinned(pl.DataFrame({"day": days, "Done": range(2_345)}))
    assert found.height <= flow_state.DAYS
    assert found["day"][-1] == days[-1]


def test_empty_columns_have_no_name_and_work_in_progress_goes_first() -> None:
    reached = {f"C{k}": np.array([50 - k - 5 * (k > 6)]) for k in range(12)} | {"Done": np.array([0])}  # C6 holds six, each other one
    kept = [name for name, _, _ in flow_state.labelled(reached, 10, 12, most=3)]
    assert kept == ["C6", "C10", "C11"]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=9), st.integers(60, 400))
@settings(max_examples=60, deadline=None)
def test_labels_never_touch_where_there_is_room(wanted: list[float], height: int) -> None:
    wanted = sorted(wanted, reverse=True)
    places = over_time.parted(wanted, 100.0, height)
    gap = over_time.APART * 100 / height
    assert all(upper - lower >= gap - 1e-6 for upper, lower in pairwise(places))
    if len(wanted) == 1:
        assert places[0] == max(wanted[0], gap / 2)


def test_what_came_and_went(rendered: Callable[[Any], Any]) -> None:
    weeks = pl.DataFrame(
        {"period": [MONDAY + timedelta(weeks=k) for k in range(60)], "started": [k % 5 for k in range(60)], "finished": [k % 3 for k in range(60)]}
    )
    found = parts(plots.throughput(weeks))
    assert len(found["finished"]) == flow_state.WEEKS
    assert found["finished"].dimension_values("finished").tolist() == [k % 3 for k in range(8, 60)]
    assert found["started"].dimension_values("items")[-1] == 4
    rendered(plots.throughput(weeks.head(1), theme=DARK))


def test_each_finished_item_is_a_point_and_the_expectation_the_strong_line(rendered: Callable[[Any], Any]) -> None:
    picture = plots.cycle_times(cycles([1, 2, 3, 4, 5, None, 9]), levels(3, 5, 9))  # type: ignore[list-item]
    found = parts(picture)
    assert sorted(found["items"].dimension_values("taken").tolist()) == [1, 2, 3, 4, 5, 9]
    assert found["P85"].dimension_values("a").tolist() == [5]
    assert said(found["P85 text"]) == ["85\u00a0% in 5\u00a0d"]
    assert "beyond" not in found
    rendered(picture)


def test_a_few_long_ones_do_not_squeeze_the_rest_and_are_counted() -> None:
    found = parts(plots.cycle_times(cycles([2.0] * 200 + [900.0, 950.0]), levels(2, 2, 2)))
    assert len(found["items"]) == 200
    assert len(found["beyond"]) == 2
    assert said(found["beyond text"]) == ["▲ 2 items took longer"]


def test_thousands_of_points_are_counted_into_cells_and_none_is_lost(rendered: Callable[[Any], Any]) -> None:
    taken = [float(k % 30 + 1) for k in range(flow_times.MANY + 60)]
    picture = plots.cycle_times(cycles(taken), levels(15, 26, 29))
    cells = parts(picture)["items"]
    counts = cells.dimension_values(2)
    assert counts[np.isfinite(counts)].sum() == len(taken)
    assert len(cells.dimension_values(1, expanded=False)) == 31  # a row of cells a whole day
    rendered(picture)


def test_age_is_held_against_the_past_of_the_same_column(rendered: Callable[[Any], Any]) -> None:
    ages = pl.DataFrame({"item": ["A", "B", "C", "D"], "name": "x", "column": ["Doing", "Doing", "Review", "Doing"], "age": [40.0, 7.0, 7.0, 2.0]})
    past = [("Doing", 0.5, 2.0), ("Doing", 0.85, 5.0), ("Doing", 0.95, 9.0), ("Review", 0.5, 6.0), ("Review", 0.85, 12.0), ("Review", 0.95, 20.0)]
    pace = pl.DataFrame(past, schema=["column", "confidence", "days"], orient="row").with_columns(items=9)
    looks = {mark.item: mark.look for mark in flow_times.placed(ages, pace, ["Doing", "Review"])}
    assert looks == {"A": "very late", "B": "late", "C": "usual", "D": "usual"}
    picture = plots.ageing(ages, pace, ["Doing", "Review"])
    found = parts(picture)
    assert found["late"].dimension_values("age").tolist() == [7.0]
    assert found["past 85%"].dimension_values("days").tolist() == [5.0, 12.0]
    assert said(found["names left"]) == ["A", "B"]
    rendered(picture)
    rendered(plots.ageing(ages.head(0), pace.head(0), ["Doing"], theme=DARK))


def fan(done: int, pace: tuple[int, ...] = (1, 2, 4, 6, 8), weeks: int = 6) -> pl.DataFrame:
    days = [MONDAY + timedelta(weeks=k) for k in range(weeks + 1)]
    return pl.DataFrame(
        {"date": days, **{name: [done + k * a for k in range(weeks + 1)] for name, a in zip(("p95", "p85", "p50", "p15", "p05"), pace, strict=True)}}
    )


def test_the_burn_up_marks_the_days_on_which_all_is_done(rendered: Callable[[Any], Any]) -> None:
    past = pl.DataFrame({"date": [MONDAY - timedelta(weeks=k) for k in range(20)], "done": [100 - 3 * k for k in range(20)]})
    picture = plots.burn_up(past, fan(100), total=108)
    found = parts(picture)
    assert flow_forecast.reached(fan(100), "p50", 108) == MONDAY + timedelta(weeks=2)
    assert flow_forecast.reached(fan(100), "p85", 108) == MONDAY + timedelta(weeks=4)
    assert flow_forecast.reached(fan(100), "p95", 108) is None
    assert said(found["p85 text"]) == [" P85 5 Oct 2026 "]
    assert found["p85"].dimension_values("items").max() == 108  # nothing is done beyond all
    assert found["done"].dimension_values("items")[0] == 100 - 3 * 12  # twice the weeks ahead
    rendered(picture)


def test_what_sprints_took_on_and_finished(rendered: Callable[[Any], Any]) -> None:
    sprints = pl.DataFrame({"name": [f"Sprint {k}" for k in range(20)], "committed": range(20), "completed": [max(k - 2, 0) for k in range(20)]})
    picture = plots.commitment(sprints)
    found = parts(picture)
    assert found["committed"].dimension_values("items").tolist() == list(range(8, 20))
    assert found["completed"].dimension_values("items").tolist() == list(range(6, 18))
    rendered(picture)


def test_a_bars_text_has_room_on_the_narrowest_chart() -> None:
    from pmo_lib.plots.bars import LETTER, NARROWEST, room

    for names, texts in ((["A name of thirty letters, or so"], ["12.4\u00a0wd"]), (["Short"], ["100\u00a0%"])):
        inner = NARROWEST - LETTER * len(names[0])
        assert inner * room(names, texts) / (1 + room(names, texts)) >= LETTER * len(texts[0])


@pytest.mark.parametrize(("top", "marks"), [(4.0, [0, 1, 2, 3, 4]), (23.0, [0, 5, 10, 15, 20]), (410.0, [0, 100, 200, 300, 400])])
def test_marks_are_round(top: float, marks: list[int]) -> None:
    assert [at for at, _ in over_time.values(top)] == marks
    assert over_time.values(23.0, "d")[-1][1] == "20\u00a0d"
    assert over_time.values(398.0, bottom=170.0)[0][0] == 200.0


def test_one_forgotten_item_does_not_squeeze_the_others_and_says_its_age(rendered: Callable[[Any], Any]) -> None:
    ages = pl.DataFrame({"item": ["Z", "A"], "name": "x", "column": "Doing", "age": [259.0, 4.0]})
    pace = pl.DataFrame([("Doing", 0.5, 3.0), ("Doing", 0.85, 6.0), ("Doing", 0.95, 10.0)], schema=["column", "confidence", "days"], orient="row")
    picture = plots.ageing(ages, pace, ["Doing", "Review"])
    found = parts(picture)
    top = rendered(picture).y_range.end
    assert top == pytest.approx(28.0)
    assert found["very late"].dimension_values("age")[0] < top
    assert said(found["names left"]) == ["Z 259\u00a0d"]

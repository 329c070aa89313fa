"""Lowering: what cannot be scheduled is named, and the range of the time axis is proved."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pmo_lib import schedule
from pmo_lib.by_hand import calendar_tables, make_plan
from pmo_lib.calendar import Calendar
from pmo_lib.errors import NotAvailable, NotSchedulable
from pmo_lib.project import Project, SchedulingOptions
from pmo_lib.schedule import kernel
from pmo_lib.schedule.network import lower
from pmo_lib.schedule.passes import passes


def test_a_loop_is_named_by_its_shortest_way() -> None:
    plan = make_plan({"A": (1, "D"), "B": (1, "A"), "C": (1, "B"), "D": (1, "C; B SS"), "E": (1, "D")})
    with pytest.raises(NotSchedulable, match="loop: A -> B -> D -> A; remove"):
        schedule.dates(plan)


def test_an_activity_after_itself_is_no_loop_of_ours() -> None:
    relationships = make_plan({"A": 1, "B": (1, "A")}).tables["relationships"]
    plan = make_plan({"A": 1, "B": (1, "A")})
    twice = Project(plan.info, {**plan.tables, "relationships": pl.concat([relationships, relationships.with_columns(predecessor=pl.lit("B"))])})
    assert schedule.dates(twice)["early_finish"][1] == datetime(2026, 1, 6, 17)


def test_a_calendar_without_work_is_named() -> None:
    plan = make_plan({"A": 1, "B": (1, "A")}, details={"B": {"calendar": "idle"}})
    idle = calendar_tables({"calendar": Calendar("site", 480, (((480, 960),),) * 7), "idle": Calendar("Idle crew", 480, ((),) * 7)})
    with pytest.raises(NotSchedulable, match="calendar Idle crew, on which B is to be done, has no working time"):
        schedule.dates(Project(plan.info, {**plan.tables, **idle}))


def test_no_activities() -> None:
    with pytest.raises(NotAvailable, match="schedule needs activities"):
        lower(make_plan({}))


def test_a_pass_beyond_the_range_is_refused() -> None:
    with pytest.raises(NotSchedulable, match=r"reach beyond 1,095 years \(the longest is B's"):
        lower(make_plan({"A": 1, "B": (900_000, "A")}))


@pytest.mark.parametrize("lag", ["", "+1ed"])
def test_the_range_holds_the_longest_durations(lag: str) -> None:
    """Far more than planned, on either time axis, from the start as well as from a deadline."""
    plan = make_plan({"A": 5, "B": (5, f"A{lag}"), "C": (5, "B")}, must_finish="2026-01-09")
    longest = {"A": 480 * 10_000, "B": 480 * 20_000}
    net = lower(plan, longest=longest)
    duration = np.array([[longest.get(a, d)] for a, d in zip(net.activities, net.duration, strict=True)], np.int32)
    es, ef, ls, lf = (np.empty_like(duration) for _ in range(4))
    kernel.forward(net.arrays, duration, es, ef)
    kernel.backward(net.arrays, duration, ef, np.array([net.must_finish], np.int32), ls, lf)
    days = 30_005 * 7 / 5
    finish, start = net.instants(ef[:, 0]).max().item(), net.instants(ls[:, 0], finish=False).min().item()
    assert abs((finish - datetime(2026, 1, 5)) / timedelta(days=1) - days) < 5
    assert abs((datetime(2026, 1, 9) - start) / timedelta(days=1) - days) < 5


def test_one_calendar_needs_no_tables() -> None:
    assert lower(make_plan({"A": 5, "B": (5, "A+1d")})).single
    assert not lower(make_plan({"A": 5, "B": (5, "A+1ed")})).single


def test_both_time_axes_give_the_same_dates() -> None:
    """The same network, once on working minutes and once on the clock because of a far-off elapsed lag."""
    base = {"A": 5, "B": (3, "A SS+2d"), "C": (4, "A FF+1d; B"), "M": (0, "C"), "D": (2, "M-1d; B SF+9d")}
    single = schedule.dates(make_plan({**base, "X": 1, "Y": (1, "X")}))
    several = schedule.dates(make_plan({**base, "X": 1, "Y": (1, "X+1em")}))
    rows = [frame.filter(pl.col("activity").is_in(list(base))).drop("early_start", "late_start") for frame in (single, several)]
    assert rows[0].equals(rows[1])


def test_the_levelling_delay_comes_after_the_logic() -> None:
    plan = make_plan({"A": 5, "B": (1, "A"), "C": (1, "B")}, details={"B": {"levelling_delay": 3 * 1440}})
    dates = schedule.dates(plan)
    assert dates["activity"].to_list() == ["A", "B", "C"]
    assert dates["early_start"][1] == datetime(2026, 1, 15, 8)  # it could begin on Monday at 08:00: three days on the clock later
    assert dates["total_float"].to_list()[1:] == [0, 0]


def test_what_a_simulation_may_sample() -> None:
    details = {"B": {"actual_start": datetime(2026, 1, 5, 8), "actual_finish": datetime(2026, 1, 6, 17)}, "C": {"kind": "level_of_effort"}}
    net = lower(make_plan({"A": 5, "B": 2, "C": (1, "A SS"), "M": (0, "A")}, details=details, data_date="2026-01-07"))
    assert dict(zip(net.activities, net.uncertain.tolist(), strict=True)) == {"A": True, "M": False}


def test_level_of_effort_spans_its_links_and_never_drives() -> None:
    plan = make_plan({"A": 5, "B": (5, "A"), "L": (100, "A SS"), "C": (2, "B; L FF")}, details={"L": {"kind": "level_of_effort"}})
    rows = {row["activity"]: row for row in schedule.dates(plan).iter_rows(named=True)}
    assert rows["C"]["early_start"] == datetime(2026, 1, 19, 8)
    assert (rows["L"]["early_start"], rows["L"]["early_finish"]) == (datetime(2026, 1, 5, 8), rows["C"]["early_finish"])
    assert not rows["L"]["critical"]


def test_a_forecast_moves_open_work_and_softens_dates() -> None:
    details = {
        "A": {"constraint": "mandatory_start", "constraint_date": datetime(2026, 1, 7, 8)},
        "B": {"constraint": "finish_on_or_before", "constraint_date": datetime(2026, 1, 8, 17)},
    }
    net = lower(make_plan({"A": 5, "B": (3, "A")}, details=details), move_to=datetime(2026, 1, 12, 8), soften=True)
    run = passes(net)
    assert net.instants(run.es, finish=False)[0].item() == datetime(2026, 1, 12, 8)
    assert run.total_float.tolist() == [0, 0]


def test_as_late_as_possible_by_each_tools_rule() -> None:
    from dataclasses import replace

    plan = make_plan({"A": 2, "B": (3, "A"), "C": (10, "A"), "D": (1, "B"), "E": (0, "C; D")}, details={"B": {"constraint": "as_late_as_possible"}})
    free = schedule.dates(plan)
    assert free["early_start"][1] == datetime(2026, 1, 7, 8)  # D follows at once: no free float
    msp = schedule.dates(Project(replace(plan.info, application="msp"), plan.tables))
    assert msp["early_start"][1] == datetime(2026, 1, 15, 8)  # all of the total float, and D follows
    assert msp["early_start"][3] == datetime(2026, 1, 20, 8)


def test_open_ends_made_critical() -> None:
    plan = make_plan({"A": 5, "B": 3}, options=SchedulingOptions(open_ends_critical=True))
    assert schedule.dates(plan)["total_float"].to_list() == [0, 0]


def test_a_date_at_the_end_of_all_years_is_refused_and_not_sought_for_ever() -> None:
    plan = make_plan({"A": 5, "B": (5, "A")}, start=datetime(9999, 12, 30, 8))
    with pytest.raises(NotSchedulable, match="beyond the years that can be told"):
        schedule.dates(plan)

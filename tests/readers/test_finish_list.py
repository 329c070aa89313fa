"""Lists that say when items were finished and little besides: throughput and forecasts follow, and nothing else is made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pmo_lib import flow
from pmo_lib.errors import UnreadableFile
from pmo_lib.office import board_flow_of, outlook
from pmo_lib.project import Project
from pmo_lib.readers import door, read
from pmo_lib.readers.lists import finished

RISKS = "id,title,probability,impact,response,owner,closed\n1,Flood,0.2,5,avoid,Ada,2026-01-05\n"
DAYS = [date(2026, 1, 5) + timedelta(days=5 * n) for n in range(60)]  # newest last


def made(tmp_path: Path, text: str, name: str = "team.csv", encoding: str = "utf-8") -> Project:
    file = tmp_path / name
    file.write_text(text, encoding=encoding)
    assert door.admit(file) == finished.__name__
    return read(file)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{day}" for day in reversed(DAYS)),
        "\n".join(f"{day:%d/%b/%y} 3:04 PM" for day in DAYS),
        "Finished\n" + "\n".join(f"{day:%d.%m.%Y}" for day in DAYS),
        "Item;Done\n" + "\n".join(f"Card {n};{day:%d.%m.%y}" for n, day in enumerate(DAYS)),
        "Issue key,Status,Resolved\n" + "\n".join(f"A-{n},Closed,{day}" for n, day in enumerate(DAYS)),
        "\n".join(f"A-{n}\t{day}" for n, day in enumerate(DAYS)),
    ],
)
def test_finish_dates_are_throughput_however_they_are_written(tmp_path: Path, text: str) -> None:
    plan = made(tmp_path, text)
    assert flow.throughput(plan).equals(flow.throughput(pl.DataFrame({"day": DAYS})))
    assert plan.info.source == "finish_list"
    assert "finish-dates-only" in plan.findings["code"]


def test_nothing_is_made_up_of_a_finish_alone(tmp_path: Path) -> None:
    plan = made(tmp_path, "\n".join(map(str, DAYS)))
    cycles = flow.cycle_times(plan)
    for name in ("created", "started", "cycle_time", "lead_time"):
        assert cycles[name].null_count() == len(DAYS)
    assert set(cycles["reason"]) == {"the source tells only when it was finished"}
    weeks = flow.arrivals(plan)
    assert weeks["finished"].sum() == len(DAYS)
    for name in ("created", "started", "in_progress", "backlog"):
        assert weeks[name].null_count() == weeks.height
    assert flow.work_in_progress(plan).is_empty()
    assert flow.ageing(plan).is_empty()
    assert flow.burn_up(plan)["done"][-1] == len(DAYS)
    assert flow.checks(plan).filter(check="impossible_times")["numerator"].to_list() == [0]
    rules = dict(flow.rules_in_force(plan).select("rule", "value").iter_rows())
    assert rules["started"] == "not told: the board has no column of work"


def test_its_forecast_back_test_and_page_can_be_made(tmp_path: Path) -> None:
    plan = made(tmp_path, "\n".join(map(str, DAYS)))
    told = outlook(plan, items=10, by=date(2027, 3, 31), iterations=200)
    assert told.finishes is not None
    assert told.how_many is not None
    assert told.items == 10
    assert told.refusals["service level"].startswith("a service-level expectation needs finished items")
    shown = board_flow_of(plan)
    assert shown.weeks["started"].null_count() == shown.weeks.height


def test_a_row_without_a_finish_is_open_and_a_creation_that_is_told_counts(tmp_path: Path) -> None:
    rows = [f"2026-01-01,{day}" for day in DAYS] + ["2026-09-01,", "2026-09-02,"]
    plan = made(tmp_path, "Created,Finished\n" + "\n".join(rows))
    assert flow.remaining(plan)["open"].sum() == 2
    assert flow.cycle_times(plan)["lead_time"].to_list()[:2] == [5.0, 10.0]
    untold = made(tmp_path, "Ticket,Finished\n" + "\n".join(f"A-{n},{day}" for n, day in enumerate(DAYS)) + "\nB,\nC,\n")
    assert flow.remaining(untold)["open"].sum() == 2
    assert flow.remaining(untold, at=datetime(2026, 1, 12))["done"].sum() == 2  # what was finished later is not known yet


def test_what_was_dropped_and_what_is_no_story_is_not_throughput(tmp_path: Path) -> None:
    rows = ["A,Story,Done,2026-01-05", "B,Story,Won't Do,2026-01-06", "C,Epic,Done,2026-01-07", "D,Sub-task,Done,2026-01-08", "E,Bug,Done,2026-01-20"]
    plan = made(tmp_path, "Summary,Issue Type,Resolution,Resolved\n" + "\n".join(rows))
    assert flow.throughput(plan)["finished"].sum() == 1
    assert flow.cycle_times(plan)["cancelled"].sum() == 1


def test_a_day_is_that_day_in_every_zone(tmp_path: Path) -> None:
    plan = made(tmp_path, "Finished\n2026-01-05\n2026-01-06\n")
    assert plan.tables["transitions"]["at"][0] == datetime(2026, 1, 5, 12, tzinfo=UTC)
    for zone in ("Pacific/Honolulu", "Pacific/Auckland"):
        assert flow.throughput(plan, flow.FlowRules(zone=zone), per="day")["period"][0] in (date(2026, 1, 5), date(2026, 1, 6))


def test_dates_that_may_be_either_and_columns_that_nobody_names_are_refused(tmp_path: Path) -> None:
    for text, told in {
        "Finished\n03/04/2026\n05/06/2026\n": "may have the day or the month first",
        "2026-01-05,2026-01-09\n2026-01-06,2026-01-12\n": "has 2 dates, and no header says which is the finish; name the columns",
        "Finished\nsoon\nlater\n": "no row of it can be read as an issue: .*the resolution of an issue is no date",
    }.items():
        (tmp_path / "x.csv").write_text(text, encoding="utf-8")
        with pytest.raises(UnreadableFile, match=told):
            read(tmp_path / "x.csv")


@pytest.mark.parametrize("text", ["1\n2\n3\n", "12345\n23456\n", "hello\nworld\n", "Name,Finish,Duration\nA,2026-01-05,3d\n", "a,b,c\n2026-01-05,1,2\n", RISKS])
def test_other_texts_are_none_of_its_own(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text(text, encoding="utf-8")
    assert not finished.matches(text.encode(), file)


def test_a_workbook_of_finish_dates(tmp_path: Path) -> None:
    pl.DataFrame({"Item": [f"A{n}" for n in range(len(DAYS))], "Finished": DAYS}).write_excel(tmp_path / "team.xlsx")
    plan = read(tmp_path / "team.xlsx")
    assert flow.throughput(plan).equals(flow.throughput(pl.DataFrame({"day": DAYS})))


def test_dates_with_points_are_no_numbers(tmp_path: Path) -> None:
    (tmp_path / "done.csv").write_text("30.11.2026\n24.11.2026\n23.11.2026\n")
    assert read(tmp_path / "done.csv").tables["items"].height == 3

"""The MSPDI reader on small files whose every value is known."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from pmo_lib.plan_calendars import calendars
from pmo_lib.project import Project
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.readers.mspdi.values import minutes_of

CALENDARS = """
<Calendars>
 <Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar><BaseCalendarUID>-1</BaseCalendarUID>
  <WeekDays>
   <WeekDay><DayType>1</DayType><DayWorking>0</DayWorking></WeekDay>
   <WeekDay><DayType>2</DayType><DayWorking>1</DayWorking><WorkingTimes>
     <WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime>
     <WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>
   <WeekDay><DayType>7</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>18:00:00</FromTime><ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>
   <WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod><FromDate>2026-12-25T00:00:00</FromDate><ToDate>2026-12-26T23:59:00</ToDate></TimePeriod></WeekDay>
  </WeekDays>{exceptions}
  <WorkWeeks><WorkWeek><TimePeriod><FromDate>2026-07-01T00:00:00</FromDate><ToDate>2026-07-31T23:59:00</ToDate></TimePeriod><Name>Summer</Name>
   <WeekDays><WeekDay><DayType>6</DayType><DayWorking>0</DayWorking></WeekDay></WeekDays></WorkWeek></WorkWeeks>
 </Calendar>
 <Calendar><UID>4</UID><Name>Ana</Name><IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID></Calendar>
</Calendars>"""
EXCEPTIONS = """<Exceptions>
 <Exception><EnteredByOccurrences>0</EnteredByOccurrences><TimePeriod><FromDate>2026-05-01T00:00:00</FromDate><ToDate>2026-05-01T23:59:00</ToDate></TimePeriod>
  <Name>May Day</Name><Type>1</Type><DayWorking>0</DayWorking></Exception>
 <Exception><EnteredByOccurrences>1</EnteredByOccurrences><Occurrences>2</Occurrences><TimePeriod><FromDate>2026-01-01T00:00:00</FromDate><ToDate>2030-12-31T23:59:00</ToDate></TimePeriod>
  <Name>Stock-taking</Name><Type>2</Type><Month>5</Month><MonthDay>30</MonthDay><DayWorking>1</DayWorking>
  <WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>10:00:00</ToTime></WorkingTime></WorkingTimes></Exception>
</Exceptions>"""
TASKS = """
<Tasks>
 <Task><UID>0</UID><ID>0</ID><Name>Move</Name><OutlineLevel>0</OutlineLevel><Summary>1</Summary><Duration>PT40H0M0S</Duration></Task>
 <Task><UID>7</UID><ID>1</ID><Name>Pack</Name><OutlineLevel>1</OutlineLevel><Summary>1</Summary><WBS>1</WBS><Duration>PT40H0M0S</Duration></Task>
 <Task><UID>3</UID><ID>2</ID><Name>Books</Name><OutlineLevel>2</OutlineLevel><Duration>PT16H0M0S</Duration><DurationFormat>7</DurationFormat>
  <RemainingDuration>PT8H0M0S</RemainingDuration><Start>2026-03-02T08:00:00</Start><Finish>2026-03-03T17:00:00</Finish><ActualStart>2026-03-02T08:00:00</ActualStart>
  <Stop>2026-03-02T17:00:00</Stop><Resume>2026-03-03T08:00:00</Resume><PercentComplete>50</PercentComplete><PhysicalPercentComplete>40</PhysicalPercentComplete>
  <ConstraintType>4</ConstraintType><ConstraintDate>2026-03-02T08:00:00</ConstraintDate><Deadline>2026-03-06T17:00:00</Deadline><CalendarUID>1</CalendarUID>
  <TotalSlack>-4800</TotalSlack><FreeSlack>0</FreeSlack><Critical>1</Critical><Priority>700</Priority><LevelingDelay>14400</LevelingDelay>
  <Work>PT20H30M0S</Work><Cost>123450</Cost><ActualCost>50000</ActualCost><RemainingCost>73450</RemainingCost>
  <Baseline><Number>0</Number><Start>2026-03-02T08:00:00</Start><Finish>2026-03-02T17:00:00</Finish><Duration>PT8H0M0S</Duration><Work>PT8H0M0S</Work><Cost>100000</Cost></Baseline>
  <Baseline><Number>3</Number><Cost>90000</Cost></Baseline><Baseline><Number>4</Number></Baseline>
  <ExtendedAttribute><FieldID>188743731</FieldID><Value>fragile</Value></ExtendedAttribute>
  <ExtendedAttribute><FieldID>188743783</FieldID><Value>PT4H0M0S</Value></ExtendedAttribute>
  <ExtendedAttribute><FieldID>188743786</FieldID><Value>2500</Value></ExtendedAttribute>
  <OutlineCode><FieldID>188744096</FieldID><ValueID>2</ValueID></OutlineCode></Task>
 <Task><UID>9</UID><ID>3</ID><IsNull>1</IsNull></Task>
 <Task><UID>4</UID><ID>4</ID><Name>Drive</Name><OutlineLevel>1</OutlineLevel><Duration>PT24H0M0S</Duration><DurationFormat>8</DurationFormat><Manual>1</Manual><Active>0</Active>
  <PredecessorLink><PredecessorUID>3</PredecessorUID><Type>1</Type><LinkLag>50</LinkLag><LagFormat>19</LagFormat></PredecessorLink>
  <PredecessorLink><PredecessorUID>3</PredecessorUID><Type>3</Type><LinkLag>-25</LinkLag><LagFormat>20</LagFormat></PredecessorLink>
  <PredecessorLink><PredecessorUID>7</PredecessorUID><Type>0</Type><LinkLag>14400</LinkLag><LagFormat>8</LagFormat></PredecessorLink>
  <PredecessorLink><PredecessorUID>5</PredecessorUID><Type>2</Type><LinkLag>-4805</LinkLag><LagFormat>7</LagFormat></PredecessorLink>
  <PredecessorLink><PredecessorUID>3</PredecessorUID><Type>1</Type><CrossProject>1</CrossProject></PredecessorLink>
  <PredecessorLink><PredecessorUID>404</PredecessorUID><Type>1</Type></PredecessorLink></Task>
 <Task><UID>5</UID><ID>5</ID><Name>Arrived</Name><OutlineLevel>1</OutlineLevel><Duration>PT0H0M0S</Duration><Milestone>1</Milestone><ConstraintType>7</ConstraintType></Task>
</Tasks>"""
REST = """
<Resources>
 <Resource><UID>0</UID><ID>0</ID><Type>1</Type></Resource>
 <Resource><UID>1</UID><ID>1</ID><Name>Ana</Name><Initials>A</Initials><Type>1</Type><MaxUnits>0.5</MaxUnits><StandardRate>40</StandardRate><CalendarUID>4</CalendarUID></Resource>
 <Resource><UID>2</UID><ID>2</ID><Name>Boxes</Name><Type>0</Type></Resource>
 <Resource><UID>3</UID><ID>3</ID><Name>Fees</Name><Type>0</Type><IsCostResource>1</IsCostResource></Resource>
</Resources>
<Assignments>
 <Assignment><UID>11</UID><TaskUID>3</TaskUID><ResourceUID>1</ResourceUID><Units>0.5</Units><Work>PT20H30M0S</Work><Cost>82000</Cost></Assignment>
 <Assignment><UID>12</UID><TaskUID>3</TaskUID><ResourceUID>2</ResourceUID><Units>1</Units><Work>PT30H0M0S</Work></Assignment>
 <Assignment><UID>13</UID><TaskUID>3</TaskUID><ResourceUID>-65535</ResourceUID><Work>PT8H0M0S</Work></Assignment>
 <Assignment><UID>14</UID><TaskUID>404</TaskUID><ResourceUID>1</ResourceUID></Assignment>
</Assignments>"""
HEAD = """<?xml version="1.0" encoding="UTF-8"?><Project xmlns="http://schemas.microsoft.com/project"><Name>C:\\Plans\\move.mpp</Name>
<Title>Moving house</Title>
<Manager>Ana</Manager><ScheduleFromStart>1</ScheduleFromStart><StartDate>2026-03-02T08:00:00</StartDate><FinishDate>2026-03-10T17:00:00</FinishDate>
<StatusDate>2026-03-02T17:00:00</StatusDate><CalendarUID>1</CalendarUID><CurrencyCode>EUR</CurrencyCode><MinutesPerDay>480</MinutesPerDay><MinutesPerWeek>2400</MinutesPerWeek>
<CriticalSlackLimit>2</CriticalSlackLimit><HonorConstraints>0</HonorConstraints><MultipleCriticalPaths>1</MultipleCriticalPaths><SplitsInProgressTasks>0</SplitsInProgressTasks>
<OutlineCodes><OutlineCode><FieldID>188744096</FieldID><FieldName>Outline Code1</FieldName><Alias>Room</Alias><Values>
 <Value><ValueID>1</ValueID><ParentValueID>0</ParentValueID><Value>Up</Value></Value>
 <Value><ValueID>2</ValueID><ParentValueID>1</ParentValueID><Value>Study</Value><Description>the study upstairs</Description></Value>
</Values></OutlineCode></OutlineCodes>
<ExtendedAttributes><ExtendedAttribute><FieldID>188743731</FieldID><FieldName>Text1</FieldName><Alias>Handling</Alias></ExtendedAttribute>
<ExtendedAttribute><FieldID>188743783</FieldID><FieldName>Duration1</FieldName></ExtendedAttribute>
<ExtendedAttribute><FieldID>188743786</FieldID><FieldName>Cost1</FieldName></ExtendedAttribute></ExtendedAttributes>"""


def plan_of(folder: Path, *, exceptions: str = EXCEPTIONS, head: str = HEAD, tasks: str = TASKS) -> Project:
    path = folder / "move.xml"
    path.write_text(head + CALENDARS.format(exceptions=exceptions) + tasks + REST + "</Project>", encoding="utf-8")
    return mspdi.parse(path)[0]


@pytest.fixture
def plan(tmp_path: Path) -> Project:
    return plan_of(tmp_path)


def test_info_and_options(plan: Project) -> None:
    info, options = plan.info, plan.info.options
    assert (info.key, info.name, info.manager, info.currency, info.calendar, info.application) == ("move", "Moving house", "Ana", "EUR", "1", "msp")
    assert (info.data_date, info.planned_start, info.stored_finish) == (datetime(2026, 3, 2, 17), datetime(2026, 3, 2, 8), datetime(2026, 3, 10, 17))
    assert info.baseline is not None
    assert (options.lag_calendar, options.total_float, options.honour_constraints, options.open_ends_critical) == ("successor", "smallest", False, True)
    assert (options.critical_float, options.schedule_from, options.out_of_sequence) == (960, "start", "progress_override")


def test_activity(plan: Project) -> None:
    row = plan.tables["activities"].filter(activity="3").row(0, named=True)
    assert (row["row"], row["wbs"], row["kind"], row["calendar"], row["priority"]) == (2, "7", "task", "1", 700)
    assert (row["duration"], row["remaining_duration"], row["percent_complete"], row["physical_percent"]) == (960, 480, 0.5, 0.4)
    assert (row["actual_start"], row["suspended"], row["resumed"]) == (datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 17), datetime(2026, 3, 3, 8))
    assert (row["constraint"], row["deadline"]) == ("start_on_or_after", datetime(2026, 3, 6, 17))
    assert (row["stored_total_float"], row["stored_free_float"], row["stored_critical"], row["levelling_delay"]) == (-480, 0, True, 1440)
    assert (row["planned_work"], row["planned_cost"], row["actual_cost"], row["remaining_cost"]) == (1230, 1234.5, 500, 734.5)


def test_hierarchy_by_outline_level(plan: Project) -> None:
    assert plan.tables["activities"].select("activity", "wbs", "kind").rows() == [
        ("0", None, "summary"),
        ("7", "0", "summary"),
        ("3", "7", "task"),
        ("4", "0", "task"),
        ("5", "0", "finish_milestone"),
    ]
    assert plan.tables["wbs"].select("wbs", "parent", "name", "level", "activity").rows() == [("0", None, "Move", 0, "0"), ("7", "0", "Pack", 1, "7")]


def test_manual_inactive_and_elapsed(plan: Project) -> None:
    row = plan.tables["activities"].filter(activity="4").row(0, named=True)
    assert (row["manual"], row["active"], row["elapsed"], row["duration"]) == (True, False, True, 1440)


def test_lags_of_every_unit(plan: Project) -> None:
    assert plan.tables["relationships"].select("predecessor", "type", "lag", "lag_kind", "lag_percent").rows() == [
        ("3", "FS", 480, "percent", 50.0),
        ("3", "SS", -240, "elapsed_percent", -25.0),
        ("7", "FF", 1440, "elapsed", None),
        ("5", "SF", -480, "working", None),
    ]


def test_what_cannot_be_kept_is_found(plan: Project) -> None:
    found = dict(plan.findings.select("code", "place").rows())
    assert found["blank-row"] == "task 9, row 3"
    assert found["relationship-external"] == "task 4, row 4"
    assert "404" in found["relationship-without-activities"]
    assert found["rounded"] == "task 4, row 4"
    assert found["constraint-without-date"] == "task 5, row 5"
    assert found["assignment-without-activity"] == "assignment 14"
    assert "early dates" in plan.findings.filter(pl.col("code") == "written-elsewhere")["message"][0]
    assert plan.findings.height == 7


def test_calendars(plan: Project) -> None:
    assert plan.tables["calendars"].select("calendar", "base", "kind").rows() == [("1", None, "global"), ("4", "1", "resource")]
    shifts = plan.tables["shifts"].select("calendar", "weekday", "start", "finish", "first", "last").rows()
    assert shifts == [
        ("1", 7, None, None, None, None),
        ("1", 1, 480, 720, None, None),
        ("1", 1, 780, 1020, None, None),
        ("1", 6, 1080, 1440, None, None),
        ("1", 5, None, None, date(2026, 7, 1), date(2026, 7, 31)),
    ]


def test_exceptions_where_written_the_newer_way(plan: Project) -> None:
    assert plan.tables["exceptions"].select("first", "last", "start", "finish", "name").rows() == [
        (date(2026, 5, 1), date(2026, 5, 1), None, None, "May Day"),
        (date(2026, 6, 30), date(2026, 6, 30), 480, 600, "Stock-taking"),
        (date(2027, 6, 30), date(2027, 6, 30), 480, 600, "Stock-taking"),
    ]


def test_exceptions_where_written_the_older_way_only(tmp_path: Path) -> None:
    exceptions = plan_of(tmp_path, exceptions="").tables["exceptions"]
    assert exceptions.select("first", "last", "start").rows() == [(date(2026, 12, 25), date(2026, 12, 26), None)]


def test_resources_and_assignments(plan: Project) -> None:
    assert plan.tables["resources"].select("resource", "code", "kind", "calendar", "max_units", "standard_rate").rows() == [
        ("1", "A", "labour", "4", 0.5, 40),
        ("2", None, "material", None, None, None),
        ("3", None, "cost", None, None, None),
    ]
    assert plan.tables["assignments"].select("uid", "resource", "units", "planned_work", "planned_quantity", "planned_cost").rows() == [
        ("11", "1", 0.5, 1230, None, 820),
        ("12", "2", 1, None, 30, None),
        ("13", None, None, 480, None, None),
    ]


def test_baselines(plan: Project) -> None:
    assert plan.tables["baselines"].select("baseline", "activity", "duration", "work", "cost").rows() == [(0, "3", 480, 480, 1000), (3, "3", None, None, 900)]


def test_codes_and_custom_fields(plan: Project) -> None:
    assert plan.tables["codes"].rows() == [("3", "Room", "Up.Study", "the study upstairs")]
    assert plan.tables["custom_fields"].select("key", "field", "kind", "value").rows() == [
        ("3", "Handling", "text", "fragile"),
        ("3", "Duration1", "duration", "240"),
        ("3", "Cost1", "cost", "25.0"),
    ]


CONSTRAINTS = {
    "0": None,
    "1": "as_late_as_possible",
    "2": "mandatory_start",
    "3": "mandatory_finish",
    "4": "start_on_or_after",
    "5": "start_on_or_before",
    "6": "finish_on_or_after",
    "7": "finish_on_or_before",
}


@pytest.mark.parametrize("number", CONSTRAINTS)
def test_constraints(tmp_path: Path, number: str) -> None:
    tasks = f"""<Tasks><Task><UID>1</UID><Name>Dig</Name><Duration>PT8H0M0S</Duration><ConstraintType>{number}</ConstraintType>
        <ConstraintDate>2026-03-02T08:00:00</ConstraintDate></Task></Tasks>"""
    row = plan_of(tmp_path, tasks=tasks).tables["activities"].row(0, named=True)
    assert row["constraint"] == CONSTRAINTS[number]
    assert (row["constraint_date"] is None) == (number in ("0", "1"))


def test_defaults_of_what_is_not_said(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, head='<Project xmlns="http://schemas.microsoft.com/project">')
    assert (plan.info.key, plan.info.name, plan.info.data_date) == ("move", "move", None)
    assert (plan.info.options.honour_constraints, plan.info.options.out_of_sequence) == (True, "retained_logic")


@pytest.mark.parametrize(
    ("text", "minutes"), [("PT8H0M0S", 480), ("PT0H30M30S", 30.5), ("P1DT2H", 1560), ("-PT1H", -60), ("P", None), ("8h", None), ("", None)]
)
def test_durations(text: str, minutes: float | None) -> None:
    assert minutes_of(text) == minutes


def test_a_file_that_leaves_zeros_out(tmp_path: Path) -> None:
    """As MPXJ writes: no remaining duration is none of it, and a stretch of work without a value is rest, where nothing says zero."""
    task = """<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T</Name><Duration>PT24H0M0S</Duration>{more}</Task>"""
    begun = "<ActualStart>2026-03-02T08:00:00</ActualStart><PercentComplete>99</PercentComplete><ActualDuration>PT{hours}H0M0S</ActualDuration>"
    parts = [("02T08", "03T17", "PT16H0M0S"), ("04T08", "04T17", ""), ("05T08", "05T17", "PT8H0M0S")]
    data = "".join(
        f"<TimephasedData><Type>1</Type><Start>2026-03-{start}:00:00</Start><Finish>2026-03-{finish}:00:00</Finish>{f'<Value>{value}</Value>' if value else ''}"
        "</TimephasedData>"
        for start, finish, value in parts
    )
    booking = f"<Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>-65535</ResourceUID>{data}</Assignment>"
    other = "<Assignment><UID>2</UID><TaskUID>2</TaskUID><ResourceUID>-65535</ResourceUID><TimephasedData><Type>1</Type><Start>2026-03-02T08:00:00</Start>"
    zero = other + "<Finish>2026-03-02T17:00:00</Finish><Value>PT0H0M0S</Value></TimephasedData></Assignment>"
    tasks = f"<Tasks>{task.format(uid=1, more='')}{task.format(uid=2, more=begun.format(hours=24))}{task.format(uid=3, more=begun.format(hours=20))}</Tasks>"
    found = {}
    for name, assignments in {"left out": booking, "said": booking + zero}.items():
        path = tmp_path / f"{name}.xml"
        path.write_text(f'<Project xmlns="http://schemas.microsoft.com/project">{tasks}<Assignments>{assignments}</Assignments></Project>', "utf-8")
        found[name] = mspdi.parse(path)[0]
    assert found["said"].tables["activities"]["remaining_duration"].to_list() == [1440, 0, 240]
    assert found["left out"].tables["splits"].select("activity", "start").rows() == [("1", datetime(2026, 3, 2, 8)), ("1", datetime(2026, 3, 5, 8))]
    assert "splits" not in found["said"].tables


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [
        ("single", "weekly", "single"),
        ("weekly", "monthly", "monthly"),
        ("monthly", "yearly", "yearly"),
        ("yearly", "daily", "daily"),
        ("fortnight", "weekly", "fortnight"),
        ("fortnight", "daily", "fortnight"),
        ("fortnight", "single", "single"),
    ],
)
def test_where_exceptions_fall_on_one_day_one_of_them_holds(tmp_path: Path, first: str, second: str, holds: str) -> None:
    """What is dated, then daily, yearly, monthly, weekly, whatever stands first in the file; on other days the lower one holds as before."""
    every = {
        "single": (1, "", "2025-12-05", "2025-12-05", 1),
        "fortnight": (1, "", "2025-12-01", "2025-12-12", 2),
        "daily": (7, "<Period>2</Period>", "2025-12-01", "2025-12-31", 3),
        "yearly": (2, "<Month>11</Month><MonthDay>5</MonthDay>", "2025-01-01", "2026-12-31", 4),
        "monthly": (4, "<MonthDay>5</MonthDay>", "2025-12-01", "2026-12-31", 5),
        "weekly": (6, "<DaysOfWeek>32</DaysOfWeek>", "2025-12-01", "2026-12-31", 6),
    }
    hour = {}
    for order in ((first, second), (second, first)):
        written = "".join(
            f"<Exception><TimePeriod><FromDate>{begins}T00:00:00</FromDate><ToDate>{ends}T23:59:00</ToDate></TimePeriod><Type>{kind}</Type>{rule}<DayWorking>1"
            f"</DayWorking><WorkingTimes><WorkingTime><FromTime>0{at}:00:00</FromTime><ToTime>0{at + 1}:00:00</ToTime></WorkingTime></WorkingTimes></Exception>"
            for kind, rule, begins, ends, at in (every[name] for name in order)
        )
        worked = calendars(plan_of(tmp_path, exceptions=f"<Exceptions>{written}</Exceptions>"))["1"]
        assert worked.on(date(2025, 12, 5)) == ((every[holds][4] * 60, every[holds][4] * 60 + 60),)
        hour[order] = [worked.on(date(2025, 12, day)) for day in range(1, 32)]
    assert len(set(map(str, hour.values()))) == 1

"""P6's own XML with two projects and relationships between them, one to an activity that the file does not hold; options, and baselines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pmo_lib.readers import read_all
from pmo_lib.schedule import dates

HEAD = '<?xml version="1.0" encoding="UTF-8"?><APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V23.12/API/BusinessObjects">'
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
WORKED = "".join(f"<WorkTime><Start>{a}:00</Start><Finish>{b}:00</Finish></WorkTime>" for a, b in (("08:00", "11:59"), ("13:00", "16:59")))
CALENDAR = (
    "<Calendar><ObjectId>5</ObjectId><Name>Standard</Name><Type>Global</Type><HoursPerDay>8</HoursPerDay><StandardWorkWeek>"
    + "".join(f"<StandardWorkHours><DayOfWeek>{day}</DayOfWeek>{WORKED if day[0] != 'S' else ''}</StandardWorkHours>" for day in DAYS)
    + "</StandardWorkWeek></Calendar>"
)


OPTIONS = (
    "<ScheduleOptions><ComputeTotalFloatType>Smallest of Start Float and Finish Float</ComputeTotalFloatType>"
    "<OutOfSequenceScheduleType>Progress Override</OutOfSequenceScheduleType><UseExpectedFinishDates>0</UseExpectedFinishDates></ScheduleOptions>"
)


def activity(uid: int, project: int, name: str, hours: int, start: str, finish: str, late_start: str, late_finish: str) -> str:
    dated = "".join(
        f"<Remaining{what}Date>{when}</Remaining{what}Date>"
        for what, when in (("EarlyStart", start), ("EarlyFinish", finish), ("LateStart", late_start), ("LateFinish", late_finish))
    )
    lasts = "".join(f"<{what}Duration>{hours}</{what}Duration>" for what in ("Planned", "AtCompletion", "Remaining"))
    return (
        f"<Activity><ObjectId>{uid}</ObjectId><ProjectObjectId>{project}</ProjectObjectId><CalendarObjectId>5</CalendarObjectId><Id>{name}</Id>"
        f"<Name>{name}</Name><Status>Not Started</Status><Type>Task Dependent</Type>{lasts}{dated}</Activity>"
    )


def relationship(uid: int, before: tuple[int, int], after: tuple[int, int], lag: int = 0) -> str:
    ends = "".join(
        f"<{end}ActivityObjectId>{one}</{end}ActivityObjectId><{end}ProjectObjectId>{of}</{end}ProjectObjectId>"
        for end, (one, of) in (("Predecessor", before), ("Successor", after))
    )
    return f"<Relationship><ObjectId>{uid}</ObjectId><Lag>{lag}</Lag><Type>Finish to Start</Type>{ends}</Relationship>"


def project(uid: int, name: str, inside: str) -> str:
    return (
        f"<Project><ObjectId>{uid}</ObjectId><Id>{name}</Id><Name>{name}</Name><DataDate>2026-01-05T00:00:00</DataDate>"
        f"<PlannedStartDate>2026-01-05T08:00:00</PlannedStartDate><ActivityDefaultCalendarObjectId>5</ActivityDefaultCalendarObjectId>{inside}</Project>"
    )


def test_relationships_between_projects_of_one_file(tmp_path: Path) -> None:
    """B follows A of the other project a day later, at A's dates; A may be no later than B allows, though its own project ends later."""
    a = activity(11, 1, "A", 40, "2026-01-05T08:00:00", "2026-01-09T17:00:00", "2026-01-07T08:00:00", "2026-01-13T17:00:00")
    z = activity(12, 1, "Z", 160, "2026-01-05T08:00:00", "2026-01-30T17:00:00", "2026-01-05T08:00:00", "2026-01-30T17:00:00")
    b = activity(21, 2, "B", 16, "2026-01-13T08:00:00", "2026-01-14T17:00:00", "2026-01-15T08:00:00", "2026-01-16T17:00:00")
    links = relationship(1, (11, 1), (21, 2), lag=8) + relationship(2, (99, 9), (21, 2))
    (tmp_path / "two.xml").write_text(
        HEAD + CALENDAR + project(1, "ONE", a + z) + project(2, "TWO", b + links + OPTIONS) + "</APIBusinessObjects>", encoding="utf-8"
    )
    one, two = read_all(tmp_path / "two.xml")
    columns = ("activity", "other_is", "project", "other", "type", "lag", "done")
    assert two.tables["external_relationships"].select(columns).rows() == [("B", "predecessor", "ONE", "A", "FS", 480, False)]
    assert one.tables["external_relationships"].select(columns).rows() == [("A", "successor", "TWO", "B", "FS", 480, False)]
    early = ("early_start", "early_finish")
    assert two.tables["external_relationships"].select(early).row(0) == (None, None)
    assert one.tables["external_relationships"].select(early).row(0) == (datetime(2026, 1, 13, 8), datetime(2026, 1, 14, 17))
    assert dates(one).filter(activity="A")["free_float"].item() == 0  # not the three weeks to its own project's end
    assert [row["early_start"] for row in dates(two).iter_rows(named=True)] == [datetime(2026, 1, 13, 8)]
    late = {row["activity"]: row["late_finish"] for row in dates(one).iter_rows(named=True)}
    assert late == {"A": datetime(2026, 1, 13, 17), "Z": datetime(2026, 1, 30, 17)}
    told = [(row["severity"], row["place"]) for row in two.findings.filter(code="relationship-external").iter_rows(named=True)]
    assert sorted(told) == [("info", "A -> B"), ("warning", "ObjectId 99 -> ObjectId 21")]
    assert one.findings.filter(severity="warning")["code"].to_list() == ["options-missing"]
    assert "options-missing" not in two.findings["code"]
    options = [(plan.info.options.total_float, plan.info.options.out_of_sequence, plan.info.options.use_expected_finish) for plan in (one, two)]
    assert options == [("finish", "retained_logic", True), ("smallest", "progress_override", False)]  # where none is stated, P6's defaults


def test_baseline_projects_of_a_file_are_baselines_of_their_project(tmp_path: Path) -> None:
    """The one in force is baseline 0; one of a project that is not there is a finding; planned dates are none."""

    def dated(uid: int, of: int, first: int, month: int) -> str:
        start, finish = f"2025-{month}-{first:02}T08:00:00", f"2025-{month}-{first + 4:02}T17:00:00"
        planned = f"<PlannedStartDate>{start}</PlannedStartDate><PlannedFinishDate>{finish}</PlannedFinishDate>"
        return activity(uid, of, "A", 40, start, finish, start, finish).replace("<Status>", f"{planned}<Status>")

    def baseline(uid: int, of: int, name: str, month: int) -> str:
        text = project(uid, name, dated(10 * uid, uid, 3, month)).replace("Project>", "BaselineProject>")
        return text.replace("<DataDate>", f"<OriginalProjectObjectId>{of}</OriginalProjectObjectId><DataDate>")

    now = project(1, "ONE", dated(11, 1, 1, 12)).replace("<DataDate>", "<CurrentBaselineProjectObjectId>8</CurrentBaselineProjectObjectId><DataDate>")
    inside = CALENDAR + now + project(2, "TWO", dated(21, 2, 1, 12)) + baseline(7, 1, "B1", 10) + baseline(8, 1, "B2", 11) + baseline(9, 5, "B3", 11)
    (tmp_path / "measured.xml").write_text(f"{HEAD}{inside}</APIBusinessObjects>", encoding="utf-8")
    one, two = read_all(tmp_path / "measured.xml")
    found = one.tables["baselines"].select("baseline", "activity", "start", "finish", "duration").sort("baseline").rows()
    assert found == [(n, "A", datetime(2025, month, 3, 8), datetime(2025, month, 7, 17), 2400) for n, month in ((0, 11), (1, 10))]
    assert (one.info.baseline, two.info.baseline) == ("Baseline of the file", None)
    assert "baselines" not in two.tables
    assert one.findings.filter(code="baseline-without-project")["place"].to_list() == ["baseline B3"]

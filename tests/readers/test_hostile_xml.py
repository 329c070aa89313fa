"""MS Project's and P6's XML with one thing wrong in each: a finding with its place, and dates of the rest, or a refusal in one sentence."""

from __future__ import annotations

import pytest

from pmo_lib.errors import NotSchedulable
from pmo_lib.project import Project
from pmo_lib.readers import read_many
from pmo_lib.schedule import dates
from tests.readers.test_pmxml_between_projects import CALENDAR, DAYS

WORK = "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"


def mspdi(
    first: str = "PT8H0M0S", link: int = 1, *, worked: bool = True, calendar: bool = True, key: int = 1, more: str = "", start: str = "2026-01-05"
) -> str:
    """Task 1 and task 2, which follows task `link`; `more` is said of task 2."""
    week = "".join(f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(worked)}</DayWorking>{WORK if worked else ''}</WeekDay>" for day in range(1, 8))
    calendars = f"<Calendars><Calendar><UID>1</UID><Name>Site</Name><IsBaseCalendar>1</IsBaseCalendar><WeekDays>{week}</WeekDays></Calendar></Calendars>"
    follows = f"<PredecessorLink><PredecessorUID>{link}</PredecessorUID><Type>1</Type></PredecessorLink>"
    tasks = "".join(
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T{uid}</Name><OutlineLevel>1</OutlineLevel><Duration>{lasts}</Duration>{also}</Task>"
        for uid, lasts, also in ((1, first, ""), (2, "PT8H0M0S", follows + more))
    )
    head = f"<Name>X</Name><StartDate>{start}T08:00:00</StartDate><CalendarUID>{key}</CalendarUID>{calendars if calendar else ''}"
    return f'<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project">{head}<Tasks>{tasks}</Tasks></Project>'


def pmxml(hours: int = 8, link: str = "1>2", *, calendar: str = CALENDAR, more: str = "", data_date: str = "2026-01-05") -> str:
    """Activities A1 and A2 with relationships as before>after; `more` is said of A2."""
    activities = "".join(
        f"<Activity><ObjectId>{uid}</ObjectId><ProjectObjectId>1</ProjectObjectId><CalendarObjectId>5</CalendarObjectId><Id>A{uid}</Id><Name>A{uid}</Name>"
        f"<Status>Not Started</Status><Type>Task Dependent</Type><PlannedDuration>{lasts}</PlannedDuration><RemainingDuration>{lasts}</RemainingDuration>"
        f"<AtCompletionDuration>{lasts}</AtCompletionDuration>{also}</Activity>"
        for uid, lasts, also in ((1, hours, ""), (2, 8, more))
    )
    links = "".join(
        f"<Relationship><ObjectId>{number}</ObjectId><Lag>0</Lag><Type>Finish to Start</Type>"
        f"<PredecessorActivityObjectId>{ends[0]}</PredecessorActivityObjectId>"
        f"<PredecessorProjectObjectId>1</PredecessorProjectObjectId><SuccessorActivityObjectId>{ends[1]}</SuccessorActivityObjectId>"
        "<SuccessorProjectObjectId>1</SuccessorProjectObjectId></Relationship>"
        for number, ends in enumerate((each.split(">") for each in link.split()), 100)
    )
    head = f"<ObjectId>1</ObjectId><Id>P</Id><Name>P</Name><DataDate>{data_date}T00:00:00</DataDate><PlannedStartDate>2026-01-05T08:00:00</PlannedStartDate>"
    root = '<?xml version="1.0" encoding="UTF-8"?><APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V23.12/API/BusinessObjects">'
    return f"{root}{calendar}<Project>{head}{activities}{links}</Project></APIBusinessObjects>"


IDLE = CALENDAR.partition("<StandardWorkWeek>")[0] + "<StandardWorkWeek>" + "".join(
    f"<StandardWorkHours><DayOfWeek>{day}</DayOfWeek></StandardWorkHours>" for day in DAYS
)  # fmt: skip
HELD = "<ConstraintType>4</ConstraintType><ConstraintDate>{}T08:00:00</ConstraintDate>"
BOUND = "<PrimaryConstraintType>Start On or After</PrimaryConstraintType><PrimaryConstraintDate>{}T08:00:00</PrimaryConstraintDate>"
CASES = {  # file: its text, the finding, where, and what is scheduled
    "ms-missing.xml": (mspdi(link=99), "relationship-without-activities", "task 2, row 2: from UID 99", "12"),
    "ms-itself.xml": (mspdi(link=2), "relationship-to-itself", "relationships, 2 -> 2", "12"),
    "ms-negative.xml": (mspdi("-PT8H0M0S"), "row-refused", "activities, 1", "2"),
    "ms-no-calendar.xml": (mspdi(calendar=False), "no-calendar", "calendars", "12"),
    "ms-calendar-elsewhere.xml": (mspdi(key=7), "reference-missing", "project: CalendarUID 7", "12"),
    "ms-no-work.xml": (mspdi(worked=False), "calendar-without-work", "calendar Site", ""),
    "ms-9999.xml": (mspdi(more=HELD.format("9999-12-31")), "date-unreadable", "task 2, row 2: '9999-12-31T08:00:00'", "12"),
    "ms-1900.xml": (mspdi(more=HELD.format("1900-01-01")), "date-old", "activities, 2", "12"),
    "ms-start-9999.xml": (mspdi(start="9999-12-31"), "date-unreadable", "project: '9999-12-31T08:00:00'", "12"),
    "pm-missing.xml": (pmxml(link="1>2 2>99"), "relationship-without-activities", "ObjectId 2 -> ObjectId 99", "A1A2"),
    "pm-itself.xml": (pmxml(link="1>2 2>2"), "relationship-to-itself", "relationships, A2 -> A2", "A1A2"),
    "pm-negative.xml": (pmxml(-8), "duration-negative", "activity A1", "A1A2"),
    "pm-centuries.xml": (pmxml(99_999_999), "duration-refused", "activity A1", "A1A2"),
    "pm-no-calendar.xml": (pmxml(calendar=""), "no-calendar", "calendars", "A1A2"),
    "pm-no-work.xml": (pmxml(calendar=IDLE + "</StandardWorkWeek></Calendar>"), "calendar-without-work", "calendar Standard", ""),
    "pm-9999.xml": (pmxml(more=BOUND.format("9999-12-31")), "date-unreadable", "activities, A2: '9999-12-31 08:00:00'", "A1A2"),
    "pm-1900.xml": (pmxml(more=BOUND.format("1900-01-01")), "date-old", "activities, A2", "A1A2"),
    "pm-data-date-9999.xml": (pmxml(data_date="9999-12-31"), "date-unreadable", "project: '9999-12-31 00:00:00'", "A1A2"),
    "pm-data-date-1.xml": (pmxml(data_date="0001-01-01"), "date-unreadable", "project: '0001-01-01 00:00:00'", "A1A2"),
}
REFUSED = {
    "ms-no-work.xml": "calendar Site, on which 1 is to be done, has no working time; give it a working day",
    "pm-no-work.xml": "calendar Standard, on which A1 is to be done, has no working time; give it a working day",
    "pm-loop.xml": "the schedule has a loop: A1 -> A2 -> A1; remove one of its relationships",
}
LOOP = pmxml(link="1>2 2>1")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """Each file as it was read, all by one process of each kind."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (text, *_) in {**CASES, "pm-loop.xml": (LOOP,)}.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = {}
    for path, read in read_many(sorted(folder.iterdir())):
        assert isinstance(read, list), (path.name, read)
        found[path.name] = read[0]
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_fault_has_its_place_and_the_rest_is_scheduled(name: str, plans: dict[str, Project]) -> None:
    _, code, place, left = CASES[name]
    plan = plans[name]
    assert place in [each.partition(" and ")[0] for each in plan.findings.filter(plan.findings["code"] == code)["place"]], plan.findings.rows()
    if left:
        assert "".join(dates(plan)["activity"]) == left


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_scheduled_is_refused_in_a_sentence(name: str, plans: dict[str, Project]) -> None:
    with pytest.raises(NotSchedulable) as refused:
        dates(plans[name])
    assert str(refused.value) == REFUSED[name]

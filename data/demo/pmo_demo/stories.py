"""What happened to each project, month by month, and what its manager said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from pmo_demo.drafts import Draft, Link

MONTHS = tuple(datetime(2026, month, day, 17) for month, day in ((6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30)))
ON, RISK, OFF = "on_track", "at_risk", "off_track"
Event = Callable[[Draft], None]
LOOSE = (
    "Marine warranty survey visit",
    "Harbour notice to mariners",
    "Ecologist watching brief, autumn",
    "Spoil disposal returns",
    "Crane lift plan review",
    "Bird survey, winter",
    "Fishery liaison meetings",
    "Beach access closure notice",
    "Contractor's design change 14",
    "Storm return review",
    "Ecologist watching brief, spring",
    "Licence close-out report",
)


@dataclass(frozen=True)
class Story:
    """One project of the demo. Six entries, one a month from June 2026 to November 2026, in `pace` and `declared`."""

    key: str
    what: str  # the story in a sentence
    format: str  # xer, xml, xlsx, csv
    programme: str
    sponsor: str
    budget: float
    approved: date
    phases: tuple[str, ...]
    pace: tuple[float, ...]  # true duration over planned; the first holds from the start to June
    declared: tuple[str, ...]
    milestones: tuple[str, ...] = ()  # names of key milestones
    estimated: bool = False  # three-point estimates were made
    overrun: float = 1.0  # what an hour really cost, as a factor of its rate
    missing: frozenset[int] = frozenset()  # months (0 to 5) without a submission
    events: dict[int, Event] = field(default_factory=dict)  # what the planner changed before that month's status date
    looped: int | None = None  # the month in which the plan as submitted holds a loop


def _grow(name: str, factor: float) -> Event:
    """The scope of every open work whose name holds `name` grows."""

    def event(draft: Draft) -> None:
        for work in draft.works.values():
            if name in work.name and work.has_work and not work.finished:
                work.remaining = round(work.remaining * factor / 240) * 240
                work.minutes = work.minutes if work.started else work.remaining

    return event


def _recover(draft: Draft) -> None:
    """A second crew for all pipelaying, and the swabbing overlaps the last test."""
    for work in draft.works.values():
        if not work.finished and work.discipline in ("PIP", "CIV", "MEC", "ELE", "ICA"):
            work.remaining = max(240, round(work.remaining * 0.6 / 240) * 240)
            work.minutes = work.minutes if work.started else work.remaining
            for demand in work.demands:
                if draft.resources[demand.resource].kind != "material":
                    demand.units = round(demand.units * 1.5, 1)


def _rot(draft: Draft) -> None:
    """What careless planning leaves behind: works without successors, leads, hard constraints that logic cannot keep."""
    for name in ("Place rock armour", "Sink drive shaft", "Dredge trench", "Install diffuser heads", "Drive 420 m under foreshore"):
        target = draft.find(name)
        dropped = target.links[-1].predecessor
        if len(target.links) > 1:
            target.links.pop()
        else:
            target.links[0] = Link(dropped, "SS", 0)
    for name, lead in (
        ("Set up tunnelling machine", -10),
        ("Float and sink pipe strings", -8),
        ("Set and align plant: Storm pumping station", -6),
        ("Dry test and loop checks: Storm pumping station", -3),
    ):
        link = draft.find(name).links[0]
        link.type, link.lag = "FS", lead * 480
    for number, name in enumerate(LOOSE):
        first = datetime(2026, 8 + number // 2, 10, 8) if number < 10 else datetime(2027, number - 9, 10, 8)
        draft.task(name, 5 + number, discipline="MAR", constraint="start_on_or_after", constraint_date=first)
    for name, kind, day in [
        ("Underwater connection to tunnel", "mandatory_finish", datetime(2026, 12, 11, 17)),
        ("Place rock armour", "finish_on_or_before", datetime(2026, 11, 13, 17)),
        ("Cover slab and openings: Storm tank", "finish_on_or_before", datetime(2026, 8, 21, 17)),
        ("Wet commissioning and process proving", "start_on_or_before", datetime(2026, 12, 7, 8)),
        ("Deliver to site: Storm pumps", "mandatory_start", datetime(2026, 11, 2, 8)),
        ("Project complete", "finish_on_or_before", datetime(2027, 2, 26, 17)),
    ]:
        work = draft.find(name)
        work.constraint, work.constraint_date = kind, day


STORIES = {
    story.key: story
    for story in (
        Story(
            key="NORTHGATE",
            what="the watermelon: reported on track every month, while its forecast leaves the target behind",
            format="xer",
            programme="Treatment",
            sponsor="Dame Ruth Calder",
            budget=6_200_000,
            approved=date(2027, 5, 21),
            phases=("Construction",) * 6,
            pace=(1.05, 1.15, 1.25, 1.35, 1.25, 1.2),
            declared=(ON,) * 6,
            milestones=("Beneficial use",),
            estimated=True,
            overrun=1.04,
            events={2: _grow("Walls, reinforcement and pours", 1.25), 3: _grow("Pipework and valves", 1.4), 4: _grow("Wet commissioning", 1.5)},
        ),
        Story(
            key="FENWICK",
            what="the slipping one: a later finish every month, and it says so",
            format="xer",
            programme="Networks",
            sponsor="Colin Teague",
            budget=1_900_000,
            approved=date(2027, 5, 14),
            phases=("Design", "Construction", "Construction", "Construction", "Construction", "Construction"),
            pace=(1.05, 1.5, 1.5, 1.5, 1.5, 1.5),
            declared=(ON, ON, RISK, OFF, OFF, OFF),
            milestones=("East compartment returned to supply", "West compartment returned to supply"),
            estimated=True,
            overrun=1.04,
        ),
        Story(
            key="SALTMARSH",
            what="rotten logic: missing logic, leads, hard constraints, negative float, and a loop in August",
            format="xer",
            programme="Wastewater",
            sponsor="Colin Teague",
            budget=5_400_000,
            approved=date(2027, 3, 12),
            phases=("Design",) + ("Construction",) * 5,
            pace=(1.0, 1.1, 1.15, 1.1, 1.15, 1.15),
            declared=(RISK,) * 6,
            milestones=("Underwater connection to tunnel",),
            estimated=False,
            overrun=1.03,
            events={0: _rot},
            looped=2,
        ),
        Story(
            key="KESTREL",
            what="the recovery: two months late by September, back by November with a second crew",
            format="xer",
            programme="Networks",
            sponsor="Dame Ruth Calder",
            budget=4_300_000,
            approved=date(2027, 4, 30),
            phases=("Construction",) * 6,
            pace=(1.0, 1.2, 1.3, 1.25, 0.85, 0.8),
            declared=(ON, ON, RISK, OFF, RISK, ON),
            milestones=("Beneficial use",),
            estimated=True,
            overrun=1.02,
            events={4: _recover},
        ),
        Story(
            key="HARROW",
            what="the steady one: its forecast hardly moves",
            format="xml",
            programme="Energy",
            sponsor="Imran Sheikh",
            budget=2_100_000,
            approved=date(2027, 4, 9),
            phases=("Design", "Design", "Procurement", "Construction", "Construction", "Construction"),
            pace=(0.92, 0.94, 0.94, 0.94, 0.94, 0.95),
            declared=(ON,) * 6,
            milestones=("Substation energised",),
            estimated=True,
            overrun=0.99,
        ),
        Story(
            key="CONTROL",
            what="nearly complete: a few weeks of decommissioning are left",
            format="xml",
            programme="Operations",
            sponsor="Imran Sheikh",
            budget=1_000_000,
            approved=date(2027, 1, 29),
            phases=("Construction",) * 4 + ("Commissioning",) * 2,
            pace=(1.0, 0.98, 1.0, 0.97, 1.0, 0.98),
            declared=(ON,) * 6,
            milestones=("Control transferred to the new room",),
            estimated=True,
            overrun=1.02,
        ),
        Story(
            key="DEPOT",
            what="not started: approved for January 2027",
            format="xml",
            programme="Energy",
            sponsor="Lena Fairbrother",
            budget=1_800_000,
            approved=date(2028, 6, 30),
            phases=("Pre-project",) * 6,
            pace=(1.0,) * 6,
            declared=(ON,) * 6,
            milestones=("Aldermoor depot live",),
            estimated=True,
            overrun=1.0,
        ),
        Story(
            key="BILLING",
            what="the missing one: no plan came in September, and the next was worse",
            format="xml",
            programme="Customer",
            sponsor="Lena Fairbrother",
            budget=1_050_000,
            approved=date(2027, 5, 14),
            phases=("Build",) * 6,
            pace=(1.0, 1.15, 1.2, 1.3, 1.3, 1.2),
            declared=(ON, ON, RISK, RISK, RISK, RISK),
            milestones=("Go-live decision", "Platform live"),
            estimated=False,
            overrun=1.08,
            missing=frozenset({3}),
        ),
        Story(
            key="METERS",
            what="nothing but an activity list: names, dates and per cent complete in Excel",
            format="xlsx",
            programme="Customer",
            sponsor="Lena Fairbrother",
            budget=7_900_000,
            approved=date(2027, 11, 30),
            phases=("Roll-out",) * 6,
            pace=(1.0, 1.05, 1.05, 1.1, 1.0, 1.05),
            declared=(ON, ON, ON, RISK, RISK, RISK),
        ),
        Story(
            key="LEAKAGE",
            what="a list with predecessors, in CSV",
            format="csv",
            programme="Networks",
            sponsor="Colin Teague",
            budget=640_000,
            approved=date(2027, 2, 26),
            phases=("Roll-out",) * 6,
            pace=(1.0, 1.05, 1.0, 1.1, 1.05, 1.0),
            declared=(ON,) * 6,
        ),
    )
}

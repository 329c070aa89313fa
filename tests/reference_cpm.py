"""The critical path method by P6's rules in plain Python, one activity and one half hour at a time: the readable specification of the engine.

It walks the clock in steps of thirty minutes and asks the calendar of each step. Nothing is shared with the engine but `Calendar.on`.
Whatever stands in methods.md section 1 of constraints, progress, lags and floats is one of the small functions here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from pmo_lib.calendar import ROUND_THE_CLOCK, Calendar

SLOT = timedelta(minutes=30)
Span = tuple[datetime, datetime]


@dataclass
class Activity:
    name: str
    calendar: Calendar
    duration: int  # [half hours] of the remaining work
    kind: str = "task"  # task, resource_dependent, start_milestone, finish_milestone, level_of_effort, summary (of a part of the project)
    started: datetime | None = None
    finished: datetime | None = None
    resumed: datetime | None = None  # suspended work goes on here
    expected: datetime | None = None  # expected finish
    assigned: bool = False  # somebody or something is assigned to it
    set_by_expected: bool = False  # whether an expected finish has set its duration; then it shows no free float
    constraints: list[tuple[str, datetime]] = field(default_factory=list)  # primary and secondary
    alap: bool = False
    external_start: datetime | None = None
    external_finish: datetime | None = None
    drivers: list[Calendar] = field(default_factory=list)  # of the resource whose assignment drives its dates
    others: list[Calendar] = field(default_factory=list)  # of resources whose assignments drive none

    @property
    def begun(self) -> bool:
        return self.started is not None and self.finished is None

    @property
    def open(self) -> bool:
        return self.started is None

    def held(self, *kinds: str) -> list[datetime]:
        """Dates of its constraints of these kinds; what has begun has no start to constrain any more, and its finish has none that is mandatory."""
        return [when for kind, when in self.constraints if kind in kinds and not (self.begun and ("start" in kind or kind == "mandatory_finish"))]


@dataclass
class Link:
    predecessor: str
    successor: str
    type: str
    lag: int  # [half hours]
    elapsed: bool = False  # the lag runs round the clock, whatever the option says


@dataclass
class Plan:
    activities: dict[str, Activity]
    links: list[Link]
    data_date: datetime
    must_finish: datetime | None = None
    lag_calendar: str = "predecessor"  # successor, project, 24h
    project_calendar: Calendar = ROUND_THE_CLOCK
    out_of_sequence: str = "retained_logic"  # progress_override, actual_dates
    lag_from: str = "early_start"  # actual_start
    total_float: str = "finish"  # start, smallest
    critical: str = "float"  # longest_path
    critical_float: int = 0  # [half hours]
    open_ends_critical: bool = False
    use_expected_finish: bool = False
    ignore_external: bool = False


@dataclass
class Dates:
    early: Span
    late: Span
    total_float: int  # [half hours] of the activity's own calendar
    free_float: int
    longest_path: bool
    critical: bool


def schedule(plan: Plan) -> dict[str, Dates]:
    """What P6 finds for each activity that is not finished."""
    kept = {name: replace(a, calendar=hours(a)) for name, a in plan.activities.items() if a.kind != "summary"}
    plan = replace(plan, activities=kept, links=[link for link in plan.links if link.predecessor in kept and link.successor in kept])
    work = {name: a for name, a in plan.activities.items() if a.kind != "level_of_effort"}
    driving = replace(plan, activities=work, links=[link for link in plan.links if link.predecessor in work and link.successor in work])
    early = forward(driving)
    found = scheduled(driving, early)
    ends = [dates.early[1] for dates in found.values()] or [a.finished for a in plan.activities.values() if a.finished]
    return found | efforts(plan, found, max(ends))


def scheduled(plan: Plan, early: dict[str, Span]) -> dict[str, Dates]:
    """Everything but level of effort."""
    open_ = [span for name, span in early.items() if plan.activities[name].finished is None]
    if not open_:
        return {}
    finish = max(end for _, end in open_)
    late = backward(plan, early, plan.must_finish or finish)
    early = as_late_as_possible(plan, early, finish)
    driving = longest_path(plan, early, finish)
    found = {}
    for name, activity in plan.activities.items():
        if activity.finished is None:
            total = total_float(plan, activity, early[name], late[name])
            critical = name in driving if plan.critical == "longest_path" else total <= plan.critical_float
            free = 0 if activity.set_by_expected else free_float(plan, name, early, finish)
            found[name] = Dates(early[name], late[name], total, free, name in driving, critical)
    return found


# Working time


def hours(a: Activity) -> Calendar:
    """On which calendar it runs: a resource-dependent activity keeps the hours of the resource that drives its dates."""
    return a.drivers[0] if a.kind == "resource_dependent" and a.drivers else a.calendar


# the working half hours of each day that was asked for; the calendar is held, so that no other can take its place in memory
_days: dict[int, tuple[Calendar, dict[date, frozenset[int]]]] = {}


def works(cal: Calendar, t: datetime) -> bool:
    known = _days.setdefault(id(cal), (cal, {}))[1]
    day = t.date()
    if day not in known:
        known[day] = frozenset(slot for slot in range(48) if any(start <= slot * 30 < finish for start, finish in cal.on(day)))
    return t.hour * 2 + t.minute // 30 in known[day]


def advance(cal: Calendar, t: datetime, slots: int) -> datetime:
    while slots:
        slots -= works(cal, t)
        t += SLOT
    return t


def retreat(cal: Calendar, t: datetime, slots: int) -> datetime:
    while slots:
        t -= SLOT
        slots -= works(cal, t)
    return t


def next_start(cal: Calendar, t: datetime) -> datetime:
    while not works(cal, t):
        t += SLOT
    return t


def previous_end(cal: Calendar, t: datetime) -> datetime:
    while not works(cal, t - SLOT):
        t -= SLOT
    return t


def count(cal: Calendar, a: datetime, b: datetime) -> int:
    if b < a:
        return -count(cal, b, a)
    slots = 0
    while a < b:
        slots += works(cal, a)
        a += SLOT
    return slots


# Lags


def lag_calendar(plan: Plan, link: Link) -> Calendar:
    if link.elapsed:
        return ROUND_THE_CLOCK
    before, after = plan.activities[link.predecessor], plan.activities[link.successor]
    return {"predecessor": before.calendar, "successor": after.calendar, "project": plan.project_calendar, "24h": ROUND_THE_CLOCK}[plan.lag_calendar]


def lagged(cal: Calendar, t: datetime, lag: int) -> datetime:
    return advance(cal, t, lag) if lag >= 0 else next_start(cal, retreat(cal, t, -lag))


def unlagged(cal: Calendar, t: datetime, lag: int) -> datetime:
    """The latest instant from which the lag leads to no later than `t`."""
    if lag == 0:
        return t
    return next_start(cal, retreat(cal, t, lag) if lag > 0 else advance(cal, t, -lag))


# Relationships


def set_aside(plan: Plan, link: Link) -> bool:
    """Whether the successor's progress makes the relationship void: it has begun, out of sequence or not, and so its start is past."""
    before, after = plan.activities[link.predecessor], plan.activities[link.successor]
    if after.finished:  # it is scheduled like any other, with nothing left to do, and hands on what it waits for: only retained logic lets it wait
        return plan.out_of_sequence != "retained_logic"
    if not after.begun or link.type not in ("FS", "SS"):
        return False
    return plan.out_of_sequence != "retained_logic" or (link.type == "SS" and before.begun)


def carries(plan: Plan, name: str) -> bool:
    """Whether finished work hands on a later date than the data date."""
    a = plan.activities[name]
    if a.finished is None:
        return False
    waits = [link.predecessor for link in plan.links if link.successor == name and not set_aside(plan, link)]
    return bool(a.resumed and a.resumed > plan.data_date) or any(plan.activities[p].finished is None or carries(plan, p) for p in waits)


def remaining_lag(plan: Plan, link: Link) -> int:
    """What of a lag has not run out between an actual date and the data date; of a lead, and between two that are finished, nothing."""
    before, after = plan.activities[link.predecessor], plan.activities[link.successor]
    if before.finished:
        since = before.finished if link.type in ("FS", "FF") else before.started
    elif before.begun and link.type in ("SS", "SF"):
        since = before.started
    else:
        return link.lag
    assert since is not None
    if before.finished and after.finished:
        return 0
    return max(link.lag - max(count(lag_calendar(plan, link), since, plan.data_date), 0), 0)


def from_the_past(plan: Plan, link: Link) -> bool:
    """Whether the lag runs from the data date, and not from where the predecessor's work goes on."""
    before = plan.activities[link.predecessor]
    if before.finished:
        return not carries(plan, link.predecessor)
    return before.begun and link.type == "SS" and plan.lag_from == "actual_start"


def successors(plan: Plan, name: str) -> list[tuple[Link, int]]:
    """The relationships that this activity's late dates and free float answer to, each with its lag."""
    return [(link, remaining_lag(plan, link)) for link in plan.links if link.predecessor == name and not set_aside(plan, link)]


def ordered(plan: Plan) -> list[str]:
    waiting, done = list(plan.activities), []
    while waiting:
        free = [a for a in waiting if all(link.predecessor in done for link in plan.links if link.successor == a)]
        done += free
        waiting = [a for a in waiting if a not in free]
    return done


def clock(a: Activity) -> Calendar:
    """On which its remaining work runs; of finished work none is left, so no hours bind it."""
    return ROUND_THE_CLOCK if a.finished else a.calendar


# Forward


def earliest(plan: Plan, a: Activity) -> datetime:
    """Before which the activity's (remaining) work begins by no means, relationships apart."""
    imposed = [a.external_start] if a.external_start and a.open and not plan.ignore_external else []
    resumed = [a.resumed] if a.resumed and not a.open else []
    return max([plan.data_date, *resumed, *imposed, *a.held("start_on", "start_on_or_after")])


def forward(plan: Plan) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for name in ordered(plan):
        a = plan.activities[name]
        starts, ends = [], []  # what relationships from open work demand
        past_starts, past_ends = [], []  # and those from what has happened
        for link in plan.links:
            if link.successor != name or set_aside(plan, link):
                continue
            to_start = link.type in ("FS", "SS")
            # into finished work no lag is laid from what has begun
            begun = plan.activities[link.predecessor].begun and link.type in ("SS", "SF")
            lag = 0 if begun and a.finished else remaining_lag(plan, link)
            if from_the_past(plan, link):
                (past_starts if to_start else past_ends).append(lagged(lag_calendar(plan, link), plan.data_date, lag))
            else:
                from_ = found[link.predecessor][link.type in ("FS", "FF")]
                (starts if to_start else ends).append(lagged(lag_calendar(plan, link), from_, lag))
        found[name] = placed(plan, a, starts, ends, past_starts, past_ends)
    return found


def placed(plan: Plan, a: Activity, starts: list[datetime], ends: list[datetime], past_starts: list[datetime], past_ends: list[datetime]) -> Span:
    cal, own = clock(a), earliest(plan, a)
    dated = [] if a.begun else a.held("finish_on", "finish_on_or_after")
    holds = [*starts, *ends, *([max([own, *past_starts, *past_ends, *dated])] if past_ends or dated else [])]
    late_enough = [*ends, *past_ends, *dated]
    begin = next_start(cal, max([own, *starts, *past_starts, *(retreat(cal, end, a.duration) for end in late_enough)]))
    if expects(plan, a):
        begin = next_start(cal, max([own, *starts, *past_starts]))
        left = max(count(cal, begin, a.expected or begin), 0)
        a.set_by_expected = bool(left or not a.assigned or not a.duration)
        a.duration = left if a.set_by_expected else a.duration
        begin = next_start(cal, max([begin, *(retreat(cal, end, a.duration) for end in late_enough)]))
    # against logic, but a mandatory date in the past cannot move open work there
    floor = max(plan.data_date, a.resumed) if a.resumed and a.begun else plan.data_date
    for when in a.held("mandatory_start"):
        begin, holds = next_start(cal, max(when, floor)), []
    for when in a.held("mandatory_finish"):
        begin, holds = next_start(cal, retreat(cal, max(when, floor), a.duration)), [max(when, floor)]
    if a.duration:
        mandatory = a.held("mandatory_start", "mandatory_finish")
        return begin, held(cal, advance(cal, begin, a.duration), holds if mandatory else late_enough)
    before = previous_end(cal, begin)
    stands = before if a.kind != "start_milestone" and holds and max(holds) == before else begin
    return stands, stands


def expects(plan: Plan, a: Activity) -> bool:
    """Whether it has an expected finish that counts; without an assignment that may leave it no duration."""
    return bool(plan.use_expected_finish and a.expected and a.kind in ("task", "resource_dependent"))


def held(cal: Calendar, end: datetime, bounds: list[datetime]) -> datetime:
    """No finish before what holds it: where any of that is over when no time works, the finish is where working time begins again."""
    return next_start(cal, end) if any(bound > end and count(cal, end, bound) == 0 for bound in bounds) else end


# Backward


def backward(plan: Plan, early: dict[str, Span], until: datetime) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for name in reversed(ordered(plan)):
        a = plan.activities[name]
        cal = clock(a)
        after = successors(plan, name)
        ends, starts = [min(until, early[name][1]) if plan.open_ends_critical and not after else until], []
        for link, lag in after:
            to = found[link.successor][link.type in ("FF", "SF")]
            (ends if link.type in ("FS", "FF") else starts).append(unlagged(lag_calendar(plan, link), to, lag))
        bounds = [*ends, *(advance(cal, next_start(cal, start), a.duration) if a.duration else start for start in starts)]
        bounds += a.held("finish_on", "finish_on_or_before")
        bounds += [a.external_finish] if a.external_finish and not plan.ignore_external else []
        bounds += [advance(cal, when, a.duration) for when in a.held("start_on", "start_on_or_before")]
        for when in a.held("mandatory_finish"):
            bounds = [when]
        for when in a.held("mandatory_start"):
            bounds = [advance(cal, when, a.duration)]
        end = previous_end(cal, min(bounds))
        if a.duration:
            found[name] = retreat(cal, end, a.duration), end
        else:
            behind = next_start(cal, end)
            stands = behind if min(bounds) >= behind else end
            found[name] = stands, stands
    return found


# Floats and paths


def as_late_as_possible(plan: Plan, early: dict[str, Span], finish: datetime) -> dict[str, Span]:
    """After both passes, the last first: later by the free float, so that no successor moves."""
    found = dict(early)
    for name in reversed(ordered(plan)):
        a = plan.activities[name]
        free = free_float(plan, name, found, finish) if a.alap and a.open else 0
        if free > 0:
            moved = advance(a.calendar, found[name][0], free)
            begin = next_start(a.calendar, moved)
            end = advance(a.calendar, begin, a.duration) if a.duration else begin if a.kind == "start_milestone" else moved
            found[name] = (begin if a.duration else end), end
    return found


def total_float(plan: Plan, a: Activity, early: Span, late: Span) -> int:
    of_start, of_finish = count(a.calendar, early[0], late[0]), count(a.calendar, early[1], late[1])
    return {"start": of_start, "finish": of_finish, "smallest": min(of_start, of_finish)}[plan.total_float]


def free_float(plan: Plan, name: str, early: dict[str, Span], finish: datetime) -> int:
    a, after = plan.activities[name], successors(plan, name)
    slack = []
    for link, lag in after:
        to = unlagged(lag_calendar(plan, link), early[link.successor][link.type in ("FF", "SF")], lag)
        slack.append(count(a.calendar, early[name][link.type in ("FS", "FF")], to))
    return max(min(slack), 0) if slack else count(a.calendar, early[name][1], finish)


def longest_path(plan: Plan, early: dict[str, Span], finish: datetime) -> set[str]:
    """Back from what ends last, through the relationships that leave their successor no room."""
    found: set[str] = set()
    for name in reversed(ordered(plan)):
        driven = [link for link, lag in successors(plan, name) if link.successor in found and drives(plan, link, lag, early)]
        if driven or (plan.activities[name].finished is None and ends_last(plan, early[name][1], finish)):
            found.add(name)
    return found


def ends_last(plan: Plan, end: datetime, finish: datetime) -> bool:
    """Whether the two are one instant: where all keep the same hours the time without work does not part them."""
    there = {name: a for name, a in plan.activities.items() if a.finished is None or carries(plan, name)}
    clocks = {id(clock(a)): clock(a) for a in there.values()}
    waiting = [each for name in there for each in successors(plan, name)]
    lags = {id(cal): cal for link, lag in waiting if lag for cal in [lag_calendar(plan, link)]}
    only = clocks | lags
    return count(next(iter(only.values())), end, finish) == 0 if len(only) == 1 else end == finish


def drives(plan: Plan, link: Link, lag: int, early: dict[str, Span]) -> bool:
    from_, to = early[link.predecessor][link.type in ("FS", "FF")], early[link.successor][link.type in ("FF", "SF")]
    return count(clock(plan.activities[link.successor]), lagged(lag_calendar(plan, link), from_, lag), to) <= 0


# Level of effort


def efforts(plan: Plan, found: dict[str, Dates], finish: datetime) -> dict[str, Dates]:
    """Each level of effort that is not over, from the earliest start to the latest finish that its relationships give."""
    known: dict[str, tuple[Span, Span | None]] = {}  # early, and late of what is not over
    for name, a in plan.activities.items():
        if a.finished and a.started:
            known[name] = (a.started, a.finished), None
        elif name in found:
            known[name] = (a.started or found[name].early[0], found[name].early[1]), at_point(a, found[name].late)
    dates = {}
    for name in ordered(plan):
        a = plan.activities[name]
        if a.kind == "level_of_effort" and not a.finished:
            early, late, rest = spanned(plan, a, known, finish)
            known[name] = early, late
            if late:
                dates[name] = Dates(early, late, total_float(plan, a, (rest, early[1]), late), 0, longest_path=False, critical=False)
    return dates


def at_point(a: Activity, late: Span) -> Span:
    """Late dates as lags begin from them: of a start milestone where work begins, of all else that lasts no time where it ends."""
    if a.duration:
        return late
    when = next_start(a.calendar, late[0]) if a.kind == "start_milestone" else previous_end(a.calendar, late[0])
    return when, when


def spanned(plan: Plan, a: Activity, known: dict[str, tuple[Span, Span | None]], finish: datetime) -> tuple[Span, Span | None, datetime]:
    """Early dates, late ones unless it is over, and where what is left of it begins."""
    starts, ends, late_starts, late_ends = [], [], [], []
    for link in plan.links:
        if a.name not in (link.predecessor, link.successor):
            continue
        to_it = link.successor == a.name
        other = plan.activities[link.predecessor if to_it else link.successor]
        if other.name not in known:
            continue  # a later level of effort, which waits for this one
        begins = link.type in (("FS", "SS") if to_it else ("SS", "SF"))
        at = link.type in (("FS", "FF") if to_it else ("FF", "SF"))  # its finish, else its start
        early, late = known[other.name]
        cal, lag = lag_calendar(plan, link), link.lag if to_it else -link.lag
        begun = early[0] < plan.data_date and (other.begun or other.kind == "level_of_effort")
        happened = late is None or (not at and begun)
        given = shifted(cal, early[at], lag)
        (starts if begins else ends).append(given if happened else max(given, plan.data_date))
        if late and not happened:
            (late_starts if begins else late_ends).append(shifted(cal, late[at], lag))
    return around(plan, a, (starts, ends), (late_starts, late_ends), finish)


def shifted(cal: Calendar, t: datetime, lag: int) -> datetime:
    return advance(cal, t, lag) if lag >= 0 else retreat(cal, t, -lag)


def around(
    plan: Plan, a: Activity, early: tuple[list[datetime], list[datetime]], late: tuple[list[datetime], list[datetime]], finish: datetime
) -> tuple[Span, Span | None, datetime]:
    """What `spanned` says, from the dates that each relationship gives."""
    (starts, ends), (late_starts, late_ends) = early, late
    cal = a.calendar
    start = a.started or min(starts, default=plan.data_date)
    rest = next_start(cal, max(start, plan.data_date))
    if ends and not late_ends and start <= max(ends):
        return (start, max(ends)), None, rest
    end = max(previous_end(cal, max(ends)), rest) if ends else rest
    late_end = max(previous_end(cal, when) for when in late_ends) if late_ends else end if ends else previous_end(cal, finish)
    if start < plan.data_date:
        late_start = retreat(cal, late_end, count(cal, rest, end))
        return (start, end), (min(late_start, late_end), late_end), rest
    late_start = min([next_start(cal, when) for when in late_starts], default=late_end)
    return (rest, end), (min(late_start, late_end), late_end), rest

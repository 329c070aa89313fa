"""The steps by which a plan becomes a network: tasks and links, points that stand for more than an activity, the order, the time axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from pmo_lib.errors import NotSchedulable
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project, table
from pmo_lib.schedule.kernel import FAR, FINISH_FLOAT, SMALLEST_FLOAT, START_FLOAT
from pmo_lib.schedule.network.bounds import earliest
from pmo_lib.schedule.network.clocks import activity_calendars
from pmo_lib.schedule.network.horizon import laid_out
from pmo_lib.schedule.network.links import driving
from pmo_lib.schedule.network.msp.assigned import parts_and_links
from pmo_lib.schedule.network.msp.begun import MARK, links_and_points
from pmo_lib.schedule.network.msp.delays import with_delays
from pmo_lib.schedule.network.msp.ends import latest_end
from pmo_lib.schedule.network.msp.moments import mark_moments
from pmo_lib.schedule.network.msp.openings import Opens, followed_from_start, opened
from pmo_lib.schedule.network.msp.slack import slack_lines
from pmo_lib.schedule.network.msp.standing import STANDS, standing
from pmo_lib.schedule.network.msp.summaries import bind_below
from pmo_lib.schedule.network.nodes import Ends, Nodes, in_order
from pmo_lib.schedule.network.order import grouped
from pmo_lib.schedule.network.p6.between_projects import hold_to_other_projects
from pmo_lib.schedule.network.p6.carried import DONE, carriers
from pmo_lib.schedule.network.p6.closed import CLOSED, by_date_alone, efforts_on_other_hours, held_late, holders
from pmo_lib.schedule.network.p6.expected import expected_durations
from pmo_lib.schedule.network.plain import joined, tasks
from pmo_lib.schedule.network.record import Network

FLOATS = {"finish": FINISH_FLOAT, "start": START_FLOAT, "smallest": SMALLEST_FLOAT}


def lower(plan: Project, *, move_to: datetime | None = None, soften: bool = False, longest: Mapping[str, int] | None = None) -> Network:
    """The network of the plan's open activities, as its source schedules them.

    A forecast differs: `move_to` lets no open work be scheduled before that instant, `soften` turns mandatory dates into "on or after" and drops
    late constraints, deadlines and must-finish. `longest` gives, by activity id, the longest duration [working minutes] that a simulation may
    put in place of the planned one; the range of the time axis is proved for it.

    Raises `NotSchedulable` for a loop, a calendar without working time, or a pass that leaves the range; `NotAvailable` without activities.
    """
    table(plan, "activities", "schedule")
    summaries = followed_from_start(plan)
    if summaries:
        return opened(lambda opens: _lowered(plan, move_to, soften, longest, opens), summaries)
    return _lowered(plan, move_to, soften, longest, {})


def _lowered(plan: Project, move_to: datetime | None, soften: bool, longest: Mapping[str, int] | None, opens: Opens) -> Network:
    default = project_calendar(plan)
    clocks = activity_calendars(plan)
    every = tasks(plan, clocks, move_to, soften)
    every.opens, every.standing, every.by_work = opens, standing(plan, clocks), soften
    stand = [point for point in every.standing.values() if point.state != "done"]
    hold_to_other_projects(plan, every, soften)
    if not soften:
        bind_below(plan, every)
    mark_moments(plan, every)
    plain_links, others = joined(plan, every, default)
    carried = carriers(plan, every)
    links, begun = (driving(plan, every, default, others, carried), []) if soften else links_and_points(plan, every, default, others, carried)
    owner, parts, of_parts = (
        ({}, [], []) if soften else parts_and_links(plan, every, [*plain_links.links(every), *links] if plan.info.application == "msp" else [])
    )
    links += of_parts
    points, links = with_delays(every, links)
    points += [*carried.values(), *begun, *parts, *stand]
    closed, of_closed = holders(plan, every)
    nodes, ends = in_order(every, points + closed, plain_links, links + of_closed, default)
    if closed and len(nodes.calendars) == 2 and not efforts_on_other_hours(plan, every, default):
        without = in_order(every, points, plain_links, links, default)
        if len(without[0].calendars) == 1:  # on one calendar it is the end of work the day before
            (nodes, ends), of_closed = without, []
    links, ends = links + of_closed, by_date_alone(plan, nodes, ends)
    structure = {"calendar": nodes.calendar, **_flags(plan, nodes, ends, soften), **_csr(len(nodes.names), ends)}
    most = nodes.most(longest or {})
    from_finish = plan.info.options.schedule_from == "finish" and plan.info.stored_finish is not None and not soften
    must_finish = None if soften else plan.info.stored_finish if from_finish else plan.info.must_finish
    begin = earliest(plan, move_to)
    ended = None if soften else latest_end(plan, every)
    first, lines, arrays = laid_out(nodes, structure, most, must_finish, [begin] if ended is None else [begin, ended])
    origin = datetime(first.year, first.month, first.day)
    options = plan.info.options
    net = Network(
        activities=tuple(nodes.names),
        place=nodes.place,
        shown=nodes.place >= 0,
        started=nodes.started,
        uncertain=nodes.working & (nodes.duration > 0),
        late=nodes.late,
        parts=_parts(nodes.names, owner),
        duration=nodes.duration.astype(np.int32),
        rest=nodes.rest.astype(np.int32),
        minutes_per_day=np.array([cal.minutes_per_day for cal in every.calendars], np.int32)[every.number[np.maximum(nodes.place, 0)]],
        arrays=arrays,
        origin=origin,
        calendars=nodes.calendars,
        timelines=tuple(lines),
        must_finish=None,
        ended=None,
        total_float=FLOATS[options.total_float],
        critical_float=options.critical_float,
        floor=begin if from_finish else None,
        slack=slack_lines(plan, nodes.names, nodes.calendar.tolist(), lines, nodes.calendars),
        late_by_total_float=plan.info.application == "msp",
        tasks=every,
        plain_links=plain_links,
        other_links=tuple(links),
    )
    if any(task.expected for task in every.own.values()):
        duration, expected = expected_durations(net)
        net = replace(net, duration=duration, expected=expected)
    dated = {"must_finish": must_finish, "ended": ended}
    return replace(net, **{name: net.axis(when) for name, when in dated.items() if when is not None})


def _parts(names: list[str], owner: Mapping[str, str]) -> np.ndarray:
    place = {name: i for i, name in enumerate(names)} if owner else {}
    return np.array([(place[activity], place[name]) for name, activity in owner.items()], np.int64).reshape(-1, 2)


def _flags(plan: Project, nodes: Nodes, ends: Ends, soften: bool) -> dict[str, np.ndarray]:
    count = len(nodes.names)
    loose = np.bincount(ends.before, minlength=count) == 0 if plan.info.options.open_ends_critical else np.zeros(count, bool)
    drives = np.ones(count, bool)
    quiet = (MARK, DONE, CLOSED, STANDS) if soften else (MARK, DONE, CLOSED)  # a date that somebody wrote ends no forecast
    drives[[i for i in np.flatnonzero(nodes.place < 0).tolist() if nodes.names[i].endswith(quiet)]] = False
    stays = np.full(count, plan.info.application == "p6", np.int32)
    return {
        "point": nodes.starts.astype(np.int32),
        "dated": held_late(plan, nodes),
        "stays": stays,
        "loose": loose.astype(np.int32),
        "drives": drives.astype(np.int32),
    }


def _csr(count: int, ends: Ends) -> dict[str, np.ndarray]:
    """The links by successor and by predecessor."""
    if len(ends.lag) and np.abs(ends.lag).max() >= FAR:
        raise NotSchedulable(f"a lag of {np.abs(ends.lag).max():,} minutes is longer than any schedule; shorten it")
    found = {}
    for name, end, other, kept in (
        ("pred", ends.after, ends.before, np.flatnonzero(~ends.backward_only)),
        ("succ", ends.before, ends.after, np.flatnonzero(~ends.forward_only)),
    ):
        first, order = grouped(end[kept], count)
        order = kept[order]
        found |= {
            f"{name}_from": first.astype(np.int32),
            name: other[order].astype(np.int32),
            f"{name}_type": ends.type[order].astype(np.int32),
            f"{name}_lag": ends.lag[order].astype(np.int32),
            f"{name}_calendar": ends.calendar[order].astype(np.int32),
        }
    return found

"""Later versions of real P6 files by random edits of every kind, several at once and in random order. What each group of edits moves is known: the file is
written with them alone, and on top of the groups before, and scheduled."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.successors import (  # isort: skip
    AIRPORT, JAGGELAS, PROJECTS, Edit, Row, Step, Xer, constraint, duration, free_id, holidays, inserted, lag, linked, on_calendar, renumbered, status,
    successor, unlinked,
)  # fmt: skip
from pmo_lib import schedule
from pmo_lib.calendar import between
from pmo_lib.errors import NotSchedulable
from pmo_lib.plan_calendars import project_calendar
from pmo_lib.project import Project
from pmo_lib.readers import read
from pmo_lib.schedule.comparison.attribution import finish_of
from pmo_lib.schedule.comparison.halfway import GROUPS

CALENDARS = {AIRPORT: ["597", "794", "3848", "3897"], JAGGELAS: ["6660", "6661", "6630", "6590"]}
HELD = {"CS_MSOA": "not before", "CS_MEOB": "done by", "CS_MANDSTART": "must start"}
OPTIONS = [
    {"sched_progress_override": "Y", "sched_retained_logic": "N"},
    {"sched_progress_override": "N", "sched_retained_logic": "Y"},
    {"sched_calendar_on_relationship_lag": "rcal_24Hour"},
    {"sched_lag_early_start_flag": "N"},
]
SUM_ALONE = "scope and durations"  # a split or a merger is both: what it moves is known as a whole


def removed(code: str, *, bridged: bool) -> Edit:
    """The activity goes with its relationships; `bridged`: what it waited for holds what waited for it."""

    def edit(xer: Xer, project: str) -> None:
        task, links = xer.task(code, project), xer.tables["TASKPRED"]
        before = [row for row in links if row["task_id"] == task["task_id"]]
        after = [row for row in links if row["pred_task_id"] == task["task_id"]]
        xer.tables["TASKPRED"] = [row for row in links if row not in before + after]
        xer.tables["TASK"].remove(task)
        _without_what_hangs_on(xer, task)
        joined = {(row["pred_task_id"], row["task_id"]) for row in xer.tables["TASKPRED"]}
        for one, other in ((one, other) for one in before for other in after) if bridged else ():
            ends = one["pred_task_id"], other["task_id"]
            if ends not in joined:
                joined.add(ends)
                new = {"task_pred_id": free_id(xer, "TASKPRED", "task_pred_id"), "task_id": ends[1], "pred_type": "PR_FS", "lag_hr_cnt": "0"}
                xer.tables["TASKPRED"].append(dict(one) | new)

    return edit


def split(code: str, new: str) -> Edit:
    """Half of the work becomes an activity of its own, which what waited for the end waits for now."""

    def edit(xer: Xer, project: str) -> None:
        task = xer.task(code, project)
        half = f"{float(task['target_drtn_hr_cnt']) / 2:g}"
        task.update(target_drtn_hr_cnt=half, remain_drtn_hr_cnt=half)
        part = {"task_id": free_id(xer, "TASK", "task_id"), "guid": "", "task_code": new, "task_name": f"{task['task_name']}, second half"}
        xer.tables["TASK"].append(dict(task) | part)
        for row in xer.tables["TASKPRED"]:
            if row["pred_task_id"] == task["task_id"] and row["pred_type"] in ("PR_FS", "PR_FF"):
                row["pred_task_id"] = part["task_id"]
        linked(code, new)(xer, project)

    return edit


def merged(first: str, second: str) -> Edit:
    """Two activities of which the second waits for the first alone become one, under the first one's id."""

    def edit(xer: Xer, project: str) -> None:
        one, other = xer.task(first, project), xer.task(second, project)
        hours = f"{float(one['target_drtn_hr_cnt']) + float(other['target_drtn_hr_cnt']):g}"
        xer.tables["TASKPRED"] = [row for row in xer.tables["TASKPRED"] if row["task_id"] != other["task_id"]]
        for row in xer.tables["TASKPRED"]:
            if row["pred_task_id"] == other["task_id"]:
                row["pred_task_id"] = one["task_id"]
        one.update(target_drtn_hr_cnt=hours, remain_drtn_hr_cnt=hours, task_name=f"{one['task_name']} and {other['task_name']}")
        xer.tables["TASK"].remove(other)
        _without_what_hangs_on(xer, other)

    return edit


def _without_what_hangs_on(xer: Xer, task: Row) -> None:
    for name in ("TASKRSRC", "TASKACTV", "TASKMEMO", "UDFVALUE"):
        if name in xer.tables:
            xer.tables[name] = [row for row in xer.tables[name] if row.get("task_id", row.get("fk_id")) != task["task_id"]]


def changed(table: str, column: str, key: str, **cells: str) -> Edit:
    """Cells of the row of a table whose column says this key; an empty key means every row."""

    def edit(xer: Xer, project: str) -> None:
        for row in xer.tables[table]:
            if not key or row[column] == key:
                row.update(cells)

    return edit


def shorter_days(calendar: str) -> Edit:
    """The calendar's afternoons end an hour earlier."""

    def edit(xer: Xer, project: str) -> None:
        row = next(row for row in xer.tables["CALENDAR"] if row["clndr_id"] == calendar)
        row["clndr_data"] = row["clndr_data"].replace("f|17:00", "f|16:00")

    return edit


def renamed(codes: Sequence[str]) -> Edit:
    def edit(xer: Xer, project: str) -> None:
        for code in codes:
            xer.task(code, project)["task_name"] = f"Formerly {code}"

    return edit


def moved(codes: Sequence[str]) -> Edit:
    """Into another element of the work breakdown structure."""

    def edit(xer: Xer, project: str) -> None:
        elements = [row["wbs_id"] for row in xer.tables["PROJWBS"] if row["proj_id"] == project]
        for code in codes:
            task = xer.task(code, project)
            task["wbs_id"] = elements[(elements.index(task["wbs_id"]) + 1) % len(elements)]

    return edit


class NoneLeft(Exception):
    """No activity or relationship is left that an edit could touch."""


class Maker:
    """Random edits of one file; no two of them touch the same activity, so that their order does not matter."""

    def __init__(self, file: str, xer: Xer, plan: Project, rng: random.Random) -> None:
        self.file, self.project, self.xer, self.rng = file, PROJECTS[file], xer, rng
        own = ["activity", "kind", "duration", "actual_start"]
        self.dates = {row["activity"]: row for row in schedule.dates(plan).join(plan.tables["activities"].select(own), on="activity").iter_rows(named=True)}
        self.at = plan.info.data_date + timedelta(days=rng.choice([7, 14, 30, 60]), hours=9)  # type: ignore[operator]
        self.free = [a for a, row in self.dates.items() if row["kind"] in ("task", "resource_dependent") and row["duration"] and row["early_start"] > self.at]
        rng.shuffle(self.free)
        self.free.sort(key=lambda a: not self.dates[a]["longest_path"] and rng.random() < 0.7)  # what drives first, as a rule
        codes = {row["task_id"]: row["task_code"] for row in xer.tables["TASK"]}
        rows = [row for row in xer.tables["TASKPRED"] if row["proj_id"] == self.project]
        self.links = [(codes[row["pred_task_id"]], codes[row["task_id"]], row["pred_type"][3:], float(row["lag_hr_cnt"])) for row in rows]

    def steps(self) -> list[Step]:
        """Progress or none, and three to nine other edits."""
        kinds: list[Callable[[], Step]] = [
            self.longer, self.longer, self.insertion, self.removal, self.removal, self.halved, self.joined, self.lagged, self.lagged, self.unlinked,
            self.linked, self.feast, self.hours, self.recalendared, self.held, self.bound, self.options, self.crew, self.names, self.places, self.numbers,
        ]  # fmt: skip
        steps = []
        for make in [self.progress, *self.rng.sample(kinds, self.rng.randint(3, 9))]:
            with suppress(NoneLeft):
                steps.append(make())
        return steps

    def activity(self) -> str:
        if not self.free:
            raise NoneLeft
        return self.free.pop(0)

    def alone(self) -> str:
        """An activity whose neighbours nothing else will touch."""
        one = self.activity()
        near = {end for link in self.links if one in link[:2] for end in link[:2]} - {one}
        if not near <= {*self.free, *(a for a, row in self.dates.items() if row["early_start"] <= self.at)}:
            raise NoneLeft
        self.free = [a for a in self.free if a not in near]
        return one

    def link(self, *, plain: bool = False) -> tuple[str, str, str, float]:
        """A relationship that is the only one of its pair, both ends later than the status date; `plain`: finish-start without a lag."""
        counts, free = Counter(link[:2] for link in self.links), set(self.free)
        fit = [one for one in self.links if counts[one[:2]] == 1 and free.issuperset(one[:2]) and (not plain or one[2:] == ("FS", 0.0))]
        if not fit:
            raise NoneLeft
        found = min(fit, key=lambda one: (not all(self.dates[end]["longest_path"] for end in one[:2]), self.rng.random()))
        self.free = [a for a in self.free if a not in found[:2]]
        return found

    def progress(self) -> Step:
        what = self.rng.choice(["none", "as planned", "late", "status date alone"])
        if what == "none":
            raise NoneLeft
        if what == "status date alone":
            return Step("progress", what, changed("PROJECT", "proj_id", self.project, last_recalc_date=f"{self.at:%Y-%m-%d %H:%M}"))
        begun = [(a, row) for a, row in self.dates.items() if row["duration"] and not row["actual_start"] and row["early_start"] < self.at - timedelta(days=3)]
        late = self.rng.sample(begun, 1) if what == "late" and begun else []
        return Step(
            "progress", what, status(self.at, [(a, f"{row['early_start'] + timedelta(days=1):%Y-%m-%d %H:%M}", row["duration"] / 60) for a, row in late])
        )

    def longer(self) -> Step:
        one = self.activity()
        return Step("durations", one, duration(one, self.dates[one]["duration"] / 60 * self.rng.choice([0.5, 1.25, 2])))

    def insertion(self) -> Step:
        link = self.link(plain=True)
        return Step("scope", f"within {link}", inserted(*link[:2], f"NEW{link[0]}", "Inserted", self.rng.choice([16, 40, 80])))

    def removal(self) -> Step:
        one, bridged = self.alone(), self.rng.random() < 0.5
        return Step("scope", f"without {one}{' bridged' * bridged}", removed(one, bridged=bridged))

    def halved(self) -> Step:
        one = self.alone()
        return Step(SUM_ALONE, f"{one} split", split(one, f"HALF{one}"))

    def joined(self) -> Step:
        link = self.link(plain=True)
        waits = Counter(one[1] for one in self.links)
        if waits[link[1]] > 1:
            raise NoneLeft
        return Step(SUM_ALONE, f"{link} merged", merged(*link[:2]))

    def lagged(self) -> Step:
        link = self.link()
        kind = self.rng.choice([link[2], link[2], "SS", "FF"])
        return Step("logic", f"{link} {kind}", lag(*link[:2], link[3] + self.rng.choice([-16, 24, 80]), kind))

    def unlinked(self) -> Step:
        link = self.link()
        return Step("logic", f"without {link}", unlinked(*link[:2]))

    def linked(self) -> Step:
        one = self.activity()
        known = {link[:2] for link in self.links}
        after = [a for a in self.free if (one, a) not in known and self.dates[a]["early_start"] > self.dates[one]["early_finish"]]
        if not after:
            raise NoneLeft
        self.free.remove(after[0])
        return Step("logic", f"{one} -> {after[0]}", linked(one, after[0], self.rng.choice(["FS", "SS"])))

    def feast(self) -> Step:
        first = (self.at + timedelta(days=self.rng.randint(20, 200))).date()
        return Step("calendars", f"feast {first}", holidays(self.rng.choice(CALENDARS[self.file][:2]), [first + timedelta(days=k) for k in range(5)]))

    def hours(self) -> Step:
        return Step("calendars", "shorter days", shorter_days(self.rng.choice(CALENDARS[self.file][:2])))

    def recalendared(self) -> Step:
        one = self.activity()
        return Step("calendars", f"calendar of {one}", on_calendar(one, self.rng.choice(CALENDARS[self.file])))

    def held(self) -> Step:
        one, kind = self.activity(), self.rng.choice(list(HELD))
        when = self.dates[one]["early_start"] + timedelta(days=self.rng.choice([-10, 10, 30]))
        return Step("constraints", f"{one} {HELD[kind]} {when}", constraint(one, kind, f"{when:%Y-%m-%d} 08:00"))

    def bound(self) -> Step:
        return Step("constraints", "must finish", changed("PROJECT", "proj_id", self.project, plan_end_date="2026-01-01 00:00"))

    def options(self) -> Step:
        cells = self.rng.choice(OPTIONS)
        return Step("options", str(cells), changed("SCHEDOPTIONS", "", "", **cells))

    def crew(self) -> Step:
        resource = self.rng.choice([row["rsrc_id"] for row in self.xer.tables["TASKRSRC"] if row["rsrc_id"]])
        return Step("resources", f"calendar of {resource}", changed("RSRC", "rsrc_id", resource, clndr_id=self.rng.choice(CALENDARS[self.file])))

    def names(self) -> Step:
        return Step("", "renamed", renamed([self.free.pop() for _ in self.free[:6]]))

    def places(self) -> Step:
        return Step("", "moved in the WBS", moved([self.free.pop() for _ in self.free[:6]]))

    def numbers(self) -> Step:
        return Step("", "renumbered", renumbered(ids=self.rng.random() < 0.5))


def resource_dependent(xer: Xer, project: str, rng: random.Random) -> None:
    """A dozen activities that follow their resources' calendars from the first version on."""
    booked = {row["task_id"] for row in xer.tables["TASKRSRC"]}
    fit = [row for row in xer.tables["TASK"] if row["task_id"] in booked and row["proj_id"] == project and not row["act_start_date"]]
    for row in rng.sample([row for row in fit if row["task_type"] == "TT_Task"], 12):
        row["task_type"] = "TT_Rsrc"


def differences(file: str, data: Path, seed: int, folder: Path) -> tuple[list[str], int] | None:
    """In what our attribution differs from the truth for one random successor, and how many edits it has; None where that cannot be scheduled."""
    rng, project = random.Random(seed), PROJECTS[file]
    xer = Xer(data / file)
    if rng.random() < 0.5:
        resource_dependent(xer, project, rng)
    base = xer.write(folder / "first.xer")
    older = read(base)
    steps = Maker(file, Xer(base), older, rng).steps()
    rng.shuffle(steps)
    steps.sort(key=lambda step: step.what == "renumbered")  # the others name activities by their ids

    def finish(chosen: list[Step]) -> Any:
        try:
            return finish_of(schedule.schedule_once(read(successor(base, chosen, project, folder / "between.xer"))))
        except NotSchedulable:
            return None

    newer = read(successor(base, steps, project, folder / "later.xer"))
    begin, end, ruler = finish([]), finish(steps), project_calendar(newer)
    if end is None:
        return None
    found = schedule.compare(older, newer)
    if found.verdict != "same" or found.attribution is None:
        return [f"called {found.verdict}"], len(steps)
    ours = {row["group"]: row for row in found.attribution.iter_rows(named=True)}
    truth = {("total", "minutes"): between(ruler, begin, end), ("interaction", "minutes"): 0}
    if not any(step.group == SUM_ALONE for step in steps):
        done: list[Step] = []
        for group in GROUPS:
            own = [step for step in steps if step.group == group]
            before, done = finish(done), done + own
            truth[group, "minutes"] = between(ruler, begin, finish(done)) - between(ruler, begin, before) if own else 0
            alone = finish(own)
            truth[group, "alone_minutes"] = alone and between(ruler, begin, alone)
    wrong = [f"{group} {column}: {_at(ours, group, column)}, truly {value}" for (group, column), value in truth.items() if _at(ours, group, column) != value]
    parts = found.attribution.filter(pl.col("group").cast(pl.String) != "total")["minutes"].sum()
    if parts != ours["total"]["minutes"]:
        wrong.append(f"parts add up to {parts} of {ours['total']['minutes']}")
    return wrong, len(steps)


def _at(ours: dict[str, dict[str, Any]], group: str, column: str) -> Any:
    return ours[group][column] if group in ours else 0

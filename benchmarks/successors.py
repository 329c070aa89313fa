"""Later versions of real plans, made by editing the text of their XER files as a planner edits the plan. What each edit moves is thus known.

The dates that the file stores are left as they were: whoever compares must not lean on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

Row = dict[str, str]
EPOCH = date(1899, 12, 30)  # day 0 of the day numbers in P6's calendars
AIRPORT = "schedules/xer/terminal-building-airport.xer"
JAGGELAS = "schedules/xer/jaggelas-test-P6-23.12-progress.xer"


class Xer:
    """An XER file's tables, to be edited and written again; everything else stays byte for byte."""

    def __init__(self, path: Path) -> None:
        text = path.read_bytes().decode("cp1252", "surrogateescape")
        self.ends = "\r\n" if "\r\n" in text else "\n"
        self.tables: dict[str, list[Row]] = {}
        self.head: list[str] = []
        name, columns = "", []
        for line in text.split(self.ends):
            mark, *cells = line.split("\t")
            if mark == "%T":
                name = cells[0]
                self.tables[name] = []
            elif mark == "%F":
                columns = cells
            elif mark == "%R":
                self.tables[name].append(dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=False)))
            elif not name:
                self.head.append(line)
        self.columns = {name: list(rows[0]) if rows else [] for name, rows in self.tables.items()}

    def write(self, path: Path) -> Path:
        out = list(self.head)
        for name, rows in self.tables.items():
            if rows:
                out += [f"%T\t{name}", "\t".join(["%F", *self.columns[name]]), *("\t".join(["%R", *(row[c] for c in self.columns[name])]) for row in rows)]
        path.write_bytes(self.ends.join([*out, "%E", ""]).encode("cp1252", "surrogateescape"))
        return path

    def task(self, code: str, project: str) -> Row:
        """The activity that people know by this id."""
        return next(row for row in self.tables["TASK"] if row["task_code"] == code and row["proj_id"] == project)

    def link(self, before: str, after: str, project: str) -> Row:
        """The relationship between two activities."""
        ends = self.task(before, project)["task_id"], self.task(after, project)["task_id"]
        return next(row for row in self.tables["TASKPRED"] if (row["pred_task_id"], row["task_id"]) == ends)


Edit = Callable[[Xer, str], None]


@dataclass(frozen=True)
class Step:
    """One edit: the group of changes to which it belongs, and what a planner would say of it."""

    group: str
    what: str
    edit: Edit


def status(when: datetime, begun: Sequence[tuple[str, str, float]]) -> Edit:
    """The data date. Everything went as the file's own early dates say but for `begun`: activity, actual start, hours still to do."""

    def edit(xer: Xer, project: str) -> None:
        row = next(row for row in xer.tables["PROJECT"] if row["proj_id"] == project)
        row["last_recalc_date"] = f"{when:%Y-%m-%d %H:%M}"
        late = {code: (start, left) for code, start, left in begun}
        for task in xer.tables["TASK"]:
            if task["task_code"] in late:
                start, left = late[task["task_code"]]
                task.update(status_code="TK_Active", act_start_date=start, remain_drtn_hr_cnt=f"{left:g}")
            elif task["proj_id"] == project and task["status_code"] != "TK_Complete":
                _as_planned(task, when)

    return edit


def _as_planned(task: Row, when: datetime) -> None:
    start, finish = (datetime.fromisoformat(task[f"early_{end}_date"]) for end in ("start", "end"))
    began = task["act_start_date"] or task["early_start_date"]
    if finish <= when:
        task.update(status_code="TK_Complete", act_start_date=began, act_end_date=task["early_end_date"], remain_drtn_hr_cnt="0")
    elif start < when:
        left = float(task["remain_drtn_hr_cnt"]) * ((finish - when) / (finish - start))
        task.update(status_code="TK_Active", act_start_date=began, remain_drtn_hr_cnt=f"{round(left):d}")


def duration(code: str, hours: float) -> Edit:
    def edit(xer: Xer, project: str) -> None:
        xer.task(code, project).update(target_drtn_hr_cnt=f"{hours:g}", remain_drtn_hr_cnt=f"{hours:g}")

    return edit


def lag(before: str, after: str, hours: float, kind: str = "FS") -> Edit:
    def edit(xer: Xer, project: str) -> None:
        xer.link(before, after, project).update(lag_hr_cnt=f"{hours:g}", pred_type=f"PR_{kind}")

    return edit


def linked(before: str, after: str, kind: str = "FS") -> Edit:
    """A new relationship."""

    def edit(xer: Xer, project: str) -> None:
        like = dict(next(row for row in xer.tables["TASKPRED"] if row["proj_id"] == project))
        ends = {"pred_task_id": xer.task(before, project)["task_id"], "task_id": xer.task(after, project)["task_id"]}
        xer.tables["TASKPRED"].append(like | ends | {"task_pred_id": free_id(xer, "TASKPRED", "task_pred_id"), "pred_type": f"PR_{kind}", "lag_hr_cnt": "0"})

    return edit


def unlinked(before: str, after: str) -> Edit:
    def edit(xer: Xer, project: str) -> None:
        xer.tables["TASKPRED"].remove(xer.link(before, after, project))

    return edit


def holidays(calendar: str, days: Sequence[date]) -> Edit:
    """Days without work, put before the calendar's other exceptions."""

    def edit(xer: Xer, project: str) -> None:
        row = next(row for row in xer.tables["CALENDAR"] if row["clndr_id"] == calendar)
        new = "".join(f"(0||{9000 + i}(d|{(day - EPOCH).days})())" for i, day in enumerate(days))
        begin = row["clndr_data"].index("(", row["clndr_data"].index("Exceptions()") + len("Exceptions()"))
        row["clndr_data"] = row["clndr_data"][: begin + 1] + new + row["clndr_data"][begin + 1 :]

    return edit


def on_calendar(code: str, calendar: str) -> Edit:
    def edit(xer: Xer, project: str) -> None:
        xer.task(code, project)["clndr_id"] = calendar

    return edit


def constraint(code: str, kind: str, when: str) -> Edit:
    def edit(xer: Xer, project: str) -> None:
        xer.task(code, project).update(cstr_type=kind, cstr_date=when)

    return edit


def inserted(before: str, after: str, code: str, name: str, hours: float) -> Edit:
    """A new activity between two linked ones, in the place of their relationship."""

    def edit(xer: Xer, project: str) -> None:
        like = dict(xer.task(before, project))
        new = {
            "task_id": free_id(xer, "TASK", "task_id"), "guid": "", "task_code": code, "task_name": name, "status_code": "TK_NotStart",
            "target_drtn_hr_cnt": f"{hours:g}", "remain_drtn_hr_cnt": f"{hours:g}", "cstr_type": "", "cstr_date": "", "act_start_date": "", "act_end_date": "",
        }  # fmt: skip
        unlinked(before, after)(xer, project)
        xer.tables["TASK"].append(like | new)
        linked(before, code)(xer, project)
        linked(code, after)(xer, project)

    return edit


def renumbered(*, ids: bool = False, guids: bool = False) -> Edit:
    """New activity ids for all, half of them another's old ones; with `ids` and `guids` new internal ones too, as in another database."""

    def edit(xer: Xer, project: str) -> None:
        own = [row for row in xer.tables["TASK"] if row["proj_id"] == project]
        codes = [row["task_code"] for row in own]
        numbers = {}
        for place, row in enumerate(own):
            row["task_code"] = codes[place + 1] if place % 2 == 0 and place + 1 < len(own) else f"N{place * 10 + 10}"
            numbers[row["task_id"]] = str(9_000_000 + place) if ids else row["task_id"]
            row["guid"] = "" if guids else row["guid"]
        for rows in xer.tables.values():
            for row in rows:
                for column in ("task_id", "pred_task_id"):
                    if row.get(column) in numbers:
                        row[column] = numbers[row[column]]

    return edit


def free_id(xer: Xer, table: str, column: str) -> str:
    return str(max(int(row[column]) for row in xer.tables[table]) + 1)


def successor(older: Path, steps: Sequence[Step], project: str, out: Path) -> Path:
    """The file with these edits made, one after the other."""
    xer = Xer(older)
    for step in steps:
        step.edit(xer, project)
    return xer.write(out)


PROJECTS = {AIRPORT: "3211", JAGGELAS: "4533"}
STEPS: dict[str, list[Step]] = {
    AIRPORT: [
        Step(
            "progress", "a month as planned, but for the second pit: begun four days late, and slow",
            status(datetime(2012, 6, 1), begun=[("BA-P2-10", "2012-05-28 08:00", 232)]),
        ),
        Step("durations", "the last slab takes 25 days instead of 20", duration("BA-P4-170", 200)),
        Step("scope", "a new inspection of 4 days before the deck floor", inserted("BA-P4-60", "BA-P4-70", "BA-P4-65", "Inspection of backfill", 32)),
        Step("logic", "columns wait 6 days longer for the slab", lag("BA-P4-140", "BA-P4-160", 48)),
        Step("logic", "deck floor may begin two days before backfill of the other pit ends", lag("BA-P2-70", "BA-P2-80", 64)),
        Step("calendars", "three days of feast in November", holidays("794", [date(2012, 11, day) for day in (14, 15, 16)])),
        Step("constraints", "the last slab not before 5 March", constraint("BA-P4-170", "CS_MSOA", "2013-03-05 08:00")),
    ],
    JAGGELAS: [
        Step(
            "progress", "a fortnight as planned, but for one approval: begun two days late, and slow",
            status(datetime(2025, 5, 6, 9, 40), begun=[("A10320", "2025-04-30 08:00", 64)]),
        ),
        Step("durations", "baseline studies take 70 days instead of 60", duration("A10350", 560)),
        Step("logic", "a fortnight between review and studies", lag("A10346", "A10350", 80)),
        Step("logic", "publishing overlaps the notification", lag("A10360", "A10370", 0, "SS")),
        Step("calendars", "a week off in August", holidays("6660", [date(2025, 8, day) for day in (4, 5, 6, 7, 8)])),
        Step("calendars", "the act is issued through the Christmas shutdown", on_calendar("A3890", "6661")),
        Step("constraints", "the order not before 25 May", constraint("A3970", "CS_MSOA", "2026-05-25 08:00")),
    ],
}  # fmt: skip
RENUMBERED = {
    "activity ids": renumbered(),
    "activity and internal ids": renumbered(ids=True),
    "activity ids, internal ids and GUIDs": renumbered(ids=True, guids=True),
}

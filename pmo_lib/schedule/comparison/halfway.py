"""Plans between an older and a newer one: some groups of changes applied, the others not yet.

Everything is said in the newer plan's keys; what only the older plan has keeps its own, marked where the newer plan uses it for something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import polars as pl

from pmo_lib.matching import Match
from pmo_lib.project import Project, ProjectInfo, trusted
from pmo_lib.tables import Relationships

Group = str
GROUPS = ("progress", "durations", "scope", "logic", "calendars", "constraints", "resources", "options")  # in the order in which they are applied
COLUMN_GROUPS: Mapping[str, Group] = {
    **dict.fromkeys(("actual_start", "actual_finish", "suspended", "resumed", "percent_complete", "physical_percent"), "progress"),
    **dict.fromkeys(("kind", "elapsed"), "durations"),
    **dict.fromkeys(("active", "wbs"), "scope"),
    **dict.fromkeys(("calendar",), "calendars"),
    **dict.fromkeys(("manual", "constraint", "constraint_date", "constraint_2", "constraint_2_date", "deadline", "expected_finish"), "constraints"),
    **dict.fromkeys(("external_early_start", "external_late_finish"), "constraints"),
    **dict.fromkeys(("levelling_delay", "ignore_resource_calendars", "task_type", "priority"), "resources"),
}
# where a manual task or an imported date stands: dates that a person set
DATED = ("stored_start", "stored_finish", "planned_start", "planned_finish")
INFO_GROUPS: Mapping[str, Group] = {
    "data_date": "progress", "calendar": "calendars", "planned_start": "constraints", "must_finish": "constraints", "options": "options",
    "application": "options",
}  # fmt: skip
OF_ACTIVITIES = {"assignments": "resources", "splits": "resources", "external_relationships": "constraints"}  # tables of what belongs to single activities
# what makes a relationship the same one: of a per cent lag the percentage, since its minutes follow the predecessor's duration
_PERCENT = pl.when(pl.col("lag_kind").is_in(["percent", "elapsed_percent"])).then(pl.col("lag_percent"))
LINK_KEY = ("predecessor", "successor", "type", "lag_kind", pl.coalesce(_PERCENT, pl.col("lag")))


class Halfway:
    """The two plans side by side; `plan(groups)` is the older one with these groups of changes made."""

    def __init__(self, older: Project, newer: Project, match: Match) -> None:
        self.older, self.newer, self.match = older, newer, match
        taken = set(newer.tables["activities"]["activity"])
        own = [activity for activity in older.tables["activities"]["activity"] if activity not in match.pairs]
        self.ids = {**match.pairs, **{activity: _free(activity, taken) for activity in own}}  # older id to the id in between
        self.calendar_keys = _keys(older, newer, "calendars", "calendar")
        self.resource_keys = _keys(older, newer, "resources", "resource")
        self.kept = set(match.pairs.values())
        self._made: dict[tuple[Any, ...], Any] = {}

    def plan(self, groups: Iterable[Group]) -> Project:
        """The older plan with these groups of changes made; all of them give what schedules as the newer plan, none what schedules as the older."""
        done = frozenset(groups)
        tables = {"activities": self._activities(done), "relationships": self._relationships(done), **self._calendars(done), **self.of_resources(done)}
        source = self.newer if "scope" in done else self.older
        if "wbs" in source.tables:
            tables["wbs"] = self._wbs if source is self.older else source.tables["wbs"]
        return trusted(self._info(done), tables, self.newer.findings)

    def _info(self, done: frozenset[Group]) -> ProjectInfo:
        before = {name: getattr(self.older.info, name) for name, group in INFO_GROUPS.items() if group not in done}
        if before.get("calendar") is not None:
            before["calendar"] = self.calendar_keys.get(before["calendar"], before["calendar"])
        return replace(self.newer.info, **before)

    @cached_property
    def _wbs(self) -> pl.DataFrame:
        return _renamed(self.older.tables["wbs"], "activity", self.ids)

    @cached_property
    def _before(self) -> pl.DataFrame:
        """The older activities in the keys in between."""
        frame = _renamed(self.older.tables["activities"], "activity", self.ids)
        return _renamed(frame, "calendar", self.calendar_keys)

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """What both plans have, in the newer plan's order, the older values under `name_old`."""
        return self.newer.tables["activities"].join(self._before, on="activity", suffix="_old", how="inner", maintain_order="left")

    def _activities(self, done: frozenset[Group]) -> pl.DataFrame:
        own = self.newer.tables["activities"]
        chosen = {column: pl.col(f"{column}_old") for column, group in COLUMN_GROUPS.items() if group not in done}
        if "constraints" not in done:
            chosen |= {column: pl.col(f"{column}_old") for column in DATED}
        frame = self.pairs.with_columns(**chosen, **_durations(done)).select(own.columns)
        other = own.filter(~pl.col("activity").is_in(self.kept)) if "scope" in done else self._before.filter(~pl.col("activity").is_in(self.kept))
        return pl.concat([frame, other.select(own.columns)])

    def _relationships(self, done: frozenset[Group]) -> pl.DataFrame:
        chosen = (("kept", "durations"), ("scope", "scope"), ("logic", "logic"))
        return pl.concat([self.links[f"{what}_{'now' if group in done else 'before'}"] for what, group in chosen])

    @cached_property
    def links(self) -> dict[str, pl.DataFrame]:
        """The relationships by what they belong to: kept ones, those that come and go with activities, and changed logic."""
        frames = _relationships(self.older, self.ids), _relationships(self.newer, {})
        keys = [{key: row for row, key in enumerate(frame.select(*LINK_KEY).iter_rows())} for frame in frames]
        parts = {}
        for when, frame, links, others in (("before", frames[0], *keys), ("now", frames[1], *keys[::-1])):
            through = self._through([key[:2] for key in others])
            rows: dict[str, list[int]] = {"kept": [], "scope": [], "logic": []}
            for key, row in links.items():
                ends = key[:2]
                belongs = "kept" if key in others else "scope" if not self.kept.issuperset(ends) or ends in through else "logic"
                rows[belongs].append(row)
            parts |= {f"{belongs}_{when}": frame[places] for belongs, places in rows.items()}
        return parts

    def _through(self, links: list[tuple[str, str]]) -> set[tuple[str, str]]:
        """Pairs of common activities that these links join by way of activities which the other plan lacks: an insertion replaces the direct link."""
        after: dict[str, set[str]] = {}
        if self.kept.issuperset(successor for _, successor in links):
            return set()
        for predecessor, successor in links:
            after.setdefault(predecessor, set()).add(successor)
        found = set()
        for begin in self.kept & after.keys():
            reached, waiting = set(), [one for one in after[begin] if one not in self.kept]
            while waiting:
                one = waiting.pop()
                if one in self.kept:
                    found.add((begin, one))
                elif one not in reached:
                    reached.add(one)
                    waiting += after.get(one, ())
        return found

    def _calendars(self, done: frozenset[Group]) -> dict[str, pl.DataFrame]:
        """A calendar's own content is the older one until its group is applied: resource calendars change with the resources."""
        state = tuple(group in done for group in ("calendars", "resources"))
        if state not in self._made:
            self._made[state] = self._mixed_calendars(done)
        return self._made[state]

    def _mixed_calendars(self, done: frozenset[Group]) -> dict[str, pl.DataFrame]:
        kinds = [
            dict(plan.tables["calendars"].select("calendar", pl.col("kind").cast(pl.String)).iter_rows()) if "calendars" in plan.tables else {}
            for plan in (self.older, self.newer)
        ]
        own = {self.calendar_keys[key] for key in kinds[0]}
        old = {key for key in own if kinds[1].get(key) is None or ("resources" if kinds[1][key] == "resource" else "calendars") not in done}
        tables = {}
        for name in ("calendars", "shifts", "exceptions"):
            parts = []
            if name in self.older.tables:
                frame = _renamed(self.older.tables[name], "calendar", self.calendar_keys)
                frame = _renamed(frame, "base", self.calendar_keys) if name == "calendars" else frame
                parts.append(frame.filter(pl.col("calendar").is_in(old)))
            if name in self.newer.tables:
                parts.append(self.newer.tables[name].filter(~pl.col("calendar").is_in(old)))
            if parts:
                tables[name] = pl.concat([part.select(parts[0].columns) for part in parts])
        return tables

    def of_resources(self, done: frozenset[Group]) -> dict[str, pl.DataFrame]:
        """Resources, and what of them belongs to activities, with these groups of changes made."""
        tables = {}
        both = [plan.tables.get("resources") for plan in (self.older, self.newer)]
        if both[0] is not None:
            both[0] = _renamed(_renamed(both[0], "resource", self.resource_keys), "calendar", self.calendar_keys)
        first, second = both if "resources" not in done else both[::-1]
        known = [frame for frame in (first, second) if frame is not None]
        if known:
            tables["resources"] = pl.concat([frame.select(known[0].columns) for frame in known]).unique("resource", keep="first", maintain_order=True)
        for name, group in OF_ACTIVITIES.items():
            parts = self._of_activities(name, group in done, "scope" in done)
            if parts:
                tables[name] = pl.concat([part.select(parts[0].columns) for part in parts])
        return tables

    def _of_activities(self, name: str, applied: bool, scope: bool) -> list[pl.DataFrame]:
        parts = []
        for plan, ids, now in ((self.older, self.ids, False), (self.newer, None, True)):
            if name not in plan.tables:
                continue
            frame = plan.tables[name] if ids is None else _renamed(plan.tables[name], "activity", ids)
            if ids is not None and "resource" in frame.columns:
                frame = _renamed(frame, "resource", self.resource_keys)
            common = pl.col("activity").is_in(self.kept)
            parts.append(frame.filter((common & (applied == now)) | (~common & (scope == now))))
        return parts


def _durations(done: frozenset[Group]) -> dict[str, pl.Expr]:
    """What of the durations follows from progress, and what was changed besides (`extension`)."""
    begun, reopened = pl.col("actual_start").is_not_null(), _reopened()
    left, whole = pl.col("remaining_duration_old"), pl.col("duration_old")
    extended = {column: extension(column) for column in ("remaining_duration", "duration")}
    if "progress" in done:
        left = pl.when(begun | reopened).then(pl.col("remaining_duration") - extended["remaining_duration"]).otherwise(left)
        whole = pl.when(begun | reopened).then(pl.col("duration") - extended["duration"]).otherwise(whole)
    if "durations" in done:
        left, whole = left + extended["remaining_duration"], whole + extended["duration"]
    return {"remaining_duration": left.clip(0), "duration": whole.clip(0)}


def extension(column: str) -> pl.Expr:
    """How much longer work was made [working minutes], other than by its progress.

    Progress can only shorten what is left: of work that is begun a longer remainder is a longer duration. Of work that is not begun any difference is.
    """
    longer = (pl.col("remaining_duration") - pl.col("remaining_duration_old")).clip(0)
    different = pl.col(column) - pl.col(f"{column}_old")
    return pl.when(_reopened()).then(0).when(pl.col("actual_start").is_not_null()).then(longer).otherwise(different)


def _reopened() -> pl.Expr:
    """An actual date was withdrawn: what is left then is a matter of progress alone."""
    return pl.any_horizontal(pl.col(column).is_null() & pl.col(f"{column}_old").is_not_null() for column in ("actual_start", "actual_finish"))


def _relationships(plan: Project, ids: Mapping[str, str]) -> pl.DataFrame:
    frame = plan.tables["relationships"] if "relationships" in plan.tables else Relationships.create_empty()
    return _renamed(_renamed(frame, "predecessor", ids), "successor", ids).select(Relationships.column_names())


def _renamed(frame: pl.DataFrame, column: str, names: Mapping[str, str]) -> pl.DataFrame:
    changed = {old: new for old, new in names.items() if old != new}
    return frame.with_columns(pl.col(column).replace(changed)) if changed else frame


def _free(key: str, taken: set[str]) -> str:
    """The key itself, or where something else has it, one that nothing has."""
    while key in taken:
        key += " (older)"
    return key


def _keys(older: Project, newer: Project, name: str, key: str) -> dict[str, str]:
    """For each calendar or resource of the older plan the key in between: the newer plan's for the same one, by key and name, by name, else by key."""
    before, now = (dict(plan.tables[name].select(key, "name").iter_rows()) if name in plan.tables else {} for plan in (older, newer))
    found = {one: one for one, named in before.items() if now.get(one) == named}
    for one, named in before.items():
        twins = [other for other, theirs in now.items() if theirs == named and other not in found.values()]
        if one not in found and len(twins) == 1:
            found[one] = twins[0]
    for one in before:
        if one not in found and one in now and one not in found.values():
            found[one] = one
    taken = {*now, *found.values()}
    return found | {one: _free(one, taken) for one in before if one not in found}

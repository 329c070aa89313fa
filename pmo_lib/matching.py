"""Which activity of an older plan is which of a newer one, by what it was found again, and whether the two are one project at all.

Ids alone mislead: unique ids of MS Project count from one in every plan, and copies of a template keep even its GUIDs. An id therefore counts
where the name agrees with it; where such ids as a whole agree with the names those that were renamed count too;
so do GUIDs of a project whose own GUID is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from pmo_lib.project import Project, table

Row = Mapping[str, Any]
Verdict = Literal["same", "doubtful", "different"]
COLUMNS = ["activity", "uid", "guid", "name", "wbs", "kind", "duration"]
TRUST = 0.5  # share of common ids whose names agree, from which an id stands for the activity even where the name does not agree
SAME, DIFFERENT, NEVER = 0.5, 0.4, 0.25  # share of the smaller plan's activities found again: at or above; below; below, even where the project's GUID is one
ALIKE = 1 / 3  # share of relationships or of durations that plans with the same names must have in common: "Task 1, Task 2" are any plan's names


@dataclass(frozen=True, slots=True)
class Match:
    """Older id to newer id of what both plans have, summary tasks too, and by what each was found (`tables.schedule_results.MATCHED_BY`)."""

    pairs: Mapping[str, str]
    methods: Mapping[str, str]
    verdict: Verdict
    share: float  # of the smaller plan's activities, summary tasks left out


@dataclass(slots=True)
class _Search:
    """What is still to be found, by id; rows leave as they are found."""

    before: dict[str, Row]
    after: dict[str, Row]
    pairs: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)

    def found(self, old: str, new: str, method: str) -> None:
        self.pairs[old], self.methods[old] = new, method
        del self.before[old], self.after[new]

    def common(self, key: str) -> list[tuple[Row, Row]]:
        """Rows of both plans that have one value of a column, which is its plan's only one."""
        theirs = _unique(self.after.values(), key)
        return [(row, theirs[value]) for value, row in _unique(self.before.values(), key).items() if value in theirs]


def match(older: Project, newer: Project) -> Match:
    """Finds the older plan's activities in the newer one: by GUID, internal id, visible id, name and place in the WBS, then by name alone.

    Raises `NotAvailable` where either lacks activities.
    """
    before, after = _rows(older), _rows(newer)
    one_project = older.info.guid is not None and older.info.guid == newer.info.guid
    pairs: dict[str, str] = {}
    methods: dict[str, str] = {}
    for summaries in (False, True):
        sides = [{activity: row for activity, row in rows.items() if (row["kind"] == "summary") == summaries} for rows in (before, after)]
        search = _Search(sides[0], sides[1])
        _search(search, one_project)
        pairs |= search.pairs
        methods |= search.methods
    leaves = [sum(row["kind"] != "summary" for row in rows.values()) for rows in (before, after)]
    found = sum(before[old]["kind"] != "summary" for old in pairs)
    share = found / min(leaves) if min(leaves) else 0.0
    return Match(pairs, methods, _verdict(share, one_project, alike(older, newer, pairs)), share)


def _verdict(share: float, one_project: bool, alike: float) -> Verdict:
    if share >= SAME:
        return "same" if one_project or alike >= ALIKE else "doubtful"
    return "different" if share < (NEVER if one_project else DIFFERENT) else "doubtful"


def alike(older: Project, newer: Project, pairs: Mapping[str, str]) -> float:
    """How much of what two plans say of their common activities is the same: of their durations, or where that is more, of their relationships."""
    lengths = [dict(plan.tables["activities"].select("activity", "duration").iter_rows()) for plan in (older, newer)]
    same = sum(lengths[0][old] == lengths[1][new] for old, new in pairs.items()) / max(len(pairs), 1)
    kept = set(pairs.values())
    before = {(pairs[one], pairs[other]) for one, other in _ends(older) if one in pairs and other in pairs}
    now = {ends for ends in _ends(newer) if ends[0] in kept and ends[1] in kept}
    least = min(len(before), len(now))
    return max(same, len(before & now) / least if least else 0.0)


def _ends(plan: Project) -> Iterable[tuple[str, str]]:
    return plan.tables["relationships"].select("predecessor", "successor").iter_rows() if "relationships" in plan.tables else ()


def _rows(plan: Project) -> dict[str, Row]:
    places = {element: said(path) for element, path in wbs_paths(plan).items()}
    rows = table(plan, "activities", "schedule.compare").select(COLUMNS).iter_rows(named=True)
    return {row["activity"]: row | {"said": (name := said(row["name"])), "mark": (name, places.get(row["wbs"], ""))} for row in rows}


def said(name: str) -> str:
    """A name without what makes no difference to a reader: capitals and blanks."""
    return " ".join(name.casefold().split())


def wbs_paths(plan: Project) -> dict[str | None, str]:
    """The names of the elements above and at each WBS element, the project's own left out: it bears the project's name, which changes."""
    paths: dict[str | None, str] = {}
    if "wbs" in plan.tables:
        for key, parent, name, level in plan.tables["wbs"].select("wbs", "parent", "name", "level").iter_rows():
            paths[key] = " / ".join(part for part in (paths.get(parent, ""), name if level else "") if part)
    return paths


def _search(search: _Search, one_project: bool) -> None:
    ids = (("guid", "guid"), ("uid", "internal_id"), ("activity", "visible_id"))
    trusted = {key for key, _ in ids if (key == "guid" and one_project) or _agree_mostly(search.common(key))}
    unlike = _unlike(search)
    for key, method in ids:
        for one, other in search.common(key):
            if (_agree(one, other) and (key in trusted or one["mark"] == other["mark"] in unlike)) or (key == "guid" and key in trusted):
                search.found(one["activity"], other["activity"], method)
    for key, method in ids:
        names = [Counter(row["said"] for row in rows.values()) for rows in (search.before, search.after)]
        for one, other in search.common(key) if key in trusted else ():
            if not names[1][one["said"]] and not names[0][other["said"]]:  # renamed, and not the name of another that lacks its twin
                search.found(one["activity"], other["activity"], method)
    _by_name(search, "name_and_wbs")
    _by_name(search, "name")


def _agree_mostly(common: list[tuple[Row, Row]]) -> bool:
    return bool(common) and sum(_agree(one, other) for one, other in common) >= TRUST * len(common)


def _agree(one: Row, other: Row) -> bool:
    """Whether the name, or an id that people see and that is not the internal one too, is the same."""
    return one["said"] == other["said"] or (one["activity"] == other["activity"] and one["uid"] == other["uid"] and one["uid"] not in (None, one["activity"]))


def _unlike(search: _Search) -> set[tuple[str, str]]:
    """Names at places that only one activity of each plan has."""
    counts = [Counter(row["mark"] for row in rows.values()) for rows in (search.before, search.after)]
    return {mark for mark, count in counts[0].items() if count == counts[1][mark] == 1}


def _by_name(search: _Search, method: str) -> None:
    """What has one name at one place. Of several alike those of equal duration come first, then each after the other; by name alone only what is unique."""

    def key(row: Row) -> tuple[str, ...]:
        return row["mark"] if method == "name_and_wbs" else (row["said"],)

    groups: dict[tuple[str, ...], tuple[list[Row], list[Row]]] = {}
    for side, rows in enumerate((search.before, search.after)):
        for row in rows.values():
            groups.setdefault(key(row), ([], []))[side].append(row)
    for mine, theirs in groups.values():
        if method == "name" and (len(mine), len(theirs)) != (1, 1):
            continue
        for same_length in (True, False):
            for row in list(mine):
                twin = next((other for other in theirs if not same_length or other["duration"] == row["duration"]), None)
                if twin is not None:
                    mine.remove(row)
                    theirs.remove(twin)
                    search.found(row["activity"], twin["activity"], method)


def _unique(rows: Iterable[Row], key: str) -> dict[str, Row]:
    rows = list(rows)
    counts = Counter(row[key] for row in rows if row[key] is not None)
    return {row[key]: row for row in rows if counts[row[key]] == 1}


def matching(older: Project, newer: Project, match: Match) -> pl.DataFrame:
    """`tables.schedule_results.Matching`: every activity of either plan, and by what it was found."""
    from pmo_lib.tables.framing import framed
    from pmo_lib.tables.schedule_results import Matching

    leaves = [plan.tables["activities"].filter(pl.col("kind").cast(pl.String) != "summary").select("activity", "name").rows() for plan in (older, newer)]
    back = {new: old for old, new in match.pairs.items()}
    rows = [(back.get(new), new, name, match.methods.get(back.get(new, ""))) for new, name in leaves[1]]
    rows += [(old, None, name, None) for old, name in leaves[0] if old not in match.pairs]
    return framed(Matching, rows)

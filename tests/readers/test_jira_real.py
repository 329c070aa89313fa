"""Boards from real answers of Jira: against the tables that DevLake made of them, and cycle times by hand."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import pmo_lib as pmo
from pmo_lib.project import Project
from pmo_lib.readers.jira.changes import Histories, changed, transitions
from pmo_lib.readers.jira.fields import FieldMap
from pmo_lib.readers.jira.issues import Issues
from pmo_lib.readers.jira.payloads import board
from pmo_lib.readers.jira.sprints import Sprints
from pmo_lib.readers.jira.statuses import Statuses, category_of
from pmo_lib.readers.notes import Notes

NOT_KEPT = tomllib.loads((Path(__file__).parent / "devlake_not_kept.toml").read_text(encoding="utf-8"))
SHANGHAI = timezone(timedelta(hours=8))  # DevLake writes a due day as its midnight there
CATEGORY = {"new": "to_do", "indeterminate": "in_progress", "done": "done"}
FIELDS = {"status": "status", "Fix Version": "versions", "Sprint": "sprints", "Epic Link": "epic", "Parent": "parent", "issuetype": "type", "Key": "key"}
FIELDS |= {"IssueParentAssociation": "parent", "Flagged": "blocked", "duedate": "due"}
Row = dict[str, str]
Ours = dict[str, Any]


@pytest.fixture(scope="module")
def devlake(real_data: Path) -> Path:
    return real_data / "jira" / "devlake"


@pytest.fixture(scope="module")
def plan(devlake: Path) -> Project:
    return board(devlake / "raw_tables", fields={"points": "customfield_10024"})  # as DevLake was configured for that site


def rows(file: Path) -> list[Row]:
    csv.field_size_limit(10_000_000)
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(line for line in text if line.strip() or file.stem.endswith("extractor")))


def snapshot(devlake: Path, table: str) -> list[Row]:
    return rows(devlake / "snapshot_tables" / f"{table}.csv")


def raw(devlake: Path, table: str) -> list[tuple[Any, Any]]:
    return [(json.loads(row["data"]), json.loads(row["input"] or "null")) for row in rows(devlake / "raw_tables" / f"_raw_jira_api_{table}.csv")]


def instant(value: datetime | None) -> str:
    return value.isoformat(timespec="milliseconds") if value else ""


def said(value: Any) -> str:
    return "" if value is None else str(value)


def amount(value: float | None) -> str:
    return "0" if value is None else f"{value:g}"  # DevLake writes 0 for an amount that is not told


def due(value: date | None) -> str:
    return instant(datetime(value.year, value.month, value.day, tzinfo=SHANGHAI).astimezone(UTC)) if value else ""


ISSUE: dict[str, Callable[[Ours], str]] = {
    "issue_id": lambda own: said(own["uid"]),
    "issue_key": lambda own: own["item"],
    "summary": lambda own: own["name"],
    "type": lambda own: own["type"],
    "epic_key": lambda own: said(own["epic"]),
    "status_name": lambda own: own["status"],
    "status_key": lambda own: {category: key for key, category in CATEGORY.items()}[own["category"]],
    "story_point": lambda own: amount(own["points"]),
    "original_estimate_minutes": lambda own: said(own["original_estimate"]),
    "remaining_estimate_minutes": lambda own: amount(own["remaining_estimate"]),
    "spent_minutes": lambda own: said(own["spent"]),
    "assignee_display_name": lambda own: said(own["assignee"]),
    "priority_name": lambda own: said(own["priority"]),
    "parent_key": lambda own: said(own["parent"]),
    "resolution_date": lambda own: instant(own["resolved"]),
    "created": lambda own: instant(own["created"]),
    "updated": lambda own: instant(own["updated"]),
    "subtask": lambda own: "1" if own["level"] == "subtask" else "0",
    "due_date": lambda own: due(own["due"]),
    "components": lambda own: ",".join(own["components"]),
}
COMMON: dict[str, Callable[[Ours], str]] = {  # the same in DevLake's common model
    "title": ISSUE["summary"], "original_status": ISSUE["status_name"], "original_type": ISSUE["type"], "created_date": ISSUE["created"],
    "updated_date": ISSUE["updated"], "time_spent_minutes": ISSUE["spent_minutes"], "time_remaining_minutes": ISSUE["remaining_estimate_minutes"],
    "assignee_name": ISSUE["assignee_display_name"], "priority": ISSUE["priority_name"], "component": ISSUE["components"],
    "fix_versions": lambda own: ",".join(own["versions"]),
    **{name: ISSUE[name] for name in ("issue_key", "epic_key", "story_point", "resolution_date", "original_estimate_minutes", "due_date")},
}  # fmt: skip
REFUSED = {("EE-1", "story_point"): "-1"}  # no amount; a finding tells it


def differences(found: list[Row], own: dict[str, Ours], columns: dict[str, Callable[[Ours], str]]) -> Iterator[tuple[str, str, str, str]]:
    """Key, column, theirs and ours, of each value that differs; every column is compared or stands among those not kept."""
    for row in found:
        ours = own[row["issue_key"]]
        for name, theirs in row.items():
            if name in columns and REFUSED.get((row["issue_key"], name)) != theirs and (mine := columns[name](ours)) != theirs.strip():
                yield row["issue_key"], name, theirs, mine
            assert name in columns or name in NOT_KEPT["columns"], f"{name} is neither compared nor named with a reason"


@pytest.mark.parametrize("table", ["_tool_jira_issues", "_tool_jira_issues_for_external_epics"])
def test_items_equal_devlakes_issues(devlake: Path, plan: Project, table: str) -> None:
    own = {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}
    found = snapshot(devlake, table)
    assert len(found) == {"_tool_jira_issues": 30, "_tool_jira_issues_for_external_epics": 3}[table]
    assert list(differences(found, own, ISSUE)) == []


def test_items_equal_devlakes_common_model(devlake: Path, plan: Project) -> None:
    own = {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}
    assert list(differences(snapshot(devlake, "issues"), own, COMMON)) == []


def test_the_due_date_is_read_from_the_field_that_is_named_for_it(devlake: Path, tmp_path: Path) -> None:
    (tmp_path / "_raw_jira_api_issues.csv").write_bytes((devlake / "raw_tables" / "_raw_jira_api_issues_for_due_date.csv").read_bytes())
    plan = board(tmp_path, fields={"points": "customfield_10024", "due": "customfield_10003"})  # as DevLake was configured for that row
    own = {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}
    assert list(differences(snapshot(devlake, "_tool_jira_issues_for_due_date"), own, ISSUE)) == []


def test_transitions_and_changes_equal_devlakes_changelogs(devlake: Path, plan: Project) -> None:
    keys = {row["uid"]: row["item"] for row in plan.tables["items"].iter_rows(named=True)}
    statuses = names_now(devlake)
    histories = {row["changelog_id"]: row for row in snapshot(devlake, "_tool_jira_issue_changelogs")}
    wanted: list[tuple[Any, ...]] = []
    for row in snapshot(devlake, "_tool_jira_issue_changelog_items"):
        history = histories[row["changelog_id"]]
        head = keys[history["issue_id"]], history["created"]
        if row["field"] == "status":  # a status that was renamed since goes by its name now
            before, after = (statuses.get(row[f"{end}_value"], row[f"{end}_string"]) for end in ("from", "to"))
            wanted.append((*head, "status", before, after, history["author_display_name"]))
        elif row["field"] in FIELDS:
            end = "value" if row["field"] == "Sprint" else "string"
            wanted.append((*head, FIELDS[row["field"]], row[f"from_{end}"], row[f"to_{end}"], history["author_display_name"]))
        else:
            assert row["field"] in NOT_KEPT["changes"]
    moves = plan.tables["transitions"].filter(plan.tables["transitions"]["uid"].is_not_null())
    own = [(item, instant(at), "status", before, after, author) for item, at, before, after, author, _ in moves.rows()]
    own += [(item, instant(at), field, said(before), said(after), author) for item, at, field, before, after, author in plan.tables["item_changes"].rows()]
    others = {row[0] for row in own} - {row[0] for row in wanted}
    assert all(key.startswith(("K5-", "DZFNK")) for key in others)  # DevLake read those issues in other connections
    assert set(wanted) <= set(own)
    # DevLake keeps one change of a field in a history, as of two versions that were taken off at once; we keep both
    more = [row for row in own if row not in wanted and row[0] not in others]
    assert {row[2] for row in more} == {"versions"}
    assert {row[:3] for row in more} <= {row[:3] for row in wanted}
    assert len([row for row in wanted if row[2] == "status"]) == 165


def names_now(devlake: Path) -> dict[str, str]:
    return {payload["id"]: payload["name"] for payload, _ in raw(devlake, "status")}


def test_histories_apart_equal_devlakes_extractor(devlake: Path) -> None:
    """The changelog of three issues as Cloud's own pages, of which DevLake says more than their issues."""
    notes = Notes()
    histories, statuses = Histories(FieldMap(), notes), Statuses(notes)
    for payload, asked in raw(devlake, "issue_changelogs"):
        histories.take(str(asked["issue_id"]), [payload])
    found = {row["changelog_id"]: row for row in snapshot(devlake, "_tool_jira_issue_changelogs_extractor")}
    wanted = []
    for row in snapshot(devlake, "_tool_jira_issue_changelog_items_extractor"):
        history = found[row["changelog_id"]]
        if row["field"] in FIELDS:
            end = "value" if row["field"] == "Sprint" else "string"
            wanted.append((history["issue_id"], history["created"], FIELDS[row["field"]], row[f"from_{end}"], row[f"to_{end}"], history["author_display_name"]))
        else:
            assert row["field"] in NOT_KEPT["changes"], row["field"]
    own = []
    for uid in histories.changes:
        changes = histories.of(uid, uid)
        item = {"item": uid, "created": datetime(2020, 1, 1, tzinfo=UTC), "status": "", "category": "to_do", "category_changed": None, "resolved": None}
        moves = transitions(item, changes, True, statuses, notes, None)
        own += [(uid, instant(at), "status", before, after, author) for _, at, before, after, author, history in moves if history]
        own += [(uid, instant(at), field, said(before), said(after), author) for _, at, field, before, after, author in changed(item, changes)]
    assert sorted(own) == sorted(wanted)
    assert len(own) > 10


def test_sprints_equal_devlakes(devlake: Path, plan: Project) -> None:
    own = {row["sprint"]: row for row in plan.tables["sprints"].iter_rows(named=True)}
    for row in snapshot(devlake, "_tool_jira_sprints"):
        mine = own[row["sprint_id"]]
        assert (mine["name"], mine["state"]) == (row["name"], row["state"])
        assert [instant(mine[name]) for name in ("start", "finish", "completed")] == [row[name] for name in ("start_date", "end_date", "complete_date")]
    belong = {(row["sprint_id"], row["issue_id"]) for row in snapshot(devlake, "_tool_jira_sprint_issues")}
    issues = {uid for _, uid in belong}
    ours = {(sprint, row["uid"]) for row in plan.tables["items"].iter_rows(named=True) for sprint in row["sprints"] if row["uid"] in issues}
    assert ours == belong


def test_labels_links_and_worklogs_equal_devlakes(devlake: Path, plan: Project) -> None:
    items = plan.tables["items"].rows(named=True)
    labels = {(row["issue_id"], row["label_name"]) for row in snapshot(devlake, "_tool_jira_issue_labels")}
    assert {(row["uid"], label) for row in items for label in row["labels"]} == labels
    wanted = set()
    for row in snapshot(devlake, "_tool_jira_issue_relationships"):  # DevLake tells a link from both ends
        one, other = row["issue_key"], row["outward_issue_key"] or row["inward_issue_key"]
        wanted.add((one, other, row["outward"]) if row["outward_issue_key"] else (other, one, row["outward"]))
    assert set(plan.tables["item_links"].select("item", "other", "relation").rows()) == wanted
    assert plan.tables["item_links"].height == len(wanted) == 11
    assert set(plan.tables["item_links"].filter(kind="blocks")["relation"]) == {"blocks"}
    keys = {row["uid"]: row["item"] for row in items}
    logs = {
        (keys[row["issue_id"]], row["started"], int(row["time_spent_seconds"]) // 60)
        for row in snapshot(devlake, "_tool_jira_worklogs")
        if row["issue_id"] in keys
    }
    assert {(item, instant(started), minutes) for item, started, minutes, _ in plan.tables["worklogs"].rows()} == logs
    assert plan.findings.filter(code="worklog-elsewhere")["place"].to_list() == ["worklog 10713 and 23 more"]  # 24 of 30, on issues that are not there


def test_statuses_and_types_equal_devlakes(devlake: Path) -> None:
    ours = {(payload["id"], payload["name"], category_of(payload)) for payload, _ in raw(devlake, "status")}
    theirs = {(row["id"], row["name"], CATEGORY[row["status_category"]]) for row in snapshot(devlake, "_tool_jira_statuses")}
    assert theirs <= ours
    notes = Notes()
    issues = Issues(FieldMap(), Statuses(notes), Sprints(notes), notes)
    kinds = {payload["id"]: payload for payload, _ in raw(devlake, "issue_types")}
    for row in snapshot(devlake, "_tool_jira_issue_types"):
        assert issues.level(kinds[row["id"]]) == {"-1": "subtask", "0": "item", "1": "epic"}[row["hierarchy_level"]]
        assert issues.level({"name": row["untranslated_name"], "subtask": row["subtask"] == "1"}) == issues.level(kinds[row["id"]])  # as Data Center tells it


def test_every_table_of_devlake_is_compared_or_named_with_its_reason(devlake: Path) -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    for file in (devlake / "snapshot_tables").glob("*.csv"):
        assert file.stem in NOT_KEPT["tables"] or f'"{file.stem}"' in text, f"{file.stem} is neither compared nor named with a reason"
    for part in ("tables", "columns", "changes"):
        assert set(NOT_KEPT[part].values()) <= NOT_KEPT["reasons"].keys()


def test_what_does_not_fit_in_the_real_answers_is_told(plan: Project) -> None:
    told = dict(plan.findings.select("code", "place").rows())
    assert told["points-unreadable"].startswith("EE-1: '-1'")
    assert told["category-disagrees"].startswith("EE-1")  # its status counts as 'new' in the issue and as 'done' in the site's list
    assert plan.findings.filter(code="status-deleted").height == 3
    assert told["several-projects"] == "issues"


DONE_IN_DAYS = {
    # The board's columns: Backlog (10000, to do), Ready (10001), In Progress (3), Review (10011), Done (10002, done). The statuses of Ready to Review count
    # as in progress, so the clock runs from the first day in Ready to the last day on which the item came to Done, both counted.
    "jirametrics-testdata": {
        # SP-10: Selected for Development on 29 August 2021, then forth and back; Done on 6 September: 29, 30, 31 August and six days of September = 9
        "SP-10": ("2021-08-29", "2021-09-06", 9),
        # SP-13: everything on one day
        "SP-13": ("2022-04-19", "2022-04-19", 1),
        # SP-14: likewise
        "SP-14": ("2022-04-19", "2022-04-19", 1),
    },
    "jirametrics-complete_sample": {
        # SP-5: Selected for Development on 23 June 2021, Done on 11 October: 8 days of June, 31, 31, 30 and 11 = 111
        "SP-5": ("2021-06-23", "2021-10-11", 111),
    },
}


@pytest.mark.parametrize("folder", list(DONE_IN_DAYS))
def test_cycle_times_by_hand(real_data: Path, folder: str) -> None:
    plan = pmo.read(real_data / "jira" / folder)
    assert plan.tables["statuses"].select("status", "column", "position").rows()[:3] == [
        ("Backlog", "Backlog", 0),
        ("Selected for Development", "Ready", 1),
        ("In Progress", "In Progress", 2),
    ]
    finished = pmo.flow.cycle_times(plan).drop_nulls("finished")
    own = {row["item"]: (row["started"].date().isoformat(), row["finished"].date().isoformat(), row["cycle_time"]) for row in finished.iter_rows(named=True)}
    assert own == DONE_IN_DAYS[folder]


def test_a_list_of_four_thousand_tasks_with_dirty_dates(real_data: Path) -> None:
    file = real_data / "jira" / "agile-project-dataset" / "jira.csv"
    told = rows(file)
    plans = pmo.read_all(file)
    assert [plan.info.key for plan in plans] == ["0", "1"]
    assert sum(plan.tables["items"].height for plan in plans) == len(told) == 4_123
    for plan in plans:
        own = [row for row in told if row["project"] == plan.info.key]
        backwards = [row for row in own if row["finished_date"] < row["created_date"]]
        place = plan.findings.filter(code="resolved-before-created")["place"].to_list()
        assert place == [f"row {told.index(backwards[0]) + 2}, {backwards[0]['id']} and {len(backwards) - 1:,} more"]
        times = pmo.flow.cycle_times(plan)
        assert times["finished"].null_count() == 0
        assert times["cycle_time"].null_count() == len(own)  # nobody knows when the work began
        assert sorted(at.date().isoformat() for at in times["finished"]) == sorted(row["finished_date"] for row in own)

"""Boards from Jira's payloads made by hand: what each says, and what is told where they do not fit together."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jira_made import IDS, STATUSES, Made, change, configuration, custom, history, issue, moved, status

import pmo_lib as pmo
from pmo_lib.errors import InvalidInput, PMOError, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import door, payloads
from pmo_lib.readers.jira.payloads import board


def read(*issues: Made, **payloads: Any) -> Project:
    return board({"issues-1": {"issues": list(issues)}, "statuses": STATUSES, **payloads})


def items(plan: Project) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}


def ways(plan: Project) -> list[tuple[str | None, str]]:
    return plan.tables["transitions"].select("before", "after").rows()


def found(plan: Project, code: str) -> list[tuple[str, str]]:
    return plan.findings.filter(code=code).select("severity", "place").rows()


def test_an_issue_becomes_an_item_with_all_that_flow_needs() -> None:
    fields = {
        "resolutiondate": "2026-02-03T18:30:00.000+0100",
        "resolution": {"name": "Done"},
        "assignee": {"displayName": "Ada"},
        "priority": {"name": "High"},
        "timeoriginalestimate": 28_800,
        "timeestimate": 0,
        "timetracking": {"timeSpentSeconds": 5_400},
        "duedate": "2026-03-31",
        "fixVersions": [{"name": "1.0"}, {"name": "1.1"}],
        "components": [{"name": "web"}],
        "labels": ["a", "b"],
        "description": {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Words"}]}]},
        "customfield_1": 5.0,
        "customfield_2": {"id": "7", "name": "Falcons"},
        "customfield_3": {"value": "Expedite"},
        "customfield_4": "2026-01-12",
        "customfield_5": [{"value": "Impediment"}],
    }
    listed = [
        custom("customfield_1", "Story Points", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
        custom("customfield_2", "Équipe", "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team"),
        custom("customfield_3", "Class of Service"),
        custom("customfield_4", "Start date"),
        custom("customfield_5", "Flagged"),
    ]
    row = items(read(issue("EX-1", "Done", **fields), fields=listed))["EX-1"]
    assert (row["uid"], row["name"], row["type"], row["level"]) == ("11", "Summary of EX-1", "Story", "item")
    assert (row["status"], row["category"], row["resolution"], row["assignee"], row["priority"]) == ("Done", "done", "Done", "Ada", "High")
    assert row["resolved"] == datetime(2026, 2, 3, 17, 30, tzinfo=UTC)
    assert (row["original_estimate"], row["remaining_estimate"], row["spent"]) == (480, 0, 90)
    assert (row["points"], row["team"], row["service"], row["blocked"]) == (5.0, "Falcons", "Expedite", True)
    assert (row["start"], row["due"]) == (date(2026, 1, 12), date(2026, 3, 31))
    assert (row["versions"], row["components"], row["labels"]) == (["1.0", "1.1"], ["web"], ["a", "b"])


def test_transitions_are_in_order_of_time_whatever_order_they_come_in() -> None:
    late, early = moved(2, "2026-01-08T10:00:00.000+0200", "Doing", "Done"), moved(1, "2026-01-06T10:00:00.000+0200", "To Do", "Doing")
    plan = read(issue("EX-1", "Done", late, early))
    assert ways(plan) == [(None, "To Do"), ("To Do", "Doing"), ("Doing", "Done")]
    assert plan.tables["transitions"]["at"].to_list()[1:] == [datetime(2026, 1, 6, 8, tzinfo=UTC), datetime(2026, 1, 8, 8, tzinfo=UTC)]
    assert plan.tables["transitions"]["uid"].to_list() == [None, "1", "2"]
    assert plan.findings.is_empty()


def test_changes_of_one_instant_keep_the_order_of_their_histories() -> None:
    at = "2026-01-06T10:00:00.000+0000"
    plan = read(issue("EX-1", "Done", moved(12, at, "Doing", "Done"), moved(9, at, "To Do", "Doing")))
    assert ways(plan) == [(None, "To Do"), ("To Do", "Doing"), ("Doing", "Done")]


def test_cloud_histories_on_pages_of_their_own_join_their_issues() -> None:
    first, never = issue("EX-1", "Doing"), issue("EX-2")
    for each in (first, never):
        del each["changelog"]
    bulk = {"issueChangeLogs": [{"issueId": "11", "changeHistories": [{**moved(1, "", "To Do", "Doing"), "created": 1_767_700_800}]}], "nextPageToken": None}
    plan = read(first, never, **{"changelogs-1": bulk})
    rows = plan.tables["transitions"].filter(item="EX-1")
    assert rows["at"].to_list()[1:] == [datetime(2026, 1, 6, 12, tzinfo=UTC)]
    assert ways(plan).count((None, "To Do")) == 2  # the other never changed, and has no page
    assert not found(plan, "no-history")


def test_a_page_of_histories_of_one_issue_may_be_named_by_its_key() -> None:
    bare = issue("EX-1", "Doing")
    del bare["changelog"]
    page = {"self": "https://x/rest/api/3/issue/EX-1/changelog?startAt=0", "total": 1, "values": [moved(1, "2026-01-06T10:00:00.000+0000", "To Do", "Doing")]}
    assert ways(read(bare, **{"changelogs-EX-1": page})) == [(None, "To Do"), ("To Do", "Doing")]


def test_a_history_that_was_cut_is_told_with_its_issue() -> None:
    cut = issue("EX-1", "Doing", moved(5, "2026-01-06T10:00:00.000+0000", "To Do", "Doing"))
    cut["changelog"]["total"] = 130
    plan = read(cut)
    assert found(plan, "history-cut") == [("error", "EX-1: 1 of 130 changes")]
    rest = {"issueId": "11", "total": 130, "values": [history(i, "2026-01-06T10:00:00.000+0000") for i in range(6, 135)]}
    assert not found(read(cut, **{"changelogs-1": rest}), "history-cut")


def test_a_history_that_ends_elsewhere_than_the_issue_stands_is_told() -> None:
    at = "2026-01-06T10:00:00.000+0000"
    plan = read(issue("EX-1", "Done", moved(1, at, "To Do", "Doing")))
    assert found(plan, "status-disagrees") == [("warning", "EX-1: 'Doing', now 'Done'")]
    assert ways(plan)[-1] == ("To Do", "Doing")
    # where Jira says when the category changed, that is when
    plan = read(issue("EX-1", "Done", moved(1, at, "To Do", "Doing"), statuscategorychangedate="2026-01-09T10:00:00.000+0000"))
    assert plan.tables["transitions"].row(-1)[1:4] == (datetime(2026, 1, 9, 10, tzinfo=UTC), "Doing", "Done")


def test_a_gap_in_a_history_is_told_with_its_place() -> None:
    plan = read(issue("EX-1", "Done", moved(1, "2026-01-06T10:00:00.000+0000", "To Do", "Doing"), moved(2, "2026-01-07T10:00:00.000+0000", "Review", "Done")))
    assert found(plan, "history-gap") == [("warning", "EX-1, history 2 ('Review' after 'Doing')")]


def test_a_change_before_the_creation_begins_the_item_earlier() -> None:
    plan = read(issue("EX-1", "Doing", moved(1, "2025-12-01T10:00:00.000+0000", "To Do", "Doing")))
    assert found(plan, "change-before-creation") == [("warning", "EX-1, history 1")]
    assert plan.tables["transitions"]["at"].to_list() == [datetime(2025, 12, 1, 10, tzinfo=UTC)] * 2


def test_a_renamed_status_keeps_its_items_together_and_a_deleted_one_is_told() -> None:
    renamed = history(1, "2026-01-06T10:00:00.000+0000", change("status", "Backlog", "In Arbeit", IDS["To Do"], IDS["Doing"]))
    gone = moved(2, "2026-01-07T10:00:00.000+0000", "Doing", "Limbo")
    plan = read(issue("EX-1", "Done", renamed, gone, moved(3, "2026-01-08T10:00:00.000+0000", "Limbo", "Done")))
    assert [after for _, after in ways(plan)] == ["To Do", "Doing", "Limbo", "Done"]
    assert found(plan, "status-deleted") == [("warning", "EX-1, history 2")]
    assert dict(plan.tables["statuses"].select("status", "category").rows())["Limbo"] == "in_progress"


def test_columns_come_from_the_board_on_which_the_issues_stand() -> None:
    boards = {
        "board-1-configuration": configuration(("All", ("Done",))),
        "board-2-configuration": configuration(("Wait", ("To Do",)), ("Work", ("Doing", "Review")), ("End", ("Done",)), number=2),
    }
    plan = read(issue("EX-1"), issue("EX-2", "Doing"), **boards)
    rows = plan.tables["statuses"].select("status", "column", "position").rows()
    assert rows == [("To Do", "Wait", 0), ("Doing", "Work", 1), ("Review", "Work", 1), ("Done", "End", 2)]
    assert found(plan, "several-boards") == [("info", "boards")]
    chosen = read(issue("EX-1"), issue("EX-2", "Doing"), pull={"source": "jira-cloud", "site": "https://x", "board": 1}, **boards)
    assert dict(chosen.tables["statuses"].select("status", "column").rows()) == {"Done": "All", "To Do": None, "Doing": None}


def test_levels_come_from_the_hierarchy_else_from_types() -> None:
    cloud = issue("EX-1")
    cloud["fields"]["issuetype"] = {"id": "9", "name": "Vorhaben", "subtask": False, "hierarchyLevel": 2}
    plan = read(cloud, issue("EX-2", kind="Epic"), issue("EX-3"), issue("EX-4", kind="Sub-task"), issue("EX-5", kind="Initiative"))
    assert [row["level"] for row in items(plan).values()] == ["portfolio", "epic", "item", "subtask", "portfolio"]


def test_epics_are_found_by_parent_by_link_and_through_a_parent() -> None:
    epic = {"key": "EX-1", "fields": {"issuetype": {"name": "Epic", "subtask": False, "hierarchyLevel": 1}}}
    listed = [custom("customfield_9", "Epos-Verknüpfung", "com.pyxis.greenhopper.jira:gh-epic-link")]
    made = [
        issue("EX-1", kind="Epic"),
        issue("EX-2", parent=epic),
        issue("EX-3", customfield_9="EX-7"),
        issue("EX-4", kind="Sub-task", parent={"key": "EX-3"}),
        issue("EX-5", epic={"id": 1, "key": "EX-1"}),
        issue("EX-6", kind="Sub-task", parent={"key": "EX-2"}),
        issue("EX-7", kind="Vorhaben"),  # what an epic link names is an epic
    ]
    rows = items(read(*made, fields=listed))
    assert {key: row["epic"] for key, row in rows.items()} == {
        "EX-1": None, "EX-2": "EX-1", "EX-3": "EX-7", "EX-4": "EX-7", "EX-5": "EX-1", "EX-6": "EX-1", "EX-7": None,
    }  # fmt: skip
    assert rows["EX-7"]["level"] == "epic"
    assert rows["EX-4"]["parent"] == "EX-3"


def test_sprints_of_both_kinds_of_site() -> None:
    old = (
        "com.atlassian.greenhopper.service.sprint.Sprint@1f39706[id=3,rapidViewId=1,state=ACTIVE,name=Sprint 3, the last [sic],goal=,"
        "startDate=2026-02-02T08:00:00.000+01:00,endDate=2026-02-16T08:00:00.000+01:00,completeDate=<null>,sequence=3]"
    )
    new = {"id": 2, "name": "Sprint 2", "state": "closed", "startDate": "2026-01-19T07:00:00.000Z", "endDate": "2026-02-02T07:00:00.000Z", "goal": "Ship"}
    listed = [custom("customfield_8", "Sprint", "com.pyxis.greenhopper.jira:gh-sprint")]
    plan = read(issue("EX-1", customfield_8=[old, new]), issue("EX-2", customfield_8=[old]), fields=listed)
    assert items(plan)["EX-1"]["sprints"] == ["2", "3"]  # the last one last
    rows = plan.tables["sprints"].rows(named=True)
    assert [(row["sprint"], row["name"], row["state"], row["goal"]) for row in rows] == [
        ("2", "Sprint 2", "closed", "Ship"),
        ("3", "Sprint 3, the last [sic]", "active", None),
    ]
    assert rows[1]["start"] == datetime(2026, 2, 2, 7, tzinfo=UTC)
    assert rows[1]["completed"] is None


def test_a_link_is_told_once_in_the_order_of_work() -> None:
    blocks, depends = (
        {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
        {"name": "Dep", "inward": "is depended on by", "outward": "depends on"},
    )
    clone = {"name": "Cloners", "inward": "is cloned by", "outward": "clones"}
    plan = read(
        issue("EX-1", issuelinks=[{"type": blocks, "outwardIssue": {"key": "EX-2"}}, {"type": clone, "inwardIssue": {"key": "EX-9"}}]),
        issue("EX-2", issuelinks=[{"type": blocks, "inwardIssue": {"key": "EX-1"}}, {"type": depends, "outwardIssue": {"key": "EX-3"}}]),
    )
    assert plan.tables["item_links"].rows() == [
        ("EX-1", "EX-2", "blocks", "blocks"),
        ("EX-9", "EX-1", "other", "clones"),
        ("EX-3", "EX-2", "blocks", "is depended on by"),
    ]


def test_other_changes_that_flow_reads() -> None:
    at = "2026-01-06T10:00:00.000+0000"
    listed = [custom("customfield_5", "Markiert")]
    plan = read(
        issue(
            "EX-1",
            "To Do",
            history(1, at, change("Flagged", "", "Impediment", None, "[10019]"), change("Sprint", "Sprint 1", "Sprint 1, Sprint 2", "1", "1, 2")),
            history(2, at, change("Key", "OLD-4", "EX-1"), change("project", "OLD", "EX"), change("Fix Version", None, "1.0", None, "100")),
            history(3, at, change("Markiert", "", "Hindernis", fieldId="customfield_5"), change("assignee", "Ada", "Bob")),
        ),
        fields=listed,
    )
    assert plan.tables["item_changes"].select("field", "before", "after").rows() == [
        ("blocked", None, "Impediment"), ("sprints", "1", "1, 2"), ("key", "OLD-4", "EX-1"), ("versions", None, "1.0"), ("blocked", None, "Hindernis"),
    ]  # fmt: skip
    assert items(plan)["EX-1"]["blocked"] is True


def test_worklogs_are_told_once_and_a_cut_list_is_a_finding() -> None:
    log = {"id": "1", "issueId": "11", "started": "2026-01-06T10:00:00.000+0000", "timeSpentSeconds": 3_660, "author": {"displayName": "Ada"}}
    plan = read(issue("EX-1", worklog={"total": 21, "worklogs": [log]}), **{"worklogs-1": {"worklogs": [log]}})
    assert plan.tables["worklogs"].rows() == [("EX-1", datetime(2026, 1, 6, 10, tzinfo=UTC), 61, "Ada")]
    assert found(plan, "worklogs-cut") == [("warning", "EX-1: 1 of 21 pieces")]


def test_without_history_nothing_is_made_up() -> None:
    bare = [
        issue("EX-1", "Doing"),
        issue("EX-2", "Done", resolutiondate="2026-02-01T00:00:00.000+0000"),
        issue("EX-3"),
        issue("EX-4", "Doing", statuscategorychangedate="2026-02-02T00:00:00.000+0000"),
    ]
    for each in bare:
        del each["changelog"]
    plan = read(*bare)
    assert plan.findings.filter(code="no-history")["place"].to_list() == ["EX-1 and 3 more"]
    assert [row[0::3] for row in plan.tables["transitions"].sort("item", "at").select("item", "at", "before", "after").rows()] == [
        ("EX-1", "Created"), ("EX-1", "Doing"), ("EX-2", "Created"), ("EX-2", "Done"), ("EX-3", "To Do"), ("EX-4", "Created"), ("EX-4", "Doing"),
    ]  # fmt: skip
    assert found(plan, "start-untold") == [("warning", "EX-1")]  # in progress since its last change, the latest that it can be
    times = pmo.flow.cycle_times(plan)
    assert times["cycle_time"].null_count() == 4  # nobody knows when the work began


def test_values_that_cannot_be_are_left_out_with_their_place() -> None:
    listed = [custom("customfield_1", "Story Points")]
    plan = read(
        issue("EX-1", customfield_1=-1, timeoriginalestimate=-60, duedate="soon"),
        issue("EX-2", created="0001-01-01T00:00:00.000+0000"),
        {"id": "5", "key": None, "fields": {}},
        {"fields": {"summary": "Nameless"}},
        issue("EX-3"),
        fields=listed,
    )
    assert list(items(plan)) == ["EX-1", "EX-3"]
    assert found(plan, "points-unreadable") == [("error", "EX-1: '-1'")]
    assert found(plan, "work-unreadable") == [("error", "EX-1: '-60'")]
    assert [place for _, place in found(plan, "date-unreadable")] == ["EX-1: 'soon'", "EX-2: '0001-01-01T00:00:00.000+0000'"]
    assert found(plan, "item-without-key") == [("error", "issue 5 and 1 more")]


def test_issues_without_a_key_are_told_and_no_missing_page() -> None:
    page = {"startAt": 0, "total": 2, "issues": [issue("EX-1"), {"fields": issue("EX-2")["fields"]}]}
    plan = board({"issues-1": page})
    assert found(plan, "item-without-key") == [("error", "issue 'Summary of EX-2'")]
    assert not found(plan, "pages-missing")


def test_a_finish_that_no_history_tells_is_that_of_the_resolution() -> None:
    begun = moved(1, "2026-01-07T10:00:00.000+0000", "To Do", "Doing")
    plan = read(issue("EX-1", "Done", begun, resolutiondate="2026-01-09T10:00:00.000+0000"), issue("EX-2", "Done", begun))
    cycles = pmo.flow.cycle_times(plan)
    assert dict(cycles.select("item", "cycle_time").iter_rows()) == {"EX-1": 3.0, "EX-2": None}
    told = [place for _, place in found(plan, "status-disagrees")]
    assert told == ["EX-1: 'Doing', now 'Done'", "EX-2: 'Doing', now 'Done'"]  # the second is told to be unreliable


def test_a_history_whose_beginning_is_missing_is_told() -> None:
    whole = [moved(1, "2026-01-07T10:00:00.000+0000", "To Do", "Doing"), moved(2, "2026-01-09T10:00:00.000+0000", "Doing", "Done")]
    bugs = [issue(f"EX-{n}", "Done", whole[1], kind="Bug") for n in (4, 5)]  # bugs begin so
    plan = read(issue("EX-1", "Done", *whole), issue("EX-2", "Done", *whole), issue("EX-3", "Done", whole[1]), *bugs)
    assert found(plan, "history-begins-late") == [("warning", "EX-3: 'Doing'")]


def test_an_issue_that_came_twice_is_kept_as_it_was_last() -> None:
    newer = issue("EX-1", "Done", updated="2026-03-02T12:00:00.000+0000")
    plan = read(newer, **{"issues-2": {"issues": [issue("EX-1", "Doing")]}})
    assert items(plan)["EX-1"]["status"] == "Done"
    assert found(plan, "issue-twice") == [("info", "EX-1")]


def test_the_pull_names_fields_project_and_moment() -> None:
    pull: Made = {"source": "jira-cloud", "site": "https://x.example", "project": "PAY", "name": "Payments", "pulled": "2026-03-02T10:00:00+01:00"}
    pull["fields"] = {"points": "Size"}
    plan = read(issue("EX-1", customfield_1=3, customfield_2=8), pull=pull, fields=[custom("customfield_1", "Size"), custom("customfield_2", "Story Points")])
    assert (plan.info.key, plan.info.name, plan.info.data_date, plan.info.source_id) == ("PAY", "Payments", datetime(2026, 3, 2, 9), "https://x.example")
    assert items(plan)["EX-1"]["points"] == 3
    with pytest.raises(InvalidInput, match="'size' is nothing that a field can be named for"):
        board({"issues-1": [issue("EX-1")]}, fields={"size": "Size"})


def test_a_folder_goes_through_the_door(tmp_path: Path) -> None:
    made = {
        "pull.json": {"schema": 1, "source": "jira-cloud", "site": "https://x"},
        "issues-1.json": {"issues": [issue("EX-1", "Doing")]},
        "statuses.json": STATUSES,
    }
    for name, content in made.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    plan = pmo.read(tmp_path)
    assert (plan.info.key, plan.info.source, plan.info.file) == ("EX", "jira", tmp_path.name)
    again = pmo.read(tmp_path)
    assert again.info.content_hash == plan.info.content_hash
    archive = tmp_path.parent / f"{tmp_path.name}.zip"
    archive.write_bytes(payloads.packed(tmp_path))  # as a workspace keeps it
    kept = pmo.read(archive)
    assert (kept.info.key, kept.info.content_hash) == (plan.info.key, plan.info.content_hash)
    assert kept.tables["transitions"].equals(plan.tables["transitions"])
    (tmp_path / "issues-1.json").write_text('{"issues": [{"key": ', encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"issues-1\.json \(line 1, column \d+\): it breaks off or is no JSON"):
        pmo.read(tmp_path)
    (tmp_path / "issues-1.json").write_text('{"issues": []}', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="it holds no issue of Jira"):
        pmo.read(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
NAMES = ("summary", "issuetype", "parent", "resolutiondate", "duedate", "issuelinks", "worklog", "sprint", "fixVersions", "timespent", "customfield_1")


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), JSON), JSON)
def test_whatever_a_field_holds_the_issue_beside_it_is_read(fields: dict[str, Any], histories: Any) -> None:
    odd = issue("EX-1", **fields)
    odd["changelog"]["histories"] = histories
    plan = read(odd, issue("EX-2"), fields=[custom("customfield_1", "Sprint")])
    assert "EX-2" in items(plan)


def test_a_json_export_of_issues_is_read_as_a_file(tmp_path: Path) -> None:
    made = [issue("EX-1", "Doing", moved(1, "2026-01-06T10:00:00.000+0000", "To Do", "Doing")), issue("EX-2")]
    for name, content in {"page.json": {"startAt": 0, "total": 2, "issues": made}, "list.json": made, "one.json": made[0]}.items():
        (tmp_path / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
        plan = pmo.read(tmp_path / name)
        assert (plan.info.source, plan.info.file, ways(plan)[-1]) == ("jira", name, ("To Do", "Doing"))


def test_the_file_of_jiras_importer_is_read(tmp_path: Path) -> None:
    history_ = [{"author": "ada", "created": "2026-01-06T10:00:00.000+0000", "items": [change("status", "To Do", "Done", "1", "3") | {"fieldType": "jira"}]}]
    story = {
        "externalId": "1", "key": "EX-1", "summary": "Story", "issueType": "Story", "status": "Done", "created": "2026-01-05T10:00:00.000+0000",
        "updated": "2026-01-06T10:00:00.000+0000", "reporter": "ada", "originalEstimate": "PT8H", "timeSpent": "P1D", "labels": ["a"],
        "fixedVersions": ["1.0"], "history": history_, "worklogs": [{"author": "ada", "startDate": "2026-01-05T10:00:00.000+0000", "timeSpent": "PT1H30M"}],
        "customFieldValues": [{"fieldName": "Story Points", "fieldType": "float", "value": "5"}],
    }  # fmt: skip
    part = {"externalId": "2", "key": "EX-2", "summary": "Part", "issueType": "Sub-task", "status": "To Do", "created": "2026-01-05T10:00:00.000+0000"}
    links = [{"name": "sub-task-link", "sourceId": "2", "destinationId": "1"}, {"name": "Blocks", "sourceId": "1", "destinationId": "2"}]
    content = {"projects": [{"name": "Example", "key": "EX", "issues": [story, part]}], "links": links}
    (tmp_path / "x.json").write_text(json.dumps(content), encoding="utf-8")
    plan = pmo.read(tmp_path / "x.json")
    first, second = items(plan).values()
    assert (first["points"], first["original_estimate"], first["spent"], first["versions"]) == (5.0, 480, None, ["1.0"])
    assert (second["level"], second["parent"]) == ("subtask", "EX-1")
    assert plan.tables["transitions"].filter(item="EX-1").select("before", "after").rows() == [(None, "To Do"), ("To Do", "Done")]
    assert plan.tables["worklogs"]["minutes"].to_list() == [90]
    assert plan.tables["item_links"].rows() == [("EX-1", "EX-2", "blocks", "blocks")]
    assert found(plan, "work-unreadable") == [("error", "EX-1: 'P1D'")]  # nobody knows how many hours a day has there


@pytest.mark.parametrize(
    ("files", "one"),
    [
        ({"EX-1.json": issue("EX-1"), "EX-2.json": issue("EX-2")}, True),
        ({"page-1.json": {"issues": [issue("EX-1")]}, "page-2.json": {"issues": [issue("EX-2")]}}, True),
        ({"export.json": {"issues": [issue("EX-1")]}, "statuses.json": STATUSES}, True),
        ({"one.json": {"issues": [issue("EX-1")]}, "other.json": {"issues": [issue("EX-2")]}}, False),  # exports, each for itself
        ({"EX-1.json": issue("EX-1"), "plan.csv": "Name,Duration\nA,5\n"}, False),
        ({"EX-1.json": issue("EX-1"), "plan.xer": "ERMHDR"}, False),
        ({"settings.json": {"a": 1}}, False),
    ],
)
def test_a_folder_is_one_board_only_where_its_files_belong_together(tmp_path: Path, files: dict[str, Any], one: bool) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    assert door.reads_as_one(tmp_path) is one


ODD = (
    None,
    True,
    -1,
    1e308,
    10**400,
    "",
    "x\x00",
    "\ud800",
    "9999-12-31T23:59:59+0000",
    "0001-01-01T00:00:00-1200",
    [],
    {},
    [None],
    {"id": None},
    ["a", 1, {}],
)


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a payload something stands."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return (
        [path, *(found for key, held in inner for found in places(held, (*path, key)))]
        if path
        else [found for key, held in inner for found in places(held, (key,))]
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_a_payload_holds_it_is_a_board_or_a_sentence(data: st.DataObject) -> None:
    blocks = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    log = {"id": "1", "issueId": "11", "started": "2026-01-06T10:00:00.000+0000", "timeSpentSeconds": 3_660, "author": {"displayName": "Ada"}}
    sprint = {"id": 2, "name": "Sprint 2", "state": "closed", "startDate": "2026-01-19T07:00:00.000Z"}
    whole = issue(
        "EX-1", "Doing", moved(1, "2026-01-06T10:00:00.000+0000", "To Do", "Doing"), parent={"key": "EX-9", "fields": {"issuetype": {"hierarchyLevel": 1}}},
        issuelinks=[{"type": blocks, "outwardIssue": {"key": "EX-2"}}], worklog={"total": 1, "worklogs": [log]}, customfield_1=3, customfield_2=[sprint],
    )  # fmt: skip
    sent = {
        "issues-1": {"issues": [whole]},
        "statuses": STATUSES,
        "board-1-configuration": configuration(("Work", ("Doing",))),
        "fields": [custom("customfield_1", "Story Points"), custom("customfield_2", "Sprint")],
        "pull.json": {"source": "jira-cloud", "site": "https://x", "project": "EX", "pulled": "2026-03-02T10:00:00+01:00", "board": 1},
    }
    odd = json.loads(json.dumps(sent))
    *path, last = data.draw(st.sampled_from(places(odd)))
    holder = odd
    for key in path:
        holder = holder[key]
    holder[last] = data.draw(st.sampled_from(ODD))
    try:
        plan = board(odd)
    except PMOError as refused:
        assert "\n" not in str(refused)  # noqa: PT017
    else:
        assert plan.tables["items"].height == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(list(IDS)[1:]), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_way_is_the_same_in_whatever_order_histories_come(way: list[str], order: Any) -> None:
    steps = list(zip(["To Do", *way], way, strict=False))
    histories = [moved(10 + i, f"2026-01-06T10:00:0{i // 2}.000+0000", before, after) for i, (before, after) in enumerate(steps)]
    order.shuffle(histories)
    assert ways(read(issue("EX-1", way[-1], *histories))) == [(None, "To Do"), *steps]


def test_statuses_of_projects_that_share_a_name_follow_the_issues() -> None:
    twin = {**status("Doing"), "id": "77", "statusCategory": {"id": 3, "key": "done"}}
    plan = board({"issues": {"issues": [issue("EX-1", "Doing")]}, "statuses": [*STATUSES, twin]})
    assert dict(plan.tables["statuses"].select("status", "category").rows())["Doing"] == "in_progress"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"startAt": 0, "total": 120, "issues": [issue("EX-1")]}, "the search had 120 issues and 1 are here"),
        ({"issues": [issue("EX-1")], "nextPageToken": "x", "isLast": False}, "the last page says that more follow"),
        ([{"issues": [issue("EX-1")], "nextPageToken": "x"}, {"issues": [issue("EX-2")], "isLast": True}], None),
        ({"startAt": 0, "total": 1, "issues": [issue("EX-1")]}, None),
    ],
)
def test_a_page_of_several_says_that_it_is_a_part(tmp_path: Path, content: Any, told: str | None) -> None:
    (tmp_path / "search.json").write_text(json.dumps(content), encoding="utf-16")  # as a shell of Windows saves it
    assert door.admit(tmp_path / "search.json").startswith("pmo_lib.readers.jira")
    plan = board(tmp_path / "search.json")
    missing = plan.findings.filter(code="pages-missing")["message"].to_list()
    assert [told in message for message in missing] == ([True] if told else [])


@pytest.mark.parametrize("wrap", [lambda one: {"stream": "issues", "data": one}, lambda one: {"type": "RECORD", "stream": "issues", "record": one}])
def test_issues_in_the_messages_of_a_pipeline_are_read(tmp_path: Path, wrap: Any) -> None:
    (tmp_path / "out.jsonl").write_text("\n".join(json.dumps(wrap(issue(key))) for key in ("EX-1", "EX-2")), encoding="utf-8")
    assert sorted(items(pmo.read(tmp_path / "out.jsonl"))) == ["EX-1", "EX-2"]


def test_pages_that_were_appended_to_one_file_are_all_read(tmp_path: Path) -> None:
    pages = [{"issues": [issue("EX-1")], "nextPageToken": "x"}, {"issues": [issue("EX-2")], "isLast": True}]
    file = tmp_path / "all.json"
    file.write_text("\n".join(json.dumps(page, indent=2) for page in pages), encoding="utf-8")
    assert sorted(items(board(file))) == ["EX-1", "EX-2"]
    file.write_text(json.dumps(pages[0]) + '\n{"issues": [', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="breaks off or is no JSON"):
        board(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"errorMessages": ["The value 'X' does not exist"], "errors": {}}, "it is a refusal of Jira: The value 'X' does not exist"),
        ({"issues": [], "isLast": True}, "the search found no issue"),
        ({"issues": [{"id": "1"}, {"id": "2"}], "isLast": True}, r"its issues have no fields: .* fields=\*all"),
    ],
)
def test_an_answer_without_issues_says_why(tmp_path: Path, content: Any, told: str) -> None:
    (tmp_path / "search.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UnreadableFile, match=told):
        pmo.read(tmp_path / "search.json")


def test_a_status_of_a_source_that_lists_none_is_not_called_deleted() -> None:
    plan = board({"issues": {"issues": [issue("EX-1", "Doing", moved(1, "2026-01-06T10:00:00.000+0000", "Elsewhere", "Doing"))]}})
    assert found(plan, "status-deleted") == []
    assert [place for _, place in found(plan, "category-missing")] == ["EX-1"]


@pytest.mark.parametrize(
    "sprint",
    [
        "com.atlassian.greenhopper.service.sprint.Sprint@7d[id=846,rapidViewId=4,state=CLOSED,name=Sprint 33,goal=,startDate=2021-07-26T09:00:00.000-07:00,"
        "endDate=2021-08-09T09:00:00.000-07:00,completeDate=2021-08-09T10:00:00.000-07:00,sequence=846]",
        {"id": 846, "name": "Sprint 33", "state": "closed", "boardId": 4, "startDate": "2021-07-26T16:00:00.000Z", "endDate": "2021-08-09T16:00:00.000Z"},
    ],
)
def test_sprints_are_known_by_their_looks_where_no_field_is_named(sprint: Any) -> None:
    plan = board({"issues-1": {"issues": [issue("A-1", customfield_10000=[sprint], customfield_10001=["a", "b"]), issue("A-2", customfield_10000=None)]}})
    assert items(plan)["A-1"]["sprints"] == ["846"]
    assert plan.tables["sprints"].select("sprint", "name").rows() == [("846", "Sprint 33")]

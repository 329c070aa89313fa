"""Asana's answers as boards: the samples of other tools field by field, histories from stories, and what is told where there are none."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from asana_answers import PROJECT, at, moved, pull, section, sections, story, task
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_lib import flow
from pmo_lib.errors import UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import payloads, read, read_all
from pmo_lib.readers.asana import reader as asana_payloads

# columns of DevLake's snapshot that a board has no use for
NOT_KEPT = {
    "connection_id": "DevLake's own number",
    "notes": "prose is not kept",
    "permalink_url": "made of the site and the gid",
    "resource_type": "always task",
    "creator_gid": "who asked is no part of flow",
    "creator_name": "as creator_gid",
    "num_subtasks": "counted from the sub-tasks themselves",
    "std_type": "DevLake's own mapping; empty",
    "std_status": "DevLake's own mapping; empty",
    "severity": "DevLake's own mapping; empty",
    "lead_time_minutes": "computed: flow.cycle_times",
    "assignee_gid": "people see the name",
    "section_gid": "people see the name; the gid where there is none",
}


def way(plan: Project, item: str) -> list[tuple[int, str]]:
    """An item's transitions as (day of September 2026, status)."""
    rows = plan.tables["transitions"].filter(item=item)
    return [((row["at"] - datetime(2026, 9, 1, tzinfo=UTC)).days + 1, row["after"]) for row in rows.iter_rows(named=True)]


def said(plan: Project) -> list[str]:
    return plan.findings["code"].to_list()


@pytest.mark.real
def test_devlake_sample_equals_its_snapshot(real_data: Path) -> None:
    raw, told = real_data / "asana/devlake/raw_tables", real_data / "asana/devlake/snapshot_tables"
    boards = {plan.info.source_id: plan for plan in read_all(raw)}
    with (told / "_tool_asana_projects.csv").open() as rows:
        for row in csv.DictReader(rows):
            assert (boards[row["gid"]].info.source_id, boards[row["gid"]].info.name) == (row["gid"], row["name"])
            assert row["archived"] == "0"
            assert "custom_fields" not in boards[row["gid"]].tables  # an archived project would say so there
    with (told / "_tool_asana_tasks.csv").open() as rows:
        expected = list(csv.DictReader(rows))
    assert len(expected) == sum(plan.tables["items"].height for plan in boards.values()) == 1
    for row in expected:
        item = boards[row["project_gid"]].tables["items"].row(0, named=True)
        kept = {
            "gid": item["item"], "name": item["name"], "resource_subtype": {"Task": "default_task"}[item["type"]],
            "completed": str(int(item["category"] == "done")), "completed_at": item["resolved"] or "", "modified_at": item["updated"] or "",
            "due_on": f"{item['due']}T00:00:00.000+00:00", "created_at": item["created"].isoformat(timespec="milliseconds"),
            "project_gid": boards[row["project_gid"]].info.source_id, "section_name": "", "assignee_name": item["assignee"] or "",
            "parent_gid": item["parent"] or "", "priority": item["priority"] or "", "story_point": item["points"] or "",
        }  # fmt: skip
        assert kept == {name: value for name, value in row.items() if name not in NOT_KEPT}
        assert item["components"] == [row["section_gid"]]
        assert {row[name] for name in ("assignee_gid", "std_type", "std_status", "severity", "lead_time_minutes", "creator_gid")} == {""}


@pytest.mark.real
def test_fivetran_sample_column_by_column(real_data: Path) -> None:
    folder = real_data / "asana/dbt_asana"
    boards = read_all(folder)
    with (folder / "project_data.csv").open() as rows:
        projects = list(csv.DictReader(rows))
    assert [plan.info.source_id for plan in boards] == [*(row["id"] for row in projects), None]  # its one task is in no project
    with (folder / "team_data.csv").open() as rows:
        teams = {row["id"]: row["name"] for row in csv.DictReader(rows)}
    for row, plan in zip(projects, boards, strict=False):
        assert plan.info.name == row["name"]
        assert (plan.info.must_finish.date().isoformat() if plan.info.must_finish else "") == row["due_date"][:10]
        assert plan.tables["custom_fields"].select("field", "value").rows() == [("Team", teams[row["team_id"]])]
    item = boards[-1].tables["items"].row(0, named=True)
    assert (item["item"], item["name"], item["assignee"], item["due"]) == ("1138074657603006", "cool name", "1126539287026862", date(2019, 9, 25))
    assert item["created"] == datetime(2019, 9, 2, 14, 53, 2, 685000, tzinfo=UTC)
    assert item["resolved"] == datetime(2019, 9, 18, 16, 48, 31, 176000, tzinfo=UTC)
    assert said(boards[-1]) == ["no-history"]
    assert flow.throughput(boards[-1], at=datetime(2019, 10, 1))["finished"].sum() == 1


def test_a_pull_becomes_a_board_with_its_history(tmp_path: Path) -> None:
    tasks = [
        task("1", "Done", done=9, start_on="2026-09-02", due_on="2026-09-12", tags=[{"gid": "5", "name": "web"}], actual_time_minutes=90),
        task("2", "Review", created=2, modified=8, dependencies=[{"gid": "1"}], due_at="2026-10-01T15:00:00.000Z"),
        task("3", "Backlog", created=3),
    ]
    stories = [
        moved("1", 3, "Backlog", "Doing"), moved("1", 6, "Doing", "Review"), moved("1", 8, "Review", "Done"), story("1", 9, "marked_complete"),
        moved("2", 4, "Backlog", "Doing"), moved("2", 8, "Doing", "Review"),
        story("2", 5, "due_date_changed", old_dates={"due_on": "2026-09-20"}, new_dates={"due_on": None, "due_at": "2026-10-01T15:00:00.000Z"}),
        story("3", 4, "comment_added", text="later"),
    ]  # fmt: skip
    plan = read(pull(tmp_path / "shop", tasks=tasks, subtasks=[task("11", None, created=4, done=5, parent={"gid": "1"})], stories=stories))
    assert (plan.info.key, plan.info.name, plan.info.source, plan.info.manager) == ("77", "Shop", "asana", "Ada")
    assert (plan.info.data_date, plan.info.must_finish) == (datetime(2026, 11, 23, 10, 15), datetime(2026, 12, 18, 23, 59))
    assert way(plan, "1") == [(1, "Backlog"), (3, "Doing"), (6, "Review"), (8, "Done"), (9, "Completed")]
    assert way(plan, "2") == [(2, "Backlog"), (4, "Doing"), (8, "Review")]
    assert way(plan, "3") == [(3, "Backlog")]
    assert way(plan, "11") == [(4, "Open"), (5, "Completed")]
    items = {row["item"]: row for row in plan.tables["items"].iter_rows(named=True)}
    assert [items[item]["level"] for item in ("1", "2", "3", "11")] == ["item", "item", "item", "subtask"]
    assert (items["1"]["start"], items["1"]["due"], items["2"]["due"]) == (date(2026, 9, 2), date(2026, 9, 12), date(2026, 10, 1))
    assert (items["1"]["labels"], items["1"]["spent"], items["1"]["resolution"], items["11"]["parent"]) == (["web"], 90, "Completed", "1")
    assert plan.tables["item_links"].rows() == [("1", "2", "blocks", "blocks")]
    changed = plan.tables["item_changes"].row(0, named=True)
    assert (changed["item"], changed["field"], changed["before"], changed["after"]) == ("2", "due", "2026-09-20", "2026-10-01")
    columns = plan.tables["statuses"].select("status", "category", "column").rows()
    assert columns == [
        ("Backlog", "to_do", "Backlog"), ("Doing", "in_progress", "Doing"), ("Review", "in_progress", "Review"), ("Done", "done", "Done"),
        ("Open", "to_do", "Backlog"), ("Completed", "done", "Done"),
    ]  # fmt: skip
    assert said(plan) == ["sections-are-phases", "duration-missing", "no-capacity"]  # one waits for another and has a due date: it is a network too
    cycle = flow.cycle_times(plan)
    assert cycle["item"].to_list()[0] == "1"
    assert cycle["cycle_time"].to_list() == [6.0, None, None]  # 3 to 8 September: Done and Completed are one column


def test_archive_of_a_pull_is_the_same_board(tmp_path: Path) -> None:
    folder = pull(tmp_path / "shop", tasks=[task("1")], stories=[])
    archive = tmp_path / "shop.zip"
    archive.write_bytes(payloads.packed(folder))
    first, second = read(folder), read(archive)
    assert first.info.content_hash == second.info.content_hash
    assert first.tables["items"].equals(second.tables["items"])
    (folder / "tasks-0001.json").write_text(json.dumps({"data": [task("1", name="Other")]}))
    assert read(folder).info.content_hash != first.info.content_hash


def test_json_export_with_nested_subtasks(tmp_path: Path) -> None:
    nested = {name: value for name, value in task("11", None, created=2).items() if name != "memberships"}
    file = tmp_path / "Shop.json"
    file.write_text(json.dumps({"data": [task("1", "Doing", subtasks=[nested])]}, separators=(",", ":")))
    plan = read(file)
    assert plan.tables["items"].select("item", "level", "parent").rows() == [("1", "item", None), ("11", "subtask", "1")]
    assert plan.info.name == "Shop"


def test_sections_of_a_list_are_topics() -> None:
    names = ["Kitchen", "Garden", "Roof"]
    where = [{"project": {"gid": "77"}, "section": section("Garden", names)}]
    records = {
        "project": [{**PROJECT, "default_view": "list"}],
        "sections": sections(names),
        "tasks": [{**task("1", None, done=4), "memberships": where}, {**task("2", None), "memberships": where}],
        "stories": [story("1", 4, "marked_complete")],
    }
    plan = asana_payloads.board(records)
    assert way(plan, "1") == [(1, "Open"), (4, "Completed")]
    assert plan.tables["items"]["components"].to_list() == [["Garden"], ["Garden"]]
    assert said(plan) == ["sections-are-topics"]
    assert flow.cycle_times(plan)["cycle_time"].null_count() == 2
    assert flow.cycle_times(plan)["lead_time"].to_list() == [4.0, None]


def test_a_field_named_as_the_status_tells_the_way() -> None:
    options = [{"gid": str(n), "name": name} for n, name in enumerate(("New", "Building", "Live"))]
    stage = {"gid": "500", "name": "Stage", "type": "enum", "enum_options": options, "enum_value": options[1]}
    change = story("1", 5, "enum_custom_field_changed", custom_field={"gid": "500", "name": "Stage"}, old_enum_value=options[0], new_enum_value=options[1])
    records = {"project": [PROJECT], "tasks": [task("1", "Backlog", modified=9, custom_fields=[stage])], "stories": [change]}
    plan = asana_payloads.board(records, {"fields": {"status": "stage"}})
    assert way(plan, "1") == [(1, "New"), (5, "Building")]
    assert plan.tables["statuses"].filter(column="Live")["category"].to_list() == ["in_progress"]


def test_moves_in_other_projects_are_left_out() -> None:
    elsewhere = {"gid": "999", "name": "Elsewhere"}
    both = [{"project": {"gid": "77"}, "section": section("Doing")}, {"project": {"gid": "88"}, "section": elsewhere}]
    other = story("1", 4, "section_changed", old_section={"gid": "998", "name": "There"}, new_section=elsewhere)
    records = {
        "project": [PROJECT],
        "sections": sections(),
        "tasks": [{**task("1", modified=5), "memberships": both}],
        "stories": [other, moved("1", 3, "Backlog", "Doing")],
    }
    assert way(asana_payloads.board(records), "1") == [(1, "Backlog"), (3, "Doing")]


def test_reopened_and_completed_again() -> None:
    stories = [story("1", 3, "marked_complete"), moved("1", 5, "Backlog", "Review"), story("1", 6, "marked_incomplete"), story("1", 9, "marked_complete")]
    plan = asana_payloads.board({"project": [PROJECT], "sections": sections(), "tasks": [task("1", "Review", done=9)], "stories": stories})
    assert way(plan, "1") == [(1, "Backlog"), (3, "Completed"), (6, "Review"), (9, "Completed")]


def test_a_change_without_its_story_is_told() -> None:
    plan = asana_payloads.board(
        {"project": [PROJECT], "sections": sections(), "tasks": [task("1", "Review", modified=7)], "stories": [moved("1", 3, "Backlog", "Doing")]}
    )
    assert way(plan, "1") == [(1, "Backlog"), (3, "Doing"), (7, "Review")]
    assert "history-incomplete" in said(plan)
    done = asana_payloads.board(
        {"project": [PROJECT], "sections": sections(), "tasks": [task("1", "Doing", done=7)], "stories": [moved("1", 3, "Backlog", "Doing")]}
    )
    assert way(done, "1")[-1] == (7, "Completed")  # Asana says when, so nothing is missing
    assert "history-incomplete" not in said(done)


def test_without_stories_nothing_is_said_to_have_begun() -> None:
    plan = asana_payloads.board({"project": [PROJECT], "sections": sections(), "tasks": [task("1", "Doing", modified=5), task("2", "Done", done=6)]})
    assert way(plan, "1") == [(1, "Open"), (5, "Doing")]
    assert way(plan, "2") == [(1, "Open"), (6, "Completed")]
    assert "no-history" in said(plan)
    assert flow.cycle_times(plan)["cycle_time"].null_count() == 2


def test_bad_records_are_findings_with_their_place() -> None:
    bad = [
        task("1"),
        {**task("2"), "gid": None},
        {**task("3"), "created_at": None},
        {**task("4"), "completed_at": "soon"},
        task("5", is_rendered_as_separator=True),
    ]
    plan = asana_payloads.board({"project": [PROJECT], "sections": sections(), "tasks": bad, "stories": []})
    assert plan.tables["items"]["item"].to_list() == ["1"]
    errors = plan.findings.filter(severity="error")
    assert errors["code"].to_list() == ["item-without-key", "item-without-creation", "date-unreadable"]
    assert [place.split(":")[0] for place in errors["place"]] == ["tasks 2", "tasks 3", "tasks 4"]


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("tasks-0001.json", '{"data": [{"gid": "1"', "tasks-0001.json.*breaks off"),
        ("tasks-0001.json", '{"data": [7]}', "tasks-0001.json, record 1.*no record"),
        ("pull.json", '{"schema": 2, "source": "asana"}', "layout 2"),
        ("pull.json", '{"schema": 1, "source": "asana", "pulled": "yesterday"}', "'yesterday' is no instant"),
    ],
)
def test_a_damaged_pull_is_refused_in_a_sentence(file: str, content: str, reason: str, tmp_path: Path) -> None:
    folder = pull(tmp_path / "shop", tasks=[task("1")], stories=[])
    (folder / file).write_text(content)
    with pytest.raises(UnreadableFile, match=reason):
        read(folder)


def test_a_folder_that_is_no_pull_or_leads_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    with pytest.raises(UnreadableFile, match="it is a folder, and no pull"):
        read(tmp_path / "plans")
    folder = pull(tmp_path / "shop", tasks=[task("1")], stories=[])
    (folder / "stories-0002.json").symlink_to("/etc/hostname")
    with pytest.raises(UnreadableFile, match="is a link to another place"):
        read(folder)
    shutil.rmtree(folder)


WAYS = st.lists(
    st.tuples(st.integers(2, 29), st.sampled_from(["Backlog", "Doing", "Review", "Done", "complete", "open"])), max_size=8, unique_by=lambda one: one[0]
)


@given(WAYS)
@settings(max_examples=40, deadline=None)
def test_any_way_ends_where_the_task_stands_and_never_goes_back_in_time(steps: list[tuple[int, str]]) -> None:
    """Whatever a task did, its transitions follow one another in time, each begins where the last one ended, and the last is where it stands."""
    stories, where, done = [], "Backlog", None
    for day, what in sorted(steps):
        if what in ("complete", "open"):
            done = day if what == "complete" else None
            stories.append(story("1", day, f"marked_{'complete' if what == 'complete' else 'incomplete'}"))
        else:
            stories.append(moved("1", day, where, what))
            where = what
    plan = asana_payloads.board({"project": [PROJECT], "sections": sections(), "tasks": [task("1", where, done=done, modified=30)], "stories": stories[::-1]})
    rows = plan.tables["transitions"].rows(named=True)
    assert rows[0]["before"] is None
    assert [row["before"] for row in rows[1:]] == [row["after"] for row in rows[:-1]]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert rows[-1]["after"] == plan.tables["items"]["status"][0] == ("Completed" if done else where)
    assert plan.findings["code"].to_list() == ["sections-are-phases"]  # every change had its story
    assert at(1)[:10] == rows[0]["at"].date().isoformat()


def answer(path: Path, content: object, indent: int | None = None, encoding: str = "utf-8") -> Path:
    path.write_text(json.dumps(content, indent=indent), encoding=encoding)
    return path


def task_of_a_page(number: int) -> dict[str, object]:
    return {
        "gid": f"90{number}", "resource_type": "task", "name": f"T{number}", "created_at": "2026-02-01T10:00:00.000Z",
        "completed_at": "2026-03-01T10:00:00.000Z" if number % 2 else None, "completed": bool(number % 2),
        "memberships": [{"project": {"gid": "1", "name": "Shop"}, "section": {"gid": f"5{number % 2}", "name": "Done" if number % 2 else "Doing"}}],
    }  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_answer_is_read_however_it_was_saved(tmp_path: Path, indent: int | None, encoding: str) -> None:
    tasks = [task_of_a_page(number) for number in range(4)]
    for content in ({"data": tasks}, {"next_page": None, "data": tasks}, tasks):
        plan = read(answer(tmp_path / "tasks.json", content, indent, encoding))
        assert plan.tables["items"]["category"].to_list() == ["in_progress", "done", "in_progress", "done"]
        assert "pages-missing" not in plan.findings["code"]


def test_an_answer_that_is_a_page_of_several_or_without_fields_says_so(tmp_path: Path) -> None:
    page = {"data": [task_of_a_page(1)], "next_page": {"offset": "x", "path": "/tasks", "uri": "https://app.asana.com/tasks"}}
    assert read(answer(tmp_path / "tasks.json", page)).findings.filter(code="pages-missing")["severity"].to_list() == ["error"]
    with pytest.raises(UnreadableFile, match="none of its tasks says when it was created; ask for opt_fields=name,created_at"):
        read(answer(tmp_path / "bare.json", {"data": [{"gid": "1", "name": "x", "resource_type": "task"}]}))

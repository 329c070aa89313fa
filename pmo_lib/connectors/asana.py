"""What is fetched of an Asana project: its frame, tasks with their sub-tasks, the stories of each that changed, then a sweep by ids alone.

An incremental pull asks for tasks modified since well before the last one began; the sweep lists every task that the project holds now. Sub-tasks are listed in
every pull, since no list of a project names them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pmo_lib.connectors.answers import moment
from pmo_lib.connectors.finished import Filling, Finished
from pmo_lib.connectors.orders import Order
from pmo_lib.connectors.paging import Source, by_offset, mapping
from pmo_lib.connectors.polite import Contradiction, Refused
from pmo_lib.connectors.refusals import ITSELF, refused, said_of
from pmo_lib.connectors.staging import Live, Staging

API = "api/1.0"
OVERLAP = timedelta(hours=2)  # before the last pull's beginning
DEPTH = 5  # levels of sub-tasks that Asana has
ROUNDS = 5
Thing = dict[str, Any]
# a thing's gid comes with any of its fields; what may be asked for stands in Asana's description, and the contract tests hold us to it
TASK = ",".join(
    [
        "name,resource_subtype,created_at,completed,completed_at,modified_at,start_on,start_at,due_on,due_at,approval_status,num_subtasks",
        "assignee.name,parent.name,projects.name,memberships.project.name,memberships.section.name,dependencies,dependents,tags.name",
        "actual_time_minutes,custom_type.name,custom_type_status_option.name,assignee_section.name,is_rendered_as_separator",
        "custom_fields.name,custom_fields.type,custom_fields.resource_subtype,custom_fields.display_value,custom_fields.enabled,custom_fields.precision",
        "custom_fields.number_value,custom_fields.text_value,custom_fields.enum_value.name,custom_fields.multi_enum_values.name,custom_fields.date_value",
        "custom_fields.people_value.name",
    ]
)
STORY = ",".join(
    [
        "created_at,created_by.name,resource_subtype,type,target.name,text,source,is_edited,project.name,old_section.name,new_section.name,custom_field.name",
        "old_enum_value.name,new_enum_value.name,old_multi_enum_values.name,new_multi_enum_values.name,old_number_value,new_number_value,old_text_value,new_text_value",
        "old_name,new_name,old_dates,new_dates,old_resource_subtype,new_resource_subtype,old_approval_status,new_approval_status",
        "task.name,dependency.name,duplicate_of.name,tag.name,old_date_value,new_date_value,assignee.name",
    ]
)
PROJECT = "name,archived,completed,completed_at,created_at,modified_at,start_on,due_on,default_view,owner,team.name,workspace.name,permalink_url"
FIELD = ",".join(f"custom_field.{name}" for name in ("name", "type", "resource_subtype", "precision", "enum_options.name", "enum_options.enabled"))
SWEPT = "completed"  # the least that can be asked for beside the gid
SECTION = "name,created_at,project.name"


def fetch(order: Order, project: str, staging: Staging, filling: Filling, before: Finished | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """Fetches the project and writes its files; gives the manifest. `before` is the last pull, of which unchanged tasks are taken."""
    tell("the project")
    with refused(order, ITSELF):
        begun = staging.get(f"{API}/users/me", {"opt_fields": "name"}).at or datetime.now(UTC)
    changed = _frame(order, project, staging, filling, before)
    notes: list[str] = []
    if before is not None and changed:
        notes.append(f"{' and '.join(changed)} changed since the last pull, so that every task was fetched again")
        before = None
    tell("tasks")
    tasks = {_gid(task): task for task in before.objects("tasks", "data")} if before else {}
    sent = {_gid(task): task for task in _changed(order, project, staging, before)}
    tasks |= sent
    listed, pulled = _swept(order, project, staging, tasks, sent, tell)
    tasks = {gid: tasks[gid] for gid in listed}
    filling.pages("tasks", "data", tasks.values(), _gid)
    tell("sub-tasks")
    below = _subtasks(order, staging, tasks)
    filling.pages("subtasks", "data", below.values(), _gid)
    tell("stories")
    stale = sent.keys() | {gid for gid, task in below.items() if _is_new(task, before)}
    _stories(order, staging, filling, {**below, **tasks}.keys(), stale, before)
    with refused(order, f"the project {project}"):
        staging.service.get(f"{API}/projects/{project}", {"opt_fields": "name"})
    past = {_gid(task) for kind in ("tasks", "subtasks") for task in before.objects(kind, "data")} if before else set()
    moments = {"begun": moment(begun), "full": before.manifest["full"] if before else moment(begun), "pulled": moment(pulled or begun)}
    return {
        "query": f"project {project}",
        **moments,
        "items": len(tasks) + len(below),
        "fetched": len(stale & {**below, **tasks}.keys()),
        "gone": len(past - below.keys() - tasks.keys()),
        "incremental": before is not None,
        "notes": notes,
    }


def portfolio(order: Order, gid: str, source: Source) -> list[str]:
    """Ids of the projects in a portfolio, those of portfolios within it too."""
    found: list[str] = []
    waiting, seen = [gid], {gid}
    while waiting:
        one = waiting.pop()
        with refused(order, f"the portfolio {one}"):
            items = [item for page in by_offset(source, f"{API}/portfolios/{one}/items", {}) for item in page]
        found += [_gid(item) for item in items if item.get("resource_type") != "portfolio"]
        inner = [_gid(item) for item in items if item.get("resource_type") == "portfolio" and _gid(item) not in seen]
        seen.update(inner)
        waiting += inner
    return list(dict.fromkeys(found))


def _frame(order: Order, project: str, staging: Staging, filling: Filling, before: Finished | None) -> list[str]:
    """Writes what stands around the tasks; gives what of it changed since, where unchanged tasks would carry it in their old form."""
    with refused(order, f"the project {project}"):
        filling.one("project", staging.get(f"{API}/projects/{project}", {"opt_fields": PROJECT}).said)
        found = {"sections": _all(staging, f"projects/{project}/sections", SECTION)}
        found["custom-fields"] = _all(staging, f"projects/{project}/custom_field_settings", FIELD)
    for name, things in found.items():
        filling.pages(name, "data", things, _gid)
    return [name for name, things in found.items() if before is not None and list(before.objects(name, "data")) != things]


def _changed(order: Order, project: str, staging: Staging, before: Finished | None) -> Iterator[Thing]:
    """Tasks, all or those modified since well before the last pull began; one that moved between pages comes twice, as sent last."""
    since = {"modified_since": moment(datetime.fromisoformat(before.manifest["begun"]) - OVERLAP)} if before else {}
    with refused(order, f"the tasks of project {project}"):
        for page in by_offset(staging, f"{API}/tasks", {"project": project, "opt_fields": TASK, **since}):
            yield from page


def _swept(
    order: Order, project: str, staging: Staging, tasks: dict[str, Thing], sent: dict[str, Thing], tell: Callable[[str], None]
) -> tuple[list[str], datetime | None]:
    """Ids of the tasks that the project holds now, in its order, all of which are there; and the service's clock. Adds those that nobody sent."""
    missing: list[str] = []
    for _ in range(ROUNDS):
        tell("a last look at what is there")
        live = Live(staging)
        with refused(order, f"the tasks of project {project}"):
            listed = [_gid(task) for page in by_offset(live, f"{API}/tasks", {"project": project, "opt_fields": SWEPT}) for task in page]
        missing = [gid for gid in dict.fromkeys(listed) if gid not in tasks]
        if not missing:
            return list(dict.fromkeys(listed)), live.at
        for gid in missing:
            if (task := _one(order, live, gid)) is not None:
                tasks[gid] = sent[gid] = task
    some = ", ".join(missing[:3])
    raise Contradiction(f"{staging.address} lists tasks of project {project} that it does not give ({len(missing):,}, first {some}); ask who administers it")


def _one(order: Order, source: Source, gid: str) -> Thing | None:
    """A task by itself; None where it is gone by now."""
    try:
        return dict(mapping(mapping(source.get(f"{API}/tasks/{gid}", {"opt_fields": TASK}).said, source.address).get("data"), source.address))
    except Refused as fault:
        if fault.status in (403, 404):
            return None
        raise said_of(fault, order, f"the task {gid}") from None


def _subtasks(order: Order, staging: Staging, tasks: Mapping[str, Thing]) -> dict[str, Thing]:
    """Sub-tasks of every level that are no tasks of the project themselves; one that is deleted while it is asked for is gone."""
    found: dict[str, Thing] = {}
    level = dict(tasks)
    for _ in range(DEPTH):
        below: dict[str, Thing] = {}
        for gid in (gid for gid, task in level.items() if task.get("num_subtasks") != 0):
            below |= {_gid(task): task for task in _below(order, staging, gid)}
        level = {gid: task for gid, task in below.items() if gid not in tasks and gid not in found}
        found |= level
    return found


def _below(order: Order, staging: Staging, gid: str) -> list[Thing]:
    try:
        return [
            {**task, "parent": task.get("parent") or {"gid": gid}}
            for page in by_offset(staging, f"{API}/tasks/{gid}/subtasks", {"opt_fields": TASK})
            for task in page
        ]
    except Refused as fault:
        if fault.status == 404:
            return []
        raise said_of(fault, order, f"the sub-tasks of {gid}") from None


def _is_new(task: Thing, before: Finished | None) -> bool:
    """Whether a sub-task may have changed since well before the last pull began."""
    if before is None:
        return True
    try:
        return datetime.fromisoformat(str(task.get("modified_at"))) >= datetime.fromisoformat(before.manifest["begun"]) - OVERLAP
    except (ValueError, TypeError):
        return True


def _stories(order: Order, staging: Staging, filling: Filling, there: Collection[str], stale: Collection[str], before: Finished | None) -> None:
    """Stories of what changed, fetched; of the rest, carried over."""
    known = {_target(story) for story in before.objects("stories", "data")} if before else set()

    def all_stories() -> Iterator[Thing]:
        for gid in there:
            if gid in stale or gid not in known:
                yield from _of_task(order, staging, gid)
        for story in before.objects("stories", "data") if before else ():
            if _target(story) in there and _target(story) not in stale:
                yield story

    filling.pages("stories", "data", all_stories(), _gid)


def _of_task(order: Order, staging: Staging, gid: str) -> Iterator[Thing]:
    try:
        for page in by_offset(staging, f"{API}/tasks/{gid}/stories", {"opt_fields": STORY}):
            yield from ({**story, "target": story.get("target") or {"gid": gid}} for story in page)
    except Refused as fault:
        if fault.status != 404:  # deleted on the way: the next pull leaves it out
            raise said_of(fault, order, f"the stories of {gid}") from None


def _all(source: Source, path: str, fields: str) -> list[Thing]:
    return [one for page in by_offset(source, f"{API}/{path}", {"opt_fields": fields}) for one in page]


def _gid(one: Thing) -> str:
    gid = one.get("gid")
    if not isinstance(gid, str) or not gid:
        raise Contradiction("the service sent an object without its gid, so that nothing of the pull is kept; run the same command again later")
    return gid


def _target(story: Thing) -> str | None:
    target = story.get("target")
    return target.get("gid") if isinstance(target, dict) else None

"""What an import writes into the catalogue: a plan's row of snapshots, its date, its project."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from pmo_lib.project import Project
from pmo_lib.store import plans, views
from pmo_lib.store.moments import AsOf, instant, local_now, now
from pmo_lib.store.schema import projects


def row(plan: Project, facts: dict[str, str]) -> dict[str, Any]:
    """What the plan itself tells of a snapshot; `facts` are the hashes of its tables' files."""
    return {
        "name": plain(plan.info.name),
        "source": plan.info.source,
        "file": plain(plan.info.file) if plan.info.file else None,
        "counts": plans.counts_of(plan),
        "info": plans.info_record(plan.info),
        "facts": {**facts, **dict.fromkeys(plans.empty_tables(plan))},
    }


def dated(connection: sa.Connection, key: str, plan: Project, identity: dict[str, Any], as_of: AsOf) -> dict[str, Any]:
    """The snapshot's date, and what gave it: the file, else `as_of`, else the import."""
    if plan.info.data_date is not None:
        return {"data_date": plan.info.data_date, "dated_by": "file"}
    if as_of is not None:
        return {"data_date": instant(as_of), "dated_by": "given"}
    # the same bytes read again by a better reader keep the date of their first import
    earlier = views.first_reading(connection, key, identity)
    return {"data_date": earlier.data_date, "dated_by": earlier.dated_by} if earlier else {"data_date": local_now(), "dated_by": "import"}


def project_id(connection: sa.Connection, key: str) -> int:
    """The project's number in the catalogue; a new project gets one."""
    found = connection.execute(sa.select(projects.c.id).where(projects.c.key == key)).scalar()
    if found is not None:
        return found
    return connection.execute(sa.insert(projects).values(key=key, created_at=now()).returning(projects.c.id)).scalar_one()


def plain(value: str) -> str:
    """Text that any database takes: no NUL, no half characters."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()

"""The workspace: every read and write of the store, bound to a user and filtered by what the user may see."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
import sqlalchemy as sa

from pmo_lib.errors import InvalidInput, NotFound
from pmo_lib.project import Project
from pmo_lib.store import access, importing, lists, plans, views
from pmo_lib.store.access import Rights
from pmo_lib.store.database import as_json, operator, reading, writing
from pmo_lib.store.facts import Vault, put_frames
from pmo_lib.store.identity import bytes_of, checked_key, content_hash, hash_of, snapshot_hash
from pmo_lib.store.kept import ProjectResult, Result, Snapshot
from pmo_lib.store.measured import measured_against
from pmo_lib.store.moments import AsOf, day, instant, local_now, now, until
from pmo_lib.store.schema import ROLES, audit, baselines, grants, listings, projects, results, snapshots, users

Role = Literal["viewer", "editor", "admin"]


class Workspace:
    """The store, as one user sees it. Made by `open_workspace`; `for_user` gives another's view of the same store.

    What a user may not see reads as not there. `as_of` is a status date everywhere: a date (or an instant at midnight) means the end of that day, None now.
    """

    __slots__ = ("_engine", "_facts", "_sources", "folder", "user")

    def __init__(self, engine: sa.Engine, folder: Path, facts: Path, user: str | None) -> None:
        self._engine, self.folder, self.user = engine, folder, user
        self._facts, self._sources = Vault(facts, ".parquet"), Vault(facts.with_name("sources"), "")

    def __repr__(self) -> str:
        return f"<Workspace {self.folder}{f' as {self.user}' if self.user else ''}>"

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives back the connections; every view of this workspace by `for_user` closes with it."""
        self._engine.dispose()

    def for_user(self, name: str) -> Workspace:
        """The same store with `name`'s rights."""
        if not name:
            raise InvalidInput("a user has a name; for_user needs one")
        return Workspace(self._engine, self.folder, self._facts.folder, name)

    # -- imports

    def add(
        self,
        plan: Project,
        *,
        source_bytes: bytes | str | os.PathLike[str] | None = None,
        key: str | None = None,
        as_of: AsOf = None,
        purpose: Literal["status", "baseline"] = "status",
    ) -> Snapshot:
        """Keeps the plan as a snapshot of project `key` (the plan's own key by default); `.new` is false where it was kept already.

        The snapshot's date is the file's data date, else `as_of`, else now; `dated_by` says which. `source_bytes` are the file's bytes, or its path.
        `purpose="baseline"` keeps a plan only to measure against. Raises `StoreError` where the bytes are not those that were read.
        """
        key = checked_key(key or plan.info.key)
        source = bytes_of(source_bytes)
        identity = {"content_hash": content_hash(plan, source), "position": plan.info.position, "reader": plan.info.reader, "purpose": purpose}
        with reading(self._engine) as connection:
            rights = self._may_import(connection, key)
            if (known := views.snapshot_where(connection, rights, projects.c.key == key, **identity)) is not None:
                return known
        frames = plans.frames_of(plan)
        source_hash = self._sources.put([source])[0] if source is not None else None
        facts = put_frames(self._facts, frames)
        with writing(self._engine) as connection:
            rights = self._may_import(connection, key)
            if (known := views.snapshot_where(connection, rights, projects.c.key == key, **identity)) is not None:
                return known
            # between our writing and our turn a cleaner may have taken the files for garbage; now it cannot
            if source is not None:
                self._sources.put([source])
            self._put_again(facts, frames)
            row = {
                **identity,
                **importing.dated(connection, key, plan, identity, as_of),
                **importing.row(plan, facts),
                "snapshot": snapshot_hash(key, identity),
                "project_id": importing.project_id(connection, key),
                "source_hash": source_hash,
                "imported_at": now(),
                "imported_by": self._who(),
            }
            connection.execute(sa.insert(snapshots), row)
            detail = {name: row[name] for name in ("snapshot", "file", "content_hash", "reader", "purpose", "counts")}
            self._note(connection, "import", key, {**detail, "data_date": row["data_date"].isoformat()})
            made = views.snapshot_where(connection, rights, projects.c.key == key, **identity)
        assert made is not None
        return dataclasses.replace(made, new=True)

    def set_baseline(self, key: str, snapshot: str | Snapshot | None) -> Snapshot | None:
        """Measures project `key` against a snapshot of any project from now on; None: against the file's own baseline again."""
        with writing(self._engine) as connection:
            rights = self._rights(connection)
            rights.must_edit(key)
            chosen = views.snapshot(connection, rights, snapshot) if snapshot is not None else None
            number = views.number(connection, chosen.hash) if chosen else None
            row = {"project_id": views.known_project(connection, rights, key), "snapshot_number": number, "set_at": now(), "set_by": self._who()}
            connection.execute(sa.insert(baselines), row)
            self._note(connection, "baseline", key, {"snapshot": chosen.hash if chosen else None})
        return chosen

    # -- reads

    def projects(self, as_of: AsOf = None) -> pl.DataFrame:
        """One row a project that has a snapshot by `as_of`: key, name, source, file, snapshot, data_date, dated_by, imported_at [UTC], activities, items,
        findings, snapshots (how many), previous, previous_date, baseline (the snapshot measured against, where one was set)."""
        with reading(self._engine) as connection:
            return views.projects_frame(connection, self._rights(connection), until(as_of))

    def portfolio(self, as_of: AsOf = None) -> pl.DataFrame:
        """One row a project that the list or a snapshot knows by `as_of`: the list's columns, and those of `projects` (null where nothing was submitted)."""
        with reading(self._engine) as connection:
            rights, end = self._rights(connection), until(as_of)
            known, listed = views.projects_frame(connection, rights, end), self._listing(connection, rights, end)
        joined = listed.join(known, on="key", how="full", coalesce=True, suffix="_in_file")
        return joined.with_columns(name=pl.coalesce("name", "name_in_file")).drop("name_in_file").sort("key")

    def history(self, key: str) -> pl.DataFrame:
        """The project's snapshots, oldest first: snapshot, data_date, dated_by, imported_at [UTC], imported_by, file, source, reader, activities, items,
        findings, superseded (a later import has the same data date)."""
        with reading(self._engine) as connection:
            rights = self._rights(connection)
            views.known_project(connection, rights, key)
            return views.history_frame(connection, rights, key)

    def project(self, key: str, as_of: AsOf = None, *, snapshot: str | Snapshot | None = None) -> Project:
        """The project as its latest snapshot by `as_of`, or as the snapshot named, told it; with the baseline that was set."""
        with reading(self._engine) as connection:
            rights = self._rights(connection)
            views.known_project(connection, rights, key)
            at = views.snapshot(connection, rights, snapshot) if snapshot is not None else views.latest(connection, rights, key, until(as_of))
            if at.key != key:
                raise NotFound(f"{key} has no snapshot {at.hash}; pmo projects and history list what there is")
            info, facts = views.stored(connection, at)
            against = views.baseline(connection, key)
            base = views.stored(connection, against) if against else None
        known = plans.info_of(info)
        dated = at.data_date if at.dated_by == "given" else known.data_date
        plan = plans.project_of(self._facts, dataclasses.replace(known, key=key, data_date=dated), facts)
        if against is None or base is None:
            return plan
        measure = plans.project_of(self._facts, plans.info_of(base[0]), base[1])
        return measured_against(plan, measure, f"{against.file or against.name}, {day(against.data_date)}, snapshot {against.hash}")

    def snapshot(self, key: str, as_of: AsOf = None) -> Snapshot:
        """The project's latest snapshot by `as_of`. Raises `NotFound` where there is none."""
        with reading(self._engine) as connection:
            rights = self._rights(connection)
            views.known_project(connection, rights, key)
            return views.latest(connection, rights, key, until(as_of))

    def baseline(self, key: str) -> Snapshot | None:
        """The snapshot that the project is measured against, where one was set."""
        with reading(self._engine) as connection:
            rights = self._rights(connection)
            views.known_project(connection, rights, key)
            return views.baseline(connection, key)

    def source(self, snapshot: str | Snapshot) -> bytes | None:
        """The bytes of the snapshot's source, so that a better reader can read them again; None where there were none."""
        with reading(self._engine) as connection:
            at = views.snapshot(connection, self._rights(connection), snapshot)
            digest = connection.execute(sa.select(snapshots.c.source_hash).where(snapshots.c.snapshot == at.hash)).scalar()
        return self._sources.get(digest) if digest else None

    def status_dates(self) -> list[date]:
        """Days at which some project has a snapshot, oldest first."""
        with reading(self._engine) as connection:
            return views.status_dates(connection, self._rights(connection))

    def may_edit(self, key: str) -> bool:
        """Whether this user may add snapshots and results to the project; false too for one that is not there for them."""
        with reading(self._engine) as connection:
            return self._rights(connection).role(key) in ROLES[1:]

    def edition(self) -> int:
        """A number that grows with every write to the workspace: while it stays, what was read of it still holds."""
        with reading(self._engine) as connection:
            return connection.execute(sa.select(sa.func.coalesce(sa.func.max(audit.c.number), 0))).scalar_one()

    # -- the project list

    def set_listing(self, frame: pl.DataFrame, source: str, *, as_of: AsOf = None) -> int:
        """Makes `frame` (`tables.portfolio_results.Listing`) the project list from `as_of` on (None: now); gives how many rows changed.

        Rows left out are withdrawn.
        """
        frame = lists.checked(frame)
        since = instant(as_of) if as_of is not None else local_now()
        with writing(self._engine) as connection:
            self._rights(connection).must_administer("change the project list")
            changes = lists.changes(connection, frame, since)
            stamp = {"valid_from": since, "source": source, "set_at": now(), "set_by": self._who()}
            if changes:
                connection.execute(sa.insert(listings), [{**change, **stamp} for change in changes])
                self._note(connection, "listing", None, {"source": source, "rows": frame.height, "changed": [change["key"] for change in changes]})
        return len(changes)

    def listing(self, as_of: AsOf = None) -> pl.DataFrame:
        """The project list (`tables.portfolio_results.Listing`) as it stood at `as_of`."""
        with reading(self._engine) as connection:
            return self._listing(connection, self._rights(connection), until(as_of))

    # -- results

    def keep(
        self,
        snapshot: str | Snapshot,
        kind: str,
        payload: Mapping[str, Any],
        frames: Mapping[str, pl.DataFrame] | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        version: str,
    ) -> Result:
        """Keeps what a verb gave for a snapshot; the latest of a kind is the one that `result` gives. `payload` is JSON; dates go in as ISO text."""
        given, told = json.loads(as_json(dict(parameters or {}))), json.loads(as_json(dict(payload)))
        with reading(self._engine) as connection:
            rights = self._rights(connection)
            at = views.snapshot(connection, rights, snapshot)
            rights.must_edit(at.key)
        tables = {f"{kind}/{name}": frame for name, frame in (frames or {}).items()}
        digests = {name.removeprefix(f"{kind}/"): digest for name, digest in put_frames(self._facts, tables).items()}
        with writing(self._engine) as connection:
            self._rights(connection).must_edit(at.key)
            self._put_again(digests, tables)
            row = {
                "snapshot_number": views.number(connection, at.hash),
                "kind": kind,
                "parameters_hash": hash_of(given),
                "parameters": given,
                "payload": told,
                "frames": digests,
                "version": version,
                "created_at": now(),
                "created_by": self._who(),
            }
            connection.execute(sa.insert(results), row)
            self._note(connection, "result", at.key, {"snapshot": at.hash, "kind": kind, "parameters_hash": row["parameters_hash"], "version": version})
            kept = views.result(connection, self._facts, at, kind)
        assert kept is not None
        return kept

    def result(self, snapshot: str | Snapshot, kind: str) -> Result | None:
        """The latest result of a kind for a snapshot; None where none was kept."""
        with reading(self._engine) as connection:
            return views.result(connection, self._facts, views.snapshot(connection, self._rights(connection), snapshot), kind)

    def latest_result(self, key: str, kind: str, as_of: AsOf = None) -> tuple[Snapshot, Result] | None:
        """The result of a kind that was kept last for any snapshot of the project by `as_of`, and that snapshot; None where none was."""
        with reading(self._engine) as connection:
            rights = self._rights(connection)
            views.known_project(connection, rights, key)
            return views.latest_result(connection, rights, self._facts, key, kind, until(as_of))

    def risks(self, key: str, as_of: AsOf = None) -> pl.DataFrame | None:
        """The project's register of risks, as the last forecast by `as_of` took it; None where it took none."""
        last = self.latest_result(key, "forecast", as_of)
        return None if last is None else last[1].frames.get("given_risks")

    def results(self, kind: str, as_of: AsOf = None) -> list[ProjectResult]:
        """Each project's latest snapshot by `as_of` and the one before, with their results of a kind; by key. One query, no frame is read."""
        with reading(self._engine) as connection:
            return views.results_of_kind(connection, self._rights(connection), self._facts, kind, until(as_of))

    # -- people and the record

    def add_user(self, name: str, *, admin: bool = False) -> None:
        """Puts a user on record. From the first user on, others than the folder's owner see what they are granted."""
        told = importing.plain(name)
        self._administer("add a user", {"user": told, "admin": admin}, sa.insert(users).values(name=told, admin=admin, created_at=now()))

    def grant(self, user: str, role: Role, *, project: str | None = None, portfolio: str | None = None) -> None:
        """Gives a user a role on one project, or on every project that the list places in a portfolio; replaces the role held there."""
        if role not in ROLES or (project is None) == (portfolio is None):
            raise InvalidInput(f"a grant is one of the roles {', '.join(ROLES)} on one project or one portfolio")
        scope, name = ("project", project) if project else ("portfolio", portfolio)
        row = {"user": user, "scope": scope, "name": name, "role": role}
        with reading(self._engine) as connection:
            self._rights(connection).must_administer("grant roles")
            if not connection.execute(sa.select(sa.exists().where(users.c.name == user))).scalar():
                raise NotFound(f"the workspace has no user {user}; add the user first")
        self._administer("grant roles", row, _grants_of(user, scope, name), sa.insert(grants).values(**row))

    def revoke(self, user: str, *, project: str | None = None, portfolio: str | None = None) -> None:
        """Takes a role back; the user's next act is refused."""
        scope, name = ("project", project) if project else ("portfolio", portfolio)
        self._administer("revoke roles", {"user": user, "scope": scope, "name": name}, _grants_of(user, scope, name))

    def audit(self) -> pl.DataFrame:
        """Who did what when, oldest first: number, at [UTC], who, what, project, detail (JSON). An admin sees all, others their projects' rows."""
        with reading(self._engine) as connection:
            return views.audit_frame(connection, self._rights(connection))

    # -- inside

    def _rights(self, connection: sa.Connection) -> Rights:
        return access.rights(connection, self.user)

    def _who(self) -> str:
        return self.user or operator()

    def _put_again(self, digests: Mapping[str, str], frames: Mapping[str, pl.DataFrame]) -> None:
        """Writes files anew of which one is gone."""
        if any(not self._facts.path(digest).exists() for digest in digests.values()):
            put_frames(self._facts, frames)

    def _may_import(self, connection: sa.Connection, key: str) -> Rights:
        rights = self._rights(connection)
        rights.must_edit(key)
        return rights

    def _listing(self, connection: sa.Connection, rights: Rights, end: datetime | None) -> pl.DataFrame:
        return lists.frame([row for row in lists.in_force(connection, end) if rights.sees(row.key)])

    def _administer(self, act: str, detail: dict[str, Any], *statements: sa.Executable) -> None:
        with writing(self._engine) as connection:
            self._rights(connection).must_administer(act)
            for statement in statements:
                connection.execute(statement)
            self._note(connection, act, None, detail)

    def _note(self, connection: sa.Connection, what: str, project: str | None, detail: dict[str, Any]) -> None:
        connection.execute(sa.insert(audit).values(at=now(), who=self._who(), what=what, project=project, detail=detail))


def _grants_of(user: str, scope: str, name: str | None) -> sa.Delete:
    return sa.delete(grants).where(grants.c.user == user, grants.c.scope == scope, grants.c.name == name)


__all__ = ["AsOf", "Workspace"]

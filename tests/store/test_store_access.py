"""What a user may not see reads as not there, on every verb; grants count from the next act."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from month import month

from pmo_lib.errors import InvalidInput, NotFound, PMOError, StoreError
from pmo_lib.store import Workspace, backup, doctor, open_workspace

LIST = pl.DataFrame({"key": ["NORTHGATE", "OTHER"], "name": ["North", "Other"], "portfolio": ["Rail", "Road"]})


@pytest.fixture
def shared(ws: Workspace) -> Workspace:
    """Two projects in two portfolios, four users: none, viewer and editor of NORTHGATE, viewer of the portfolio Road."""
    ws.set_listing(LIST, "list.xlsx", as_of="2026-01-01")
    for key in ("NORTHGATE", "OTHER"):
        snapshot = ws.add(month(1, key=key), source_bytes=key.encode())
        ws.keep(snapshot, "forecast", {"of": key}, {"f": pl.DataFrame({"x": [1]})}, version="1")
    for user in ("nobody", "viewer", "editor", "road"):
        ws.add_user(user)
    ws.grant("viewer", "viewer", project="NORTHGATE")
    ws.grant("editor", "editor", project="NORTHGATE")
    ws.grant("road", "viewer", portfolio="Road")
    return ws


SEEN = {"nobody": [], "viewer": ["NORTHGATE"], "editor": ["NORTHGATE"], "road": ["OTHER"], "stranger": []}


@pytest.mark.parametrize("user", SEEN)
def test_every_read_is_filtered(shared: Workspace, user: str) -> None:
    mine, seen = shared.for_user(user), SEEN[user]
    assert mine.projects()["key"].to_list() == seen
    assert mine.portfolio()["key"].to_list() == seen
    assert mine.listing()["key"].to_list() == seen
    assert [one.key for one in mine.results("forecast")] == seen
    assert len(mine.status_dates()) == len(seen)
    assert set(mine.audit()["project"]) == set(seen)
    for key in ("NORTHGATE", "OTHER"):
        digest = shared.snapshot(key).hash
        asks: list[Callable[[], object]] = [
            lambda key=key: mine.project(key),
            lambda key=key, digest=digest: mine.project(key, snapshot=digest),
            lambda key=key: mine.history(key),
            lambda key=key: mine.snapshot(key),
            lambda key=key: mine.baseline(key),
            lambda digest=digest: mine.result(digest, "forecast"),
            lambda digest=digest: mine.source(digest),
        ]
        for ask in asks:
            if key in seen:
                ask()
                continue
            with pytest.raises(NotFound) as hidden:
                ask()
            assert "ask an admin" not in str(hidden.value)


@pytest.mark.parametrize(("user", "allowed"), [("nobody", False), ("viewer", False), ("editor", True), ("road", False), ("stranger", False)])
def test_every_write_is_checked(shared: Workspace, user: str, allowed: bool) -> None:
    mine, digest = shared.for_user(user), shared.snapshot("NORTHGATE").hash
    writes: list[Callable[[], object]] = [
        lambda: mine.add(month(2)),
        lambda: mine.set_baseline("NORTHGATE", digest),
        lambda: mine.keep(digest, "forecast", {}, version="1"),
    ]
    before = shared.audit().height
    for write in writes:
        if allowed:
            write()
        else:
            with pytest.raises((NotFound, StoreError)):
                write()
    assert shared.audit().height == before + (3 if allowed else 0)
    assert set(shared.audit()["who"].tail(3)) == {user} or not allowed
    assert mine.may_edit("NORTHGATE") is allowed


@pytest.mark.parametrize("user", ["nobody", "editor", "stranger"])
def test_the_admins_verbs_are_the_admins(shared: Workspace, user: str) -> None:
    mine = shared.for_user(user)
    acts: list[Callable[[], object]] = [
        lambda: mine.add(month(1, key="NEW")),
        lambda: mine.set_listing(LIST, "list.xlsx"),
        lambda: mine.add_user("friend"),
        lambda: mine.grant(user if user != "stranger" else "nobody", "admin", project="OTHER"),
        lambda: mine.revoke("viewer", project="NORTHGATE"),
        lambda: backup(mine, shared.folder / "b.tar"),
        lambda: doctor(mine, fix=True),
    ]
    before = shared.audit().height
    for act in acts:
        with pytest.raises(PMOError):
            act()
    assert shared.audit().height == before
    assert not (shared.folder / "b.tar").exists()


def test_an_editor_cannot_measure_against_what_they_may_not_see(shared: Workspace) -> None:
    with pytest.raises(NotFound, match="no snapshot"):
        shared.for_user("editor").set_baseline("NORTHGATE", shared.snapshot("OTHER"))


def test_a_grant_counts_from_the_next_act_and_so_does_its_end(shared: Workspace) -> None:
    mine = shared.for_user("nobody")
    shared.grant("nobody", "viewer", project="OTHER")
    assert mine.projects()["key"].to_list() == ["OTHER"]
    shared.grant("nobody", "editor", project="OTHER")
    assert mine.add(month(2, key="OTHER")).new
    shared.revoke("nobody", project="OTHER")
    with pytest.raises(NotFound):
        mine.project("OTHER")
    # a portfolio's viewer follows the list
    road = shared.for_user("road")
    shared.set_listing(LIST.with_columns(portfolio=pl.Series(["Road", "Rail"])), "list.xlsx")
    assert road.projects()["key"].to_list() == ["NORTHGATE"]


def test_a_portfolios_editor_brings_in_its_projects_and_no_other(shared: Workspace) -> None:
    shared.set_listing(pl.concat([LIST, LIST.head(1).with_columns(key=pl.lit("PLANNED"))]), "list.xlsx")
    shared.grant("nobody", "editor", portfolio="Rail")
    rail = shared.for_user("nobody")
    assert rail.add(month(1, key="PLANNED")).imported_by == "nobody"
    for hidden in ("OTHER", "UNLISTED"):
        with pytest.raises(NotFound, match=f"no project {hidden}"):
            rail.add(month(3, key=hidden))
    assert rail.projects()["key"].to_list() == ["NORTHGATE", "PLANNED"]


def test_without_users_everybody_is_the_admin_and_an_admin_sees_all(ws: Workspace) -> None:
    assert ws.for_user("anna").add(month(1)).imported_by == "anna"
    ws.add_user("boss", admin=True)
    assert open_workspace(ws.folder, user="boss").projects().height == 1
    assert open_workspace(ws.folder, user="anna").projects().height == 0
    with pytest.raises(InvalidInput, match="roles viewer, editor, admin"):
        ws.grant("boss", "owner", project="NORTHGATE")  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="no user carl"):
        ws.grant("carl", "viewer", project="NORTHGATE")

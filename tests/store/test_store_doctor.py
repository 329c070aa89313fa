"""The doctor finds what is wrong and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from month import month

from pmo_lib.errors import StoreError
from pmo_lib.store import Check, Workspace, doctor
from pmo_lib.store.database import writing
from pmo_lib.store.schema import snapshots


def by_name(ws: Workspace, *, fix: bool = False) -> dict[str, Check]:
    return {check.name: check for check in doctor(ws, fix=fix)}


def test_a_sound_workspace_passes(ws: Workspace) -> None:
    ws.add(month(1), source_bytes=b"one")
    checks = by_name(ws)
    assert all(check.ok and check.remedy is None for check in checks.values()), checks
    assert checks["facts"].detail == "4 files have their hash"
    assert checks["counts"].detail == "1 snapshots hold the rows that were imported"
    assert checks["setting serve.port"].detail == "5006 (default)"
    assert checks["room"].row() == {"name": "room", "ok": True, "detail": checks["room"].detail, "remedy": None}
    assert doctor(ws, more=[lambda: Check("java", False, "none", "install one")])[-1].name == "java"


@pytest.mark.parametrize("place", ["facts", "sources"])
def test_a_flipped_byte_is_found(ws: Workspace, place: str) -> None:
    ws.add(month(1), source_bytes=b"one")
    file = next(path for path in sorted((ws.folder / place).rglob("*")) if path.is_file())
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    check = by_name(ws)[place]
    assert (check.ok, check.remedy is not None) == (False, True)
    assert f"{file.name} in {place}/ is damaged" in check.detail
    if place == "facts":
        with pytest.raises(StoreError, match="is damaged: its content no longer has its hash; restore it from a backup"):
            ws.project("NORTHGATE")


def test_a_missing_file_is_found(ws: Workspace) -> None:
    ws.add(month(1))
    file = next(path for path in (ws.folder / "facts").rglob("*.parquet"))
    file.unlink()
    assert f"{file.name} is missing from facts/" in by_name(ws)["facts"].detail


def test_orphans_are_garbage_removed_only_when_asked(ws: Workspace) -> None:
    ws.add(month(1), source_bytes=b"one")
    whole = {path for path in ws.folder.rglob("*") if path.is_file() and path.parent.parent.name in ("facts", "sources")}
    [digest] = ws._facts.put([b"left by an interrupted import"])
    unfinished = ws._facts.path(digest).with_name(".new-0123")
    unfinished.write_bytes(b"half")
    found = by_name(ws)["orphans"]
    assert found.detail.startswith("2 files without a snapshot")
    assert found.remedy == "pmo doctor --fix removes them"
    assert unfinished.exists()
    assert by_name(ws, fix=True)["orphans"].detail == "2 files without a snapshot, removed"
    assert {path for path in ws.folder.rglob("*") if path.is_file() and path.parent.parent.name in ("facts", "sources")} == whole
    assert by_name(ws)["orphans"].detail == "no file without a snapshot"


def test_rows_that_are_not_those_imported_are_found(ws: Workspace) -> None:
    kept = ws.add(month(1))
    table = "snapshots"
    with writing(ws._engine) as connection:  # someone with the database's own tools
        if ws._engine.dialect.name == "postgresql":
            connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            connection.execute(sa.text(f"DROP TRIGGER {table}_no_update"))
        connection.execute(sa.update(snapshots).values(counts={**kept.counts, "activities": 4}))
    check = by_name(ws)["counts"]
    assert (check.ok, check.detail) == (False, f"activities of NORTHGATE, snapshot {kept.hash}: 3 rows, 4 were imported")


def test_a_spoilt_setting_is_named(ws: Workspace) -> None:
    file: Path = ws.folder / "pmo.toml"
    file.write_text(file.read_text() + "\n[serve]\nprot = 80\n")
    check = by_name(ws)["settings"]
    assert (check.ok, check.detail) == (False, "pmo.toml: unknown setting serve.prot; did you mean serve.port?")


def test_a_password_is_never_shown(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMO_STORE_URL", "postgresql+psycopg://pmo:s3cret@db/pmo")
    assert "s3cret" not in repr(doctor(ws))

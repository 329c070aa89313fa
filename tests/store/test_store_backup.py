"""A backup restores to a workspace that passes the doctor, on either database; damage and misuse are named."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from month import month
from polars.testing import assert_frame_equal

from pmo_lib.errors import NotFound, StoreError
from pmo_lib.store import Workspace, backup, doctor, open_workspace, restore


@pytest.fixture
def filled(ws: Workspace) -> Workspace:
    ws.set_listing(pl.DataFrame({"key": ["NORTHGATE", "GONE"], "name": ["North", "Gone"], "portfolio": ["Rail", None]}), "list-1.xlsx", as_of="2026-01-01")
    ws.set_listing(pl.DataFrame({"key": ["NORTHGATE"], "name": ["North"]}), "list-2.xlsx", as_of="2026-02-01")
    for number in (1, 2):
        snapshot = ws.add(month(number), source_bytes=f"month {number}".encode())
        ws.keep(snapshot, "forecast", {"p80": number}, {"steps": pl.DataFrame({"days": [float(number)]})}, version="1")
    ws.set_baseline("NORTHGATE", ws.snapshot("NORTHGATE", as_of="2026-01-31"))
    ws.add_user("viewer")
    ws.grant("viewer", "viewer", project="NORTHGATE")
    (ws.folder / "standards.toml").write_text("[status]\non_track_chance = 0.9\n")
    settings = ws.folder / "pmo.toml"
    settings.write_text('java = "/opt/java"\n' + settings.read_text() + "\n[serve]\nport = 8080\n")
    return ws


def same(one: Workspace, other: Workspace) -> None:
    for frame in ("projects", "portfolio", "listing", "audit"):
        assert_frame_equal(getattr(one, frame)(), getattr(other, frame)())
    assert_frame_equal(one.history("NORTHGATE"), other.history("NORTHGATE"))
    assert_frame_equal(one.listing(as_of="2026-01-15"), other.listing(as_of="2026-01-15"))
    assert [(r.key, r.snapshot, r.result and r.result.payload, r.previous) for r in one.results("forecast")] == [
        (r.key, r.snapshot, r.result and r.result.payload, r.previous) for r in other.results("forecast")
    ]
    mine, theirs = one.project("NORTHGATE"), other.project("NORTHGATE")
    assert mine.info == theirs.info
    for name, frame in mine.tables.items():
        assert_frame_equal(theirs.tables[name], frame)
    for workspace in (one, other):
        assert workspace.source(workspace.snapshot("NORTHGATE")) == b"month 2"
        found = workspace.result(workspace.snapshot("NORTHGATE"), "forecast")
        assert found is not None
        assert found.frames["steps"]["days"].to_list() == [2.0]
    assert other.for_user("viewer").projects().height == 1
    assert other.for_user("stranger").projects().height == 0


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_restored_backup_is_the_same_workspace_and_passes_the_doctor(filled: Workspace, tmp_path: Path, to: str, new_database: Callable[[], str]) -> None:
    file = backup(filled, tmp_path / "out" / "pmo.tar")
    back = restore(file, tmp_path / "back", url=new_database() if to == "postgresql" else None)
    same(filled, back)
    checks = {check.name: check for check in doctor(back)}
    assert all(check.ok for check in checks.values()), checks
    assert checks["setting serve.port"].detail == "8080 (pmo.toml)"
    assert checks["setting java"].detail == "/opt/java (pmo.toml)"
    assert (back.folder / "standards.toml").read_text() == (filled.folder / "standards.toml").read_text()
    # it goes on: numbering continues, the old content is known
    assert back.add(month(3)).new
    assert not back.add(month(2), source_bytes=b"month 2").new
    assert back.audit()["number"].is_unique().all()
    back.close()


def test_a_target_that_holds_something_is_left_alone(filled: Workspace, tmp_path: Path) -> None:
    file = backup(filled, tmp_path / "pmo.tar")
    with pytest.raises(StoreError, match="exists; name a new file"):
        backup(filled, file)
    with pytest.raises(StoreError, match="is not empty; name a new folder"):
        restore(file, filled.folder)
    if url := str(filled._engine.url.render_as_string(hide_password=False)) if filled._engine.dialect.name == "postgresql" else None:
        with pytest.raises(StoreError, match="holds tables already"):
            restore(file, tmp_path / "other", url=url)


def rewritten(file: Path, change: Callable[[str, bytes], bytes]) -> Path:
    other = file.with_suffix(".changed.tar")
    with tarfile.open(file) as old, tarfile.open(other, "w") as new:
        for member in old.getmembers():
            content = old.extractfile(member)
            assert content is not None
            told = change(member.name, content.read())
            member.size = len(told)
            new.addfile(member, io.BytesIO(told))
    return other


def test_a_damaged_or_foreign_file_is_named_and_leaves_no_workspace(filled: Workspace, tmp_path: Path) -> None:
    file = backup(filled, tmp_path / "pmo.tar")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    text = tmp_path / "notes.txt"
    text.write_text("not a tar")
    flipped = rewritten(file, lambda name, content: content[:-1] + bytes([content[-1] ^ 1]) if name.startswith("facts/") else content)
    flipped = flipped.rename(tmp_path / "flipped.tar")
    newer = rewritten(file, lambda name, content: content.replace(b'"schema": "0001"', b'"schema": "9999"') if name.endswith("jsonl") else content)
    wrong = [(cut, "restored|damaged|backup"), (text, "cannot be restored"), (flipped, "the backup is damaged"), (newer, "schema 9999")]
    for number, (source, said) in enumerate(wrong):
        with pytest.raises(StoreError, match=said):
            restore(source, tmp_path / f"t{number}")
        with pytest.raises(NotFound):
            open_workspace(tmp_path / f"t{number}")
        assert not list((tmp_path / f"t{number}").glob("*"))
    restore(file, tmp_path / "t2")  # into the folder of the attempt that failed


def test_lost_facts_are_not_backed_up_in_silence(filled: Workspace, tmp_path: Path) -> None:
    next(path for path in (filled.folder / "facts").rglob("*.parquet")).unlink()
    with pytest.raises(StoreError, match="nothing whole to back up"):
        backup(filled, tmp_path / "pmo.tar")
    assert list(tmp_path.glob("*.tar*")) == [] == list(tmp_path.glob(".*"))

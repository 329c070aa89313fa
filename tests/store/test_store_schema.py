"""The catalogue's schema: one chain of revisions, the same as declared, never opened by an older program, backed up before it changes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from month import month
from polars.testing import assert_frame_equal

from pmo_lib.errors import InvalidInput, PMOError, StoreError
from pmo_lib.store import Workspace, database, facts, folder, open_workspace, schema
from pmo_lib.store.database import reading, writing
from pmo_lib.tables import Baselines, ExternalRelationships


def test_the_revisions_make_the_declared_schema(ws: Workspace) -> None:
    with reading(ws._engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    script = ScriptDirectory(str(Path(database.__file__).with_name("migrations")))
    assert [revision.revision for revision in script.walk_revisions()][::-1] == list(schema.REVISIONS)


def test_a_newer_schema_is_refused_in_one_sentence(ws: Workspace) -> None:
    ws.add(month(1))
    with writing(ws._engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"was written by a newer PMO Workbench \(schema 9999; this one knows up to 0001\); update pmo-workbench") as refused:
        open_workspace(ws.folder)
    assert "\n" not in str(refused.value)


def test_a_copy_is_kept_before_the_schema_changes(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ws.add(month(1))
    with writing(ws._engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    monkeypatch.setattr(database, "REVISIONS", ("0000", "0001"))

    def fail(*_: object) -> None:
        raise StoreError("the migration failed")

    monkeypatch.setattr(database, "migrate", fail)
    with pytest.raises(StoreError, match="the migration failed"):
        open_workspace(ws.folder)
    [copy] = ws.folder.glob("*.schema-0000*")
    if copy.suffix == ".jsonl":
        assert '"key": "NORTHGATE"' in copy.read_text()
    else:
        with sa.create_engine(database.sqlite_url(copy)).connect() as connection:
            assert connection.execute(sa.text("SELECT key FROM projects")).scalar() == "NORTHGATE"
    with reading(ws._engine) as connection:
        assert database.revision(connection) == "0000"


def test_sqlite_is_set_to_survive(tmp_path: Path) -> None:
    ws = folder.init_workspace(tmp_path / "ws")
    with reading(ws._engine) as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]
    assert found == ["wal", 2, 1, 10_000]


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense"])
def test_other_databases_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(PMOError, match=r"SQLite or PostgreSQL|no database address"):
        folder.init_workspace(tmp_path / "ws", url=url)


def test_a_url_needs_the_folder_of_its_facts(tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    url = new_database()
    with pytest.raises(InvalidInput, match="set PMO_STORE_FACTS"):
        open_workspace(url)
    monkeypatch.setenv("PMO_STORE_FACTS", str(tmp_path / "shared" / "facts"))
    ws = open_workspace(url)
    ws.add(month(1))
    assert ws.project("NORTHGATE").tables["activities"].height == 3
    assert (tmp_path / "shared" / "facts").is_dir()
    ws.close()


def test_facts_of_an_older_version_are_upgraded_and_of_a_newer_refused(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ws.keep(ws.add(month(1)), "forecast", {}, {"steps": month(1).tables["relationships"].select("lag")}, version="1")
    monkeypatch.setitem(facts.VERSIONS, "forecast/steps", 3)
    monkeypatch.setitem(facts.UPGRADES, ("forecast/steps", 1), lambda frame: frame.rename({"lag": "minutes"}))
    monkeypatch.setitem(facts.UPGRADES, ("forecast/steps", 2), lambda frame: frame.with_columns(hours=frame["minutes"] / 60))
    found = ws.result(ws.snapshot("NORTHGATE"), "forecast")
    assert found is not None
    assert found.frames["steps"].columns == ["minutes", "hours"]
    newer = facts.encoded("forecast/steps", found.frames["steps"])
    monkeypatch.setitem(facts.VERSIONS, "forecast/steps", 2)
    with pytest.raises(StoreError, match="have version 3, and this program knows 2; update"):
        facts.decoded(newer)


@pytest.mark.parametrize(
    ("table", "schema", "added"),
    [("baselines", Baselines, ["cost_at_start"]), ("external_relationships", ExternalRelationships, ["early_start", "early_finish"])],
)
def test_facts_kept_before_a_column_was_added_are_read_as_having_none(
    monkeypatch: pytest.MonkeyPatch, table: str, schema: type[dy.Schema], added: list[str]
) -> None:
    monkeypatch.setitem(facts.VERSIONS, table, 1)
    kept = facts.encoded(table, schema.create_empty().drop(added))
    monkeypatch.undo()
    assert schema.validate(facts.decoded(kept)).columns == schema.column_names()


def test_columns_that_hold_nothing_are_not_read_and_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "LONG", 3)
    full = {"item": ["A", "B", "C"], "points": [None, 2.0, None], "versions": [["1"], [], []]}
    blank = {"team": [None] * 3, "resolved": [None] * 3, "labels": [[], [], []], "sprints": [[], None, []]}
    kinds = {"points": pl.Float64, "team": pl.String, "resolved": pl.Datetime("us", "UTC"), "labels": pl.List(pl.String), "sprints": pl.List(pl.String)}
    frame = pl.DataFrame({**blank, **full}, schema_overrides=kinds)
    content = facts.encoded("items", frame)
    assert pl.read_parquet_metadata(io.BytesIO(content))["pmo.blank"] == '["team", "resolved", "labels"]'  # a null is no empty list
    assert_frame_equal(facts.decoded(content), frame)
    assert_frame_equal(facts.decoded(content).filter(pl.col("item") != "A").with_columns(team=pl.lit("Red")), frame[1:].with_columns(team=pl.lit("Red")))
    only = frame.select("team", "labels")
    assert_frame_equal(facts.decoded(facts.encoded("items", only)), only)  # the rows are not lost where every column is blank
    assert "pmo.blank" not in pl.read_parquet_metadata(io.BytesIO(facts.encoded("items", frame[:2])))

"""The first catalogue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("snapshots", "results", "listings", "baselines", "audit")


def upgrade() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
        sa.UniqueConstraint("key", name="uq_projects_key"),
    )
    _snapshots()
    op.create_table(
        "baselines",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("project_id", sa.Integer, nullable=False),
        sa.Column("snapshot_number", sa.Integer),
        sa.Column("set_at", sa.DateTime, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_baselines"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_baselines_project_id"),
        sa.ForeignKeyConstraint(["snapshot_number"], ["snapshots.number"], name="fk_baselines_snapshot_number"),
    )
    op.create_index("ix_baselines_project_id", "baselines", ["project_id"])
    _listings()
    _results()
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("project", sa.Text),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    _access()
    _forbid_changes()


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("project_id", sa.Integer, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("source_hash", sa.Text),
        sa.Column("data_date", sa.DateTime, nullable=False),
        sa.Column("dated_by", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime, nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("file", sa.Text),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("info", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_snapshots"),
        sa.UniqueConstraint("snapshot", name="uq_snapshots_snapshot"),
        sa.UniqueConstraint("project_id", "content_hash", "position", "reader", "purpose", name="uq_snapshots_project_id_content_hash_position_reader_purpose"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_snapshots_project_id"),
        sa.CheckConstraint("purpose IN ('status', 'baseline')", name=op.f("ck_snapshots_purpose")),
        sa.CheckConstraint("dated_by IN ('file', 'given', 'import')", name=op.f("ck_snapshots_dated_by")),
    )
    op.create_index("ix_snapshots_project_id_purpose_data_date", "snapshots", ["project_id", "purpose", "data_date"])


def _listings() -> None:
    op.create_table(
        "listings",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("valid_from", sa.DateTime, nullable=False),
        sa.Column("row_hash", sa.Text, nullable=False),
        sa.Column("fields", sa.JSON),
        sa.Column("portfolio", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_listings"),
    )
    op.create_index("ix_listings_key_valid_from", "listings", ["key", "valid_from"])


def _results() -> None:
    op.create_table(
        "results",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("snapshot_number", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parameters_hash", sa.Text, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("frames", sa.JSON, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_results"),
        sa.ForeignKeyConstraint(["snapshot_number"], ["snapshots.number"], name="fk_results_snapshot_number"),
    )
    op.create_index("ix_results_snapshot_number_kind", "results", ["snapshot_number", "kind"])


def _access() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("admin", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name="fk_grants_user"),
        sa.UniqueConstraint("user", "scope", "name", name="uq_grants_user_scope_name"),
        sa.CheckConstraint("scope IN ('project', 'portfolio')", name=op.f("ck_grants_scope")),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'admin')", name=op.f("ck_grants_role")),
    )


def _forbid_changes() -> None:
    """Append-only means that the database refuses, not that the program refrains."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE FUNCTION pmo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$")
        for table in APPEND_ONLY:
            op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION pmo_append_only()")
        return
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")

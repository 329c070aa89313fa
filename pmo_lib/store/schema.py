"""The catalogue's tables. A change here needs a revision under `migrations/versions` and its name at the end of `REVISIONS`.

Snapshots, results, listings, baselines and the audit are append-only: the database itself refuses to change or delete their rows.
Instants of the plan are naive and local; `…_at` columns are naive UTC.
"""

from __future__ import annotations

import sqlalchemy as sa

REVISIONS = ("0001",)  # oldest first; the last is this program's own
APPEND_ONLY = ("snapshots", "results", "listings", "baselines", "audit")
ROLES = ("viewer", "editor", "admin")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

projects = sa.Table(
    "projects",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("snapshot", sa.Text, nullable=False, unique=True),
    sa.Column("project_id", sa.Integer, sa.ForeignKey("projects.id"), nullable=False),
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
    sa.UniqueConstraint("project_id", "content_hash", "position", "reader", "purpose"),
    sa.CheckConstraint("purpose IN ('status', 'baseline')", name="purpose"),
    sa.CheckConstraint("dated_by IN ('file', 'given', 'import')", name="dated_by"),
    sa.Index(None, "project_id", "purpose", "data_date"),
)

baselines = sa.Table(
    "baselines",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("project_id", sa.Integer, sa.ForeignKey("projects.id"), nullable=False),
    sa.Column("snapshot_number", sa.Integer, sa.ForeignKey("snapshots.number")),  # null: the file's own baseline again
    sa.Column("set_at", sa.DateTime, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Index(None, "project_id"),
)

listings = sa.Table(
    "listings",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("valid_from", sa.DateTime, nullable=False),
    sa.Column("row_hash", sa.Text, nullable=False),
    sa.Column("fields", sa.JSON(none_as_null=True)),  # null: no longer on the list
    sa.Column("portfolio", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("set_at", sa.DateTime, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Index(None, "key", "valid_from"),
)

results = sa.Table(
    "results",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("snapshot_number", sa.Integer, sa.ForeignKey("snapshots.number"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("parameters_hash", sa.Text, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("frames", sa.JSON, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Index(None, "snapshot_number", "kind"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("project", sa.Text),
    sa.Column("detail", sa.JSON, nullable=False),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("admin", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user", sa.Text, sa.ForeignKey("users.name"), nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),  # key of the project or name of the portfolio
    sa.Column("role", sa.Text, nullable=False),
    sa.UniqueConstraint("user", "scope", "name"),
    sa.CheckConstraint("scope IN ('project', 'portfolio')", name="scope"),
    sa.CheckConstraint("role IN ('viewer', 'editor', 'admin')", name="role"),
)

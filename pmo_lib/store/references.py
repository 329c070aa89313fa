"""Which files the catalogue speaks of: the rest of facts/ and sources/ is garbage, never data."""

from __future__ import annotations

import sqlalchemy as sa

from pmo_lib.store.schema import results, snapshots


def fact_digests(connection: sa.Connection) -> set[str]:
    """Hashes of the facts that a snapshot or a result holds."""
    named = [*connection.scalars(sa.select(snapshots.c.facts)), *connection.scalars(sa.select(results.c.frames))]
    return {digest for digests in named for digest in digests.values() if digest}


def source_digests(connection: sa.Connection) -> set[str]:
    """Hashes of the sources that a snapshot was read from."""
    return set(connection.scalars(sa.select(snapshots.c.source_hash).where(snapshots.c.source_hash.is_not(None))))

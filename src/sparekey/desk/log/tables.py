"""The recovery log's tables. All of it is public, but for `key`: what the desk calls an entry itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, SmallInteger, String, Table

from sparekey.desk.store.tables import metadata

entries = Table(
    "log_entries",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("log_id", LargeBinary),
    Column("request", LargeBinary),
    Index("log_entries_by_key", "key", unique=True),
    Index("log_entries_by_log_id", "log_id"),
    Index("log_entries_by_request", "request"),
)
"""One row for each entry. `key`: SHA-256 of what it was entered under. `log_id`, `request`: for finding."""

tiles = Table(
    "log_tiles",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)
"""Hashes in rows (spec/log.md section 5). Level 0 holds full tiles only: what follows them is in the entries."""

state = Table(
    "log_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
"""One row: how to go on, and the newest checkpoint, signed. Whoever appends holds this row: so one node after the other
does, and no two checkpoints of one size are ever stored.
"""

counts = Table(
    "log_counts",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("entries", BigInteger, nullable=False),
)
"""How many entries name a method or an approver."""

cosigned = Table(
    "log_cosigned",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
)
"""The newest checkpoints that witnesses saw, with their signatures."""

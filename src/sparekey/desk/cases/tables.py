"""The tables of the cases. Who asks, where they are reached and what was decided is sealed to the desk's own key."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, SmallInteger, String, Table, Text

from sparekey.desk.store.tables import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

cases = Table(
    "cases",
    metadata,
    Column("number", String(8), primary_key=True),
    Column("serial", String(48), nullable=False),
    Column("model", String(24), nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("opener", LargeBinary, nullable=False),
    Column("batch", String(8), nullable=False),
    Column("status", String(16), nullable=False),
    Column("waits", String(16), nullable=False),
    Column("ending", String(24), nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("log_index", BigInteger),
    Column("dossier", LargeBinary, nullable=False),
    Index("cases_by_serial", "serial", "opened"),
    Index("cases_by_request", "request_hash", "opener"),
    Index("cases_by_batch", "batch"),
    Index("cases_by_status", "status", "opened"),
    Index("cases_by_due", "due"),
)
"""One row for each case. `batch`: the first case of those that were opened together. `waits`: for whom. `due`:
when the desk has to look again by itself, 0 for never.
"""

case_history = Table(
    "case_history",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(32), nullable=False),
    Column("by", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("detail", String(64), nullable=False),
    Column("once", LargeBinary),
    Index("case_history_by_number", "number", "id"),
)
"""What happened to a case, line by line. `once`: the mark of a call that must not happen twice."""

case_orders = Table(
    "case_orders",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(8), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("due", BigInteger, nullable=False),
    Index("case_orders_by_due", "due"),
    sqlite_autoincrement=True,
)
"""Orders that were stored with a state and not carried out yet."""

case_uploads = Table(
    "case_uploads",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("media", String(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("case_uploads_by_number", "number", "id"),
    sqlite_autoincrement=True,
)
"""What people handed in to prove something, sealed. `media`: what the first bytes say that it is."""

case_files = Table(
    "case_files",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(8), nullable=False, unique=True),
    Column("made", BigInteger, nullable=False),
    Column("total", Integer, nullable=False),
    Column("results", Text, nullable=False),
    Column("asker", LargeBinary, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("case_files_by_due", "due"),
    sqlite_autoincrement=True,
)
"""Files of many requests that are being opened, or were. `results`: the case of each request so far, or a slug after
an exclamation mark, with spaces between them. `asker`: sealed.
"""

case_file_contents = Table(
    "case_file_contents",
    metadata,
    Column("number", String(8), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""What is in them, sealed, until all of it was opened."""

case_notes = Table(
    "case_notes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("case_notes_by_number", "number", "id"),
    sqlite_autoincrement=True,
)
"""What the staff and its programs wrote down about a case, sealed."""

case_mails = Table(
    "case_mails",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(8), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("round", Integer, nullable=False),
    Column("good_until", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("case_mails_by_due", "due"),
    Index("case_mails_once", "number", "kind", "place", "round", unique=True),
    sqlite_autoincrement=True,
)
"""Mails about cases that wait. What they say is made when they are sent. `place`: 0 for the asker, from 1 on
the sealed addresses. A mail that went out stays as a mark, due never, until the case is forgotten.
"""

case_counts = Table(
    "case_counts",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)
"""How often somebody did something in each hour."""

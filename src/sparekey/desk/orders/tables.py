"""The tables of the orders. Who ordered, and what a payer wrote, is sealed to the desk's own key."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from sparekey.desk.store.tables import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

orders = Table(
    "orders",
    metadata,
    Column("number", String(10), primary_key=True),
    Column("serial", String(48), nullable=False),
    Column("status", String(16), nullable=False),
    Column("case_number", String(8), nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("placed", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("dossier", LargeBinary, nullable=False),
    Index("orders_by_status", "status", "placed"),
    Index("orders_by_serial", "serial", "placed"),
    Index("orders_by_due", "due"),
)
"""One row for each order. `due`: when the desk gives up waiting for the money, 0 for never."""

order_history = Table(
    "order_history",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(10), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("detail", String(64), nullable=False),
    Index("order_history_by_number", "number", "id"),
)
"""What happened to an order, line by line."""

order_mails = Table(
    "order_mails",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("number", String(10), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("round", Integer, nullable=False),
    Column("good_until", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("order_mails_by_due", "due"),
    Index("order_mails_once", "number", "kind", "round", unique=True),
    sqlite_autoincrement=True,
)
"""Mails about orders that wait. A mail that went out stays as a mark, due never, until the order is forgotten."""

payments = Table(
    "payments",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("number", String(10), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("waits", Integer, nullable=False),
    Column("by", String(64), nullable=False),
    Column("told", LargeBinary, nullable=False),
    Index("payments_by_waits", "waits", "at"),
    Index("payments_by_number", "number"),
)
"""Money that came and is, or may be, an order's; each once, for good. `waits`: 1 while a person has to look at it."""

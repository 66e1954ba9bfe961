"""The tables. No address, no code and no password is in any of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, String, Table

metadata = MetaData()

_ID = BigInteger().with_variant(Integer, "sqlite")

mails = Table(
    "mails",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("address_mark", LargeBinary, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("keep_until", BigInteger, nullable=False),
    Index("mails_by_request", "request_hash", "address_mark", "queued_at"),
    Index("mails_by_address", "address_mark", "queued_at"),
    Index("mails_by_end", "keep_until"),
)
"""One row for each mail that was ever queued, until no rule asks for it."""

tally = Table(
    "tally",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("mails", Integer, nullable=False),
)
"""Mails in each minute by kind of sender: sixty rows tell an hour, however many mails it had."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("round", Integer, nullable=False),
    Column("good_until", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("outbox_by_due", "due"),
    sqlite_autoincrement=True,  # a late worker that marks a mail as done must not hit a younger one
)
"""Mails that wait. Taking one moves `due` to the end of the lease."""

"""The staff's tables. No secret is in any of them: passkeys are public keys, sessions and invitations are hashes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from sparekey.desk.store.tables import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

people = Table(
    "staff_people",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("company", String(512), unique=True),
)
"""`company`: who they are to the company's own sign-in, where they connected it."""

passkeys = Table(
    "staff_passkeys",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("person", String(16), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("credential", LargeBinary, nullable=False, unique=True),
    Column("public", LargeBinary, nullable=False),
    Column("uses", BigInteger, nullable=False),
    Column("made", BigInteger, nullable=False),
)

rights = Table(
    "staff_rights",
    metadata,
    Column("number", String(16), primary_key=True),
    Column("person", String(16), nullable=False, index=True),
    Column("key", LargeBinary(8), nullable=False),
    Column("role", String(32)),
    Column("asked", BigInteger, nullable=False),
    Column("agreed", BigInteger),
    Column("since", BigInteger),
    Column("log_index", BigInteger),
    Column("ended", BigInteger),
    Column("ended_by", String(16)),
)
"""One row for each passkey and each role that was ever asked for. `role` is empty for a passkey."""

consents = Table(
    "staff_consents",
    metadata,
    Column("right", String(16), primary_key=True),
    Column("person", String(16), primary_key=True),
    Column("key", LargeBinary(8), nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Which admins agreed to which right."""

invitations = Table(
    "staff_invitations",
    metadata,
    Column("mark", LargeBinary(32), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("roles", String(160), nullable=False),
    Column("by", String(16), nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""By the hash of the code that was given to somebody."""

sessions = Table(
    "staff_sessions",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("person", String(16), nullable=False, index=True),
    Column("key", LargeBinary(8)),
    Column("made", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
)
"""By the hash of what the browser holds. `key`: the passkey that opened it, none where the company did."""

touches = Table(
    "staff_touches",
    metadata,
    Column("key", LargeBinary(8), primary_key=True),
    Column("challenge", LargeBinary(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""What was signed once is not taken twice. `challenge`: its hash."""

deeds = Table(
    "staff_deeds",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("by", String(16), nullable=False),
    Column("what", String(48), nullable=False),
    Column("about", String(80), nullable=False),
    Index("staff_deeds_by_time", "at"),
    sqlite_autoincrement=True,
)
"""Who did what, for auditors."""

"""The owners' tables. No address and no code is readable in them: addresses are sealed, codes are made when needed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from sparekey.desk.store.tables import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

accounts = Table(
    "owner_accounts",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("mark", LargeBinary(32), nullable=False, unique=True),
    Column("made", BigInteger, nullable=False),
)
"""`mark`: of the address; the address itself is in no row that stays."""

codes = Table(
    "owner_codes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("mark", LargeBinary(32), nullable=False),
    Column("browser", LargeBinary(32), nullable=False),
    Column("nonce", LargeBinary(16), nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("locale", String(16), nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("mark", "browser", name="owner_codes_once"),
    Index("owner_codes_by_due", "due"),
    sqlite_autoincrement=True,
)
"""Codes on their way: one for each address and browser, so that nobody uses up the tries of somebody else."""

passkeys = Table(
    "owner_passkeys",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("owner", String(16), nullable=False, index=True),
    Column("credential", LargeBinary, nullable=False, unique=True),
    Column("public", LargeBinary, nullable=False),
    Column("uses", BigInteger, nullable=False),
    Column("made", BigInteger, nullable=False),
)

touches = Table(
    "owner_touches",
    metadata,
    Column("challenge", LargeBinary(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""What was signed once is not taken twice."""

sessions = Table(
    "owner_sessions",
    metadata,
    Column("mark", LargeBinary(32), primary_key=True),
    Column("owner", String(16), nullable=False, index=True),
    Column("made", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
)
"""By the hash of what the browser holds."""

NOBODY = ""
"""The owner of a pairing that was removed."""

pairings = Table(
    "owner_pairings",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("owner", String(16), nullable=False, index=True),
    Column("serial", String(48), nullable=False, index=True),
    Column("key", LargeBinary(8), nullable=False),
    Column("series", BigInteger, nullable=False),
    Column("age", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("why", String(16)),
)
"""By the token's hash. `ended` and `why`: since when, and by what."""

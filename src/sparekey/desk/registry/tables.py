"""The registry's tables. What a device told is sealed as it came; neither its key nor an address is in any of them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
)

from sparekey.desk.store.tables import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

enrolled = Table(
    "enrolled",
    metadata,
    Column("serial", String(48), primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("sealed_to", LargeBinary, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("source", String(16), nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("released", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("enrolled_by_key", "sealed_to", "serial"),
)
"""The enrolment in use of each device. `request_hash`: as it came; a re-sealed one has another."""

enrolled_once = Table(
    "enrolled_once",
    metadata,
    Column("request_hash", LargeBinary, primary_key=True),
    Column("serial", String(48), nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Every enrolment that was taken or disputed, for ever."""

stolen = Table(
    "stolen",
    metadata,
    Column("serial", String(48), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""Devices that their owners reported."""

device_owners = Table(
    "device_owners",
    metadata,
    Column("serial", String(48), primary_key=True),
    Column("person", String(64), primary_key=True),
)
"""Members of the staff whose own device it is."""

factory = Table(
    "factory",
    metadata,
    Column("serial", String(48), primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
)
"""The maker's list."""

factory_files = Table(
    "factory_files",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("lines", BigInteger, nullable=False),
)
"""How far the reading of a list's file got."""

disputes = Table(
    "disputes",
    metadata,
    Column("number", String(8), primary_key=True),
    Column("serial", String(48), nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("request_hash", LargeBinary, nullable=False, unique=True),
    Column("why", String(24), nullable=False),
    Column("status", String(16), nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("came", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Index("disputes_by_serial", "serial", "status"),
    Index("disputes_by_status", "status", "came"),
)
"""Enrolments that wait for two people. `due`: when the 72 hours are over, 0 before they begin. `tries`: wrong codes of
whoever wanted to stop it.
"""

news = Table(
    "news",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("about", String(16), nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("good_until", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("news_by_due", "due"),
    sqlite_autoincrement=True,
)
"""Mails that wait: a sealed notice or enrolment, and which of its addresses is told what. `about`: a dispute's number.
"""

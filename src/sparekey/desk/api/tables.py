"""The tables of the interface for programs. No token is in them, only hashes of tokens."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from sparekey.desk.store.tables import metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(8), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("scopes", String(255), nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("by", String(16), nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("hour", BigInteger, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("ended", BigInteger),
    Column("agreed", String(16)),
)
"""One row for each token that was ever made. `mark`: the hash of what its program holds. `by`: a staff id, empty for
whoever runs the server. `used`: the last call, 0 for none. `calls`: those of clock hour `hour`. `agreed`: which second
admin agreed, empty where none is needed, nothing while it waits.
"""

api_calls = Table(
    "api_calls",
    metadata,
    Column("mark", LargeBinary(32), primary_key=True),
    Column("asked", LargeBinary(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("answer", LargeBinary),
    Index("api_calls_by_end", "until"),
)
"""Calls that happen once. `mark`: hash of token and key. `asked`: hash of the call. `until`: when whoever is at it has
to be done; with an answer, when it is forgotten. `answer`: sealed.
"""

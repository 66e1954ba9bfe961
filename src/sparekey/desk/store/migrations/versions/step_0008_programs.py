"""The tokens of other programs, what they asked for once, and notes about cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(8), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("scopes", sa.String(255), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.Column("hour", sa.BigInteger, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("ended", sa.BigInteger),
    )
    op.create_table(
        "api_calls",
        sa.Column("mark", sa.LargeBinary(32), primary_key=True),
        sa.Column("asked", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.LargeBinary),
    )
    op.create_index("api_calls_by_end", "api_calls", ["until"])
    op.create_table(
        "case_notes",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(8), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("case_notes_by_number", "case_notes", ["number", "id"])
    op.add_column("case_history", sa.Column("once", sa.LargeBinary))

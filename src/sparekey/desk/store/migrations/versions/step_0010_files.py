"""Files of many requests that are opened part by part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Their lines and contents."""
    op.create_table(
        "case_files",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(8), nullable=False, unique=True),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("results", sa.Text, nullable=False),
        sa.Column("asker", sa.LargeBinary, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("case_files_by_due", "case_files", ["due"])
    op.create_table(
        "case_file_contents",
        sa.Column("number", sa.String(8), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )

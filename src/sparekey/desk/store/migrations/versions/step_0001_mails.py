"""The first tables: mails that were queued, mails that wait, and counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "mails",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("request_hash", sa.LargeBinary, nullable=False),
        sa.Column("address_mark", sa.LargeBinary, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("keep_until", sa.BigInteger, nullable=False),
    )
    op.create_index("mails_by_request", "mails", ["request_hash", "address_mark", "queued_at"])
    op.create_index("mails_by_address", "mails", ["address_mark", "queued_at"])
    op.create_index("mails_by_end", "mails", ["keep_until"])
    op.create_table(
        "tally",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("minute", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("mails", sa.Integer, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("good_until", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_by_due", "outbox", ["due"])

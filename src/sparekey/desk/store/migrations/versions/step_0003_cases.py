"""The cases: what people ask for, what happened to it, what they handed in, and the mails about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "cases",
        sa.Column("number", sa.String(8), primary_key=True),
        sa.Column("serial", sa.String(48), nullable=False),
        sa.Column("model", sa.String(24), nullable=False),
        sa.Column("request_hash", sa.LargeBinary, nullable=False),
        sa.Column("opener", sa.LargeBinary, nullable=False),
        sa.Column("batch", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("waits", sa.String(16), nullable=False),
        sa.Column("ending", sa.String(24), nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("opened", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("log_index", sa.BigInteger),
        sa.Column("dossier", sa.LargeBinary, nullable=False),
    )
    op.create_index("cases_by_serial", "cases", ["serial", "opened"])
    op.create_index("cases_by_request", "cases", ["request_hash", "opener"])
    op.create_index("cases_by_batch", "cases", ["batch"])
    op.create_index("cases_by_status", "cases", ["status", "opened"])
    op.create_index("cases_by_due", "cases", ["due"])
    op.create_table(
        "case_history",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(8), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
    )
    op.create_index("case_history_by_number", "case_history", ["number", "id"])
    op.create_table(
        "case_orders",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(8), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("case_orders_by_due", "case_orders", ["due"])
    op.create_table(
        "case_uploads",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(8), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("media", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("case_uploads_by_number", "case_uploads", ["number", "id"])
    op.create_table(
        "case_mails",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("good_until", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("case_mails_by_due", "case_mails", ["due"])
    op.create_index("case_mails_once", "case_mails", ["number", "kind", "place", "round"], unique=True)
    op.create_table(
        "case_counts",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("mark", sa.LargeBinary, primary_key=True),
        sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
    )

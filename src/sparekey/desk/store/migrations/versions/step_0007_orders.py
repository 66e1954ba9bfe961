"""The orders of the technician's unlock, and the money that came for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "orders",
        sa.Column("number", sa.String(10), primary_key=True),
        sa.Column("serial", sa.String(48), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("case_number", sa.String(8), nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("placed", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("dossier", sa.LargeBinary, nullable=False),
    )
    op.create_index("orders_by_status", "orders", ["status", "placed"])
    op.create_index("orders_by_serial", "orders", ["serial", "placed"])
    op.create_index("orders_by_due", "orders", ["due"])
    op.create_table(
        "order_history",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(10), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
    )
    op.create_index("order_history_by_number", "order_history", ["number", "id"])
    op.create_table(
        "order_mails",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("number", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("good_until", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("order_mails_by_due", "order_mails", ["due"])
    op.create_index("order_mails_once", "order_mails", ["number", "kind", "round"], unique=True)
    op.create_table(
        "payments",
        sa.Column("mark", sa.LargeBinary, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("number", sa.String(10), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("told", sa.LargeBinary, nullable=False),
    )
    op.create_index("payments_by_waits", "payments", ["waits", "at"])
    op.create_index("payments_by_number", "payments", ["number"])

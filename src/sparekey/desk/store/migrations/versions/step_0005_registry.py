"""The registry: who is enrolled, the factory's list, disputes, and the mails about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "enrolled",
        sa.Column("serial", sa.String(48), primary_key=True),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("request_hash", sa.LargeBinary, nullable=False),
        sa.Column("sealed_to", sa.LargeBinary, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("enrolled_by_key", "enrolled", ["sealed_to", "serial"])
    op.create_table(
        "enrolled_once",
        sa.Column("request_hash", sa.LargeBinary, primary_key=True),
        sa.Column("serial", sa.String(48), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "stolen",
        sa.Column("serial", sa.String(48), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "device_owners",
        sa.Column("serial", sa.String(48), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
    )
    op.create_table(
        "factory",
        sa.Column("serial", sa.String(48), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "factory_files",
        sa.Column("mark", sa.LargeBinary, primary_key=True),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("lines", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "disputes",
        sa.Column("number", sa.String(8), primary_key=True),
        sa.Column("serial", sa.String(48), nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("request_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("why", sa.String(24), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("came", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
    )
    op.create_index("disputes_by_serial", "disputes", ["serial", "status"])
    op.create_index("disputes_by_status", "disputes", ["status", "came"])
    op.create_table(
        "news",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("good_until", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("news_by_due", "news", ["due"])

"""Owners who want "my devices"."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "owner_accounts",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("mark", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("made", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "owner_codes",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("browser", sa.LargeBinary(32), nullable=False),
        sa.Column("nonce", sa.LargeBinary(16), nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("mark", "browser", name="owner_codes_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("owner_codes_by_due", "owner_codes", ["due"])
    op.create_table(
        "owner_passkeys",
        sa.Column("id", sa.LargeBinary(8), primary_key=True),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("uses", sa.BigInteger, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_owner_passkeys_owner", "owner_passkeys", ["owner"])
    op.create_table(
        "owner_touches",
        sa.Column("challenge", sa.LargeBinary(32), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "owner_sessions",
        sa.Column("mark", sa.LargeBinary(32), primary_key=True),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_owner_sessions_owner", "owner_sessions", ["owner"])
    op.create_table(
        "owner_pairings",
        sa.Column("token", sa.LargeBinary(32), primary_key=True),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("serial", sa.String(48), nullable=False),
        sa.Column("key", sa.LargeBinary(8), nullable=False),
        sa.Column("series", sa.BigInteger, nullable=False),
        sa.Column("age", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
        sa.Column("why", sa.String(16)),
    )
    op.create_index("ix_owner_pairings_owner", "owner_pairings", ["owner"])
    op.create_index("ix_owner_pairings_serial", "owner_pairings", ["serial"])

"""The staff: people, passkeys, rights, sessions, and what they did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff_people",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("company", sa.String(512), unique=True),
    )
    op.create_table(
        "staff_passkeys",
        sa.Column("id", sa.LargeBinary(8), primary_key=True),
        sa.Column("person", sa.String(16), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("uses", sa.BigInteger, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_staff_passkeys_person", "staff_passkeys", ["person"])
    op.create_table(
        "staff_rights",
        sa.Column("number", sa.String(16), primary_key=True),
        sa.Column("person", sa.String(16), nullable=False),
        sa.Column("key", sa.LargeBinary(8), nullable=False),
        sa.Column("role", sa.String(32)),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("agreed", sa.BigInteger),
        sa.Column("since", sa.BigInteger),
        sa.Column("log_index", sa.BigInteger),
        sa.Column("ended", sa.BigInteger),
        sa.Column("ended_by", sa.String(16)),
    )
    op.create_index("ix_staff_rights_person", "staff_rights", ["person"])
    op.create_table(
        "staff_consents",
        sa.Column("right", sa.String(16), primary_key=True),
        sa.Column("person", sa.String(16), primary_key=True),
        sa.Column("key", sa.LargeBinary(8), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("mark", sa.LargeBinary(32), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("roles", sa.String(160), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(16), nullable=False),
        sa.Column("key", sa.LargeBinary(8)),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_staff_sessions_person", "staff_sessions", ["person"])
    op.create_table(
        "staff_touches",
        sa.Column("key", sa.LargeBinary(8), primary_key=True),
        sa.Column("challenge", sa.LargeBinary(32), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "staff_deeds",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("what", sa.String(48), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("staff_deeds_by_time", "staff_deeds", ["at"])

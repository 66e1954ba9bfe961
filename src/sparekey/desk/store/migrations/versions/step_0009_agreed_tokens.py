"""Which tokens a second admin agreed to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Those that are there wait."""
    op.add_column("api_tokens", sa.Column("agreed", sa.String(16)))

"""Records with limited access."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("record_state", sa.Column("limited", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("record_state", "limited")

"""The manager whom the asking side of a transfer proposes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transfer", sa.Column("proposed_manager_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("transfer", "proposed_manager_id")

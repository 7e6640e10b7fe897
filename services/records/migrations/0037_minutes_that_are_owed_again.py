"""Minutes that are owed again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mapp_meeting", sa.Column("owed_again_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("mapp_meeting", "owed_again_id")

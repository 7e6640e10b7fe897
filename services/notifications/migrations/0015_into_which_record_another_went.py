"""Into which record another went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merged_nominal",
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("gone_id", name=op.f("pk_merged_nominal")),
    )


def downgrade() -> None:
    op.drop_table("merged_nominal")

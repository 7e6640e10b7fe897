"""What came to a nominal with a merge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merged_row",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('item', 'clock')", name=op.f("ck_merged_row_kind")),
        sa.PrimaryKeyConstraint("merge_id", "kind", "row_id", name=op.f("pk_merged_row")),
    )


def downgrade() -> None:
    op.drop_table("merged_row")

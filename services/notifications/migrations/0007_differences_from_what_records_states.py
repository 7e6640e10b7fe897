"""Differences from what records states."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compared",
        sa.Column("of", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("of", name=op.f("pk_compared")),
    )
    op.create_table(
        "difference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("fact", sa.String(length=60), server_default="", nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.Integer(), server_default="1", nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('standings', 'missing', 'stale')", name=op.f("ck_difference_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
    )
    op.create_index(
        "uq_difference_open",
        "difference",
        ["kind", "fact", "agency", "subject_id"],
        unique=True,
        postgresql_where=sa.text("mended_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_difference_open", table_name="difference", postgresql_where=sa.text("mended_at is null")
    )
    op.drop_table("difference")
    op.drop_table("compared")

"""Tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nominal_key",
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("master_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(wrapped_key IS NULL) = (destroyed_at IS NOT NULL) AND (wrapped_key IS NULL) = (master_id IS NULL)",
            name=op.f("ck_nominal_key_living_or_tombstone"),
        ),
        sa.PrimaryKeyConstraint("nominal_id", name=op.f("pk_nominal_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_nominal_key_key_id")),
    )
    op.create_index(
        "ix_nominal_key_master_id",
        "nominal_key",
        ["master_id"],
        unique=False,
        postgresql_where=sa.text("master_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_nominal_key_master_id",
        table_name="nominal_key",
        postgresql_where=sa.text("master_id IS NOT NULL"),
    )
    op.drop_table("nominal_key")

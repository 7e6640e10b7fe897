"""Practitioners who were told of what is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practitioner_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("through", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_practitioner_told_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner_told")),
    )
    op.create_index(
        op.f("ix_practitioner_told_nominal_id"), "practitioner_told", ["nominal_id"], unique=False
    )
    op.create_index(
        "ix_practitioner_told_nominal_id_id", "practitioner_told", ["nominal_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_practitioner_told_nominal_id_id", table_name="practitioner_told")
    op.drop_index(op.f("ix_practitioner_told_nominal_id"), table_name="practitioner_told")
    op.drop_table("practitioner_told")

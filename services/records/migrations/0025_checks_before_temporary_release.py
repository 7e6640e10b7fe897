"""Checks before temporary release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rotl_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prison", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = 'no_risk') OR (text IS NOT NULL)", name=op.f("ck_rotl_check_said")),
        sa.CheckConstraint("outcome IN ('no_risk', 'risk', 'referred')", name=op.f("ck_rotl_check_outcome")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_rotl_check_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotl_check")),
    )
    op.create_index(op.f("ix_rotl_check_nominal_id"), "rotl_check", ["nominal_id"], unique=False)
    op.create_index("ix_rotl_check_prison", "rotl_check", ["prison", "checked_at"], unique=False)
    op.create_table(
        "rotl_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("prison", sa.String(length=40), nullable=False),
        sa.Column("leave_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["rotl_check.id"], name=op.f("fk_rotl_approval_check_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_rotl_approval_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotl_approval")),
    )
    op.create_index(op.f("ix_rotl_approval_check_id"), "rotl_approval", ["check_id"], unique=False)
    op.create_index(op.f("ix_rotl_approval_nominal_id"), "rotl_approval", ["nominal_id"], unique=False)
    op.create_index(
        "uq_rotl_approval_leave", "rotl_approval", ["nominal_id", "prison", "leave_on"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_rotl_approval_leave", table_name="rotl_approval")
    op.drop_index(op.f("ix_rotl_approval_nominal_id"), table_name="rotl_approval")
    op.drop_index(op.f("ix_rotl_approval_check_id"), table_name="rotl_approval")
    op.drop_table("rotl_approval")
    op.drop_index("ix_rotl_check_prison", table_name="rotl_check")
    op.drop_index(op.f("ix_rotl_check_nominal_id"), table_name="rotl_check")
    op.drop_table("rotl_check")

"""Offender managers whom other systems name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offender_manager_named",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=3), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("role IN ('POM', 'COM')", name=op.f("ck_offender_manager_named_role")),
        sa.CheckConstraint(
            "state IN ('open', 'settled', 'over')", name=op.f("ck_offender_manager_named_state")
        ),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_offender_manager_named_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offender_manager_named")),
    )
    op.create_index(
        op.f("ix_offender_manager_named_nominal_id"), "offender_manager_named", ["nominal_id"], unique=False
    )
    op.create_index(
        "uq_offender_manager_named_open",
        "offender_manager_named",
        ["nominal_id", "role"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_offender_manager_named_open",
        table_name="offender_manager_named",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_offender_manager_named_nominal_id"), table_name="offender_manager_named")
    op.drop_table("offender_manager_named")

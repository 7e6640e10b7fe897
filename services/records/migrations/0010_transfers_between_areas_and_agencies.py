"""Transfers between areas and agencies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("from_owner", sa.String(length=40), nullable=False),
        sa.Column("from_agency", sa.String(length=40), nullable=False),
        sa.Column("from_unit", sa.String(length=40), nullable=False),
        sa.Column("to_owner", sa.String(length=40), nullable=False),
        sa.Column("to_agency", sa.String(length=40), nullable=False),
        sa.Column("to_unit", sa.String(length=40), nullable=False),
        sa.Column("to_jurisdiction", sa.String(length=3), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bulk_id", sa.Uuid(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'seen', 'questioned', 'refused', 'withdrawn', 'completed')",
            name=op.f("ck_transfer_state"),
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_transfer_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_bulk_id"), "transfer", ["bulk_id"], unique=False)
    op.create_index("ix_transfer_from_owner", "transfer", ["from_owner", "requested_at"], unique=False)
    op.create_index(op.f("ix_transfer_nominal_id"), "transfer", ["nominal_id"], unique=False)
    op.create_index("ix_transfer_to_owner", "transfer", ["to_owner", "requested_at"], unique=False)
    op.create_index(
        "uq_transfer_open",
        "transfer",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'seen', 'questioned')"),
    )
    op.create_table(
        "transfer_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_step_transfer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_step")),
    )
    op.create_index(op.f("ix_transfer_step_transfer_id"), "transfer_step", ["transfer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_transfer_step_transfer_id"), table_name="transfer_step")
    op.drop_table("transfer_step")
    op.drop_index(
        "uq_transfer_open",
        table_name="transfer",
        postgresql_where=sa.text("state IN ('requested', 'seen', 'questioned')"),
    )
    op.drop_index("ix_transfer_to_owner", table_name="transfer")
    op.drop_index(op.f("ix_transfer_nominal_id"), table_name="transfer")
    op.drop_index("ix_transfer_from_owner", table_name="transfer")
    op.drop_index(op.f("ix_transfer_bulk_id"), table_name="transfer")
    op.drop_table("transfer")

"""Bulk transfers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("from_owner", sa.String(length=40), nullable=False),
        sa.Column("from_agency", sa.String(length=40), nullable=False),
        sa.Column("from_unit", sa.String(length=40), nullable=False),
        sa.Column("to_owner", sa.String(length=40), nullable=False),
        sa.Column("to_agency", sa.String(length=40), nullable=False),
        sa.Column("to_unit", sa.String(length=40), nullable=False),
        sa.Column("to_jurisdiction", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("terminal", sa.String(), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("supervisor_id", sa.Uuid(), nullable=True),
        sa.Column("keep_people", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("transferred", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'running', 'refused', 'withdrawn', 'completed')",
            name=op.f("ck_bulk_transfer_state"),
        ),
        sa.CheckConstraint("transferred <= done AND done <= total", name=op.f("ck_bulk_transfer_done")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_transfer")),
    )
    op.create_index("ix_bulk_transfer_from_owner", "bulk_transfer", ["from_owner", "id"], unique=False)
    op.create_index("ix_bulk_transfer_to_owner", "bulk_transfer", ["to_owner", "id"], unique=False)
    op.create_table(
        "bulk_transfer_item",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=True),
        sa.Column("why", sa.String(length=100), nullable=True),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.Column("manager_before", sa.Uuid(), nullable=True),
        sa.Column("supervisor_before", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(result = 'transferred') = (transfer_id IS NOT NULL)",
            name=op.f("ck_bulk_transfer_item_transferred"),
        ),
        sa.CheckConstraint(
            "result IN ('transferred', 'left_out')", name=op.f("ck_bulk_transfer_item_result")
        ),
        sa.PrimaryKeyConstraint("bulk_id", "nominal_id", name=op.f("pk_bulk_transfer_item")),
    )
    op.create_index(
        "ix_bulk_transfer_item_waiting",
        "bulk_transfer_item",
        ["bulk_id", "nominal_id"],
        unique=False,
        postgresql_where=sa.text("result IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_bulk_transfer_item_waiting",
        table_name="bulk_transfer_item",
        postgresql_where=sa.text("result IS NULL"),
    )
    op.drop_table("bulk_transfer_item")
    op.drop_index("ix_bulk_transfer_to_owner", table_name="bulk_transfer")
    op.drop_index("ix_bulk_transfer_from_owner", table_name="bulk_transfer")
    op.drop_table("bulk_transfer")

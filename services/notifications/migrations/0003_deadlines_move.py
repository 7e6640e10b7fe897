"""Deadlines that open, move, come round and stand still."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staffed_area",
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("sufficient", sa.Boolean(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("area", "from_day", name=op.f("pk_staffed_area")),
    )
    op.create_table(
        "deadline_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("due_was", sa.Date(), nullable=True),
        sa.Column("due_now", sa.Date(), nullable=True),
        sa.Column("period_was", sa.String(length=40), nullable=True),
        sa.Column("period_now", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "why in ('policy', 'moved', 'paused', 'resumed')", name=op.f("ck_deadline_change_why")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_change_deadline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_change")),
    )
    op.create_index(op.f("ix_deadline_change_deadline_id"), "deadline_change", ["deadline_id"], unique=False)
    op.add_column("deadline", sa.Column("occasion_id", sa.Uuid(), nullable=True))
    op.add_column("deadline", sa.Column("round", sa.Integer(), server_default="1", nullable=False))
    op.add_column("deadline", sa.Column("variant", sa.String(length=30), server_default="", nullable=False))
    op.add_column(
        "deadline", sa.Column("counted_by", sa.String(length=16), server_default="", nullable=False)
    )
    op.add_column("deadline", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadline", sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadline", sa.Column("until_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deadline", sa.Column("exact", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(
        "ix_deadline_counted_by",
        "deadline",
        ["code", "counted_by", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'met'"),
    )
    op.create_index(op.f("ix_deadline_occasion_id"), "deadline", ["occasion_id"], unique=False)
    op.add_column("todo_item", sa.Column("due_was", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("todo_item", "due_was")
    op.drop_index(op.f("ix_deadline_occasion_id"), table_name="deadline")
    op.drop_index("ix_deadline_counted_by", table_name="deadline", postgresql_where=sa.text("state <> 'met'"))
    op.drop_column("deadline", "exact")
    op.drop_column("deadline", "until_at")
    op.drop_column("deadline", "opens_at")
    op.drop_column("deadline", "moved_at")
    op.drop_column("deadline", "counted_by")
    op.drop_column("deadline", "variant")
    op.drop_column("deadline", "round")
    op.drop_column("deadline", "occasion_id")
    op.drop_index(op.f("ix_deadline_change_deadline_id"), table_name="deadline_change")
    op.drop_table("deadline_change")
    op.drop_table("staffed_area")

"""What becomes of to-do items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_cover_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index(op.f("ix_cover_by_id"), "cover", ["by_id"], unique=False)
    op.create_index(op.f("ix_cover_person_id"), "cover", ["person_id"], unique=False)
    op.add_column("todo_item", sa.Column("pinned", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("todo_item", sa.Column("put_off_to", sa.Date(), nullable=True))
    op.add_column("todo_item", sa.Column("passed_on_by", sa.Uuid(), nullable=True))
    op.drop_constraint(op.f("ck_todo_item_outcome"), "todo_item")
    op.create_check_constraint(
        op.f("ck_todo_item_outcome"),
        "todo_item",
        "outcome in ('actioned', 'no_action', 'met', 'overtaken', 'passed_on')",
    )


def downgrade() -> None:
    op.execute("UPDATE todo_item SET outcome = 'overtaken' WHERE outcome = 'passed_on'")
    op.drop_constraint(op.f("ck_todo_item_outcome"), "todo_item")
    op.create_check_constraint(
        op.f("ck_todo_item_outcome"),
        "todo_item",
        "outcome in ('actioned', 'no_action', 'met', 'overtaken')",
    )
    op.drop_column("todo_item", "passed_on_by")
    op.drop_column("todo_item", "put_off_to")
    op.drop_column("todo_item", "pinned")
    op.drop_index(op.f("ix_cover_person_id"), table_name="cover")
    op.drop_index(op.f("ix_cover_by_id"), table_name="cover")
    op.drop_table("cover")

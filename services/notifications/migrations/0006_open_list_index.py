"""The open list's index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_todo_item_open", table_name="todo_item", postgresql_concurrently=True)
        op.create_index(
            "ix_todo_item_open",
            "todo_item",
            [
                "person_id",
                sa.literal_column("pinned DESC"),
                sa.literal_column("important DESC"),
                "due_on",
                sa.literal_column("raised_at DESC"),
                "id",
            ],
            unique=False,
            postgresql_where=sa.text("state = 'open'"),
            postgresql_include=["late_from", "put_off_to", "kind"],
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_todo_item_open", table_name="todo_item", postgresql_concurrently=True)
        op.create_index(
            "ix_todo_item_open",
            "todo_item",
            ["person_id", "due_on", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'open'"),
            postgresql_concurrently=True,
        )

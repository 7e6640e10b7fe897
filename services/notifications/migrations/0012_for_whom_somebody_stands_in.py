"""For whom somebody stands in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open' and stands_in_for is not null")


def upgrade() -> None:
    op.add_column("todo_item", sa.Column("stands_in_for", sa.Uuid(), nullable=True))
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_todo_item_stands_in_for",
            "todo_item",
            ["stands_in_for"],
            postgresql_where=_OPEN,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_todo_item_stands_in_for",
            table_name="todo_item",
            postgresql_where=_OPEN,
            postgresql_concurrently=True,
        )
    op.drop_column("todo_item", "stands_in_for")

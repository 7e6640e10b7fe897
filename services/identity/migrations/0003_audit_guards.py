"""The audit is append-only, for the tables' owner too."""

from __future__ import annotations

from alembic import op

from shared.audit import guards

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in guards.ddl():
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.undo_ddl():
        op.execute(statement)

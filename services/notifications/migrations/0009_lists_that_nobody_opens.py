"""Lists that nobody opens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


_BEFORE = "kind in ('digest', 'urgent', 'changes')"
_NOW = "kind in ('digest', 'urgent', 'changes', 'unopened')"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_letter_kind"), "letter")
    op.create_check_constraint(op.f("ck_letter_kind"), "letter", _NOW)
    op.create_table(
        "unopened_reminder",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_unopened_reminder")),
    )


def downgrade() -> None:
    op.execute("DELETE FROM letter WHERE kind = 'unopened'")
    op.drop_constraint(op.f("ck_letter_kind"), "letter")
    op.create_check_constraint(op.f("ck_letter_kind"), "letter", _BEFORE)
    op.drop_table("unopened_reminder")

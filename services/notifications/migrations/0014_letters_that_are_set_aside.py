"""Letters that are set aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("refusals", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(op.f("ck_letter_state"), "letter")
    op.create_check_constraint(
        op.f("ck_letter_state"), "letter", "state in ('waiting', 'sent', 'dropped', 'aside')"
    )
    op.create_index(
        "ix_letter_aside",
        "letter",
        ["ended_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'aside'"),
    )


def downgrade() -> None:
    op.drop_index("ix_letter_aside", table_name="letter", postgresql_where=sa.text("state = 'aside'"))
    op.execute("update letter set state = 'dropped' where state = 'aside'")
    op.drop_constraint(op.f("ck_letter_state"), "letter")
    op.create_check_constraint(op.f("ck_letter_state"), "letter", "state in ('waiting', 'sent', 'dropped')")
    op.drop_column("letter", "refusals")

"""Find the deadlines that somebody is reminded of."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deadline_person_person_id", "deadline_person", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_deadline_person_person_id", table_name="deadline_person")

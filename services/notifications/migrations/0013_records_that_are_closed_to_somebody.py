"""Records that are closed to somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_record",
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("nominal_id", "person_id", name=op.f("pk_closed_record")),
    )


def downgrade() -> None:
    op.drop_table("closed_record")

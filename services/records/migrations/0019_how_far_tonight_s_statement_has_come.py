"""How far tonight's statement has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stating",
        sa.Column("of", sa.String(length=60), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("through", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("of", name=op.f("pk_stating")),
    )


def downgrade() -> None:
    op.drop_table("stating")

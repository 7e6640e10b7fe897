"""What identity states at night, and whom it asked for a month's assurance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Of the months that were asked for before, what the log of facts says.
_ASKED = """
INSERT INTO lead_asked (id, unit, month)
SELECT DISTINCT (data->>'assurance_id')::uuid, data->>'unit', date_trunc('month', (data->>'last_day')::date)::date
FROM outbox JOIN unit ON unit.code = data->>'unit' WHERE outbox.kind = 'identity.lead_assurance.due'
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "stating",
        sa.Column("of", sa.String(length=60), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("through", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("of", name=op.f("pk_stating")),
    )
    op.create_table(
        "lead_asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_lead_asked_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_asked")),
        sa.UniqueConstraint("unit", "month", name=op.f("uq_lead_asked_unit_month")),
    )
    op.execute(_ASKED)


def downgrade() -> None:
    op.drop_table("lead_asked")
    op.drop_table("stating")

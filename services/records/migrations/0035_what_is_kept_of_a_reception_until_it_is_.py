"""What is kept of a reception until it is settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# Of receptions before, what the log of facts says.
_SAID = (
    """
    UPDATE custody_movement SET partnered = (data->>'already_partnered')::boolean FROM outbox
    WHERE outbox.kind = 'records.custody.received' AND custody_movement.id = (data->>'reception_id')::uuid
    """,
    """
    UPDATE custody_movement SET left_at = (data->>'left_at')::timestamptz,
      left_partnered = (data->>'partnered')::boolean FROM outbox
    WHERE outbox.kind = 'records.custody.left' AND custody_movement.id = (data->>'reception_id')::uuid
    """,
    """
    UPDATE custody_movement SET dated_at = occurred_at FROM outbox
    WHERE outbox.kind = 'records.attachment.transfer_dated' AND custody_movement.id = (data->>'reception_id')::uuid
    """,
)


def upgrade() -> None:
    op.add_column("custody_movement", sa.Column("partnered", sa.Boolean(), nullable=True))
    op.add_column("custody_movement", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("custody_movement", sa.Column("left_partnered", sa.Boolean(), nullable=True))
    op.add_column("custody_movement", sa.Column("dated_at", sa.DateTime(timezone=True), nullable=True))
    for statement in _SAID:
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("custody_movement", "dated_at")
    op.drop_column("custody_movement", "left_partnered")
    op.drop_column("custody_movement", "left_at")
    op.drop_column("custody_movement", "partnered")

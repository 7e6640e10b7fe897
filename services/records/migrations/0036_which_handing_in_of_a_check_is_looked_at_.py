"""Which handing in of a lead's check is looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was handed in again after its re-check, that re-check is of an earlier one."""
    op.add_column("quality_audit", sa.Column("submission", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE quality_audit SET submission = 1 WHERE submitted_at IS NOT NULL AND kind <> 'recheck'")
    op.execute(
        "UPDATE quality_audit AS again SET submission = 1 FROM quality_audit AS theirs"
        " WHERE theirs.id = again.of_id AND again.assigned_at >= theirs.submitted_at"
    )
    op.drop_index("uq_quality_audit_recheck", table_name="quality_audit")
    op.create_index(
        "uq_quality_audit_recheck",
        "quality_audit",
        ["of_id", "submission"],
        unique=True,
        postgresql_where=sa.text("of_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Of two re-checks of one check the newer stays."""
    op.drop_index("uq_quality_audit_recheck", table_name="quality_audit")
    op.execute(
        "DELETE FROM quality_audit AS older USING quality_audit AS newer"
        " WHERE older.of_id = newer.of_id AND older.submission < newer.submission"
    )
    op.create_index(
        "uq_quality_audit_recheck",
        "quality_audit",
        ["of_id"],
        unique=True,
        postgresql_where=sa.text("of_id IS NOT NULL"),
    )
    op.drop_column("quality_audit", "submission")

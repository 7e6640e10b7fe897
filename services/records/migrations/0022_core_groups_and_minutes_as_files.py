"""Core groups and minutes as files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mapp_meeting", sa.Column("minutes_due_on", sa.Date(), nullable=True))
    op.add_column("mapp_meeting", sa.Column("minutes_entry_id", sa.Uuid(), nullable=True))
    op.alter_column("mapp_meeting", "level", existing_type=sa.INTEGER(), nullable=True)
    op.drop_index(op.f("uq_mapp_meeting_nominal_id_held_on_level"), table_name="mapp_meeting")
    op.create_index(
        "uq_mapp_meeting_nominal_id_held_on_level",
        "mapp_meeting",
        ["nominal_id", "held_on", sa.literal_column("coalesce(level, 0)")],
        unique=True,
    )
    op.create_unique_constraint(
        op.f("uq_mapp_meeting_minutes_entry_id"), "mapp_meeting", ["minutes_entry_id"]
    )
    op.create_foreign_key(
        op.f("fk_mapp_meeting_minutes_entry_id"),
        "mapp_meeting",
        "attachment_entry",
        ["minutes_entry_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.drop_constraint(op.f("ck_mapp_meeting_minutes"), "mapp_meeting", type_="check")
    op.create_check_constraint(
        op.f("ck_mapp_meeting_minutes"), "mapp_meeting", "minutes IS NULL OR minutes_added_at IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DELETE FROM mapp_meeting WHERE level IS NULL")
    op.execute(
        "UPDATE mapp_meeting SET minutes_added_at = NULL, minutes_added_by = NULL WHERE minutes IS NULL"
    )
    op.drop_constraint(op.f("ck_mapp_meeting_minutes"), "mapp_meeting", type_="check")
    op.create_check_constraint(
        op.f("ck_mapp_meeting_minutes"), "mapp_meeting", "(minutes IS NULL) = (minutes_added_at IS NULL)"
    )
    op.drop_constraint(op.f("fk_mapp_meeting_minutes_entry_id"), "mapp_meeting", type_="foreignkey")
    op.drop_constraint(op.f("uq_mapp_meeting_minutes_entry_id"), "mapp_meeting", type_="unique")
    op.drop_index("uq_mapp_meeting_nominal_id_held_on_level", table_name="mapp_meeting")
    op.create_index(
        op.f("uq_mapp_meeting_nominal_id_held_on_level"),
        "mapp_meeting",
        ["nominal_id", "held_on", "level"],
        unique=True,
    )
    op.alter_column("mapp_meeting", "level", existing_type=sa.INTEGER(), nullable=False)
    op.drop_column("mapp_meeting", "minutes_entry_id")
    op.drop_column("mapp_meeting", "minutes_due_on")

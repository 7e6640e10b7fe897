"""Entries that correct, are restricted or ask for an attachment; level 1 reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Only a merge touches an entry again: it moves `nominal_id`.
_APPEND_ONLY = (
    """
    CREATE OR REPLACE FUNCTION activity_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'activity_entry is append-only' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER activity_entry_append_only BEFORE UPDATE OF id, origin_nominal_id, kind, text, author_id, agency,
      unit, at, for_attention, important, readers, corrects, to_inform ON activity_entry
      FOR EACH ROW EXECUTE FUNCTION activity_entry_is_append_only()
    """,
)


def upgrade() -> None:
    op.create_table(
        "attachment_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'updated', 'declined')", name=op.f("ck_attachment_need_state")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_attachment_need_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_need")),
        sa.UniqueConstraint("entry_id", "folder", name=op.f("uq_attachment_need_entry_id_folder")),
    )
    op.create_index(op.f("ix_attachment_need_entry_id"), "attachment_need", ["entry_id"], unique=False)
    op.create_index(op.f("ix_attachment_need_nominal_id"), "attachment_need", ["nominal_id"], unique=False)
    op.create_index(
        "ix_attachment_need_open",
        "attachment_need",
        ["nominal_id", "folder"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "level_1_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_level_1_review_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_1_review")),
        sa.UniqueConstraint(
            "nominal_id", "completed_on", name=op.f("uq_level_1_review_nominal_id_completed_on")
        ),
    )
    op.create_index(op.f("ix_level_1_review_nominal_id"), "level_1_review", ["nominal_id"], unique=False)
    op.add_column(
        "activity_entry",
        sa.Column("important", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("activity_entry", sa.Column("readers", sa.ARRAY(sa.Text()), nullable=True))
    op.add_column("activity_entry", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.add_column("activity_entry", sa.Column("to_inform", sa.LargeBinary(), nullable=True))
    op.create_index(
        "uq_activity_entry_corrects",
        "activity_entry",
        ["corrects"],
        unique=True,
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_activity_entry_corrects"), "activity_entry", "activity_entry", ["corrects"], ["id"]
    )
    op.create_check_constraint(op.f("ck_activity_entry_corrects_another"), "activity_entry", "corrects <> id")
    for statement in _APPEND_ONLY:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER activity_entry_append_only ON activity_entry")
    op.execute("DROP FUNCTION activity_entry_is_append_only()")
    op.drop_constraint(op.f("ck_activity_entry_corrects_another"), "activity_entry", type_="check")
    op.drop_constraint(op.f("fk_activity_entry_corrects"), "activity_entry", type_="foreignkey")
    op.drop_index(
        "uq_activity_entry_corrects",
        table_name="activity_entry",
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.drop_column("activity_entry", "to_inform")
    op.drop_column("activity_entry", "corrects")
    op.drop_column("activity_entry", "readers")
    op.drop_column("activity_entry", "important")
    op.drop_index(op.f("ix_level_1_review_nominal_id"), table_name="level_1_review")
    op.drop_table("level_1_review")
    op.drop_index(
        "ix_attachment_need_open", table_name="attachment_need", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index(op.f("ix_attachment_need_nominal_id"), table_name="attachment_need")
    op.drop_index(op.f("ix_attachment_need_entry_id"), table_name="attachment_need")
    op.drop_table("attachment_need")

"""Archiving, and merges that can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_unit", sa.String(length=40), nullable=False),
        sa.Column("owner_agency", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("archived", sa.Integer(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_review")),
    )
    op.create_index(op.f("ix_archive_review_due_on"), "archive_review", ["due_on"], unique=False)
    op.create_index(op.f("ix_archive_review_owner_unit"), "archive_review", ["owner_unit"], unique=False)
    op.create_index(
        "uq_archive_review_open",
        "archive_review",
        ["owner_unit"],
        unique=True,
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )
    op.create_table(
        "archive_watch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_archive_watch_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_watch")),
        sa.UniqueConstraint("nominal_id", name=op.f("uq_archive_watch_nominal_id")),
    )
    op.create_index(op.f("ix_archive_watch_look_on"), "archive_watch", ["look_on"], unique=False)
    op.create_index(op.f("ix_archive_watch_nominal_id"), "archive_watch", ["nominal_id"], unique=False)
    op.create_table(
        "archiving",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("partnerships_end_on", sa.Date(), nullable=False),
        sa.Column("partnerships_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unarchived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unarchived_by", sa.Uuid(), nullable=True),
        sa.Column("back_reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('died', 'deregistered', 'notification_ended', 'supervision_ended', 'other')",
            name=op.f("ck_archiving_ground"),
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_archiving_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archiving")),
    )
    op.create_index(op.f("ix_archiving_nominal_id"), "archiving", ["nominal_id"], unique=False)
    op.create_index(
        "ix_archiving_partnerships_end_on",
        "archiving",
        ["partnerships_end_on"],
        unique=False,
        postgresql_where=sa.text("partnerships_ended_at IS NULL AND unarchived_at IS NULL"),
    )
    op.create_index(
        "uq_archiving_now",
        "archiving",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("unarchived_at IS NULL"),
    )
    op.create_table(
        "death",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_death_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_death")),
        sa.UniqueConstraint("nominal_id", name=op.f("uq_death_nominal_id")),
    )
    op.create_index(op.f("ix_death_nominal_id"), "death", ["nominal_id"], unique=False)
    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("gone_owner", sa.String(length=40), nullable=False),
        sa.Column("into_owner", sa.String(length=40), nullable=False),
        sa.Column("asked_owner", sa.String(length=40), nullable=True),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("kept", sa.LargeBinary(), nullable=True),
        sa.Column("undo_until", sa.Date(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'merged', 'refused', 'withdrawn', 'undone')", name=op.f("ck_merge_state")
        ),
        sa.CheckConstraint("gone_id <> nominal_id", name=op.f("ck_merge_two")),
        sa.ForeignKeyConstraint(["gone_id"], ["nominal.id"], name=op.f("fk_merge_gone_id")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_merge_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_gone_id"), "merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merge_gone_owner"), "merge", ["gone_owner"], unique=False)
    op.create_index(op.f("ix_merge_into_owner"), "merge", ["into_owner"], unique=False)
    op.create_index(op.f("ix_merge_nominal_id"), "merge", ["nominal_id"], unique=False)
    op.create_index(
        "uq_merge_gone",
        "merge",
        ["gone_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'merged')"),
    )
    op.create_table(
        "not_same_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_not_same_person_nominal_id")),
        sa.ForeignKeyConstraint(["other_id"], ["nominal.id"], name=op.f("fk_not_same_person_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same_person")),
        sa.UniqueConstraint("nominal_id", "other_id", name=op.f("uq_not_same_person_nominal_id_other_id")),
    )
    op.create_index(op.f("ix_not_same_person_nominal_id"), "not_same_person", ["nominal_id"], unique=False)
    op.create_index(op.f("ix_not_same_person_other_id"), "not_same_person", ["other_id"], unique=False)
    op.create_table(
        "ready_to_archive",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('died', 'deregistered', 'notification_ended', 'supervision_ended', 'other')",
            name=op.f("ck_ready_to_archive_ground"),
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_ready_to_archive_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_to_archive")),
        sa.UniqueConstraint("nominal_id", name=op.f("uq_ready_to_archive_nominal_id")),
    )
    op.create_index(op.f("ix_ready_to_archive_nominal_id"), "ready_to_archive", ["nominal_id"], unique=False)
    op.add_column("nominal", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_nominal_merged_into_id"), "nominal", ["merged_into_id"], unique=False)
    op.create_foreign_key(op.f("fk_nominal_merged_into_id"), "nominal", "nominal", ["merged_into_id"], ["id"])
    op.drop_constraint(op.f("ck_nominal_status"), "nominal", type_="check")
    op.create_check_constraint(
        op.f("ck_nominal_status"), "nominal", "status IN ('live', 'archived', 'merged')"
    )
    op.create_check_constraint(
        op.f("ck_nominal_merged"), "nominal", "(status = 'merged') = (merged_into_id IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_nominal_merged"), "nominal", type_="check")
    op.drop_constraint(op.f("ck_nominal_status"), "nominal", type_="check")
    op.create_check_constraint(op.f("ck_nominal_status"), "nominal", "status IN ('live', 'archived')")
    op.drop_constraint(op.f("fk_nominal_merged_into_id"), "nominal", type_="foreignkey")
    op.drop_index(op.f("ix_nominal_merged_into_id"), table_name="nominal")
    op.drop_column("nominal", "merged_into_id")
    op.drop_index(op.f("ix_ready_to_archive_nominal_id"), table_name="ready_to_archive")
    op.drop_table("ready_to_archive")
    op.drop_index(op.f("ix_not_same_person_other_id"), table_name="not_same_person")
    op.drop_index(op.f("ix_not_same_person_nominal_id"), table_name="not_same_person")
    op.drop_table("not_same_person")
    op.drop_index(
        "uq_merge_gone", table_name="merge", postgresql_where=sa.text("state IN ('proposed', 'merged')")
    )
    op.drop_index(op.f("ix_merge_nominal_id"), table_name="merge")
    op.drop_index(op.f("ix_merge_into_owner"), table_name="merge")
    op.drop_index(op.f("ix_merge_gone_owner"), table_name="merge")
    op.drop_index(op.f("ix_merge_gone_id"), table_name="merge")
    op.drop_table("merge")
    op.drop_index(op.f("ix_death_nominal_id"), table_name="death")
    op.drop_table("death")
    op.drop_index(
        "uq_archiving_now", table_name="archiving", postgresql_where=sa.text("unarchived_at IS NULL")
    )
    op.drop_index(
        "ix_archiving_partnerships_end_on",
        table_name="archiving",
        postgresql_where=sa.text("partnerships_ended_at IS NULL AND unarchived_at IS NULL"),
    )
    op.drop_index(op.f("ix_archiving_nominal_id"), table_name="archiving")
    op.drop_table("archiving")
    op.drop_index(op.f("ix_archive_watch_nominal_id"), table_name="archive_watch")
    op.drop_index(op.f("ix_archive_watch_look_on"), table_name="archive_watch")
    op.drop_table("archive_watch")
    op.drop_index(
        "uq_archive_review_open", table_name="archive_review", postgresql_where=sa.text("reviewed_at IS NULL")
    )
    op.drop_index(op.f("ix_archive_review_owner_unit"), table_name="archive_review")
    op.drop_index(op.f("ix_archive_review_due_on"), table_name="archive_review")
    op.drop_table("archive_review")

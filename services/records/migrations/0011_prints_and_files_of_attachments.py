"""Prints, and files of attachments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_preview",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("pictures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'impossible')", name=op.f("ck_file_preview_state")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_file_preview_file_id")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_file_preview_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_preview")),
        sa.UniqueConstraint("file_id", name=op.f("uq_file_preview_file_id")),
    )
    op.create_index(op.f("ix_file_preview_nominal_id"), "file_preview", ["nominal_id"], unique=False)
    op.create_table(
        "print_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("folders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("through", sa.Date(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("asker", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("why_failed", sa.String(length=10), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("form IN ('pdf', 'json')", name=op.f("ck_print_job_form")),
        sa.CheckConstraint(
            "state IN ('waiting', 'making', 'ready', 'failed', 'gone')", name=op.f("ck_print_job_state")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_print_job_file_id")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_print_job_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index("ix_print_job_asked_by", "print_job", ["asked_by", "id"], unique=False)
    op.create_index(op.f("ix_print_job_nominal_id"), "print_job", ["nominal_id"], unique=False)
    op.create_table(
        "attachment_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["attachment_entry.id"],
            name=op.f("fk_attachment_file_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_file_id")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_attachment_file_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_attachment_file_file_id")),
    )
    op.create_index(op.f("ix_attachment_file_entry_id"), "attachment_file", ["entry_id"], unique=False)
    op.create_index(op.f("ix_attachment_file_nominal_id"), "attachment_file", ["nominal_id"], unique=False)
    op.create_table(
        "print_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["print_job.id"], name=op.f("fk_print_part_job_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_print_part_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_part")),
        sa.UniqueConstraint("job_id", "position", name=op.f("uq_print_part_job_id_position")),
    )
    op.create_index(op.f("ix_print_part_nominal_id"), "print_part", ["nominal_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_print_part_nominal_id"), table_name="print_part")
    op.drop_table("print_part")
    op.drop_index(op.f("ix_attachment_file_nominal_id"), table_name="attachment_file")
    op.drop_index(op.f("ix_attachment_file_entry_id"), table_name="attachment_file")
    op.drop_table("attachment_file")
    op.drop_index(op.f("ix_print_job_nominal_id"), table_name="print_job")
    op.drop_index("ix_print_job_asked_by", table_name="print_job")
    op.drop_table("print_job")
    op.drop_index(op.f("ix_file_preview_nominal_id"), table_name="file_preview")
    op.drop_table("file_preview")

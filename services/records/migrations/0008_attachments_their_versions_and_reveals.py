"""Attachments, their versions and reveals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Only a merge touches a version again: it moves `nominal_id`.
_STAYS = (
    """
    CREATE OR REPLACE FUNCTION attachment_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF to_jsonb(NEW) - 'nominal_id' IS DISTINCT FROM to_jsonb(OLD) - 'nominal_id' THEN
        RAISE EXCEPTION 'a version of an attachment is never changed';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER attachment_version_stays BEFORE UPDATE ON attachment_version
      FOR EACH ROW EXECUTE FUNCTION attachment_version_stays()
    """,
)


def upgrade() -> None:
    op.create_table(
        "attachment_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grading", sa.String(length=20), nullable=False),
        sa.Column("handling_code", sa.String(length=1), nullable=True),
        sa.Column("readers", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("slot", sa.String(length=40), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(grading = 'intelligence-handled') <= (handling_code IS NOT NULL)",
            name=op.f("ck_attachment_entry_handling"),
        ),
        sa.CheckConstraint(
            "grading IN ('open', 'intelligence-handled', 'victim-sensitive')",
            name=op.f("ck_attachment_entry_grading"),
        ),
        sa.CheckConstraint(
            "state IN ('current', 'superseded', 'ended', 'removed')", name=op.f("ck_attachment_entry_state")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_attachment_entry_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_entry")),
    )
    op.create_index(op.f("ix_attachment_entry_nominal_id"), "attachment_entry", ["nominal_id"], unique=False)
    op.create_index(
        "ix_attachment_entry_nominal_id_folder",
        "attachment_entry",
        ["nominal_id", "folder", "id"],
        unique=False,
    )
    op.create_index(
        "uq_attachment_entry_slot",
        "attachment_entry",
        ["nominal_id", "folder", "slot"],
        unique=True,
        postgresql_where=sa.text("slot IS NOT NULL AND state = 'current'"),
    )
    op.create_table(
        "attachment_nothing_known",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_attachment_nothing_known_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_nothing_known")),
        sa.UniqueConstraint(
            "nominal_id",
            "folder",
            "agency",
            name=op.f("uq_attachment_nothing_known_nominal_id_folder_agency"),
        ),
    )
    op.create_index(
        op.f("ix_attachment_nothing_known_nominal_id"),
        "attachment_nothing_known",
        ["nominal_id"],
        unique=False,
    )
    op.create_table(
        "attachment_reveal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["attachment_entry.id"],
            name=op.f("fk_attachment_reveal_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_attachment_reveal_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_reveal")),
    )
    op.create_index(op.f("ix_attachment_reveal_entry_id"), "attachment_reveal", ["entry_id"], unique=False)
    op.create_index(
        op.f("ix_attachment_reveal_nominal_id"), "attachment_reveal", ["nominal_id"], unique=False
    )
    op.create_table(
        "attachment_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("grading", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.Column("open_values", sa.LargeBinary(), nullable=False),
        sa.Column("masked_values", sa.LargeBinary(), nullable=True),
        sa.Column("changed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "what IN ('added', 'changed', 'corrected', 'ended', 'superseded', 'removed')",
            name=op.f("ck_attachment_version_what"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["attachment_entry.id"],
            name=op.f("fk_attachment_version_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_attachment_version_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_version")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_attachment_version_entry_id_number")),
    )
    op.create_index(
        op.f("ix_attachment_version_nominal_id"), "attachment_version", ["nominal_id"], unique=False
    )
    for statement in _STAYS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_attachment_version_nominal_id"), table_name="attachment_version")
    op.drop_table("attachment_version")
    op.execute("DROP FUNCTION attachment_version_stays()")
    op.drop_index(op.f("ix_attachment_reveal_nominal_id"), table_name="attachment_reveal")
    op.drop_index(op.f("ix_attachment_reveal_entry_id"), table_name="attachment_reveal")
    op.drop_table("attachment_reveal")
    op.drop_index(op.f("ix_attachment_nothing_known_nominal_id"), table_name="attachment_nothing_known")
    op.drop_table("attachment_nothing_known")
    op.drop_index(
        "uq_attachment_entry_slot",
        table_name="attachment_entry",
        postgresql_where=sa.text("slot IS NOT NULL AND state = 'current'"),
    )
    op.drop_index("ix_attachment_entry_nominal_id_folder", table_name="attachment_entry")
    op.drop_index(op.f("ix_attachment_entry_nominal_id"), table_name="attachment_entry")
    op.drop_table("attachment_entry")

"""Quality of records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("questions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_template")),
    )
    op.create_index(op.f("ix_quality_template_owner"), "quality_template", ["owner"], unique=False)
    op.create_table(
        "report_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("report", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=30), nullable=False),
        sa.Column("recipient_name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issues", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "recipient IN ('smb', 'governor', 'head_of_public_protection', 'head_of_operations', 'regional_director', 'group_director', 'national_team')",
            name=op.f("ck_report_request_recipient"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_request")),
    )
    op.create_index(op.f("ix_report_request_owner"), "report_request", ["owner"], unique=False)
    op.create_table(
        "quality_audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("questions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("of_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("auditor_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("differing", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'recheck') = (of_id IS NOT NULL)", name=op.f("ck_quality_audit_recheck")),
        sa.CheckConstraint("kind IN ('audit', 'lead_check', 'recheck')", name=op.f("ck_quality_audit_kind")),
        sa.CheckConstraint(
            "state IN ('assigned', 'submitted', 'returned', 'signed')", name=op.f("ck_quality_audit_state")
        ),
        sa.ForeignKeyConstraint(["of_id"], ["quality_audit.id"], name=op.f("fk_quality_audit_of_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["quality_template.id"], name=op.f("fk_quality_audit_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_audit")),
    )
    op.create_index(op.f("ix_quality_audit_auditor_id"), "quality_audit", ["auditor_id"], unique=False)
    op.create_index("ix_quality_audit_owner", "quality_audit", ["owner", "id"], unique=False)
    op.create_index("ix_quality_audit_unit", "quality_audit", ["unit", "id"], unique=False)
    op.create_index(
        "uq_quality_audit_recheck",
        "quality_audit",
        ["of_id"],
        unique=True,
        postgresql_where=sa.text("of_id IS NOT NULL"),
    )
    op.create_table(
        "record_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("supervision_on", sa.Date(), nullable=True),
        sa.Column("results", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.Column("held", sa.LargeBinary(), nullable=False),
        sa.Column("used", sa.LargeBinary(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_record_check_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_check")),
    )
    op.create_index(op.f("ix_record_check_nominal_id"), "record_check", ["nominal_id"], unique=False)
    op.create_index("ix_record_check_unit", "record_check", ["unit", "checked_at"], unique=False)
    op.create_table(
        "quality_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answers", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["quality_audit.id"], name=op.f("fk_quality_item_audit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_quality_item_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_item")),
        sa.UniqueConstraint("audit_id", "place", name="uq_quality_item_place"),
    )
    op.create_index(op.f("ix_quality_item_nominal_id"), "quality_item", ["nominal_id"], unique=False)
    op.create_index("uq_quality_item_nominal", "quality_item", ["audit_id", "nominal_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_quality_item_nominal", table_name="quality_item")
    op.drop_index(op.f("ix_quality_item_nominal_id"), table_name="quality_item")
    op.drop_table("quality_item")
    op.drop_index("ix_record_check_unit", table_name="record_check")
    op.drop_index(op.f("ix_record_check_nominal_id"), table_name="record_check")
    op.drop_table("record_check")
    op.drop_index(
        "uq_quality_audit_recheck", table_name="quality_audit", postgresql_where=sa.text("of_id IS NOT NULL")
    )
    op.drop_index("ix_quality_audit_unit", table_name="quality_audit")
    op.drop_index("ix_quality_audit_owner", table_name="quality_audit")
    op.drop_index(op.f("ix_quality_audit_auditor_id"), table_name="quality_audit")
    op.drop_table("quality_audit")
    op.drop_index(op.f("ix_report_request_owner"), table_name="report_request")
    op.drop_table("report_request")
    op.drop_index(op.f("ix_quality_template_owner"), table_name="quality_template")
    op.drop_table("quality_template")

"""Retention reviews, requests for deletion, tombstones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("record_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("visor_number", sa.String(length=9), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("owner_unit", sa.String(length=40), nullable=False),
        sa.Column("owner_agency", sa.String(length=40), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keys_destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('retention_review', 'erasure', 'unlawful', 'not_necessary', 'order')",
            name=op.f("ck_tombstone_ground"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("record_id", name=op.f("uq_tombstone_record_id")),
    )
    op.create_index(op.f("ix_tombstone_owner_unit"), "tombstone", ["owner_unit"], unique=False)
    op.create_table(
        "deletion_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("checked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("owner_unit", sa.String(length=40), nullable=False),
        sa.Column("owner_agency", sa.String(length=40), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('retention_review', 'erasure', 'unlawful', 'not_necessary', 'order')",
            name=op.f("ck_deletion_request_ground"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'refused', 'withdrawn')", name=op.f("ck_deletion_request_state")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_deletion_request_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_request")),
    )
    op.create_index(op.f("ix_deletion_request_nominal_id"), "deletion_request", ["nominal_id"], unique=False)
    op.create_index(op.f("ix_deletion_request_owner_unit"), "deletion_request", ["owner_unit"], unique=False)
    op.create_index(
        "uq_deletion_request_open",
        "deletion_request",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "retention_date",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("precision", sa.String(length=10), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.LargeBinary(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'year', 'unknown')", name=op.f("ck_retention_date_precision")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_retention_date_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_date")),
        sa.UniqueConstraint("nominal_id", name=op.f("uq_retention_date_nominal_id")),
    )
    op.create_index(op.f("ix_retention_date_nominal_id"), "retention_date", ["nominal_id"], unique=False)
    op.create_index(op.f("ix_retention_date_review_on"), "retention_date", ["review_on"], unique=False)
    op.create_table(
        "retention_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("outcome IN ('keep', 'remove')", name=op.f("ck_retention_review_outcome")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (reviewed_at IS NULL)", name=op.f("ck_retention_review_reviewed")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_retention_review_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_review")),
    )
    op.create_index(op.f("ix_retention_review_nominal_id"), "retention_review", ["nominal_id"], unique=False)
    op.create_index(
        "uq_retention_review_open",
        "retention_review",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("outcome IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_retention_review_open", table_name="retention_review", postgresql_where=sa.text("outcome IS NULL")
    )
    op.drop_index(op.f("ix_retention_review_nominal_id"), table_name="retention_review")
    op.drop_table("retention_review")
    op.drop_index(op.f("ix_retention_date_review_on"), table_name="retention_date")
    op.drop_index(op.f("ix_retention_date_nominal_id"), table_name="retention_date")
    op.drop_table("retention_date")
    op.drop_index(
        "uq_deletion_request_open",
        table_name="deletion_request",
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.drop_index(op.f("ix_deletion_request_owner_unit"), table_name="deletion_request")
    op.drop_index(op.f("ix_deletion_request_nominal_id"), table_name="deletion_request")
    op.drop_table("deletion_request")
    op.drop_index(op.f("ix_tombstone_owner_unit"), table_name="tombstone")
    op.drop_table("tombstone")

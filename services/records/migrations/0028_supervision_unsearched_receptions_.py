"""Supervision, unsearched receptions, returns and stale records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intelligence_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prison", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("raised >= 0", name=op.f("ck_intelligence_return_raised")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intelligence_return")),
        sa.UniqueConstraint("prison", "month", name=op.f("uq_intelligence_return_prison_month")),
    )
    op.create_table(
        "supervision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("crn", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
        sa.UniqueConstraint("crn", "unit", name=op.f("uq_supervision_crn_unit")),
    )
    op.create_table(
        "stale_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("untouched_since", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_stale_record_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale_record")),
    )
    op.create_index(op.f("ix_stale_record_nominal_id"), "stale_record", ["nominal_id"], unique=False)
    op.create_index(
        "uq_stale_record_open",
        "stale_record",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("incoming_message", sa.Column("prison", sa.String(length=40), nullable=True))
    op.add_column("incoming_message", sa.Column("searched_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_incoming_message_unsearched",
        "incoming_message",
        ["prison", "received_at"],
        unique=False,
        postgresql_where=sa.text("prison IS NOT NULL AND searched_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_incoming_message_unsearched",
        table_name="incoming_message",
        postgresql_where=sa.text("prison IS NOT NULL AND searched_at IS NULL"),
    )
    op.drop_column("incoming_message", "searched_at")
    op.drop_column("incoming_message", "prison")
    op.drop_index(
        "uq_stale_record_open", table_name="stale_record", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(op.f("ix_stale_record_nominal_id"), table_name="stale_record")
    op.drop_table("stale_record")
    op.drop_table("supervision")
    op.drop_table("intelligence_return")

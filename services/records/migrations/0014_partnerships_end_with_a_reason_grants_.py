"""Partnerships end with a reason, grants in part, what is drafted for a unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partnership_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('request', 'removal')", name=op.f("ck_partnership_draft_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'sent', 'dismissed', 'overtaken')", name=op.f("ck_partnership_draft_state")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_partnership_draft_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_draft")),
        sa.UniqueConstraint(
            "kind",
            "unit",
            "cause",
            "nominal_id",
            name=op.f("uq_partnership_draft_kind_unit_cause_nominal_id"),
        ),
    )
    op.create_index(
        op.f("ix_partnership_draft_nominal_id"), "partnership_draft", ["nominal_id"], unique=False
    )
    op.create_index(
        "ix_partnership_draft_waiting",
        "partnership_draft",
        ["unit", "drafted_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_partnership_draft_waiting",
        "partnership_draft",
        ["nominal_id", "unit", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("partnership", sa.Column("end_reason", sa.LargeBinary(), nullable=True))
    op.add_column("partnership", sa.Column("end_act", sa.Uuid(), nullable=True))
    op.add_column("partnership_request", sa.Column("looked_on", sa.Date(), nullable=True))
    op.add_column(
        "partnership_requested_user",
        sa.Column("left_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("partnership_requested_user", "left_out")
    op.drop_column("partnership_request", "looked_on")
    op.drop_column("partnership", "end_act")
    op.drop_column("partnership", "end_reason")
    op.drop_index(
        "uq_partnership_draft_waiting",
        table_name="partnership_draft",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_partnership_draft_waiting",
        table_name="partnership_draft",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_partnership_draft_nominal_id"), table_name="partnership_draft")
    op.drop_table("partnership_draft")

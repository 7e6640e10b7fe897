"""Imminent risk, who was told of it, and contacts to upload first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imminent_risk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("concerning", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("managing_unit", sa.String(length=40), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_agency", sa.String(length=40), nullable=False),
        sa.Column("raised_unit", sa.String(length=40), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_manager_id", sa.Uuid(), nullable=True),
        sa.Column("line_manager_name", sa.LargeBinary(), nullable=True),
        sa.Column("line_manager_how", sa.String(length=20), nullable=False),
        sa.Column("line_manager_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("police_id", sa.Uuid(), nullable=True),
        sa.Column("police_name", sa.LargeBinary(), nullable=True),
        sa.Column("police_how", sa.String(length=20), nullable=False),
        sa.Column("police_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stood_down_by", sa.Uuid(), nullable=True),
        sa.Column("stood_down_reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "line_manager_id IS NOT NULL OR line_manager_name IS NOT NULL",
            name=op.f("ck_imminent_risk_line_manager_told"),
        ),
        sa.CheckConstraint(
            "police_id IS NOT NULL OR police_name IS NOT NULL", name=op.f("ck_imminent_risk_police_told")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_imminent_risk_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imminent_risk")),
    )
    op.create_index(op.f("ix_imminent_risk_nominal_id"), "imminent_risk", ["nominal_id"], unique=False)
    op.create_index(
        "ix_imminent_risk_open",
        "imminent_risk",
        ["nominal_id"],
        unique=False,
        postgresql_where=sa.text("stood_down_at IS NULL"),
    )
    op.create_table(
        "imminent_risk_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flagged_by", sa.Uuid(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_imminent_risk_contact_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imminent_risk_contact")),
        sa.UniqueConstraint(
            "nominal_id", "reference", name=op.f("uq_imminent_risk_contact_nominal_id_reference")
        ),
    )
    op.create_index(
        op.f("ix_imminent_risk_contact_nominal_id"), "imminent_risk_contact", ["nominal_id"], unique=False
    )
    op.create_index(
        "ix_imminent_risk_contact_open",
        "imminent_risk_contact",
        ["unit", "flagged_at"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "imminent_risk_told",
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["risk_id"], ["imminent_risk.id"], name=op.f("fk_imminent_risk_told_risk_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("risk_id", "person_id", name=op.f("pk_imminent_risk_told")),
    )


def downgrade() -> None:
    op.drop_table("imminent_risk_told")
    op.drop_index(
        "ix_imminent_risk_contact_open",
        table_name="imminent_risk_contact",
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.drop_index(op.f("ix_imminent_risk_contact_nominal_id"), table_name="imminent_risk_contact")
    op.drop_table("imminent_risk_contact")
    op.drop_index(
        "ix_imminent_risk_open", table_name="imminent_risk", postgresql_where=sa.text("stood_down_at IS NULL")
    )
    op.drop_index(op.f("ix_imminent_risk_nominal_id"), table_name="imminent_risk")
    op.drop_table("imminent_risk")

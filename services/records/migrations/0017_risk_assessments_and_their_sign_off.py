"""Risk assessments and their sign-off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "risk_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("termination", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_version", sa.Integer(), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'assessment') = (level IS NOT NULL)",
            name=op.f("ck_risk_assessment_an_assessment_has_a_level"),
        ),
        sa.CheckConstraint("kind IN ('assessment', 'plan')", name=op.f("ck_risk_assessment_kind")),
        sa.CheckConstraint(
            "level IN ('low', 'medium', 'high', 'very_high')", name=op.f("ck_risk_assessment_level")
        ),
        sa.CheckConstraint(
            "state IN ('awaiting', 'signed_off', 'returned')", name=op.f("ck_risk_assessment_state")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["attachment_entry.id"],
            name=op.f("fk_risk_assessment_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_risk_assessment_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_assessment")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_risk_assessment_entry_id")),
    )
    op.create_index(op.f("ix_risk_assessment_nominal_id"), "risk_assessment", ["nominal_id"], unique=False)
    op.create_index(
        "ix_risk_assessment_nominal_id_kind",
        "risk_assessment",
        ["nominal_id", "kind", "assessed_on"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_risk_assessment_nominal_id_kind", table_name="risk_assessment")
    op.drop_index(op.f("ix_risk_assessment_nominal_id"), table_name="risk_assessment")
    op.drop_table("risk_assessment")

"""Category and level, and the history of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nominal_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_nominal_change_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominal_change")),
    )
    op.create_index(op.f("ix_nominal_change_nominal_id"), "nominal_change", ["nominal_id"], unique=False)
    op.create_index("ix_nominal_change_nominal_id_id", "nominal_change", ["nominal_id", "id"], unique=False)
    op.add_column("nominal", sa.Column("lead_agency", sa.String(length=20), nullable=True))
    op.add_column("nominal", sa.Column("authority", sa.LargeBinary(), nullable=True))
    op.add_column("nominal", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column("nominal", sa.Column("deregistered_on", sa.Date(), nullable=True))
    op.add_column("nominal", sa.Column("deregistration_id", sa.Uuid(), nullable=True))
    op.create_check_constraint(
        op.f("ck_nominal_deregistered"),
        "nominal",
        "(deregistered_on IS NULL) = (deregistration_id IS NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_nominal_deregistered"), "nominal", type_="check")
    op.drop_column("nominal", "deregistration_id")
    op.drop_column("nominal", "deregistered_on")
    op.drop_column("nominal", "review_on")
    op.drop_column("nominal", "authority")
    op.drop_column("nominal", "lead_agency")
    op.drop_index("ix_nominal_change_nominal_id_id", table_name="nominal_change")
    op.drop_index(op.f("ix_nominal_change_nominal_id"), table_name="nominal_change")
    op.drop_table("nominal_change")

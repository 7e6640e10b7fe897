"""Plans of regions for enough staff, and the workload of administrators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workload",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("manages", sa.Integer(), nullable=False),
        sa.Column("level_1", sa.Integer(), nullable=False),
        sa.Column("partner_of", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_workload")),
    )
    op.create_table(
        "region_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("says", sa.String(length=1000), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["region"], ["unit.code"], name=op.f("fk_region_plan_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_plan")),
    )
    op.create_index(op.f("ix_region_plan_region"), "region_plan", ["region"], unique=False)
    op.create_index(
        "uq_region_plan_current",
        "region_plan",
        ["region"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_region_plan_current", table_name="region_plan", postgresql_where=sa.text("superseded_at is null")
    )
    op.drop_index(op.f("ix_region_plan_region"), table_name="region_plan")
    op.drop_table("region_plan")
    op.drop_table("workload")

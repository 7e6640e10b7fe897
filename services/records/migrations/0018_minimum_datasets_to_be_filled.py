"""Minimum datasets to be filled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dataset_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'complete', 'overtaken')", name=op.f("ck_dataset_task_state")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_dataset_task_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_task")),
    )
    op.create_index(op.f("ix_dataset_task_nominal_id"), "dataset_task", ["nominal_id"], unique=False)
    op.create_index(
        "uq_dataset_task_open",
        "dataset_task",
        ["nominal_id", "unit"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_dataset_task_open", table_name="dataset_task", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index(op.f("ix_dataset_task_nominal_id"), table_name="dataset_task")
    op.drop_table("dataset_task")

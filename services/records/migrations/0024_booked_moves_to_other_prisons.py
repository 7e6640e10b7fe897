"""Booked moves to other prisons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prison_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_prison", sa.String(length=40), nullable=False),
        sa.Column("to_prison", sa.String(length=40), nullable=False),
        sa.Column("departs_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('booked', 'ready', 'overridden', 'cancelled')", name=op.f("ck_prison_move_state")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_prison_move_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prison_move")),
    )
    op.create_index(
        "ix_prison_move_from_prison",
        "prison_move",
        ["from_prison", "departs_at"],
        unique=False,
        postgresql_where=sa.text("state = 'booked'"),
    )
    op.create_index(op.f("ix_prison_move_nominal_id"), "prison_move", ["nominal_id"], unique=False)
    op.create_index(
        "uq_prison_move_open",
        "prison_move",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("state = 'booked'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_prison_move_open", table_name="prison_move", postgresql_where=sa.text("state = 'booked'")
    )
    op.drop_index(op.f("ix_prison_move_nominal_id"), table_name="prison_move")
    op.drop_index(
        "ix_prison_move_from_prison", table_name="prison_move", postgresql_where=sa.text("state = 'booked'")
    )
    op.drop_table("prison_move")

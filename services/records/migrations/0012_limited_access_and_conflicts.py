"""Limited Access and conflicts of interest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict_of_interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_conflict_of_interest_nominal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_of_interest")),
    )
    op.create_index(
        op.f("ix_conflict_of_interest_nominal_id"), "conflict_of_interest", ["nominal_id"], unique=False
    )
    op.create_index(
        "uq_conflict_of_interest_person_id_nominal_id",
        "conflict_of_interest",
        ["person_id", "nominal_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "limited_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_limited_access_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limited_access")),
    )
    op.create_index(op.f("ix_limited_access_nominal_id"), "limited_access", ["nominal_id"], unique=False)
    op.create_index(
        "uq_limited_access_nominal_id",
        "limited_access",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("unpartnered_access", sa.Column("linked_nominal_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("unpartnered_access", "linked_nominal_id")
    op.drop_index(
        "uq_limited_access_nominal_id",
        table_name="limited_access",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_limited_access_nominal_id"), table_name="limited_access")
    op.drop_table("limited_access")
    op.drop_index(
        "uq_conflict_of_interest_person_id_nominal_id",
        table_name="conflict_of_interest",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_conflict_of_interest_nominal_id"), table_name="conflict_of_interest")
    op.drop_table("conflict_of_interest")

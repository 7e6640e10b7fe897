"""Sharing, allocations and reading of the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'checked', 'over')", name=op.f("ck_allocation_state")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_allocation_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index(op.f("ix_allocation_nominal_id"), "allocation", ["nominal_id"], unique=False)
    op.create_index(
        "uq_allocation_open",
        "allocation",
        ["nominal_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "log_read",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("through", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_log_read_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_read")),
        sa.UniqueConstraint("nominal_id", "person_id", name=op.f("uq_log_read_nominal_id_person_id")),
    )
    op.create_index(op.f("ix_log_read_nominal_id"), "log_read", ["nominal_id"], unique=False)
    op.create_table(
        "sharing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(length=30), nullable=False),
        sa.Column("department_name", sa.LargeBinary(), nullable=True),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("reports", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_by", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "department IN ('offender_management', 'security', 'residence', 'reception', 'safer_custody', 'healthcare', 'programmes', 'education_work', 'visits', 'communications', 'chaplaincy', 'resettlement', 'duty_governor', 'other')",
            name=op.f("ck_sharing_department"),
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_sharing_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing")),
    )
    op.create_index(op.f("ix_sharing_nominal_id"), "sharing", ["nominal_id"], unique=False)
    op.add_column("print_job", sa.Column("decision", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("print_job", "decision")
    op.drop_index(op.f("ix_sharing_nominal_id"), table_name="sharing")
    op.drop_table("sharing")
    op.drop_index(op.f("ix_log_read_nominal_id"), table_name="log_read")
    op.drop_table("log_read")
    op.drop_index("uq_allocation_open", table_name="allocation", postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f("ix_allocation_nominal_id"), table_name="allocation")
    op.drop_table("allocation")

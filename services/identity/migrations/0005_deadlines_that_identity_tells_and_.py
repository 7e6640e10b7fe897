"""Deadlines that identity tells and notifications keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_signing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_document_signing_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name=op.f("fk_document_signing_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_signing")),
        sa.UniqueConstraint("version_id", "unit", name="uq_document_signing"),
    )
    op.create_index(
        "ix_document_signing_open",
        "document_signing",
        ["version_id"],
        unique=False,
        postgresql_where=sa.text("settled_at is null"),
    )
    op.create_table(
        "vetting_expiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expired_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vetting_expiry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_expiry")),
    )
    op.create_index(op.f("ix_vetting_expiry_person_id"), "vetting_expiry", ["person_id"], unique=False)
    op.create_table(
        "vetting_end",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("vetting_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vetting_end_person_id")),
        sa.ForeignKeyConstraint(
            ["vetting_id"], ["vetting_record.id"], name=op.f("fk_vetting_end_vetting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_end")),
    )
    op.create_index(op.f("ix_vetting_end_person_id"), "vetting_end", ["person_id"], unique=False)
    op.create_index(
        "uq_vetting_end_open",
        "vetting_end",
        ["vetting_id"],
        unique=True,
        postgresql_where=sa.text("settled_at is null"),
    )
    op.drop_index(op.f("ix_vetting_reminder_person_id"), table_name="vetting_reminder")
    op.drop_table("vetting_reminder")
    op.add_column("supervision_date", sa.Column("prepared_on", sa.Date(), nullable=True))
    op.drop_column("supervision_date", "reminded_on")
    op.drop_index(
        op.f("ix_terminal_assurance_open"),
        table_name="terminal_assurance",
        postgresql_where="(closed_at IS NULL)",
    )
    op.create_index(
        "ix_terminal_assurance_open",
        "terminal_assurance",
        ["terminal_id"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.drop_column("terminal_assurance", "next_on")
    op.drop_column("terminal_assurance", "stage")
    # Those that are asked for are asked for anew: then notifications keeps their clock.
    op.execute("delete from terminal_assurance where closed_at is null")
    op.drop_constraint("ck_dormancy_decision", "dormancy")
    op.create_check_constraint(
        op.f("ck_dormancy_decision"), "dormancy", "decision in ('keep', 'disable', 'used', 'closed')"
    )


def downgrade() -> None:
    op.execute("update dormancy set decision = 'used' where decision = 'closed'")
    op.drop_constraint("ck_dormancy_decision", "dormancy")
    op.create_check_constraint(
        op.f("ck_dormancy_decision"), "dormancy", "decision in ('keep', 'disable', 'used')"
    )
    op.add_column(
        "terminal_assurance",
        sa.Column(
            "stage", sa.VARCHAR(length=10), server_default="asked", autoincrement=False, nullable=False
        ),
    )
    op.alter_column("terminal_assurance", "stage", server_default=None)
    op.create_check_constraint(
        op.f("ck_terminal_assurance_stage"),
        "terminal_assurance",
        "stage in ('asked', 'overdue', 'escalated')",
    )
    op.add_column("terminal_assurance", sa.Column("next_on", sa.DATE(), autoincrement=False, nullable=True))
    op.drop_index(
        "ix_terminal_assurance_open",
        table_name="terminal_assurance",
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        op.f("ix_terminal_assurance_open"),
        "terminal_assurance",
        ["next_on"],
        unique=False,
        postgresql_where="(closed_at IS NULL)",
    )
    op.add_column("supervision_date", sa.Column("reminded_on", sa.DATE(), autoincrement=False, nullable=True))
    op.drop_column("supervision_date", "prepared_on")
    op.create_table(
        "vetting_reminder",
        sa.Column("id", sa.UUID(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.UUID(), autoincrement=False, nullable=False),
        sa.Column("vetting_id", sa.UUID(), autoincrement=False, nullable=True),
        sa.Column("days", sa.INTEGER(), autoincrement=False, nullable=False),
        sa.Column("told_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vetting_reminder_person_id")),
        sa.ForeignKeyConstraint(
            ["vetting_id"], ["vetting_record.id"], name=op.f("fk_vetting_reminder_vetting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_reminder")),
        sa.UniqueConstraint(
            "vetting_id",
            "days",
            name=op.f("uq_vetting_reminder_vetting_id_days"),
            postgresql_include=[],
            postgresql_nulls_not_distinct=False,
        ),
    )
    op.create_index(op.f("ix_vetting_reminder_person_id"), "vetting_reminder", ["person_id"], unique=False)
    op.drop_index(
        "uq_vetting_end_open", table_name="vetting_end", postgresql_where=sa.text("settled_at is null")
    )
    op.drop_index(op.f("ix_vetting_end_person_id"), table_name="vetting_end")
    op.drop_table("vetting_end")
    op.drop_index(op.f("ix_vetting_expiry_person_id"), table_name="vetting_expiry")
    op.drop_table("vetting_expiry")
    op.drop_index(
        "ix_document_signing_open",
        table_name="document_signing",
        postgresql_where=sa.text("settled_at is null"),
    )
    op.drop_table("document_signing")

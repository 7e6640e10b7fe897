"""Registrations with their dates, and requests of prisons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_staffing",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("sufficient", sa.Boolean(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_area_staffing")),
    )
    op.add_column("nominal", sa.Column("pom_id", sa.Uuid(), nullable=True))
    op.add_column("nominal", sa.Column("com_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE nominal SET pom_id = offender_manager_id WHERE offender_manager_role = 'POM'")
    op.execute("UPDATE nominal SET com_id = offender_manager_id WHERE offender_manager_role = 'COM'")
    op.drop_column("nominal", "offender_manager_role")
    op.drop_column("nominal", "offender_manager_id")
    op.add_column(
        "referral", sa.Column("source", sa.String(length=20), server_default="registration", nullable=False)
    )
    op.add_column("referral", sa.Column("release_on", sa.Date(), nullable=True))
    op.add_column("referral", sa.Column("sentenced_on", sa.Date(), nullable=True))
    op.add_column("referral", sa.Column("duty", sa.String(length=4), nullable=True))
    op.add_column("referral", sa.Column("prison", sa.String(length=40), nullable=True))
    op.add_column("referral", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("referral", sa.Column("wanted", sa.String(length=4), nullable=True))
    op.add_column("referral", sa.Column("asked_by", sa.Uuid(), nullable=True))
    op.add_column("referral", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("note", sa.LargeBinary(), nullable=True))
    op.add_column("referral", sa.Column("closed_why", sa.LargeBinary(), nullable=True))
    op.add_column("referral", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    # Their clocks run since they were registered.
    op.execute("UPDATE referral SET duty = 'D-01' WHERE category = '2' AND level IN (2, 3)")
    op.execute(
        "UPDATE referral SET duty = 'D-04' WHERE category = '3' AND level IN (2, 3) AND statutory_supervision"
    )
    op.drop_constraint(op.f("ck_referral_status"), "referral", type_="check")
    op.create_check_constraint(
        op.f("ck_referral_status"), "referral", "status IN ('open', 'created', 'closed')"
    )
    op.create_check_constraint(op.f("ck_referral_wanted"), "referral", "wanted IN ('unit', 'me')")
    op.create_check_constraint(
        op.f("ck_referral_source"), "referral", "source IN ('registration', 'prison_request')"
    )
    op.create_check_constraint(
        op.f("ck_referral_asked"),
        "referral",
        "(prison IS NULL) = (wanted IS NULL) AND (prison IS NULL) = (asked_by IS NULL)",
    )
    op.create_index(
        "ix_referral_prison",
        "referral",
        ["prison", "id"],
        unique=False,
        postgresql_where=sa.text("prison IS NOT NULL"),
    )
    op.create_index(
        "ix_referral_waiting",
        "referral",
        ["owner_unit"],
        unique=False,
        postgresql_where=sa.text("status = 'open' AND duty IS NULL AND source = 'registration'"),
    )


def downgrade() -> None:
    for name in ("asked", "source", "wanted"):
        op.drop_constraint(op.f(f"ck_referral_{name}"), "referral", type_="check")
    # What was closed without a record was, before, as good as waiting.
    op.execute("UPDATE referral SET status = 'open' WHERE status = 'closed'")
    op.drop_constraint(op.f("ck_referral_status"), "referral", type_="check")
    op.create_check_constraint(op.f("ck_referral_status"), "referral", "status IN ('open', 'created')")
    op.drop_index(
        "ix_referral_waiting",
        table_name="referral",
        postgresql_where=sa.text("status = 'open' AND duty IS NULL AND source = 'registration'"),
    )
    op.drop_index("ix_referral_prison", table_name="referral", postgresql_where=sa.text("prison IS NOT NULL"))
    op.drop_column("referral", "version")
    op.drop_column("referral", "closed_why")
    op.drop_column("referral", "note")
    op.drop_column("referral", "asked_at")
    op.drop_column("referral", "asked_by")
    op.drop_column("referral", "wanted")
    op.drop_column("referral", "received_on")
    op.drop_column("referral", "prison")
    op.drop_column("referral", "duty")
    op.drop_column("referral", "sentenced_on")
    op.drop_column("referral", "release_on")
    op.drop_column("referral", "source")
    op.add_column("nominal", sa.Column("offender_manager_id", sa.UUID(), autoincrement=False, nullable=True))
    op.add_column(
        "nominal",
        sa.Column("offender_manager_role", sa.VARCHAR(length=3), autoincrement=False, nullable=True),
    )
    op.execute(
        "UPDATE nominal SET offender_manager_id = pom_id, offender_manager_role = 'POM' WHERE pom_id IS NOT NULL"
    )
    op.execute(
        "UPDATE nominal SET offender_manager_id = com_id, offender_manager_role = 'COM'"
        " WHERE com_id IS NOT NULL AND custody_prison IS NULL"
    )
    op.drop_column("nominal", "com_id")
    op.drop_column("nominal", "pom_id")
    op.drop_table("area_staffing")

"""Contacts of nDelius that are copied into the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ndelius_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("contact_on", sa.Date(), nullable=False),
        sa.Column("contact_type", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("attachments", sa.ARRAY(sa.String(length=60)), nullable=False),
        sa.Column("to_inform", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'added') = (entry_id IS NOT NULL)", name=op.f("ck_ndelius_contact_entry")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'added', 'left_out')", name=op.f("ck_ndelius_contact_state")
        ),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_ndelius_contact_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ndelius_contact")),
        sa.UniqueConstraint("nominal_id", "reference", name=op.f("uq_ndelius_contact_nominal_id_reference")),
    )
    op.create_index(op.f("ix_ndelius_contact_nominal_id"), "ndelius_contact", ["nominal_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_ndelius_contact_nominal_id"), table_name="ndelius_contact")
    op.drop_table("ndelius_contact")

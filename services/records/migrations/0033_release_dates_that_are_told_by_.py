"""Release dates that are told by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release_notice_switch",
        sa.Column("prison", sa.String(length=40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("prison", "from_day", name=op.f("pk_release_notice_switch")),
    )
    op.create_table(
        "release_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("prison", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("release_on", sa.LargeBinary(), nullable=True),
        sa.Column("was_on", sa.LargeBinary(), nullable=True),
        sa.Column("restricted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("what IN ('entered', 'changed', 'removed')", name=op.f("ck_release_notice_what")),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_release_notice_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_notice")),
    )
    op.create_index("ix_release_notice_entry_id_id", "release_notice", ["entry_id", "id"], unique=False)
    op.create_index(op.f("ix_release_notice_nominal_id"), "release_notice", ["nominal_id"], unique=False)
    op.create_table(
        "release_notice_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nominal_id"], ["nominal.id"], name=op.f("fk_release_notice_receipt_nominal_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["release_notice.id"],
            name=op.f("fk_release_notice_receipt_notice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_notice_receipt")),
        sa.UniqueConstraint(
            "notice_id", "person_id", name=op.f("uq_release_notice_receipt_notice_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_release_notice_receipt_nominal_id"), "release_notice_receipt", ["nominal_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_release_notice_receipt_nominal_id"), table_name="release_notice_receipt")
    op.drop_table("release_notice_receipt")
    op.drop_index(op.f("ix_release_notice_nominal_id"), table_name="release_notice")
    op.drop_index("ix_release_notice_entry_id_id", table_name="release_notice")
    op.drop_table("release_notice")
    op.drop_table("release_notice_switch")

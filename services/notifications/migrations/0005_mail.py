"""Mail."""

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
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("items", sa.Integer(), server_default="0", nullable=False),
        sa.Column("overdue", sa.Integer(), server_default="0", nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=8), server_default="waiting", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (ended_at is null)", name=op.f("ck_letter_ended")),
        sa.CheckConstraint("kind in ('digest', 'urgent', 'changes')", name=op.f("ck_letter_kind")),
        sa.CheckConstraint("state in ('waiting', 'sent', 'dropped')", name=op.f("ck_letter_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    op.create_index(
        "ix_letter_due",
        "letter",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(op.f("ix_letter_person_id"), "letter", ["person_id"], unique=False)
    op.create_table(
        "mail_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("times", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("working_days_only", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_to", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_preference")),
    )
    op.create_index(op.f("ix_mail_preference_next_at"), "mail_preference", ["next_at"], unique=False)
    op.create_index(
        "ix_todo_item_alert",
        "todo_item",
        ["raised_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open' and important"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_todo_item_alert", table_name="todo_item", postgresql_where=sa.text("state = 'open' and important")
    )
    op.drop_index(op.f("ix_mail_preference_next_at"), table_name="mail_preference")
    op.drop_table("mail_preference")
    op.drop_index(op.f("ix_letter_person_id"), table_name="letter")
    op.drop_index("ix_letter_due", table_name="letter", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table("letter")

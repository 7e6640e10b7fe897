"""Keyed hashes of what is known of a nominal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("surname_id", sa.Integer(), nullable=False),
        sa.Column("forename_id", sa.Integer(), nullable=True),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_known_name_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_name")),
    )
    op.create_index(op.f("ix_known_name_nominal_id"), "known_name", ["nominal_id"], unique=False)
    op.create_index(op.f("ix_known_name_source_id"), "known_name", ["source_id"], unique=False)
    op.create_index(
        "ix_known_name_surname_id_forename_id",
        "known_name",
        ["surname_id", "forename_id"],
        unique=False,
        postgresql_include=["nominal_id"],
    )
    op.create_table(
        "search_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("keys", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("origin_nominal_id", sa.Uuid(), nullable=False),
        sa.Column("nominal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["nominal_id"], ["nominal.id"], name=op.f("fk_search_key_nominal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_key")),
    )
    op.create_index("ix_search_key_keys", "search_key", ["keys"], unique=False, postgresql_using="gin")
    op.create_index(op.f("ix_search_key_nominal_id"), "search_key", ["nominal_id"], unique=False)
    op.create_index(op.f("ix_search_key_source_id"), "search_key", ["source_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_search_key_source_id"), table_name="search_key")
    op.drop_index(op.f("ix_search_key_nominal_id"), table_name="search_key")
    op.drop_index("ix_search_key_keys", table_name="search_key", postgresql_using="gin")
    op.drop_table("search_key")
    op.drop_index(
        "ix_known_name_surname_id_forename_id", table_name="known_name", postgresql_include=["nominal_id"]
    )
    op.drop_index(op.f("ix_known_name_source_id"), table_name="known_name")
    op.drop_index(op.f("ix_known_name_nominal_id"), table_name="known_name")
    op.drop_table("known_name")

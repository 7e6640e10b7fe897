"""Say in the index whether a name is the main one, so that a search reads no names to know."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = "ix_nominal_name_surname_id_forename_id"


def upgrade() -> None:
    _remake(["nominal_id", "kind"])


def downgrade() -> None:
    _remake(["nominal_id"])


def _remake(include: list[str]) -> None:
    """The old one serves until the new one is whole; one that was left half made is begun anew."""
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}_new")
        op.create_index(
            f"{NAME}_new",
            "nominal_name",
            ["surname_id", "forename_id"],
            postgresql_include=include,
            postgresql_concurrently=True,
        )
    op.execute(f"DROP INDEX {NAME}")
    op.execute(f"ALTER INDEX {NAME}_new RENAME TO {NAME}")

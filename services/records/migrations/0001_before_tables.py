"""What tables rest on: search by trigrams, sound and without accents; the sequence of ViSOR numbers."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("pg_trgm", "fuzzystrmatch", "unaccent", "btree_gist")


def upgrade() -> None:
    for name in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    op.execute("CREATE SEQUENCE visor_number START WITH 10000001")


def downgrade() -> None:
    op.execute("DROP SEQUENCE visor_number")
    for name in reversed(EXTENSIONS):
        op.execute(f"DROP EXTENSION IF EXISTS {name}")

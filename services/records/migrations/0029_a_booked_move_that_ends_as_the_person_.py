"""A booked move that ends as the person leaves."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_WAS = "state IN ('booked', 'ready', 'overridden', 'cancelled')"
_IS = "state IN ('booked', 'ready', 'overridden', 'cancelled', 'left')"


def upgrade() -> None:
    _states(_IS)


def downgrade() -> None:
    op.execute("UPDATE prison_move SET state = 'cancelled' WHERE state = 'left'")
    _states(_WAS)


def _states(allowed: str) -> None:
    op.drop_constraint(op.f("ck_prison_move_state"), "prison_move", type_="check")
    op.create_check_constraint(op.f("ck_prison_move_state"), "prison_move", allowed)

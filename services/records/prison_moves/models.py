"""One booked move to another prison."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.prison_moves.rules import STATES
from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what the lead's reason is encrypted.
REASON = "prison_move.reason"


class PrisonMove(OfNominal, Base):
    """From the prison that holds the person. `reason`: why it goes although something is missing, sealed."""

    __tablename__ = "prison_move"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    from_prison: Mapped[str] = mapped_column(String(40))
    to_prison: Mapped[str] = mapped_column(String(40))
    departs_at: Mapped[datetime]
    booked_by: Mapped[UUID]
    booked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="booked")
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state"),
        Index("uq_prison_move_open", "nominal_id", unique=True, postgresql_where=text("state = 'booked'")),
        Index(
            "ix_prison_move_from_prison",
            "from_prison",
            "departs_at",
            postgresql_where=text("state = 'booked'"),
        ),
    )

"""A meeting that was held, and when its minutes were added."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what minutes are encrypted.
MINUTES = "mapp_meeting.minutes"


class Meeting(OfNominal, Base):
    """`managing_unit` manages the person, and owes the minutes (PF-4.20.5).

    `minutes` are sealed for MINUTES under the key of the nominal they were written about (`origin_nominal_id`).
    """

    __tablename__ = "mapp_meeting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    level: Mapped[int]
    held_on: Mapped[date]
    managing_unit: Mapped[str] = mapped_column(String(40))
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    minutes: Mapped[bytes | None]
    minutes_received_on: Mapped[date | None]
    minutes_added_at: Mapped[datetime | None]
    minutes_added_by: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint("level IN (2, 3)", name="level"),
        CheckConstraint("(minutes IS NULL) = (minutes_added_at IS NULL)", name="minutes"),
        Index("uq_mapp_meeting_nominal_id_held_on_level", "nominal_id", "held_on", "level", unique=True),
    )

"""A meeting that was held, and when its minutes were added."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what minutes are encrypted.
MINUTES = "mapp_meeting.minutes"


class Meeting(OfNominal, Base):
    """A MAPP meeting at `level` 2 or 3, or a core group, which has none. `managing_unit` owes the minutes (PF-4.20.5).

    Its minutes are in an entry of the folder of the plan, `minutes_entry_id`, however they came. `minutes` are those
    typed before they went there: sealed for MINUTES under the key of the nominal they were written about
    (`origin_nominal_id`), and written no more. `minutes_due_on` is the last day by
    national policy as it stood when the meeting was entered; None for a core group, whose minutes have no period.
    `owed_again_id` is new each time that the minutes are off the record again.
    """

    __tablename__ = "mapp_meeting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    level: Mapped[int | None]
    held_on: Mapped[date]
    managing_unit: Mapped[str] = mapped_column(String(40))
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    minutes_due_on: Mapped[date | None]
    minutes: Mapped[bytes | None]
    minutes_entry_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("attachment_entry.id", ondelete="SET NULL"), unique=True
    )
    minutes_received_on: Mapped[date | None]
    minutes_added_at: Mapped[datetime | None]
    minutes_added_by: Mapped[UUID | None]
    owed_again_id: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint("level IN (2, 3)", name="level"),
        CheckConstraint("minutes IS NULL OR minutes_added_at IS NOT NULL", name="minutes"),
        Index(
            "uq_mapp_meeting_nominal_id_held_on_level",
            "nominal_id",
            "held_on",
            text("coalesce(level, 0)"),
            unique=True,
        ),
    )

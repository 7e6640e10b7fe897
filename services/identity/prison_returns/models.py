"""Returns as they were confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

ONE_FOR_EACH_PERIOD = "uq_prison_return_period"


class PrisonReturn(Base):
    """RPT-19 for a prison and month; `figures` stay as they were when the lead confirmed them (PF-5.9-H.2)."""

    __tablename__ = "prison_return"
    __table_args__ = (UniqueConstraint("unit", "month", name=ONE_FOR_EACH_PERIOD),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    # Its first day.
    month: Mapped[date]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(String(2000))
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]
    cpc_told: Mapped[UUID | None]

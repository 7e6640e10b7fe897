"""What a prison said it raised in a month."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base
from shared.ids import new_id


class IntelligenceReturn(Base):
    """`month` is its first day; the last word counts."""

    __tablename__ = "intelligence_return"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    prison: Mapped[str] = mapped_column(String(40))
    month: Mapped[date]
    raised: Mapped[int]
    told_by: Mapped[UUID]
    told_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("prison", "month"), CheckConstraint("raised >= 0", name="raised"))

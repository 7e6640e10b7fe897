"""A live record that was found untouched."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class StaleRecord(OfNominal, Base):
    """`untouched_since`: the day of the last change, entry or attachment. Over (`ended_at`) when it is touched."""

    __tablename__ = "stale_record"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    untouched_since: Mapped[date]
    found_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_stale_record_open", "nominal_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

"""A prisoner allocated to a prison offender manager, who is to check the record (PF-5.20)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class Allocation(OfNominal, Base):
    """`state`: open until they open the record (checked), or until somebody else has it or the person left (over)."""

    __tablename__ = "allocation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    allocated_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'checked', 'over')", name="state"),
        Index("uq_allocation_open", "nominal_id", unique=True, postgresql_where=text("state = 'open'")),
    )

"""That a practitioner was told of what is new on a record, up to which entry of its log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class PractitionerTold(OfNominal, Base):
    """`practitioner_id` is None where the practitioner is no user of the suite (PF-7/HMPPS OM summary.3)."""

    __tablename__ = "practitioner_told"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID | None]
    through: Mapped[UUID]
    entries: Mapped[int]
    how: Mapped[str] = mapped_column(String(20))
    told_by: Mapped[UUID]
    told_at: Mapped[datetime]

    __table_args__ = (Index("ix_practitioner_told_nominal_id_id", "nominal_id", "id"),)

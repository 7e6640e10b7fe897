"""That a practitioner was told of what is new on a record, or read it, up to which entry of its log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
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


class LogRead(OfNominal, Base):
    """A practitioner who is a user has read the log up to the entry `through` (PI-3.10.3). One row for each."""

    __tablename__ = "log_read"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    through: Mapped[UUID]
    read_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("nominal_id", "person_id"),)

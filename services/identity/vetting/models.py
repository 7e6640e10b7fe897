"""Vetting records."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class VettingRecord(Base):
    """One clearance. It counts from `cleared_on` to the day before `expires_on` (PF-4.16/A.2), unless revoked.

    `level` is the NPPV level that its kind is worth; `sro_reference` the authorisation that other vetting needs
    (PF-4.16/A.1).
    """

    __tablename__ = "vetting_record"
    __table_args__ = (CheckConstraint("expires_on > cleared_on", name="in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    reference: Mapped[str] = mapped_column(String(100))
    vetting_force: Mapped[str] = mapped_column(String(200))
    sro_reference: Mapped[str | None] = mapped_column(String(100))
    cleared_on: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(500))

"""The assurance log."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class AssuranceEntry(Base):
    """What a CPC assured or approved outside the system: date, subject, outcome (PF-7/CPC Probation.2). Never changed.

    `kind` and `outcome` are codes of `assurance/rules.py`; `for_cpc` the unit of the absent CPC of whom a deputy
    wrote.
    """

    __tablename__ = "assurance_entry"
    __table_args__ = (Index("ix_assurance_entry_unit", "unit", "happened_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    happened_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(500))
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(1000))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    for_cpc: Mapped[str | None] = mapped_column(String(40))

"""What precedes a nominal: somebody was registered under MAPPA, and a record must be created (PF-4.10)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base
from shared.ids import new_id


class Referral(Base):
    """`unit` is the delivery unit (or force) that will manage the person, `owner_unit` its area or force.

    Once a nominal was created from it, `nominal_id` says which, and nothing of the referral changes any more.
    """

    __tablename__ = "referral"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    category: Mapped[str] = mapped_column(String(4))
    level: Mapped[int | None]
    statutory_supervision: Mapped[bool] = mapped_column(default=False)
    registered_on: Mapped[date]
    unit: Mapped[str] = mapped_column(String(40))
    owner_unit: Mapped[str] = mapped_column(String(40))
    jurisdiction: Mapped[str] = mapped_column(String(3))
    forenames: Mapped[str] = mapped_column(Text, default="")
    surname: Mapped[str] = mapped_column(Text)
    date_of_birth: Mapped[date]
    sex: Mapped[str] = mapped_column(String(10), default="not_known")
    pnc: Mapped[str | None] = mapped_column(String(20))
    cro: Mapped[str | None] = mapped_column(String(20))
    noms: Mapped[str | None] = mapped_column(String(20))
    crn: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default="open")
    nominal_id: Mapped[UUID | None] = mapped_column(index=True)
    registered_by: Mapped[UUID]
    registered_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("status IN ('open', 'created')", name="status"),
        CheckConstraint("(status = 'created') = (nominal_id IS NOT NULL)", name="created"),
        Index("ix_referral_owner_unit", "owner_unit", "status", "id"),
    )

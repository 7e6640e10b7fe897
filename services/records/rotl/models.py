"""Checks of a record before temporary release, and the approvals that rest on them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.records.rotl.rules import OUTCOMES
from services.records.service import Base, OfNominal
from shared.ids import new_id

TEXT = "rotl_check.text"


class RotlCheck(OfNominal, Base):
    """Somebody of this prison accessed the record and said what they found; `text` is sealed for TEXT."""

    __tablename__ = "rotl_check"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    prison: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10))
    text: Mapped[bytes | None]
    checked_by: Mapped[UUID]
    checked_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"outcome IN ({', '.join(repr(one) for one in OUTCOMES)})", name="outcome"),
        CheckConstraint("(outcome = 'no_risk') OR (text IS NOT NULL)", name="said"),
        Index("ix_rotl_check_prison", "prison", "checked_at"),
    )


class RotlApproval(OfNominal, Base):
    """Leave on a day was approved by this prison, on the strength of a check; once for a day."""

    __tablename__ = "rotl_approval"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("rotl_check.id", ondelete="CASCADE"), index=True)
    prison: Mapped[str] = mapped_column(String(40))
    leave_on: Mapped[date]
    approved_by: Mapped[UUID]
    approved_at: Mapped[datetime]

    __table_args__ = (Index("uq_rotl_approval_leave", "nominal_id", "prison", "leave_on", unique=True),)

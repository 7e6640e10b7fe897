"""Requests for the Central Support token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

ONE_OPEN = "uq_central_support_request_open"


class CentralSupportRequest(Base):
    """Anyone vetted to NPPV level 3 may ask; their CPC decides (PF-7/Central Support Token.1). One open at a time."""

    __tablename__ = "central_support_request"
    __table_args__ = (
        Index(ONE_OPEN, "person_id", unique=True, postgresql_where=text("state = 'open'")),
        CheckConstraint("state in ('open', 'granted', 'refused')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None] = mapped_column(String(500))
    for_cpc: Mapped[str | None] = mapped_column(String(40))
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("token_grant.id"))

"""Training records."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class TrainingRecord(Base):
    """A course taken. It counts when passed and approved by the National ViSOR Training Working Group (PF-6.2.2).

    `course_kind` is `user` or `cpc` (PF-7/CPC Prison.5).
    """

    __tablename__ = "training_record"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    course: Mapped[str] = mapped_column(String(200))
    course_kind: Mapped[str] = mapped_column(String(10), default="user")
    approval_reference: Mapped[str | None] = mapped_column(String(100))
    provider: Mapped[str] = mapped_column(String(100))
    trainer: Mapped[str] = mapped_column(String(200))
    delivered_on: Mapped[date]
    passed: Mapped[bool]

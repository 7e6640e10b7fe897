"""Questions and their answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class AccessQuestion(Base):
    """Both texts are encrypted: people write of themselves."""

    __tablename__ = "access_question"
    __table_args__ = (
        Index("ix_access_question_open", "asked_at", postgresql_where=text("answered_at is null")),
        Index("ix_access_question_person", "person_id", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

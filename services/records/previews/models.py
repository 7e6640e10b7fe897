"""Which pictures there are of a file."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class Preview(OfNominal, Base):
    """`pictures` are kept files, the thumbnail first; none until a job has made them, or where none can be."""

    __tablename__ = "file_preview"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    pictures: Mapped[list[str]] = mapped_column(JSONB, default=list)

    __table_args__ = (CheckConstraint("state IN ('waiting', 'ready', 'impossible')", name="state"),)

    @property
    def thumbnail(self) -> UUID | None:
        return UUID(self.pictures[0]) if self.pictures else None

    @property
    def pages(self) -> list[UUID]:
        """The large ones."""
        return [UUID(one) for one in self.pictures[1:]]

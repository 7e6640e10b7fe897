"""A file that came with an entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what a description is encrypted.
DESCRIPTION = "attachment_file.description"


class AttachedFile(OfNominal, Base):
    """Beside the files that are fields of the entry itself. `description` is sealed for DESCRIPTION."""

    __tablename__ = "attachment_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("attachment_entry.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    description: Mapped[bytes]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))

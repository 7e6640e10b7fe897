"""What was asked for, how far it is, what was gathered. The row stays when the file is gone: the print log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what is encrypted: why it was asked for, and what was gathered so far.
REASON, PART = "print_job.reason", "print_part.content"
DECISION = "print_job.decision"


class PrintJob(OfNominal, Base):
    """`parts` in their order, of which `done` are gathered. `form` is pdf or json.

    `asker` is who asked, as their access token vouched for them: what the paper may hold is decided by it, and it is
    forgotten when the job ends. `until` is when the file goes; `left_out` what the reader was told is not in it.
    `decision`: why intelligence may be in it; without one there is none (R28).
    """

    __tablename__ = "print_job"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    form: Mapped[str] = mapped_column(String(4))
    parts: Mapped[list[str]] = mapped_column(JSONB)
    folders: Mapped[list[str]] = mapped_column(JSONB)
    since: Mapped[date | None]
    through: Mapped[date | None]
    reason: Mapped[bytes]
    decision: Mapped[bytes | None]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    asker: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    why_failed: Mapped[str | None] = mapped_column(String(10))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    made_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("form IN ('pdf', 'json')", name="form"),
        CheckConstraint("state IN ('waiting', 'making', 'ready', 'failed', 'gone')", name="state"),
        Index("ix_print_job_asked_by", "asked_by", "id"),
    )


class PrintPart(OfNominal, Base):
    """One part as it was gathered, sealed; deleted when the whole is made."""

    __tablename__ = "print_part"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    job_id: Mapped[UUID] = mapped_column(ForeignKey("print_job.id", ondelete="CASCADE"))
    position: Mapped[int]
    content: Mapped[bytes]

    __table_args__ = (UniqueConstraint("job_id", "position"),)

"""What was found to differ from what records states, until it agrees again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.service import Base
from shared.ids import new_id


class Difference(Base):
    """`kind` is standings (of a nominal), missing (a deadline that should run) or stale (one that runs for nothing).

    `fact` is the one that would have started the deadline, `subject_id` its subject or the nominal; `seen` counts the
    nights on which it was found.
    """

    __tablename__ = "difference"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    fact: Mapped[str] = mapped_column(String(60), default="", server_default="")
    agency: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID]
    found_at: Mapped[datetime]
    seen: Mapped[int] = mapped_column(default=1, server_default="1")
    mended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind in ('standings', 'missing', 'stale')", name="kind"),
        Index(
            "uq_difference_open",
            "kind",
            "fact",
            "agency",
            "subject_id",
            unique=True,
            postgresql_where=text("mended_at is null"),
        ),
    )


class Compared(Base):
    """When something was last compared with what records states, for each thing that it states."""

    __tablename__ = "compared"

    of: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime]

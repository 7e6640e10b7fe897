"""Roles that nobody holds, as they were found when somebody had to be told; and what is sent by e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.service import Base
from shared.ids import new_id


class VacantRole(Base):
    """Open until the directory shows a holder; `missed` counts what could not be delivered meanwhile."""

    __tablename__ = "vacant_role"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(60))
    found_at: Mapped[datetime]
    missed: Mapped[int] = mapped_column(default=1, server_default="1")
    filled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_vacant_role_open", "role", "unit", unique=True, postgresql_where=text("filled_at is null")),
    )


class MailPreference(Base):
    """When somebody wants e-mail. Without a row: urgent notes only. `times` are hours of London, "07:30".

    `next_at` is when the next digest is owed; items with an id after `counted_to` are new since the last.
    """

    __tablename__ = "mail_preference"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    times: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    working_days_only: Mapped[bool] = mapped_column(default=True, server_default="true")
    urgent: Mapped[bool] = mapped_column(default=True, server_default="true")
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    counted_to: Mapped[UUID]


class Letter(Base):
    """A message to be e-mailed: to whom, of what kind, how many it counts; never what they are about.

    `key` says once for all which message it is, and makes its Message-ID: whatever is sent twice is known as one. It
    waits until `due_at`, the later the more tries failed. One that the server refused for good, `refusals` times over,
    is set aside: kept with the reason until somebody has it sent again.
    """

    __tablename__ = "letter"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    # Somebody without an account, encrypted under the service's own key.
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(12))
    items: Mapped[int] = mapped_column(default=0, server_default="0")
    overdue: Mapped[int] = mapped_column(default=0, server_default="0")
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    refusals: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(String(8), default="waiting", server_default="waiting")
    ended_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'dropped', 'aside')", name="state"),
        CheckConstraint("kind in ('digest', 'urgent', 'changes', 'unopened')", name="kind"),
        CheckConstraint("(state = 'waiting') = (ended_at is null)", name="ended"),
        Index("ix_letter_due", "due_at", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_letter_aside", "ended_at", "id", postgresql_where=text("state = 'aside'")),
    )

"""Running and finished clocks, whom they concern, and the rungs that were climbed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.service import Base
from shared.ids import new_id


class Clock(Base):
    """One deadline of one subject. Stopped by its closing fact, never reset.

    A clock whose closing fact came first has no start yet. `days` is the snapshot of the days counted, `steps` the plan
    made at the start (see rules.Step), `reached` how many steps are behind us, `next_at` when the next is owed; `task`
    is how it appears on a to-do list.
    """

    __tablename__ = "deadline"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(8))
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID]
    nominal_id: Mapped[UUID | None] = mapped_column(index=True)
    unit: Mapped[str | None] = mapped_column(String(60), index=True)
    jurisdiction: Mapped[str | None] = mapped_column(String(3))
    period: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    late_from: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    in_time: Mapped[bool | None]
    ended_at: Mapped[datetime | None]
    days: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pauses: Mapped[list[Any]] = mapped_column(default=list)
    steps: Mapped[list[Any]] = mapped_column(default=list)
    reached: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    task: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (
        UniqueConstraint("code", "subject_kind", "subject_id"),
        CheckConstraint("state in ('running', 'paused', 'met')", name="state"),
        CheckConstraint("state = 'met' or started_at is not null", name="started_unless_met_first"),
        Index("ix_deadline_next_at", "next_at", postgresql_where=text("state = 'running'")),
    )


class ClockPerson(Base):
    """Whom a clock reminds: the people its starting fact named, in their role and unit."""

    __tablename__ = "deadline_person"

    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit: Mapped[str | None] = mapped_column(String(60))


class Rung(Base):
    """A rung that was climbed: one row at most for each, whoever ticks. `told` counts the people it reached."""

    __tablename__ = "deadline_rung"

    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    planned_for: Mapped[datetime]
    climbed_at: Mapped[datetime]
    told: Mapped[int] = mapped_column(default=0)

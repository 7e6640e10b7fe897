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
    (see rules.Step), `reached` how many steps are behind us, `next_at` when the next is owed; `task` is how it appears
    on a to-do list. What comes round again has the same `occasion_id` in each of its rounds. `until_at` is an end that
    the fact carries, `exact` where it is a minute; `variant` tells kinds of one duty with periods of their own apart,
    `counted_by` which rule it was last counted by (Entry.rule).
    """

    __tablename__ = "deadline"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(8))
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID]
    occasion_id: Mapped[UUID | None] = mapped_column(index=True)
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    variant: Mapped[str] = mapped_column(String(30), default="", server_default="")
    nominal_id: Mapped[UUID | None] = mapped_column(index=True)
    unit: Mapped[str | None] = mapped_column(String(60), index=True)
    jurisdiction: Mapped[str | None] = mapped_column(String(3))
    period: Mapped[str | None] = mapped_column(String(40))
    counted_by: Mapped[str] = mapped_column(String(16), default="", server_default="")
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    opens_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    exact: Mapped[bool] = mapped_column(default=False, server_default="false")
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
        Index("ix_deadline_counted_by", "code", "counted_by", "id", postgresql_where=text("state <> 'met'")),
    )


class ClockPerson(Base):
    """Whom a clock reminds: the people its starting fact named, in their role and unit."""

    __tablename__ = "deadline_person"

    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (Index("ix_deadline_person_person_id", "person_id"),)


class Rung(Base):
    """A rung that was climbed: one row at most for each, whoever ticks. `told` counts the people it reached."""

    __tablename__ = "deadline_rung"

    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    planned_for: Mapped[datetime]
    climbed_at: Mapped[datetime]
    told: Mapped[int] = mapped_column(default=0)


class DueChange(Base):
    """That a running clock was counted anew: why, and what it said before and after. Nothing is changed silently."""

    __tablename__ = "deadline_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(20))
    due_was: Mapped[date | None]
    due_now: Mapped[date | None]
    period_was: Mapped[str | None] = mapped_column(String(40))
    period_now: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (CheckConstraint("why in ('policy', 'moved', 'paused', 'resumed')", name="why"),)


class StaffedArea(Base):
    """Whether an area has sufficient staff from a day on, as identity told it (PF-4.11, PF-4.13)."""

    __tablename__ = "staffed_area"

    area: Mapped[str] = mapped_column(String(60), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    sufficient: Mapped[bool]
    declaration_id: Mapped[UUID]

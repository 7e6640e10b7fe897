"""Gaps that were found, what a lead assures each month, and local practices."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

ONE_ASSURANCE = "uq_lead_assurance_month"


class CoverageCheck(Base):
    """One for each day of the policy clock: who writes it does the day's work."""

    __tablename__ = "coverage_check"

    day: Mapped[date] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]
    gaps: Mapped[int] = mapped_column(default=0)


class CoverageGap(Base):
    """A post that is vacant (`now`) or will be within the horizon (`soon`); told once, open until it is covered."""

    __tablename__ = "coverage_gap"
    __table_args__ = (
        Index(
            "uq_coverage_gap_open",
            "post",
            "unit",
            "stage",
            unique=True,
            postgresql_where=text("closed_on is null"),
        ),
        CheckConstraint("stage in ('now', 'soon')", name="stage"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    post: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    stage: Mapped[str] = mapped_column(String(4))
    found_on: Mapped[date]
    uncovered_from: Mapped[date]
    closed_on: Mapped[date | None]


class LeadAssurance(Base):
    """A ViSOR lead's word for a month of a prison: whether the tasks are being completed (PF-7/ViSOR Lead.2)."""

    __tablename__ = "lead_assurance"
    __table_args__ = (UniqueConstraint("unit", "month", name=ONE_ASSURANCE),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    # Its first day.
    month: Mapped[date]
    completed: Mapped[bool]
    note: Mapped[str] = mapped_column(String(1000))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class LeadAsked(Base):
    """A prison's lead was asked for a month's assurance; `id` stands for that prison's one month."""

    __tablename__ = "lead_asked"
    __table_args__ = (UniqueConstraint("unit", "month"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    # Its first day.
    month: Mapped[date]


class LocalPractice(Base):
    """A practice of a prison or unit of its own, and whether it was checked against the law (PF-0.4.1)."""

    __tablename__ = "local_practice"
    __table_args__ = (Index("ix_local_practice_unit", "unit"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(2000))
    in_force_from: Mapped[date]
    complies: Mapped[bool]
    equality_checked: Mapped[bool]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    ended_by: Mapped[UUID | None]

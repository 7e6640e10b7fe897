"""Audits of log-ons with their samples, and what is known of who opens their to-do list."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base, service
from services.identity.sessions.models import SignInSession
from shared.ids import new_id

ONE_FOR_EACH_PERIOD = "uq_log_on_audit_period"

# RPT-04 asks for the log-ons of a page of people, and for their refused attempts.
Index("ix_sign_in_session_person_opened", SignInSession.person_id, SignInSession.opened_at)
_ENTRY = service.tables.audit.entry.c
REFUSED = text("outcome = 'refused' AND subject_kind = 'person'")
Index("ix_audit_entry_refused_person", _ENTRY.subject_id, _ENTRY.at, postgresql_where=REFUSED)


class LogOnAudit(Base):
    """An audit of a period: `due` (scheduled), `begun` with its sample, `completed` with findings, `signed` off.

    Due ones are written for prison groups each month (PF-5.10.6); a probation CPC begins one whenever needed
    (PF-4.16o.1). One for each unit and period.
    """

    __tablename__ = "log_on_audit"
    __table_args__ = (
        UniqueConstraint("unit", "period_from", name=ONE_FOR_EACH_PERIOD),
        CheckConstraint("state in ('due', 'begun', 'completed', 'signed')", name="state"),
        CheckConstraint("period_to >= period_from", name="in_order"),
        Index("ix_log_on_audit_unit_state", "unit", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    period_from: Mapped[date]
    period_to: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date | None]
    begun_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime | None]
    findings: Mapped[str | None] = mapped_column(String(4000))
    actions: Mapped[str | None] = mapped_column(String(4000))
    # Whether usage complies with the business model (PF-4.16o.2): yes, partly or no.
    complies: Mapped[str | None] = mapped_column(String(10))
    completed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    completed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]


class LogOnAuditLine(Base):
    """One of the sample, as it was found when the audit was begun."""

    __tablename__ = "log_on_audit_line"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("log_on_audit.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    last_log_on: Mapped[datetime | None]
    log_ons: Mapped[int]
    refused: Mapped[int]
    todo_opened_on: Mapped[date | None]


class TodoOpened(Base):
    """The day on which somebody last opened their to-do list, as notifications tells it once a day (PF-4.29.1)."""

    __tablename__ = "todo_opened"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    opened_on: Mapped[date]


class SpoAbsence(Base):
    """An SPO who was told that they had not logged on since this day; each absence is told once (PI-3.10.2)."""

    __tablename__ = "spo_absence"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    absence_id: Mapped[UUID] = mapped_column(default=new_id)


class SupervisionDate(Base):
    """When an SPO supervises a practitioner; the SPO logs on before (PF-4.37.1), as notifications reminds them."""

    __tablename__ = "supervision_date"
    __table_args__ = (
        UniqueConstraint("practitioner", "supervisor", "day", name="uq_supervision_date"),
        CheckConstraint("practitioner <> supervisor", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    supervisor: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    entered_at: Mapped[datetime]
    prepared_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class LogOnCheck(Base):
    """One for each day of the policy clock: who writes it does the day's work."""

    __tablename__ = "log_on_check"

    day: Mapped[date] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]

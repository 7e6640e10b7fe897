"""Courses, trainers, sessions, who is booked, what came of it, certificates and the e-learning that follows."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

PERSON = "person.id"


class Course(Base):
    """A course of the national catalogue. `kind` is `user`, `cpc` (PF-7/CPC Prison.5) or `lead`; only a user or CPC
    course opens an account. `taught_by` is `hmpps` or `college` (PF-4.6).
    """

    __tablename__ = "course"
    __table_args__ = (CheckConstraint("kind in ('user', 'cpc', 'lead')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    taught_by: Mapped[str] = mapped_column(String(10))


class CourseApproval(Base):
    """The National ViSOR Training Working Group's approval, both days included; none means it does not count (R04)."""

    __tablename__ = "course_approval"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    reference: Mapped[str] = mapped_column(String(100))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class Trainer(Base):
    """Somebody on the approved-trainer list of a region (PF-6.2.3, PF-4.5.1), both days included.

    `person_id` is theirs where they use ViSOR, else `name` is all that is known. `trained_on` is the day of Train the
    Trainer; `removed_on` the first day off the list.
    """

    __tablename__ = "trainer"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="in_order"),
        Index("uq_trainer_person", "person_id", unique=True, postgresql_where=text("removed_on is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(PERSON), index=True)
    name: Mapped[str] = mapped_column(String(200))
    employer: Mapped[str] = mapped_column(String(10))
    region: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    trained_on: Mapped[date]
    first_day: Mapped[date]
    last_day: Mapped[date]
    removed_on: Mapped[date | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class TrainingSession(Base):
    """One delivery of a course (PF-4.5.2). `booked` counts its bookings: the check keeps two at once to the places."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("booked between 0 and places", name="places"),
        CheckConstraint("ends_on >= starts_on", name="in_order"),
        Index("ix_training_session_calendar", "region", "starts_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("trainer.id"), index=True)
    region: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    starts_on: Mapped[date]
    starts_at: Mapped[time]
    ends_on: Mapped[date]
    venue: Mapped[str] = mapped_column(String(200))
    places: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]


class Booking(Base):
    """A place for somebody. `outcome` is passed, failed or absent, once it is known."""

    __tablename__ = "training_booking"
    __table_args__ = (
        Index(
            "uq_training_booking_once",
            "session_id",
            "person_id",
            unique=True,
            postgresql_where=text("cancelled_at is null"),
        ),
        CheckConstraint("outcome in ('passed', 'failed', 'absent')", name="outcome"),
        CheckConstraint("score between 0 and 100", name="score"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON), index=True)
    booked_by: Mapped[UUID]
    booked_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    score: Mapped[int | None]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime | None]


class TrainingRecord(Base):
    """A course taken (PF-6.2.1): it counts when passed and approved on the day it was delivered (PF-6.2.2).

    `course_kind` as of the course; `approval_reference` is none where it was not approved then. `score` is a
    percentage. `withdrawn_at`: it was recorded by mistake, and `passed` is false.
    """

    __tablename__ = "training_record"
    __table_args__ = (UniqueConstraint("booking_id", name="uq_training_record_booking"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON), index=True)
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    course: Mapped[str] = mapped_column(String(200))
    course_kind: Mapped[str] = mapped_column(String(10), default="user")
    approval_reference: Mapped[str | None] = mapped_column(String(100))
    provider: Mapped[str] = mapped_column(String(100))
    trainer: Mapped[str] = mapped_column(String(200))
    delivered_on: Mapped[date]
    passed: Mapped[bool]
    score: Mapped[int | None]
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("training_booking.id"))
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Certificate(Base):
    """A College of Policing certificate of a course taken before (PF-4.6); the file is shared/files' own.

    `decided_by` is never its holder; once accepted `record_id` is what it counts as.
    """

    __tablename__ = "training_certificate"
    __table_args__ = (
        CheckConstraint("outcome in ('accepted', 'declined')", name="outcome"),
        CheckConstraint("decided_by <> person_id", name="not_oneself"),
        Index(
            "uq_training_certificate_open",
            "person_id",
            "course_id",
            unique=True,
            postgresql_where=text("decided_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON), index=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    number: Mapped[str] = mapped_column(String(60))
    awarded_on: Mapped[date]
    file_id: Mapped[UUID]
    brought_by: Mapped[UUID]
    brought_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(500))
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("training_record.id"))


class ELearning(Base):
    """The quality assurance package that probation staff owe after training, once for each of them (PF-4.7.1).

    `told_at` is when the person could be told, which a newcomer without an account cannot; `late_at` when the line
    manager was, both by the policy clock.
    """

    __tablename__ = "e_learning"
    __table_args__ = (
        Index("ix_e_learning_untold", "person_id", postgresql_where=text("told_at is null")),
        CheckConstraint("completed_on >= owed_from", name="in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON), unique=True)
    owed_from: Mapped[date]
    told_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    completed_on: Mapped[date | None]
    completed_by: Mapped[UUID | None]

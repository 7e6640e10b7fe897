"""A bulk partner job, and how it ended for each nominal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base
from shared.ids import new_id


class Job(Base):
    """One user is to become partner of many nominals: those of a unit, or those of a template user.

    `nominal_ids` is the list as it stood when the job was started, in order; the first `done` of them have a result.
    """

    __tablename__ = "bulk_partner_job"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    source_unit: Mapped[str | None] = mapped_column(String(40))
    template_id: Mapped[UUID | None]
    started_by: Mapped[UUID]
    starter_agency: Mapped[str] = mapped_column(String(40))
    starter_unit: Mapped[str] = mapped_column(String(40))
    session_id: Mapped[UUID]
    terminal: Mapped[str | None]
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    nominal_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), deferred=True)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    already: Mapped[int] = mapped_column(default=0)
    limited: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("(source_unit IS NULL) <> (template_id IS NULL)", name="one_source"),
        CheckConstraint("done <= total", name="done"),
        Index("ix_bulk_partner_job_started_by", "started_by", "id"),
    )


class Result(Base):
    """How a job ended for one nominal. A log: it holds ids only, and outlives the nominal."""

    __tablename__ = "bulk_partner_result"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    result: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = (
        CheckConstraint("result IN ('added', 'already', 'limited', 'failed')", name="result"),
        CheckConstraint("why IN ('archived', 'gone', 'error')", name="why"),
        # The progress page lists what was not done, which is little.
        Index(
            "ix_bulk_partner_result_not_done",
            "job_id",
            "result",
            "nominal_id",
            postgresql_where=text("result IN ('limited', 'failed')"),
        ),
    )

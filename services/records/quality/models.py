"""Templates, audits with the records that they drew, and the SPO's checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.records.quality.rules import KINDS, RECIPIENTS, STATES
from services.records.service import Base, OfNominal
from shared.ids import new_id

WORDS = "quality_audit.words"
COMMENT = "quality_item.comment"
HELD = "record_check.held"
PURPOSE = "report_request.purpose"
ONE_RECHECK = "uq_quality_audit_recheck"


class Template(Base):
    """A formal audit tool: a title and its questions, for whoever audits in `owner` (PF-4.16e). Never altered."""

    __tablename__ = "quality_template"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(120))
    questions: Mapped[list[str]] = mapped_column(JSONB)
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Audit(Base):
    """An audit of a unit's records by sample. `questions` are (key, title) as they stood when it was begun.

    `seed` and `population` (how many records there were) say how the sample was drawn. A re-check names what it looks
    at again in `of_id`, and says in `differing` how many answers differ. `submission` counts how often it was handed
    in; of a re-check it says which handing in was looked at again. `words` are the findings, `answer` what the CPC
    wrote on returning it; both lie encrypted under the service's key.
    """

    __tablename__ = "quality_audit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    template_id: Mapped[UUID | None] = mapped_column(ForeignKey("quality_template.id"))
    questions: Mapped[list[list[str]]] = mapped_column(JSONB)
    seed: Mapped[int] = mapped_column(BigInteger)
    population: Mapped[int]
    of_id: Mapped[UUID | None] = mapped_column(ForeignKey("quality_audit.id"))
    submission: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(String(10), default="assigned")
    auditor_id: Mapped[UUID] = mapped_column(index=True)
    assigned_by: Mapped[UUID]
    assigned_at: Mapped[datetime]
    due_on: Mapped[date | None]
    words: Mapped[bytes | None]
    answer: Mapped[bytes | None]
    differing: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(one) for one in KINDS)})", name="kind"),
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state"),
        CheckConstraint("(kind = 'recheck') = (of_id IS NOT NULL)", name="recheck"),
        Index(ONE_RECHECK, "of_id", "submission", unique=True, postgresql_where=text("of_id IS NOT NULL")),
        Index("ix_quality_audit_owner", "owner", "id"),
        Index("ix_quality_audit_unit", "unit", "id"),
    )


class Item(OfNominal, Base):
    """One record of a sample: question → ok, missing or stale; `comment` is sealed under the nominal's key."""

    __tablename__ = "quality_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("quality_audit.id", ondelete="CASCADE"))
    place: Mapped[int]
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    comment: Mapped[bytes | None]
    checked_by: Mapped[UUID | None]
    checked_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("audit_id", "place", name="uq_quality_item_place"),
        Index("uq_quality_item_nominal", "audit_id", "nominal_id", unique=True),
    )


class RecordCheck(OfNominal, Base):
    """What an SPO compared before supervision, and how the practitioner uses what ViSOR knows (PF-4.37).

    `results` are codes by item; `held` is what both systems said, and `used` the SPO's words, sealed for HELD.
    """

    __tablename__ = "record_check"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(String(40))
    practitioner_id: Mapped[UUID | None]
    supervision_on: Mapped[date | None]
    results: Mapped[dict[str, Any]] = mapped_column(JSONB)
    differing: Mapped[int]
    held: Mapped[bytes]
    used: Mapped[bytes]
    checked_by: Mapped[UUID]
    checked_at: Mapped[datetime]

    __table_args__ = (Index("ix_record_check_unit", "unit", "checked_at"),)


class ReportRequest(Base):
    """A report that a board or director asked the CPC for, and when it was issued (PF-0.10).

    `purpose` lies encrypted under the service's key. Each issue is a row of the audit; `issues` counts them.
    """

    __tablename__ = "report_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(40), index=True)
    report: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(30))
    recipient_name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[bytes]
    asked_on: Mapped[date]
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    issued_by: Mapped[UUID | None]
    issued_at: Mapped[datetime | None]
    issues: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint(f"recipient IN ({', '.join(repr(one) for one in RECIPIENTS)})", name="recipient"),
    )

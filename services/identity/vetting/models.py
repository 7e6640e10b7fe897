"""Kinds of vetting, what is recorded of it for each person, and what stands in for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class VettingType(Base):
    """A kind of vetting and the NPPV level it is worth (PF-4.3.2); changed by two administrators only.

    It counts while its `scheme` is national policy and between `accepted_from` and `accepted_to`, both included;
    with `beside`, only together with that other kind (PI-3.9.2). `needs_sro`: only with the SRO's authorisation on
    file (PF-4.16/A.1).
    """

    __tablename__ = "vetting_type"
    __table_args__ = (
        CheckConstraint("level between 0 and 3", name="level"),
        CheckConstraint("accepted_to >= accepted_from", name="in_order"),
    )

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[int]
    scheme: Mapped[str] = mapped_column(String(20))
    accepted_from: Mapped[date]
    accepted_to: Mapped[date | None]
    authority: Mapped[str] = mapped_column(String(200))
    needs_sro: Mapped[bool]
    beside: Mapped[str | None] = mapped_column(ForeignKey("vetting_type.code"))


class VettingTypeChange(Base):
    """A row of the table above as somebody proposes it; `wanted` holds its columns. One proposal at a time for each."""

    __tablename__ = "vetting_type_change"
    __table_args__ = (
        Index(
            "uq_vetting_type_change_open",
            "code",
            unique=True,
            postgresql_where=text("decided_at is null"),
        ),
        CheckConstraint("decided_by <> proposed_by or outcome = 'rejected'", name="two_people"),
        CheckConstraint("outcome in ('confirmed', 'rejected')", name="outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))


class VettingRecord(Base):
    """One clearance. It counts from `cleared_on` to the day before `expires_on` (PF-4.16/A.2), unless revoked.

    `sro_reference` is the authorisation that other vetting needs (PF-4.16/A.1), `evidence` where its paper is kept.
    """

    __tablename__ = "vetting_record"
    __table_args__ = (CheckConstraint("expires_on > cleared_on", name="in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(ForeignKey("vetting_type.code"))
    reference: Mapped[str] = mapped_column(String(100))
    vetting_force: Mapped[str] = mapped_column(String(200))
    evidence: Mapped[str | None] = mapped_column(String(200))
    sro_reference: Mapped[str | None] = mapped_column(String(100))
    cleared_on: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(500))


class VettingException(Base):
    """The SRO lets somebody work at a level without vetting, from the first to the last day (PF-4.16/A.3)."""

    __tablename__ = "vetting_exception"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="in_order"),
        CheckConstraint("level in (2, 3)", name="level"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    level: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(500))
    approved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]


class VettingApplication(Base):
    """Vetting that was applied for: under way until it is cleared, refused or withdrawn (PF-4.3.1)."""

    __tablename__ = "vetting_application"
    __table_args__ = (
        Index(
            "uq_vetting_application_open",
            "person_id",
            unique=True,
            postgresql_where=text("outcome is null"),
        ),
        CheckConstraint("outcome in ('cleared', 'refused', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome is null) = (decided_on is null)", name="decided"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(ForeignKey("vetting_type.code"))
    vetting_force: Mapped[str] = mapped_column(String(200))
    applied_on: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_on: Mapped[date | None]
    recorded_by: Mapped[UUID]


class VettingEnd(Base):
    """The end of a record came in sight: its clock runs until something as good outlasts it (D-15), or it is revoked.

    One that comes in sight again, since what outlasted it was revoked, is an occasion of its own.
    """

    __tablename__ = "vetting_end"
    __table_args__ = (
        Index("uq_vetting_end_open", "vetting_id", unique=True, postgresql_where=text("settled_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    vetting_id: Mapped[UUID] = mapped_column(ForeignKey("vetting_record.id"))
    told_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class VettingExpiry(Base):
    """Somebody's vetting ran out, and it was told; renewal takes the news back."""

    __tablename__ = "vetting_expiry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    expired_on: Mapped[date]
    told_at: Mapped[datetime]


class VettingCheck(Base):
    """The nightly count of enabled accounts, and of those among them that hold current vetting (PI-3.9.3)."""

    __tablename__ = "vetting_check"

    day: Mapped[date] = mapped_column(primary_key=True)
    enabled: Mapped[int]
    covered: Mapped[int]
    checked_at: Mapped[datetime]

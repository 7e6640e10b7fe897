"""A request for partnership. What it grants are rows of `access.models.Partnership`."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.records.service import Base, OfNominal
from shared.ids import new_id


class Request(OfNominal, Base):
    """One request, for one user or (`whole_unit`) for all of a unit.

    `reason` and `answer` are encrypted under the nominal's key.
    """

    __tablename__ = "partnership_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    requested_by: Mapped[UUID]
    requesting_agency: Mapped[str] = mapped_column(String(40))
    requesting_unit: Mapped[str] = mapped_column(String(40))
    requested_at: Mapped[datetime]
    whole_unit: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    for_reception: Mapped[UUID | None]
    reason: Mapped[bytes]
    state: Mapped[str] = mapped_column(String(10), default="requested")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[bytes | None]
    # The last day on which somebody of the asking unit looked whether it was granted (PF-5.15).
    looked_on: Mapped[date | None]

    users: Mapped[list[RequestedUser]] = relationship(lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("state IN ('requested', 'granted', 'refused')", name="state"),
        Index(
            "uq_partnership_request_open",
            "nominal_id",
            "requesting_unit",
            "requested_by",
            unique=True,
            postgresql_where=text("state = 'requested'"),
        ),
        # Two administrators of one prison need not both ask for everybody in it.
        Index(
            "uq_partnership_request_open_unit",
            "nominal_id",
            "requesting_unit",
            unique=True,
            postgresql_where=text("state = 'requested' AND whole_unit"),
        ),
        Index(
            "ix_partnership_request_requesting_unit",
            "requesting_unit",
            "requested_at",
        ),
    )


class RequestedUser(Base):
    """One user for whom partnership is asked, as the list stood when it was asked; `left_out`: not granted."""

    __tablename__ = "partnership_requested_user"

    request_id: Mapped[UUID] = mapped_column(
        ForeignKey("partnership_request.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    left_out: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class Draft(OfNominal, Base):
    """Something the suite drafted for a unit, to be sent with one click: a request for partnership, or for removal.

    `cause` is what it was drafted for (a movement, a message), once for each unit. A removal that was sent waits for
    the record's owner until `ended_at`. `answer` is why it was not sent, encrypted under the nominal's key.
    """

    __tablename__ = "partnership_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(String(40))
    cause: Mapped[UUID]
    drafted_at: Mapped[datetime]
    # For a removal: when the person left.
    left_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[bytes | None]
    request_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('request', 'removal')", name="kind"),
        CheckConstraint("state IN ('open', 'sent', 'dismissed', 'overtaken')", name="state"),
        UniqueConstraint("kind", "unit", "cause", "nominal_id"),
        Index("ix_partnership_draft_waiting", "unit", "drafted_at", postgresql_where=text("state = 'open'")),
        # At most one of a kind waits for a unit and a record.
        Index(
            "uq_partnership_draft_waiting",
            "nominal_id",
            "unit",
            "kind",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )


class Supervision(Base):
    """Probation has statutory responsibility for this person, or manages them under MAPPA, as nDelius told last.

    By case reference number, since the record may be created later. `ended_at`: not any more.
    """

    __tablename__ = "supervision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    crn: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(40))
    told_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("crn", "unit"),)

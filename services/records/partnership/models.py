"""A request for partnership. What it grants are rows of `access.models.Partnership`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
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
    """One user for whom partnership is asked, as the list stood when it was asked."""

    __tablename__ = "partnership_requested_user"

    request_id: Mapped[UUID] = mapped_column(
        ForeignKey("partnership_request.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))

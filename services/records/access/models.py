"""Who stands to a record by being listed somewhere, and every look at a record by somebody who does not."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class Partnership(OfNominal, Base):
    """A user is partner to a nominal (PF-7/Partner.1), from `started_at` until somebody ends it.

    `reason` and `end_reason` are encrypted under the nominal's key.
    """

    __tablename__ = "partnership"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    requested_by: Mapped[UUID | None]
    granted_by: Mapped[UUID]
    request_id: Mapped[UUID | None]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    end_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The act that ended it: whoever was partner reads by it why.
    end_act: Mapped[UUID | None]

    __table_args__ = (
        Index(
            "uq_partnership_person_id_nominal_id",
            "person_id",
            "nominal_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Listed(OfNominal, Base):
    """Somebody on the named access list of a record under Limited Access (PF-4.16l.1)."""

    __tablename__ = "limited_access_person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    listed_at: Mapped[datetime]
    listed_by: Mapped[UUID]

    __table_args__ = (
        Index("uq_limited_access_person_person_id_nominal_id", "person_id", "nominal_id", unique=True),
    )


class Limit(OfNominal, Base):
    """Limited Access while it lasts, or as it was (PF-4.16l.1); `review_on` is when its CPC looks at it again.

    `reason` and `end_reason` are encrypted under the nominal's key. Whom the list names is `Listed`.
    """

    __tablename__ = "limited_access"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    review_on: Mapped[date]
    reminded_for: Mapped[date | None]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(
            "uq_limited_access_nominal_id",
            "nominal_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Conflict(OfNominal, Base):
    """Somebody declared a conflict of interest with this person: the record is closed to them until its CPC ends it.

    `reason` and `end_reason` are encrypted under the nominal's key.
    """

    __tablename__ = "conflict_of_interest"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(
            "uq_conflict_of_interest_person_id_nominal_id",
            "person_id",
            "nominal_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Access(OfNominal, Base):
    """One look (or, `refused`, one attempt) at a record by somebody not partnered to it: kept for ever.

    `reason` is encrypted under the nominal's key (PF-7/Partner token.2, PF-7/Accessing.3).
    """

    __tablename__ = "unpartnered_access"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    # The owner as it was then: its CPC reads the history, also after a transfer.
    owner_unit: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(10), default="opened")
    reason_type: Mapped[str | None] = mapped_column(String(30))
    # Of whoever manages a nominal linked to this one: that nominal.
    linked_nominal_id: Mapped[UUID | None]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("outcome IN ('opened', 'refused')", name="outcome"),
        Index("ix_unpartnered_access_owner_unit", "owner_unit", "id"),
        Index("ix_unpartnered_access_person_id_nominal_id", "person_id", "nominal_id", "id"),
    )


class Opening(Base):
    """The one record that a session has open with a reason; the next one opened takes its place.

    `shown` is false until the summary was asked for once: that first time belongs to the opening itself.
    """

    __tablename__ = "opening"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    nominal_id: Mapped[UUID] = mapped_column(ForeignKey("nominal.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID]
    access_id: Mapped[UUID]
    until: Mapped[datetime]
    shown: Mapped[bool] = mapped_column(default=False)


class Leaving(Base):
    """Somebody who left and whose account is not archived yet, and what they still held when it was last counted."""

    __tablename__ = "leaving"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    manager_of: Mapped[int | None]
    supervisor_of: Mapped[int | None]
    partner_of: Mapped[int | None]
    counted_at: Mapped[datetime] = mapped_column(index=True)

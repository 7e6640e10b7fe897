"""How somebody came to an account, and how they leave it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class Onboarding(Base):
    """Who took each step towards an account, and when (PF-4.16/A.6, PF-4.16a.1). One row a person.

    `priority` is `spo` or `business_critical`, who come first (PS-8.1); `as_deputy` says that the CPC was absent.
    """

    __tablename__ = "onboarding"
    __table_args__ = (CheckConstraint("priority in ('spo', 'business_critical')", name="priority"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    priority: Mapped[str | None] = mapped_column(String(20))
    nominated_by: Mapped[UUID]
    nominated_at: Mapped[datetime]
    # Of the newest request: whoever was declined may be asked for again.
    request_id: Mapped[UUID | None]
    requested_by: Mapped[UUID | None]
    requested_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    authorised_by: Mapped[UUID | None]
    authorised_at: Mapped[datetime | None]
    as_deputy: Mapped[bool] = mapped_column(default=False)
    declined_reason: Mapped[str | None] = mapped_column(String(500))
    executed_by: Mapped[UUID | None]
    executed_at: Mapped[datetime | None]


class RequestNominee(Base):
    """Somebody whom the CPC named in advance to ask for accounts of their area, group or force (PF-4.16/A.6)."""

    __tablename__ = "request_nominee"
    __table_args__ = (
        Index(
            "uq_request_nominee_open",
            "person_id",
            "unit",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    named_by: Mapped[UUID]
    named_at: Mapped[datetime]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


class Leaver(Base):
    """That somebody left their role (PF-4.38.1). Open until the account is archived or opened again.

    `reported_as` is `cpc`, `line_manager`, `spo`, `visor_lead`, `admin` or `hr`; `reference` the HR system's own.
    """

    __tablename__ = "leaver"
    __table_args__ = (
        Index("uq_leaver_open", "person_id", unique=True, postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    left_on: Mapped[date]
    reported_by: Mapped[UUID]
    reported_as: Mapped[str] = mapped_column(String(20))
    reported_at: Mapped[datetime]
    reference: Mapped[str | None] = mapped_column(String(100), unique=True)
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Holding(Base):
    """How many live records a leaver still manages, supervises or is partner to, as records last counted them."""

    __tablename__ = "holding"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    manager_of: Mapped[int]
    supervisor_of: Mapped[int]
    partner_of: Mapped[int]
    counted_at: Mapped[datetime]


class Dormancy(Base):
    """An account that nobody used for long, and what its CPC decided (PF-5.10.7.2). It is listed some time after it
    was noticed (D-43).

    `decision` is `keep` (with a reason, until a day), `disable`, `used` where its holder signed in meanwhile, or
    `closed` where it was disabled for another reason.
    """

    __tablename__ = "dormancy"
    __table_args__ = (
        Index("uq_dormancy_open", "person_id", unique=True, postgresql_where=text("decided_at is null")),
        CheckConstraint("decision in ('keep', 'disable', 'used', 'closed')", name="decision"),
        CheckConstraint("(decided_at is null) = (decision is null)", name="decided"),
        CheckConstraint("(decision = 'keep') = (keep_until is not null)", name="kept_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    noticed_on: Mapped[date]
    unused_since: Mapped[date]
    decision: Mapped[str | None] = mapped_column(String(10))
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    lead_consulted: Mapped[bool] = mapped_column(default=False)
    keep_until: Mapped[date | None]

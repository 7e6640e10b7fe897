"""What precedes a nominal: somebody was registered under MAPPA, and a record must be created (PF-4.10)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base
from shared.ids import new_id

# For what `note` and `closed_why` are encrypted.
NOTE = "referral.note"


class Referral(Base):
    """`unit` is the delivery unit (or force) that will manage the person, `owner_unit` its area or force.

    A prison that asks for a record (`source` prison_request) knows only the future area, so both are that; it may also
    ask about somebody who is registered already. `wanted` says whom it wants made partners: its unit, or who asks.
    `duty` is the deadline that was started, None for a case that is listed without one; `release_on` and `sentenced_on`
    (to a community order) decide about that. `note` and `closed_why` are sealed under the service's key: there is no
    nominal yet, or never will be.

    Once a nominal was created from it, `nominal_id` says which, and nothing of the referral changes any more.
    """

    __tablename__ = "referral"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    category: Mapped[str] = mapped_column(String(4))
    level: Mapped[int | None]
    statutory_supervision: Mapped[bool] = mapped_column(default=False)
    registered_on: Mapped[date]
    unit: Mapped[str] = mapped_column(String(40))
    owner_unit: Mapped[str] = mapped_column(String(40))
    jurisdiction: Mapped[str] = mapped_column(String(3))
    forenames: Mapped[str] = mapped_column(Text, default="")
    surname: Mapped[str] = mapped_column(Text)
    date_of_birth: Mapped[date]
    sex: Mapped[str] = mapped_column(String(10), default="not_known")
    pnc: Mapped[str | None] = mapped_column(String(20))
    cro: Mapped[str | None] = mapped_column(String(20))
    noms: Mapped[str | None] = mapped_column(String(20))
    crn: Mapped[str | None] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20), default="registration", server_default="registration")
    release_on: Mapped[date | None]
    sentenced_on: Mapped[date | None]
    duty: Mapped[str | None] = mapped_column(String(4))
    prison: Mapped[str | None] = mapped_column(String(40))
    received_on: Mapped[date | None]
    wanted: Mapped[str | None] = mapped_column(String(4))
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime | None]
    note: Mapped[bytes | None]
    closed_why: Mapped[bytes | None]
    status: Mapped[str] = mapped_column(String(10), default="open")
    nominal_id: Mapped[UUID | None] = mapped_column(index=True)
    registered_by: Mapped[UUID]
    registered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own way
    __table_args__ = (
        CheckConstraint("status IN ('open', 'created', 'closed')", name="status"),
        CheckConstraint("source IN ('registration', 'prison_request')", name="source"),
        CheckConstraint(
            "(prison IS NULL) = (wanted IS NULL) AND (prison IS NULL) = (asked_by IS NULL)", name="asked"
        ),
        CheckConstraint("wanted IN ('unit', 'me')", name="wanted"),
        CheckConstraint("(status = 'created') = (nominal_id IS NOT NULL)", name="created"),
        Index("ix_referral_owner_unit", "owner_unit", "status", "id"),
        Index("ix_referral_prison", "prison", "id", postgresql_where=text("prison IS NOT NULL")),
        # Those for whom a deadline may still begin.
        Index(
            "ix_referral_waiting",
            "owner_unit",
            postgresql_where=text("status = 'open' AND duty IS NULL AND source = 'registration'"),
        ),
    )


class AreaStaffing(Base):
    """A MAPPA area's switch `sufficient_staff` (PF-4.11.1), as identity told last, and since when."""

    __tablename__ = "area_staffing"

    area: Mapped[str] = mapped_column(String(40), primary_key=True)
    sufficient: Mapped[bool]
    from_day: Mapped[date]
    told_at: Mapped[datetime]

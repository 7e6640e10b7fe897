"""Who stands in for the CPC of which unit, from when to when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

ONE_DEPUTY = "uq_deputyship_one_deputy"
ONE_COVER = "uq_deputyship_one_cover"


class Deputyship(Base):
    """Somebody acts for the CPC of `unit` up to `valid_to`, or until the CPC returns.

    `ground` is `absent` (the CPC is away), `vacant` (nobody holds the token) or `cover` (somebody of another area, in a
    disruption: PF-4.4.2). One deputy of a unit at a time; a second who is named at the same moment is refused by the
    database.
    """

    __tablename__ = "deputyship"
    __table_args__ = (
        Index(
            ONE_DEPUTY, "unit", unique=True, postgresql_where=text("ended_at is null and ground <> 'cover'")
        ),
        Index(
            ONE_COVER,
            "unit",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at is null and ground = 'cover'"),
        ),
        CheckConstraint("ground in ('absent', 'vacant', 'cover')", name="ground"),
        CheckConstraint("valid_to >= valid_from", name="in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    ground: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    named_by: Mapped[UUID]
    named_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None] = mapped_column(String(500))

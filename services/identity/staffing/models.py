"""How many users a unit needs, and whether an area has said that it has enough."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class StaffingTarget(Base):
    """What a delivery unit or prison needs, as its head last said it (PF-7/Sufficient numbers); older rows are history.

    `posts` has the number of staff in each listed position, all of whom ideally use ViSOR. `agreed` is the lower
    number that was agreed because of `factor`; neither stands without the other. `plan` is how the unit gets there.
    """

    __tablename__ = "staffing_target"
    __table_args__ = (
        Index(
            "uq_staffing_target_current", "unit", unique=True, postgresql_where=text("superseded_at is null")
        ),
        CheckConstraint("(agreed is null) = (factor is null)", name="agreed_why"),
        CheckConstraint("agreed >= 0", name="agreed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    posts: Mapped[dict[str, int]] = mapped_column(JSONB)
    agreed: Mapped[int | None]
    factor: Mapped[str | None] = mapped_column(String(500))
    plan: Mapped[str | None] = mapped_column(String(1000))
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class StaffingDeclaration(Base):
    """A MAPPA area's switch `sufficient_staff`: the CPC proposes, the regional probation director signs (PF-3a).

    The newest confirmed one says whether it is on.
    """

    __tablename__ = "staffing_declaration"
    __table_args__ = (
        Index(
            "uq_staffing_declaration_open", "area", unique=True, postgresql_where=text("decided_at is null")
        ),
        CheckConstraint("outcome in ('confirmed', 'declined')", name="outcome"),
        CheckConstraint("decided_by <> proposed_by or outcome = 'declined'", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    sufficient: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(1000))
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))


class RegionPlan(Base):
    """A region's plan for enough staff (PF-4.11.4), as its director last put it in; older rows are history.

    `review_on` is the day by which it is looked at again.
    """

    __tablename__ = "region_plan"
    __table_args__ = (
        Index(
            "uq_region_plan_current", "region", unique=True, postgresql_where=text("superseded_at is null")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    says: Mapped[str] = mapped_column(String(1000))
    file_id: Mapped[UUID]
    review_on: Mapped[date]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class Workload(Base):
    """What an administrator has, as records counted it last: live records managed, of those category 2 at level 1."""

    __tablename__ = "workload"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    manages: Mapped[int]
    level_1: Mapped[int]
    partner_of: Mapped[int]
    counted_on: Mapped[date]


class ProgrammeDate(Base):
    """A region's own day for a milestone of the programme, where it differs from the national one (C-22)."""

    __tablename__ = "programme_date"

    region: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    milestone: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]

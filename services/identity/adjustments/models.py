"""Plans of reasonable adjustments, and exemptions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class AdjustmentPlan(Base):
    """What a user of assistive technology needs, what is done, and who reads and enters for them (PF-0.2.1, PF-6.7).

    `need` and `adjustment` are about somebody's health, so they are encrypted. One plan for each person at a time.
    """

    __tablename__ = "adjustment_plan"
    __table_args__ = (
        Index("uq_adjustment_plan_open", "person_id", unique=True, postgresql_where=text("ended_on is null")),
        CheckConstraint("administrator <> person_id", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    need: Mapped[bytes] = mapped_column(LargeBinary)
    adjustment: Mapped[bytes] = mapped_column(LargeBinary)
    administrator: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_on: Mapped[date | None]


class MandateExemption(Base):
    """All options are exhausted and access is impossible for technical reasons (PF-0.2.3); reviewed by `review_on`.

    `options_tried` is the evidence, encrypted.
    """

    __tablename__ = "mandate_exemption"
    __table_args__ = (
        Index(
            "uq_mandate_exemption_open", "person_id", unique=True, postgresql_where=text("ended_on is null")
        ),
        CheckConstraint("review_on > exempt_from", name="in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    options_tried: Mapped[bytes] = mapped_column(LargeBinary)
    exempt_from: Mapped[date]
    review_on: Mapped[date]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_on: Mapped[date | None]

"""What of an assessment's entry must be known without opening it: its level, its day and where its sign-off stands."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.records.risk.rules import R10, R11, STATES
from services.records.service import Base, OfNominal
from shared.ids import new_id

COMMENT = "risk_assessment.comment"


class RiskAssessment(OfNominal, Base):
    """An R10 in folder 5, or an R11 in folder 6 (`kind`), by its entry. Only an R10 has a level and is signed off.

    `round_id` is new each time it awaits sign-off; `signed_version` the version of the entry that was signed. `comment`
    is what the supervisor wrote on returning it, encrypted under the nominal's key.
    """

    __tablename__ = "risk_assessment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("attachment_entry.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[str] = mapped_column(String(10), default=R10)
    level: Mapped[str | None] = mapped_column(String(10))
    assessed_on: Mapped[date]
    termination: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10))
    round_id: Mapped[UUID]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    signed_version: Mapped[int | None]
    comment: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint(f"kind IN ('{R10}', '{R11}')", name="kind"),
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state"),
        CheckConstraint("level IN ('low', 'medium', 'high', 'very_high')", name="level"),
        CheckConstraint(f"(kind = '{R10}') = (level IS NOT NULL)", name="an_assessment_has_a_level"),
        Index("ix_risk_assessment_nominal_id_kind", "nominal_id", "kind", "assessed_on"),
    )

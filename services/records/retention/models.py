"""What is known of a date of birth, as far as the review hangs on it, and the reviews themselves."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.retention.rules import OUTCOMES, PRECISIONS
from services.records.service import Base, OfNominal
from shared.ids import new_id

REASON = "retention.reason"
BASIS = "retention.basis"
_PRECISIONS = f"precision IN ({', '.join(repr(one) for one in PRECISIONS)})"
_OUTCOMES = f"outcome IN ({', '.join(repr(one) for one in OUTCOMES)})"


class RetentionDate(OfNominal, Base):
    """Only where the review does not simply fall on the hundredth birthday of a date that is wholly known.

    `review_on` is set by hand: nothing is known of the date of birth, or a review put the next one off until then.
    """

    __tablename__ = "retention_date"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    precision: Mapped[str] = mapped_column(String(10))
    review_on: Mapped[date | None] = mapped_column(index=True)
    basis: Mapped[bytes | None] = mapped_column(LargeBinary)
    set_at: Mapped[datetime]
    set_by: Mapped[UUID]

    __table_args__ = (CheckConstraint(_PRECISIONS, name="precision"), UniqueConstraint("nominal_id"))


class RetentionReview(OfNominal, Base):
    """Somebody has to decide by `review_on` whether the record is kept; never the suite by itself (SC-17.12.4)."""

    __tablename__ = "retention_review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    review_on: Mapped[date]
    told_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(10))
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
    next_on: Mapped[date | None]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint(_OUTCOMES, name="outcome"),
        CheckConstraint("(outcome IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        Index(
            "uq_retention_review_open", "nominal_id", unique=True, postgresql_where=text("outcome IS NULL")
        ),
    )

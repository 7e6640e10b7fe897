"""When a record is reviewed, by its own rows and national policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.records.nominals.models import Nominal
from services.records.retention.models import RetentionDate
from services.records.retention.rules import review_day
from shared.work import Work


@dataclass(frozen=True)
class Kept:
    """`review_on` None: somebody has to say when. `by_hand`: somebody said so."""

    precision: str
    review_on: date | None
    by_hand: bool


def kept_until(work: Work, nominal_id: UUID) -> Kept:
    row = work.session.execute(
        select(Nominal.date_of_birth, RetentionDate.precision, RetentionDate.review_on)
        .outerjoin(RetentionDate, RetentionDate.nominal_id == Nominal.id)
        .where(Nominal.id == nominal_id)
    ).one()
    precision = row.precision or "day"
    if row.review_on is not None:
        return Kept(precision, row.review_on, by_hand=True)
    return Kept(precision, birthday(work, row.date_of_birth, precision), by_hand=False)


def birthday(work: Work, born: date, precision: str) -> date | None:
    years = work.policy.number("retention.years_from_birth", work.today)
    return review_day(born, precision, years, work.policy.text("retention.leap_day", work.today))

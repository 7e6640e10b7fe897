"""Asks for the review some time before the hundredth birthday; it decides nothing (SC-17.12.4)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.concerned import concerned, holding
from services.records.access.record import Record
from services.records.nominals.models import Nominal
from services.records.retention.days import kept_until
from services.records.retention.models import RetentionDate, RetentionReview
from services.records.service import service
from shared.directory import read_model
from shared.events.records.retention import RETENTION_DUE
from shared.ids import new_id
from shared.time.calendars import add_months
from shared.work import Concerned, Work

_AT_ONCE = 50
_DATA_GOVERNANCE = "data_protection_officer"


@service.each_tick
def ask_for_reviews(work: Work) -> int:
    """Whose review comes near. The nominal's row is held: two ticks at one moment ask once."""
    until = work.today + timedelta(days=work.policy.period("deadline.D-18", work.today).amount)
    return sum(_ask(work, nominal_id, until) for nominal_id in _near(work, until))


def _near(work: Work, until: date) -> list[UUID]:
    """Somewhat more than those who are due: the exact day is worked out for each."""
    years = work.policy.number("retention.years_from_birth", work.today)
    known = select(RetentionReview.id).where(RetentionReview.nominal_id == Nominal.id)
    by_hand = select(RetentionDate.id).where(RetentionDate.nominal_id == Nominal.id)
    by_birthday = select(Nominal.id).where(
        Nominal.date_of_birth <= add_months(until, -12 * years),
        Nominal.status != "merged",
        ~known.exists(),
        ~by_hand.where(RetentionDate.review_on.is_not(None)).exists(),
        ~by_hand.where(RetentionDate.precision == "unknown").exists(),
    )
    waits = known.where(RetentionReview.outcome.is_(None)).exists()
    set_by_hand = (
        select(Nominal.id)
        .join(RetentionDate, RetentionDate.nominal_id == Nominal.id)
        .where(RetentionDate.review_on <= until, Nominal.status != "merged", ~waits)
    )
    found = work.session.scalars(by_birthday.order_by(Nominal.date_of_birth).limit(_AT_ONCE)).all()
    return [*found, *work.session.scalars(set_by_hand.limit(_AT_ONCE))]


def _ask(work: Work, nominal_id: UUID, until: date) -> bool:
    record = facts(work, nominal_id, lock=True)
    review_on = kept_until(work, nominal_id).review_on
    if review_on is None or review_on > until or _asked(work, nominal_id, review_on):
        return False
    ask(work, record, review_on)
    return True


def ask(work: Work, record: Record, review_on: date) -> None:
    """From now on a review waits, and its deadline runs (D-18)."""
    row = RetentionReview(id=new_id(), nominal_id=record.id, review_on=review_on, told_at=work.now)
    work.session.add(row)
    work.session.flush()
    data = {
        "review_id": row.id,
        "nominal_id": record.id,
        "review_on": review_on,
        "owner_unit": record.owner_unit,
        "jurisdiction": record.jurisdiction,
    }
    work.emit(RETENTION_DUE, data, aggregate=("retention_review", row.id), to=who_reviews(work, record))


def _asked(work: Work, nominal_id: UUID, review_on: date) -> bool:
    """One waits, or this day was decided about already."""
    found = select(RetentionReview.id).where(
        RetentionReview.nominal_id == nominal_id,
        RetentionReview.outcome.is_(None) | (RetentionReview.review_on == review_on),
    )
    return work.session.execute(found.limit(1)).first() is not None


def who_reviews(work: Work, record: Record) -> list[Concerned]:
    """The owning CPC; in Scotland also Data Governance, where somebody has the part (SC-17.12.4)."""
    to = concerned(work, record, "cpc")
    if record.jurisdiction == "SCT":
        cards = read_model.holders(work.session, _DATA_GOVERNANCE, record.owner_unit)
        to += holding(cards, _DATA_GOVERNANCE, record.owner_unit, record.owner_agency) if cards else []
    return to

"""Level 1 reviews that were completed elsewhere, to be copied into the log (PF-4.22, D-45)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.archived import is_archived
from services.records.access.authorise import authorise, facts
from services.records.access.concerned import holding
from services.records.access.record import Record
from services.records.activity_log.models import Review
from services.records.activity_log.rules import wrong_review_date
from services.records.activity_log.schemas import CompletedReview, ReviewAnswer, ReviewHeard, ReviewMessage
from services.records.nominals.naming import about
from services.records.nominals.numbers import whose
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.activity_log import REVIEW_COMPLETED, REVIEW_COPIED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/level-1-reviews"
# The access right of a client that brings messages of probation's case management system.
FEED = "integration.ndelius"
KNOWN = "A level 1 review completed on this day is noted already."


def may_tell(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return dict(about(work, authorise(work, "activity_log.add", nominal_id).record))


@service.command(
    "activity_log.review_completed",
    path=PATH,
    input=CompletedReview,
    answer=ReviewAnswer,
    status=201,
    form=FormPage(
        title="A level 1 review was completed",
        button="Note the review",
        done="Noted. The review is to be copied into the activity log.",
        next="/nominals/{nominal_id}/activity-log",
        path=f"{PATH}/new",
        intro="The administrators of the managing unit are asked to copy it into the activity log. Adding an entry of"
        " the type “Level 1 review” is all that is needed.",
        values=may_tell,
    ),
)
def review_completed(work: Work, *, nominal_id: UUID, completed_on: date) -> Review:
    """Note by hand that a level 1 review was completed; its copy is due in two working days (D-45)."""
    record = authorise(work, "activity_log.add", nominal_id, lock=True).record
    if wrong := wrong_review_date(completed_on, work.today):
        raise Invalid(wrong)
    review = _noted(work, record, completed_on)
    if review is None:
        raise Invalid({"completed_on": [KNOWN]})
    return review


@service.command(
    "activity_log.hear_review",
    path="/integrations/ndelius/level-1-reviews",
    input=ReviewMessage,
    answer=ReviewHeard,
    status=202,
    audience="integration",
)
def hear_review(work: Work, *, crn: str, completed_on: date) -> dict[str, Any]:
    """The same from nDelius, by case reference number; told twice it counts once."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    if wrong := wrong_review_date(completed_on, work.today):
        raise Invalid(wrong)
    nominal_id = whose(work, "crn", crn)
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id, lock=True)
    if is_archived(work, record, "review", str(completed_on)):
        return {"outcome": "archived"}
    return {"outcome": "taken" if _noted(work, record, completed_on) else "known"}


def _noted(work: Work, record: Record, completed_on: date) -> Review | None:
    """None where it is noted already; the caller holds the nominal's row."""
    same = select(Review.id).where(Review.nominal_id == record.id, Review.completed_on == completed_on)
    if work.session.execute(same).first() is not None:
        return None
    review = Review(
        id=new_id(),
        nominal_id=record.id,
        completed_on=completed_on,
        told_at=work.now,
        told_by=work.principal.person_id,
    )
    work.session.add(review)
    work.session.flush()
    work.concerns(nominal_id=record.id, subject=("level_1_review", review.id), completed_on=completed_on)
    data = {
        "review_id": review.id,
        "nominal_id": record.id,
        "completed_on": completed_on,
        "managing_unit": record.managing_unit,
        "jurisdiction": record.jurisdiction,
    }
    cards = read_model.holders(work.session, "case_administrator", record.managing_unit)
    to = holding(cards, "case_administrator", record.managing_unit, record.owner_agency)
    work.emit(REVIEW_COMPLETED, data, aggregate=("level_1_review", review.id), to=to)
    return review


def copied(work: Work, record: Record, entry_id: UUID) -> None:
    """An entry of the type "level 1 review" copies whatever review waited for it."""
    waiting = (
        select(Review).where(Review.nominal_id == record.id, Review.entry_id.is_(None)).with_for_update()
    )
    for review in work.session.execute(waiting).scalars():
        review.entry_id = entry_id
        data = {"review_id": review.id, "nominal_id": record.id, "entry_id": entry_id}
        work.emit(
            REVIEW_COPIED, data, aggregate=("level_1_review", review.id), agencies=[record.owner_agency]
        )

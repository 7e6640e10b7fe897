"""The CPC decides that a record is kept on, or says what is known of the date of birth (SC-17.12.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise, facts
from services.records.nominals.naming import about
from services.records.retention.days import kept_until
from services.records.retention.models import BASIS, REASON, RetentionDate, RetentionReview
from services.records.retention.rules import manual_problem, next_problem
from services.records.retention.schemas import BirthInput, KeepInput, KeptAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.events.records.retention import RETENTION_REVIEWED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.time.calendars import add_months
from shared.work import Work

ACTION = "retention.review"
PATH = "/nominals/<uuid:nominal_id>/retention"
HERE = "/nominals/{nominal_id}/retention"
NOT_DUE = "No review of this record is due."

service.constraints["uq_retention_review_open"] = lambda: Refusal("R34", what="A review waits already.")


@dataclass(frozen=True)
class Decided:
    nominal_id: UUID
    precision: str
    review_on: date | None
    by_hand: bool


def may_decide(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    record = authorise(work, ACTION, nominal_id).record
    if open_review(work, nominal_id) is None:
        raise Refusal("R34", what=NOT_DUE, nominal_id=nominal_id)
    return dict(about(work, record))


def open_review(work: Work, nominal_id: UUID) -> RetentionReview | None:
    found = select(RetentionReview).where(
        RetentionReview.nominal_id == nominal_id, RetentionReview.outcome.is_(None)
    )
    return work.session.execute(found).scalar_one_or_none()


@service.command(
    "retention.keep",
    path=PATH,
    input=KeepInput,
    answer=KeptAnswer,
    status=201,
    form=FormPage(
        title="Keep this record",
        button="Keep the record",
        done="The record is kept. You are told before the next review.",
        next=HERE,
        path=f"{PATH}/keep",
        intro="In most cases a record is removed at this review. Keep it only where it is still needed, and say why.",
        values=may_decide,
    ),
)
def keep_on(work: Work, *, nominal_id: UUID, next_on: date, reason: str) -> Decided:
    """Kept with the reason, until the next review (SC-17.12.4). Of two who decide at one moment the second hears so."""
    authorise(work, ACTION, nominal_id, lock=True)
    row = open_review(work, nominal_id)
    if row is None:
        raise Refusal("R34", what=NOT_DUE, nominal_id=nominal_id)
    latest = add_months(work.today, 12 * work.policy.number("retention.longest_extension_years", work.today))
    if problem := next_problem(next_on, work.today, latest):
        raise Invalid({"next_on": [problem]})
    close(work, row, "keep")
    row.next_on, row.reason = next_on, work.runtime.encrypt(row.origin_nominal_id, REASON, reason)
    _set(work, nominal_id, precision=kept_until(work, nominal_id).precision, review_on=next_on)
    work.concerns(private=reason, next_on=str(next_on))
    return Decided(nominal_id, kept_until(work, nominal_id).precision, next_on, by_hand=True)


def close(work: Work, row: RetentionReview, outcome: str) -> None:
    row.outcome, row.reviewed_at, row.reviewed_by = outcome, work.now, work.principal.person_id
    work.session.flush()
    work.concerns(subject=("retention_review", row.id), outcome=outcome)
    owner = facts(work, row.nominal_id).owner_agency
    data = {"review_id": row.id, "nominal_id": row.nominal_id, "outcome": outcome}
    work.emit(RETENTION_REVIEWED, data, aggregate=("retention_review", row.id), agencies=[owner])


def _set(work: Work, nominal_id: UUID, **values: Any) -> RetentionDate:
    row = work.session.execute(
        select(RetentionDate).where(RetentionDate.nominal_id == nominal_id)
    ).scalar_one_or_none()
    if row is None:
        row = RetentionDate(id=new_id(), nominal_id=nominal_id, origin_nominal_id=nominal_id)
        work.session.add(row)
    for name, value in (values | {"set_at": work.now, "set_by": work.principal.person_id}).items():
        setattr(row, name, value)
    work.session.flush()
    return row


def known_now(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    record = authorise(work, ACTION, nominal_id).record
    kept = kept_until(work, nominal_id)
    by_hand = kept.review_on if kept.precision == "unknown" else None
    return {**about(work, record), "precision": kept.precision, "review_on": by_hand}


@service.command(
    "retention.birth",
    path=f"{PATH}/birth",
    input=BirthInput,
    answer=KeptAnswer,
    form=FormPage(
        title="What is known of the date of birth",
        button="Save",
        done="Saved. The review hangs on it from now on.",
        next=HERE,
        path=f"{PATH}/birth",
        intro="The review falls on the last day that could be the hundredth birthday. Where nothing is known of it, you"
        " say when it is looked at.",
        values=known_now,
    ),
)
def say_what_is_known(
    work: Work, *, nominal_id: UUID, precision: str, review_on: date | None, basis: str
) -> Decided:
    """Unknown and partial dates of birth (SC-17.12.3)."""
    authorise(work, ACTION, nominal_id, lock=True)
    if problem := manual_problem(precision, review_on, work.today):
        raise Invalid({"review_on": [problem]})
    row = _set(work, nominal_id, precision=precision, review_on=review_on)
    row.basis = work.runtime.encrypt(row.origin_nominal_id, BASIS, basis)
    work.session.flush()
    work.concerns(subject=("nominal", nominal_id), private=basis, precision=precision)
    kept = kept_until(work, nominal_id)
    return Decided(nominal_id, kept.precision, kept.review_on, kept.by_hand)

"""What came of a session for each who was booked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.accounts.finding import person_or_404
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.training.authority import listed, require_cpc, require_marker
from services.identity.training.bookings import booking_or_404
from services.identity.training.courses import approvals_of
from services.identity.training.models import Booking, Course, Trainer, TrainingRecord, TrainingSession
from services.identity.training.passing import tell_passed
from services.identity.training.rules import approval_on, wrong_result
from services.identity.training.schemas import TEACHERS, ReasonInput, ResultAnswer, ResultInput
from services.identity.training.sessions import session_and_trainer
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work

_TAUGHT_BY = dict(TEACHERS)
service.constraints["uq_training_record_booking"] = lambda: Refusal(
    "R34", what="The result is recorded already."
)


def _may_record(work: Work, *, booking_id: UUID) -> dict[str, str]:
    booking = booking_or_404(work, booking_id)
    _, trainer = session_and_trainer(work, booking.session_id)
    person = person_or_404(work, booking.person_id)
    require_marker(work, person, trainer)
    return {"about": about(person)}


def _of_record(work: Work, *, record_id: UUID) -> dict[str, str]:
    record = work.session.get(TrainingRecord, record_id)
    if record is None:
        raise NotFound
    person = person_or_404(work, record.person_id)
    require_cpc(work, person)
    return {"about": about(person, after=f": {record.course}")}


@service.command(
    "training.record_result",
    path="/training/bookings/<uuid:booking_id>/result",
    input=ResultInput,
    answer=ResultAnswer,
    form=FormPage(
        path="/training/bookings/<uuid:booking_id>/result/new",
        title="Record a result",
        button="Record the result",
        done="The result has been recorded.",
        next="/training/sessions/{session_id}",
        cancel="/training/sessions",
        values=_may_record,
    ),
)
def record_result(work: Work, *, booking_id: UUID, outcome: str, score: int | None) -> dict[str, Any]:
    """By the session's trainer or the CPC (PF-6.2.1); it counts only as far as course and trainer were approved."""
    booking = booking_or_404(work, booking_id)
    held, trainer = session_and_trainer(work, booking.session_id)
    person = person_or_404(work, booking.person_id, lock=True)
    work.concerns(subject=("person", person.id), session_id=str(held.id), outcome=outcome)
    require_marker(work, person, trainer)
    if booking.cancelled_at or held.cancelled_at or booking.outcome:
        raise Refusal("R34", what="This place was given back, or its result is recorded already.")
    if wrong := wrong_result(outcome, score, held.ends_on, work.today):
        raise Invalid(wrong)
    booking.outcome, booking.score = outcome, score
    booking.recorded_by, booking.recorded_at = work.principal.person_id, work.system_now
    counts = outcome != "absent" and _record(work, booking, held, trainer, person)
    return {"booking_id": booking.id, "session_id": held.id, "outcome": outcome, "counts": counts}


@service.command(
    "training.withdraw_result",
    path="/training/records/<uuid:record_id>/withdraw",
    input=ReasonInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Withdraw a training record",
        button="Withdraw the record",
        done="The record no longer counts. It stays, as withdrawn.",
        next="/people",
        values=_of_record,
    ),
)
def withdraw_result(work: Work, *, record_id: UUID, reason: str) -> None:
    """One that was made by mistake; whoever has no other is refused at the next sign-in (R04)."""
    record = work.session.get(TrainingRecord, record_id, with_for_update=True)
    if record is None:
        raise NotFound
    person = person_or_404(work, record.person_id)
    work.concerns(subject=("person", person.id), private=reason)
    require_cpc(work, person)
    if record.withdrawn_at is not None:
        raise Refusal("R34", what="This record is withdrawn already.")
    record.withdrawn_at, record.passed = work.system_now, False
    log.changed(work, people=[person.id])


def _record(work: Work, booking: Booking, held: TrainingSession, trainer: Trainer, person: Person) -> bool:
    """Whether it opens anything: a trainer who came off the list meanwhile delivers no accredited course (PF-6.2.3)."""
    course = work.session.get_one(Course, held.course_id)
    reference = approval_on(approvals_of(work.session, course.id), held.ends_on)
    if not listed(trainer).holds(held.ends_on):
        reference = None
    made = TrainingRecord(
        person_id=person.id,
        course_id=course.id,
        course=course.title,
        course_kind=course.kind,
        approval_reference=reference,
        provider=_TAUGHT_BY[course.taught_by],
        trainer=trainer.name,
        delivered_on=held.ends_on,
        passed=booking.outcome == "passed",
        score=booking.score,
        booking_id=booking.id,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    if made.passed and reference is not None:
        tell_passed(work, person, made)
    return made.passed and reference is not None

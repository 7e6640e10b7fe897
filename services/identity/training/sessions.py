"""The calendar of training sessions (PF-4.5.2, PS-9)."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.people.models import Person
from services.identity.service import service
from services.identity.training.authority import KEEPERS, keeps, may_keep, own_listing, trains
from services.identity.training.courses import approvals_of, course_or_invalid
from services.identity.training.models import Booking, Trainer, TrainingSession
from services.identity.training.rules import wrong_session
from services.identity.training.schemas import MadeAnswer, ReasonInput, SessionInput
from services.identity.training.trainers import trainer_or_invalid
from shared.declarations import FormPage
from shared.events.identity.training import TRAINING_CANCELLED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done
from shared.work import Concerned, Work


def _first_added(work: Work) -> dict[str, Any]:
    """Refuses before anybody types whoever keeps no calendar."""
    mine = own_listing(work)
    if not (may_keep(work) or (mine is not None and trains(work, mine))):
        raise Refusal("R32", role=f"the trainer, or {KEEPERS}")
    return {}


def _first_cancelled(work: Work, *, session_id: UUID) -> dict[str, Any]:
    """The same, of one session."""
    held = work.session.get(TrainingSession, session_id)
    if held is None:
        raise NotFound
    _require_calendar(work, work.session.get_one(Trainer, held.trainer_id))
    return {}


@service.command(
    "training.add_session",
    path="/training/sessions",
    input=SessionInput,
    answer=MadeAnswer,
    status=201,
    form=FormPage(
        values=_first_added,
        path="/training/sessions/new",
        title="Add a training session",
        button="Add the session",
        done="The session is in the calendar.",
        next="/training/sessions/{id}",
        cancel="/training/sessions",
    ),
)
def add_session(
    work: Work,
    *,
    course_id: UUID,
    trainer_id: UUID,
    starts_on: date,
    starts_at: time,
    ends_on: date,
    venue: str,
    places: int,
) -> TrainingSession:
    """PF-6.2.2, PF-6.2.3: of an approved course, by a trainer who is on the list on each of its days."""
    course = course_or_invalid(work, course_id)
    trainer, listed = trainer_or_invalid(work, trainer_id)
    work.concerns(region=trainer.region, course=course.code)
    _require_calendar(work, trainer)
    if wrong := wrong_session(starts_on, ends_on, work.today, listed, approvals_of(work.session, course.id)):
        raise Invalid(wrong)
    made = TrainingSession(
        course_id=course.id,
        trainer_id=trainer.id,
        region=trainer.region,
        starts_on=starts_on,
        starts_at=starts_at,
        ends_on=ends_on,
        venue=venue,
        places=places,
        made_by=work.principal.person_id,
        made_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("training_session", made.id))
    return made


@service.command(
    "training.cancel_session",
    path="/training/sessions/<uuid:session_id>/cancel",
    input=ReasonInput,
    answer=Done,
    form=FormPage(
        values=_first_cancelled,
        title="Cancel a training session",
        button="Cancel the session",
        done="The session is cancelled, and those who were booked are told.",
        next="/training/sessions/{session_id}",
    ),
)
def cancel_session(work: Work, *, session_id: UUID, reason: str) -> None:
    """Who is booked, and who booked them, are told; a session that is over stays as it was."""
    held, trainer = session_and_trainer(work, session_id)
    work.concerns(subject=("training_session", held.id), private=reason)
    _require_calendar(work, trainer)
    if held.cancelled_at is not None or held.ends_on < work.today:
        raise Refusal("R34", what="This session is over or cancelled already.")
    held.cancelled_at = work.system_now
    data = {"session_id": held.id, "starts_on": held.starts_on}
    work.emit(TRAINING_CANCELLED, data, aggregate=("training_session", held.id), to=_booked(work, held))


def session_and_trainer(work: Work, session_id: UUID) -> tuple[TrainingSession, Trainer]:
    """Locked, so that what follows from the session is decided once."""
    held = work.session.get(TrainingSession, session_id, with_for_update=True)
    if held is None:
        raise NotFound
    return held, work.session.get_one(Trainer, held.trainer_id)


def _require_calendar(work: Work, trainer: Trainer) -> None:
    if not (keeps(work, trainer.region) or trains(work, trainer)):
        raise Refusal("R32", role=f"the trainer, or {KEEPERS}")


def _booked(work: Work, held: TrainingSession) -> list[Concerned]:
    found = select(Booking.person_id, Booking.booked_by).where(
        Booking.session_id == held.id, Booking.cancelled_at.is_(None)
    )
    ids = {one for row in work.session.execute(found) for one in row}
    people = work.session.execute(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).scalars()
    return [Concerned(one.id, "person", one.unit, one.agency) for one in people]

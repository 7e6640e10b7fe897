"""Places at training sessions: for whom, in what order, and never more than there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.identity.accounts.finding import person_or_404
from services.identity.documents.models import SYOPS
from services.identity.documents.signed import standing
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from services.identity.training.authority import require_booker
from services.identity.training.models import Booking, TrainingSession
from services.identity.training.rules import not_yet
from services.identity.training.schemas import BookedAnswer, BookInput
from services.identity.vetting.covered import covered
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Nothing
from shared.work import Work

service.constraints["uq_training_booking_once"] = lambda: Refusal(
    "R34", what="This person has a place at this session already."
)


def _may_book(work: Work, *, person_id: UUID) -> dict[str, str]:
    person = person_or_404(work, person_id)
    _check_may(work, person)
    return {"about": about(person)}


@service.command(
    "training.book",
    path="/people/<uuid:person_id>/training/bookings",
    input=BookInput,
    answer=BookedAnswer,
    status=201,
    form=FormPage(
        path="/people/<uuid:person_id>/training/bookings/new",
        title="Book a training session",
        button="Book the place",
        done="The place is booked.",
        next="/people/{person_id}/training",
        values=_may_book,
    ),
)
def book(work: Work, *, person_id: UUID, session_id: UUID) -> dict[str, Any]:
    """R05 before vetting is cleared and SyOPs signed (PF-4.3.3, PF-6.3); of two for the last place one gets R44."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), session_id=str(session_id))
    _check_may(work, person)
    held = work.session.get(TrainingSession, session_id)
    if held is None or held.cancelled_at is not None:
        raise Invalid({"session_id": ["Select the session from the list"]})
    if held.starts_on < work.today:
        raise Invalid({"session_id": ["This session has begun already."]})
    left = _take_place(work, session_id)
    made = Booking(
        session_id=session_id,
        person_id=person.id,
        booked_by=work.principal.person_id,
        booked_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    return {"id": made.id, "session_id": session_id, "places_left": left}


def _may_cancel(work: Work, *, booking_id: UUID) -> dict[str, str]:
    person = person_or_404(work, booking_or_404(work, booking_id).person_id)
    require_booker(work, person)
    return {"about": about(person)}


@service.command(
    "training.cancel_booking",
    path="/training/bookings/<uuid:booking_id>/cancel",
    input=Nothing,
    answer=BookedAnswer,
    form=FormPage(
        title="Give a place back",
        button="Give the place back",
        done="The place is free again.",
        next="/training/sessions/{session_id}",
        cancel="/training/sessions",
        values=_may_cancel,
    ),
)
def cancel_booking(work: Work, *, booking_id: UUID) -> dict[str, Any]:
    """By whoever may book for this person; a place whose result is known stays."""
    booking = booking_or_404(work, booking_id)
    person = person_or_404(work, booking.person_id)
    work.concerns(subject=("person", person.id), session_id=str(booking.session_id))
    require_booker(work, person)
    if booking.cancelled_at is not None or booking.outcome is not None:
        raise Refusal("R34", what="This place was given back already, or its result is known.")
    booking.cancelled_at = work.system_now
    freed = (
        update(TrainingSession)
        .where(TrainingSession.id == booking.session_id)
        .values(booked=TrainingSession.booked - 1)
        .returning(TrainingSession.places - TrainingSession.booked)
    )
    left = work.session.execute(freed).scalar_one()
    return {"id": booking.id, "session_id": booking.session_id, "places_left": left}


def booking_or_404(work: Work, booking_id: UUID) -> Booking:
    found = work.session.get(Booking, booking_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def _check_may(work: Work, person: Person) -> None:
    require_booker(work, person)
    vetted = select(covered(work.policy, work.today)).where(Person.id == person.id)
    syops = standing(work.session, person.id, SYOPS)
    step = not_yet(
        vetted=bool(work.session.execute(vetted).scalar_one()),
        syops_signed=syops is not None and syops.signed,
    )
    if step is not None:
        raise Refusal("R05", contact=cpc_contact(work, person.unit), step=step)


def _take_place(work: Work, session_id: UUID) -> int:
    """The row is locked until the commit, so the second of two sees what the first has taken."""
    taken = (
        update(TrainingSession)
        .where(TrainingSession.id == session_id, TrainingSession.booked < TrainingSession.places)
        .where(TrainingSession.cancelled_at.is_(None))
        .values(booked=TrainingSession.booked + 1)
        .returning(TrainingSession.places - TrainingSession.booked)
    )
    left = work.session.execute(taken).scalar_one_or_none()
    if left is None:
        raise Refusal("R44")
    return int(left)

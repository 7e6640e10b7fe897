"""One person's training, and the certificates that wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.scope import within
from services.identity.service import service
from services.identity.training.answers import CertificatesAnswer, PersonTrainingAnswer
from services.identity.training.certificates import require_near
from services.identity.training.models import (
    Booking,
    Certificate,
    Course,
    ELearning,
    TrainingRecord,
    TrainingSession,
)
from services.identity.training.records import trained
from shared.declarations import Page
from shared.files import describe
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

_MOST = 50


@service.query(
    "training.of_person",
    path="/people/<uuid:person_id>/training",
    input=Nothing,
    answer=PersonTrainingAnswer,
    page=Page("Training", "training/person.html"),
)
def of_person(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """PF-6.2.1. One's own, and that of whom one oversees; the e-learning of probation staff alone (PF-4.7.2)."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    require_near(work, person)
    own = person.id == work.principal.person_id
    reach = reach_of(work, person)
    near = work.principal.units_with("lpc") | work.principal.units_with_role("visor_lead")
    looks_after = reach.is_cpc or reach.is_deputy
    waiting = select(Certificate).where(Certificate.person_id == person.id)
    owed = work.session.execute(
        select(ELearning).where(ELearning.person_id == person.id)
    ).scalar_one_or_none()
    return {
        "person": cards(work.session, [person])[0],
        "trained": trained(work.session, person.id, work.today),
        "records": _records(work, person),
        "bookings": _bookings(work, person),
        "certificates": certificate_lines(
            work, work.session.execute(waiting.order_by(Certificate.brought_at.desc())).scalars()
        ),
        "e_learning": owed,
        "may_book": not own and (looks_after or bool(near & set(reach.areas))),
        "may_decide": not own and looks_after,
    }


@service.query(
    "training.certificates",
    path="/training/certificates",
    input=Nothing,
    answer=CertificatesAnswer,
    page=Page("Certificates to accept", "training/certificates.html"),
)
def certificates(work: Work) -> dict[str, Any]:
    """What waits for the CPC, oldest first."""
    if not (work.principal.holds("cpc") or work.principal.deputy_for):
        raise Refusal("R24")
    found = (
        select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .where(
            Certificate.decided_at.is_(None),
            Person.unit.in_(within(work.principal, tokens=("cpc",), national=False)),
        )
        .where(Person.id != work.principal.person_id)
        .order_by(Certificate.brought_at)
        .limit(_MOST + 1)
    )
    rows = list(work.session.execute(found).scalars())
    work.concerns(count=len(rows))
    return {"certificates": certificate_lines(work, rows[:_MOST]), "more": len(rows) > _MOST}


def certificate_lines(work: Work, rows: Iterable[Certificate]) -> list[dict[str, Any]]:
    found = list(rows)
    people = work.session.execute(
        select(Person).where(Person.id.in_({one.person_id for one in found}))
    ).scalars()
    by_id = {card.id: card for card in cards(work.session, people)}
    courses = select(Course).where(Course.id.in_({one.course_id for one in found}))
    titles = {one.id: one.title for one in work.session.execute(courses).scalars()}
    files = describe(work, [one.file_id for one in found])
    columns = ("id", "number", "awarded_on", "brought_at", "outcome", "reason")
    return [
        {name: getattr(one, name) for name in columns}
        | {
            "person": by_id[one.person_id],
            "course": titles[one.course_id],
            "file_name": files[one.file_id].name,
            "file_size": files[one.file_id].size,
        }
        for one in found
    ]


def _records(work: Work, person: Person) -> list[dict[str, Any]]:
    found = select(TrainingRecord).where(TrainingRecord.person_id == person.id)
    rows = work.session.execute(found.order_by(TrainingRecord.delivered_on.desc())).scalars()
    columns = ("id", "course", "course_kind", "approval_reference", "provider", "trainer", "delivered_on")
    return [
        {name: getattr(one, name) for name in (*columns, "passed", "score")} | {"state": _state(one)}
        for one in rows
    ]


def _state(record: TrainingRecord) -> str:
    if record.withdrawn_at is not None:
        return "Withdrawn"
    if not record.passed:
        return "Not passed"
    return "Passed" if record.approval_reference else "Not approved"


def _bookings(work: Work, person: Person) -> list[dict[str, Any]]:
    found = (
        select(
            Booking.id,
            Booking.session_id,
            Booking.outcome,
            Course.title.label("course"),
            TrainingSession.starts_on,
            TrainingSession.venue,
        )
        .join(TrainingSession, TrainingSession.id == Booking.session_id)
        .join(Course, Course.id == TrainingSession.course_id)
        .where(Booking.person_id == person.id, Booking.cancelled_at.is_(None))
        .where(TrainingSession.cancelled_at.is_(None), Booking.outcome.is_(None))
        .order_by(TrainingSession.starts_on)
    )
    return [dict(row._mapping) for row in work.session.execute(found)]  # noqa: SLF001 - SQLAlchemy's public name

"""Exceptions to vetting: by the Senior Responsible Officer for ViSOR alone, each with an end (PF-4.16/A.3)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404
from services.identity.directory import log
from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.people.units import below
from services.identity.service import service
from services.identity.tokens.holders import cpc_concerned
from services.identity.vetting.consequences import after_vetting_changed
from services.identity.vetting.models import VettingException
from services.identity.vetting.rules import wrong_exception
from services.identity.vetting.schemas import ExceptionInput, ExceptionsAnswer
from shared.declarations import FormPage, Page
from shared.events.identity.vetting import VETTING_EXCEPTED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done, Nothing
from shared.work import Concerned, Work

SRO = "sro"
SRO_NAME = "the Senior Responsible Officer for ViSOR"
_LATEST = 200


def _first_shown(work: Work, person_id: UUID) -> dict[str, Any]:
    person = person_or_404(work, person_id)
    _only_sro(work, person)
    return {"about": about(person), "level": 2}


def _only_sro(work: Work, person: Person) -> None:
    """Raises Refusal R32, or R23 for oneself."""
    if not work.principal.has_role(SRO):
        raise Refusal("R32", role=SRO_NAME)
    if work.principal.person_id == person.id:
        raise Refusal("R23", subject="exception")


@service.command(
    "vetting.except",
    path="/people/<uuid:person_id>/vetting/exceptions",
    input=ExceptionInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        path="/people/<uuid:person_id>/vetting/exceptions/new",
        title="Approve an exception to vetting",
        button="Approve the exception",
        done="The exception has been approved. It ends by itself.",
        next="/people/{person_id}/vetting",
        values=_first_shown,
        intro="For this time the person works as if vetted to the level chosen. Everything else is still asked.",
    ),
)
def grant_exception(
    work: Work, *, person_id: UUID, level: int, first_day: date, last_day: date, reason: str
) -> None:
    """PF-4.16/A.3. The CPC cannot: R32. It counts at sign-in from its first to its last day."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), level=level, last_day=last_day.isoformat(), private=reason)
    _only_sro(work, person)
    longest = work.policy.period("vetting.exception.longest", work.today).amount
    if wrong := wrong_exception(first_day, last_day, work.today, longest):
        raise Invalid(wrong)
    made = VettingException(
        person_id=person.id,
        level=level,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        approved_by=work.principal.person_id,
        approved_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    if first_day <= work.today:
        after_vetting_changed(work, person, "vetting_expired")
    data = {"person_id": person.id, "exception_id": made.id, "last_day": last_day}
    to = [
        Concerned(person.id, "person", person.unit, person.agency),
        cpc_concerned(work.session, person.unit, person.agency),
    ]
    work.emit(VETTING_EXCEPTED, data, aggregate=("person", person.id), to=to)
    log.changed(work, people=[person.id])


def _first_ended(work: Work, *, exception_id: UUID) -> dict[str, Any]:
    """Says whose it is, and refuses before anybody types."""
    return {"about": about(_to_end(work, exception_id)[1])}


@service.command(
    "vetting.end_exception",
    path="/vetting/exceptions/<uuid:exception_id>/end",
    input=Nothing,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="End an exception to vetting",
        button="End the exception",
        done="The exception has ended.",
        next="/vetting/exceptions",
        intro="The person's sessions end within seconds, unless vetting counts by now.",
        values=_first_ended,
    ),
)
def end_exception(work: Work, *, exception_id: UUID) -> None:
    """Before its last day; on that day it ends by itself."""
    found, person = _to_end(work, exception_id, lock=True)
    work.session.refresh(found)
    if found.ended_at is None:
        found.ended_at, found.ended_by = work.system_now, work.principal.person_id
        work.session.flush()
        after_vetting_changed(work, person, "vetting_expired")
        log.changed(work, people=[person.id])


def _to_end(work: Work, exception_id: UUID, *, lock: bool = False) -> tuple[VettingException, Person]:
    found = work.session.get(VettingException, exception_id)
    if found is None:
        raise NotFound
    person = person_or_404(work, found.person_id, lock=lock)
    work.concerns(subject=("person", person.id))
    _only_sro(work, person)
    return found, person


@service.query(
    "vetting.exceptions",
    path="/vetting/exceptions",
    input=Nothing,
    answer=ExceptionsAnswer,
    page=Page("Exceptions to vetting", "vetting/exceptions.html"),
)
def exceptions(work: Work) -> dict[str, Any]:
    """All for the SRO and administrators; a CPC's own areas; the latest first."""
    principal = work.principal
    everywhere = principal.has_role(SRO) or principal.holds("admin")
    areas = principal.units_with("cpc") | principal.deputy_for
    if not (everywhere or areas):
        raise Refusal("R32", role=SRO_NAME)
    found = select(VettingException).join(Person, Person.id == VettingException.person_id)
    if not everywhere:
        found = found.where(Person.unit.in_(below(work.session, areas)))
    rows = list(
        work.session.execute(found.order_by(VettingException.last_day.desc()).limit(_LATEST)).scalars()
    )
    work.concerns(count=len(rows))
    return {"exceptions": shown(work, rows), "may_end": principal.has_role(SRO)}


def shown(work: Work, rows: list[VettingException]) -> list[dict[str, Any]]:
    """Each with the cards of whom it is for and who approved it."""
    ids = {row.person_id for row in rows} | {row.approved_by for row in rows}
    people = work.session.execute(select(Person).where(Person.id.in_(ids))).scalars()
    known = {card.id: card for card in cards(work.session, people)}
    return [
        {
            "id": row.id,
            "person": known[row.person_id],
            "level": row.level,
            "first_day": row.first_day,
            "last_day": row.last_day,
            "reason": row.reason,
            "approver": known[row.approved_by],
            "state": _state(work, row),
        }
        for row in rows
    ]


def _state(work: Work, row: VettingException) -> str:
    if row.ended_at is not None or row.last_day < work.today:
        return "ended"
    return "counts" if row.first_day <= work.today else "to come"

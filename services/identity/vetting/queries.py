"""One person's vetting, and who is still to be vetted."""

from __future__ import annotations

from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.authority import may_look_after
from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact, roles_of
from services.identity.vetting.exceptions import SRO, shown
from services.identity.vetting.models import (
    VettingApplication,
    VettingException,
    VettingRecord,
    VettingType,
)
from services.identity.vetting.records import as_clearance, clearances, clearances_of
from services.identity.vetting.rules import (
    expired_on,
    lead_warning,
    level_held,
    may_be_offered_central_support,
)
from services.identity.vetting.schemas import PersonVettingAnswer, QueueAnswer, QueueInput
from services.identity.vetting.scope import overseen, oversees
from services.identity.vetting.status import (
    STATUSES,
    WORDS,
    has_priority,
    has_trained,
    status,
    without_vetting,
)
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50


@service.query(
    "vetting.of_person",
    path="/people/<uuid:person_id>/vetting",
    input=Nothing,
    answer=PersonVettingAnswer,
    page=Page("Vetting", "vetting/person.html"),
)
def of_person(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """PF-6.1.1. One's own, and that of whom one oversees."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    reach = reach_of(work, person)
    own = person.id == work.principal.person_id
    if not (own or oversees(work.principal, reach.areas)):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))
    level = level_held(clearances(work.session, person.id, work.policy), work.today)
    row = work.session.execute(
        select(status(work.policy, work.today), has_priority()).where(Person.id == person.id)
    ).one()
    lead = any(grant.role == "visor_lead" for grant in roles_of(work.session, person.id))
    may_change = may_look_after(reach) and not own
    return {
        "person": cards(work.session, [person])[0],
        "level": level,
        "status": WORDS[row[0]],
        "records": _records(work, person),
        "exceptions": shown(work, _of(work, VettingException, person)),
        "applications": _of(work, VettingApplication, person),
        "priority": row[1],
        "may_change": may_change,
        "may_except": work.principal.has_role(SRO) and not own,
        "lead_warning": lead and lead_warning(level),
        "offer_central_support": lead and may_change and may_be_offered_central_support(level),
    }


@service.query(
    "vetting.queue",
    path="/vetting/queue",
    input=QueueInput,
    answer=QueueAnswer,
    page=Page("Vetting to be done", "vetting/queue.html"),
)
def queue(work: Work, *, page: int) -> dict[str, Any]:
    """Who has an account, or is to have one, and no current vetting: business critical staff first (PS-8.1)."""
    state = status(work.policy, work.today)
    mine = overseen(work.principal) & (Person.state != "archived")
    waiting = mine & without_vetting(work.policy, work.today)
    total = work.session.execute(select(func.count()).select_from(Person).where(waiting)).scalar_one()
    order = case({name: number for number, name in enumerate(STATUSES)}, value=state)
    priority = has_priority()
    found = (
        select(Person, state, priority, has_trained(work.today))
        .where(waiting)
        .order_by(priority.desc(), order, Person.created_at)
    )
    rows = work.session.execute(found.limit(PAGE).offset((page - 1) * PAGE)).all()
    work.concerns(count=len(rows), page=page)
    people = [row[0] for row in rows]
    held = clearances_of(work.session, [person.id for person in people], work.policy)
    return {
        "people": [
            {
                "person": card,
                "status": WORDS[row[1]],
                "expired_on": expired_on(held[card.id], work.today),
                "priority": row[2],
                "trained": row[3],
            }
            for card, row in zip(cards(work.session, people), rows, strict=True)
        ],
        "total": total,
        "page": page,
        "pages": max(1, ceil(total / PAGE)),
    }


def _records(work: Work, person: Person) -> list[dict[str, Any]]:
    found = (
        select(VettingRecord, VettingType)
        .join(VettingType, VettingType.code == VettingRecord.kind)
        .where(VettingRecord.person_id == person.id)
        .order_by(VettingRecord.expires_on.desc(), VettingRecord.id)
    )
    return [_record(work, record, kind) for record, kind in work.session.execute(found)]


def _record(work: Work, record: VettingRecord, kind: VettingType) -> dict[str, Any]:
    columns = (
        "id",
        "kind",
        "reference",
        "vetting_force",
        "evidence",
        "sro_reference",
        "cleared_on",
        "expires_on",
    )
    return {
        **{name: getattr(record, name) for name in columns},
        "kind_name": kind.name,
        "level": kind.level,
        "state": _state(work, record, kind),
    }


def _state(work: Work, record: VettingRecord, kind: VettingType) -> str:
    if record.revoked_at is not None:
        return "Revoked"
    if record.expires_on <= work.today:
        return "Expired"
    return "Current" if as_clearance(record, kind, work.policy).counts(work.today) else "Not accepted"


def _of(work: Work, model: Any, person: Person) -> list[Any]:
    found = select(model).where(model.person_id == person.id).order_by(model.id.desc())
    return list(work.session.execute(found).scalars())

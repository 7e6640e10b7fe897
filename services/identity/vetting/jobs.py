"""What ends by itself at midnight: vetting, and with it accounts and tokens."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select

from services.identity.accounts.states import disable
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, cpc_concerned
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.consequences import after_vetting_changed
from services.identity.vetting.models import VettingRecord
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import LOWEST, NPPV, TOKEN_LEVELS, expired_on
from shared.events.identity import VETTING_EXPIRED
from shared.work import About, Concerned, Work

_AT_ONCE = 50


@service.each_tick
def expire_vetting(work: Work) -> int:
    """Disable whose vetting ran out; the person, their line manager and CPC are told (PF-4.16/A.2).

    Claims people by row lock, so that two ticks at once tell each of them once.
    """
    ended = []
    for person in _claimed(work, _somebody_without_vetting(work)):
        day = expired_on(clearances(work.session, person.id), work.today)
        if day is None:
            continue
        disable(work, person, "vetting_expired")
        data = {"person_id": person.id, "expired_on": day}
        work.emit(VETTING_EXPIRED, data, aggregate=("person", person.id), to=_concerned(work, person))
        work.audit("vetting.expire", About("person", person.id, facts={"expired_on": day.isoformat()}))
        ended.append(person.id)
    log.changed(work, people=ended)
    return len(ended)


@service.each_tick
def suspend_tokens_above_level(work: Work) -> int:
    """PF-6.1.3: who loses level 3 loses CPC, Central Support and administrative access until it is renewed."""
    people = list(_claimed(work, _somebody_above_their_level(work)))
    for person in people:
        after_vetting_changed(work, person, "vetting_expired")
        work.audit("tokens.suspend", About("person", person.id))
    log.changed(work, people=[person.id for person in people])
    return len(people)


def _claimed(work: Work, query: Select[Person]) -> list[Person]:
    locked = query.order_by(Person.id).limit(_AT_ONCE).with_for_update(of=Person, skip_locked=True)
    return list(work.session.execute(locked).scalars())


def _counts(work: Work, level: int) -> ColumnElement[bool]:
    return _good(level) & (VettingRecord.cleared_on <= work.today) & (VettingRecord.expires_on > work.today)


def _good(level: int) -> ColumnElement[bool]:
    return and_(
        VettingRecord.person_id == Person.id,
        VettingRecord.revoked_at.is_(None),
        VettingRecord.level >= level,
        or_(VettingRecord.kind.in_(NPPV), VettingRecord.sro_reference.is_not(None)),
    )


def _somebody_without_vetting(work: Work) -> Select[Person]:
    current = select(VettingRecord.id).where(_counts(work, LOWEST)).exists()
    once = select(VettingRecord.id).where(_good(LOWEST), VettingRecord.expires_on <= work.today).exists()
    return select(Person).where(ACTIVE, once, ~current)


def _somebody_above_their_level(work: Work) -> Select[Person]:
    needs = [token for token, level in TOKEN_LEVELS.items() if level > LOWEST]
    holds = select(TokenGrant.id).where(
        TokenGrant.person_id == Person.id,
        TokenGrant.token.in_(needs),
        TokenGrant.ended_at.is_(None),
        TokenGrant.suspended_at.is_(None),
    )
    cleared = select(VettingRecord.id).where(_counts(work, LOWEST + 1)).exists()
    return select(Person).where(ACTIVE, holds.exists(), ~cleared)


def _concerned(work: Work, person: Person) -> list[Concerned]:
    told = [Concerned(person.id, "person", person.unit, person.agency)]
    if person.line_manager is not None:
        manager = work.session.get_one(Person, person.line_manager)
        told.append(Concerned(manager.id, "line_manager", person.unit, manager.agency))
    return [*told, cpc_concerned(work.session, person.unit, person.agency)]

"""What happens by itself when a day begins: vetting ends, and with it accounts and tokens."""

from __future__ import annotations

from sqlalchemy import Select, select

from services.identity.accounts.rules import LIFTED_BY_VETTING
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.tokens.holders import ACTIVE
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.consequences import VETTING, after_vetting_changed
from services.identity.vetting.covered import covered, once_covered
from services.identity.vetting.ends import open_end
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import HIGHEST, TOKEN_LEVELS, expired_on
from services.identity.vetting.telling import ended, note_expiry
from shared.events.identity.vetting import VETTING_EXPIRED
from shared.work import About, Work

_AT_ONCE = 50
_HIGHEST = [token for token, level in TOKEN_LEVELS.items() if level == HIGHEST]


def expire_vetting(work: Work) -> int:
    """Disable whose vetting ran out; the person, their line manager and CPC are told (PF-4.16/A.2).

    Claims people by row lock, so that two ticks at once tell each of them once.
    """
    without = ACTIVE & once_covered(work.today) & ~covered(work.policy, work.today)
    people = _claimed(work, select(Person).where(without))
    for person in people:
        day = expired_on(clearances(work.session, person.id, work.policy), work.today) or work.today
        after_vetting_changed(work, person, "vetting_expired")
        data = {
            "person_id": person.id,
            "expired_on": day,
            "expiry_id": note_expiry(work, person, day).id,
            "end_id": open_end(work.session, person.id, day),
        }
        work.emit(VETTING_EXPIRED, data, aggregate=("person", person.id), to=ended(work, person))
        work.audit("vetting.expire", About("person", person.id, facts={"expired_on": day.isoformat()}))
    log.changed(work, people=[person.id for person in people])
    return len(people)


def suspend_tokens_above_level(work: Work) -> int:
    """PF-6.1.3: who loses level 3 loses CPC, Central Support and administrative access until it is renewed."""
    holds = select(TokenGrant.id).where(
        TokenGrant.person_id == Person.id,
        TokenGrant.token.in_(_HIGHEST),
        TokenGrant.ended_at.is_(None),
        TokenGrant.suspended_at.is_(None),
    )
    above = ACTIVE & holds.exists() & ~covered(work.policy, work.today, HIGHEST)
    people = _claimed(work, select(Person).where(above))
    for person in people:
        after_vetting_changed(work, person, "vetting_expired")
        work.audit("tokens.suspend", About("person", person.id))
    log.changed(work, people=[person.id for person in people])
    return len(people)


def give_back_after_vetting(work: Work) -> int:
    """An exception begins, or a kind of vetting counts again: what want of it had taken is given back."""
    top = TokenGrant.token.in_(_HIGHEST)
    suspended = select(TokenGrant.id).where(
        TokenGrant.person_id == Person.id, TokenGrant.ended_at.is_(None), TokenGrant.suspended_for == VETTING
    )
    closed = (Person.state == "disabled") & Person.disabled_reason.in_(LIFTED_BY_VETTING)
    tokens = suspended.where(~top).exists() | (
        suspended.where(top).exists() & covered(work.policy, work.today, HIGHEST)
    )
    again = covered(work.policy, work.today) & (closed | (ACTIVE & tokens))
    people = _claimed(work, select(Person).where(again))
    for person in people:
        after_vetting_changed(work, person, "vetting_expired")
        work.audit("vetting.give_back", About("person", person.id))
    log.changed(work, people=[person.id for person in people])
    return len(people)


def _claimed(work: Work, query: Select[Person]) -> list[Person]:
    locked = query.order_by(Person.id).limit(_AT_ONCE).with_for_update(of=Person, skip_locked=True)
    return list(work.session.execute(locked).scalars())

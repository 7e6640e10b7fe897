"""Accounts that nobody used for long: noticing them, and taking off the list whoever came back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, Select, cast, func, or_, select
from sqlalchemy.sql import ColumnElement

from services.identity.accounts import telling
from services.identity.accounts.dormancy_rules import unused_before
from services.identity.accounts.models import Dormancy
from services.identity.people.models import Person
from services.identity.service import service
from shared.events.identity.accounts import ACCOUNT_DORMANCY_DECIDED, ACCOUNT_DORMANT
from shared.work import About, Work

_AT_ONCE = 50
LAST_USED: ColumnElement[Any] = func.coalesce(
    Person.last_signed_in_on, cast(Person.activated_at, Date), cast(Person.created_at, Date)
)


@service.each_tick
def notice_unused(work: Work) -> int:
    """List whoever has not signed in for 90 days; their CPC decides, and they and their lead are told (D-43).

    Claimed by row lock, so that two ticks at once list each account once.
    """
    after = work.policy.period("accounts.inactive_after", work.today)
    unused = _unused(work, unused_before(work.today, after))
    locked = unused.order_by(Person.id).limit(_AT_ONCE).with_for_update(of=Person, skip_locked=True)
    found = work.session.execute(locked).all()
    for person, since in found:
        listed = Dormancy(person_id=person.id, noticed_on=work.today, unused_since=since)
        work.session.add(listed)
        work.session.flush()
        told = [telling.themselves(person), telling.cpc(work, person), *telling.leads(work.session, person)]
        telling.tell(work, ACCOUNT_DORMANT, person, told, dormancy_id=listed.id)
        work.audit("accounts.notice_unused", About("person", person.id))
    return len(found)


def note_used(work: Work, person: Person) -> None:
    """Whoever signs in again needs no decision."""
    waiting = select(Dormancy).where(Dormancy.person_id == person.id, Dormancy.decided_at.is_(None))
    listed = work.session.execute(waiting).scalar_one_or_none()
    if listed is not None:
        listed.decision, listed.decided_at = "used", work.system_now
        telling.tell(work, ACCOUNT_DORMANCY_DECIDED, person, [], dormancy_id=listed.id)


def _unused(work: Work, until: date) -> Select[Person, date]:
    """A decision to keep an account stands until its day."""
    stands = select(Dormancy.id).where(
        Dormancy.person_id == Person.id,
        or_(Dormancy.decided_at.is_(None), Dormancy.keep_until > work.today),
    )
    since = LAST_USED.label("since")
    return select(Person, since).where(Person.state == "active", until >= LAST_USED, ~stands.exists())

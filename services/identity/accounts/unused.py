"""Accounts that nobody used for long: noticing them, and taking off the list whoever came back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, Select, cast, func, or_, select
from sqlalchemy.sql import ColumnElement

from services.identity.accounts import telling
from services.identity.accounts.dormancy_rules import noticed_after, unused_before
from services.identity.accounts.models import Dormancy
from services.identity.people.models import Person
from services.identity.service import service
from shared.events.identity.accounts import ACCOUNT_DORMANCY_DECIDED, ACCOUNT_UNUSED
from shared.work import About, Work

AFTER = "deadline.D-43"
_AT_ONCE = 50
LAST_USED: ColumnElement[Any] = func.coalesce(
    Person.last_signed_in_on, cast(Person.activated_at, Date), cast(Person.created_at, Date)
)


@service.each_tick
def notice_unused(work: Work) -> int:
    """Notice whoever has not signed in for half of the time after which their CPC decides about the account.

    They and their lead are told; the clock (D-43) reminds them, and tells the CPC when the whole time has passed.
    Claimed by row lock, so that two ticks at once notice each account once.
    """
    after = noticed_after(work.policy.period(AFTER, work.today))
    unused = _unused(work, unused_before(work.today, after))
    locked = unused.order_by(Person.id).limit(_AT_ONCE).with_for_update(of=Person, skip_locked=True)
    found = work.session.execute(locked).all()
    for person, since in found:
        noticed = Dormancy(person_id=person.id, noticed_on=work.today, unused_since=since)
        work.session.add(noticed)
        work.session.flush()
        told = [telling.themselves(person), *telling.leads(work.session, person)]
        telling.tell_dated(work, ACCOUNT_UNUSED, person, told, dormancy_id=noticed.id, unused_since=since)
        work.audit("accounts.notice_unused", About("person", person.id))
    return len(found)


def note_used(work: Work, person: Person) -> None:
    """Whoever signs in again needs no decision."""
    _settle(work, person, "used")


def note_closed(work: Work, person: Person) -> None:
    """An account that was disabled for another reason needs none either."""
    _settle(work, person, "closed")


def is_listed(work: Work) -> ColumnElement[bool]:
    """Over `Dormancy`: the whole time has passed, and its CPC decides (PF-5.10.7.2)."""
    after = work.policy.period(AFTER, work.today).amount
    return Dormancy.decided_at.is_(None) & (Dormancy.unused_since <= unused_before(work.today, after))


def tell_decided(work: Work, person: Person, decided: Dormancy) -> None:
    data = {"dormancy_id": decided.id, "decision": decided.decision}
    telling.tell(work, ACCOUNT_DORMANCY_DECIDED, person, [], **data)


def _settle(work: Work, person: Person, decision: str) -> None:
    waiting = select(Dormancy).where(Dormancy.person_id == person.id, Dormancy.decided_at.is_(None))
    noticed = work.session.execute(waiting).scalar_one_or_none()
    if noticed is not None:
        noticed.decision, noticed.decided_at = decision, work.system_now
        tell_decided(work, person, noticed)


def _unused(work: Work, until: date) -> Select[Person, date]:
    """A decision to keep an account stands until its day."""
    stands = select(Dormancy.id).where(
        Dormancy.person_id == Person.id,
        or_(Dormancy.decided_at.is_(None), Dormancy.keep_until > work.today),
    )
    since = LAST_USED.label("since")
    return select(Person, since).where(Person.state == "active", until >= LAST_USED, ~stands.exists())

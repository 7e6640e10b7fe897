"""Asking the directory who is there and who comes next, in as few queries as the answer allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services.notifications.delivery.rules import Addressee, Named, Recipients, recipients, roles_here
from services.notifications.service import service
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.events.envelope import Duty
from shared.work import NOBODY, Work

# An urgent event ends a person's sessions before the directory says that the account is disabled; until it does, all
# their sessions being ended is reason enough to send nothing more to them.
_DIRECTORY_CATCHES_UP = timedelta(minutes=2)
# Roles held for a unit further up than the one whose business it is.
_HELD_ABOVE = frozenset(
    {
        *("cpc", "head_of_public_protection", "prison_group_director", "regional_probation_director"),
        *("oversight_chair", "sro", "admin"),
    }
)

_KNOWN = "visor.delivery.known"
_revocation = service.tables.revocation
_person, _grant, _unit = DIRECTORY.person, DIRECTORY.grant, DIRECTORY.unit
NATIONAL = frozenset({"sro", "admin"})


def named(duties: Iterable[Duty]) -> list[Named]:
    """A fact's duties; a vacant role comes without a person."""
    return [
        Named(None if duty.person_id == NOBODY else duty.person_id, duty.capacity, duty.unit)
        for duty in duties
    ]


def resolve(work: Work, who: Iterable[Named]) -> Recipients:
    """Who gets it now, at delivery."""
    who = list(who)
    there = _there(work, [one.person_id for one in who if one.person_id is not None])
    return recipients(who, there, lambda role, unit: _holders(work, role, unit))


def rung_holders(work: Work, roles: Sequence[str], unit: str) -> Recipients:
    """The holders of a rung's roles at this moment, each at the nearest unit at or above that has one."""
    people: dict[UUID, Addressee] = {}
    vacant = []
    for role in _possible(work.session, roles, unit):
        found = not_revoked(work, _near(work.session, role, unit))
        if not found:
            vacant.append((role, unit))
        for person_id in found:
            people.setdefault(person_id, Addressee(person_id, role, unit, by_role=True))
    return Recipients(tuple(people.values()), tuple(vacant))


def _possible(session: Session, roles: Sequence[str], unit: str) -> Sequence[str]:
    """Of “RPD / PGD” a prison has no regional probation director, and none is missed."""
    if len(roles) == 1:
        return roles
    line = read_model.units(session, read_model.above(session, unit))
    return roles_here(roles, {card.kind for card in line.values()}) if line else roles


def _there(work: Work, ids: Sequence[UUID]) -> Callable[[UUID], bool]:
    """Somebody the directory has not told us of yet counts as there: an item may wait for them.

    What was looked up is kept for the transaction, which may hold a batch of facts; `look_again` forgets it.
    """
    known = _known(work)
    missing = [one for one in dict.fromkeys(ids) if one not in known]
    if missing:
        recently = _revocation.c.revoked_at > work.system_now - _DIRECTORY_CATCHES_UP
        ended = and_(_revocation.c.subject == _person.c.id, recently)
        found = (
            select(_person.c.id, and_(_person.c.active, _revocation.c.subject.is_(None)))
            .outerjoin(_revocation, ended)
            .where(_person.c.id.in_(missing))
        )
        known.update(dict.fromkeys(missing, True))
        known.update((row[0], row[1]) for row in work.session.execute(found))
    return known.__getitem__


def _known(work: Work) -> dict[UUID, bool]:
    """Who is there, as far as this transaction has asked."""
    work.session.connection()
    transaction = work.session.get_transaction()
    asked_in, known = work.session.info.get(_KNOWN, (None, {}))
    if asked_in is not transaction:
        known = {}
        work.session.info[_KNOWN] = (transaction, known)
    found: dict[UUID, bool] = known
    return found


def look_again(work: Work) -> None:
    """Somebody's sessions were ended, or the directory read on, in this very transaction."""
    work.session.info.pop(_KNOWN, None)


def not_revoked(work: Work, ids: Sequence[UUID]) -> list[UUID]:
    """Those of these who are there."""
    there = _there(work, ids)
    return [one for one in ids if there(one)]


def holds(work: Work, person_id: UUID, role: str, unit: str) -> bool:
    """Whether they would be found by the role for this unit now."""
    return person_id in _holders(work, role, unit)


def _holders(work: Work, role: str, unit: str) -> list[UUID]:
    if role in _HELD_ABOVE:
        return not_revoked(work, _near(work.session, role, unit))
    return not_revoked(work, [card.id for card in read_model.holders(work.session, role, unit)])


def _near(session: Session, role: str, unit: str) -> list[UUID]:
    """Held for this unit, or for the nearest above it; for a CPC whom there is not, whoever deputises (PF-7/LPC.2)."""
    names = (role, read_model.CPC_DEPUTY) if role == "cpc" else (role,)
    for code in read_model.above(session, unit) or (unit,):
        for name in names:
            if cards := read_model.holders(session, name, code):
                return [card.id for card in cards]
    return _national(session, role) if role in NATIONAL else []


def _national(session: Session, role: str) -> list[UUID]:
    """There is one for the whole service, and the line of no unit leads up to it."""
    held = (
        select(_person.c.id)
        .join(_grant, _grant.c.person_id == _person.c.id)
        .join(_unit, _unit.c.code == _grant.c.unit)
        .where(_grant.c.name == role, _unit.c.kind == "national", _person.c.active)
    )
    return list(session.execute(held.order_by(_person.c.name, _person.c.id)).scalars())

"""Asking the directory who is there and who comes next, in as few queries as the answer allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.delivery.rules import Addressee, Named, Recipients, recipients
from services.notifications.service import service
from shared.directory import read_model
from shared.events.envelope import Duty
from shared.work import NOBODY, Work

# An urgent event ends a person's sessions before the directory says that the account is disabled; until it does, all
# their sessions being ended is reason enough to send nothing more to them.
_DIRECTORY_CATCHES_UP = timedelta(minutes=2)
# Roles held for a unit further up than the one whose business it is.
_HELD_ABOVE = frozenset(
    {"cpc", "head_of_public_protection", "prison_group_director", "regional_probation_director"}
)

_revocation = service.tables.revocation


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
    for role in roles:
        found = _not_revoked(work, _near(work.session, role, unit))
        if not found:
            vacant.append((role, unit))
        for person_id in found:
            people.setdefault(person_id, Addressee(person_id, role, unit))
    return Recipients(tuple(people.values()), tuple(vacant))


def _there(work: Work, ids: Sequence[UUID]) -> Callable[[UUID], bool]:
    """Somebody the directory has not told us of yet counts as there: an item may wait for them."""
    cards = read_model.people(work.session, ids)
    revoked = _just_revoked(work, ids)
    return lambda one: one not in revoked and (one not in cards or cards[one].active)


def _just_revoked(work: Work, ids: Sequence[UUID]) -> frozenset[UUID]:
    if not ids:
        return frozenset()
    recently = _revocation.c.revoked_at > work.system_now - _DIRECTORY_CATCHES_UP
    rows = work.session.execute(select(_revocation.c.subject).where(_revocation.c.subject.in_(ids), recently))
    return frozenset(rows.scalars())


def _not_revoked(work: Work, ids: Sequence[UUID]) -> list[UUID]:
    revoked = _just_revoked(work, ids)
    return [one for one in ids if one not in revoked]


def _holders(work: Work, role: str, unit: str) -> list[UUID]:
    if role in _HELD_ABOVE:
        return _not_revoked(work, _near(work.session, role, unit))
    return _not_revoked(work, [card.id for card in read_model.holders(work.session, role, unit)])


def _near(session: Session, role: str, unit: str) -> list[UUID]:
    """Held for this unit, or for the nearest above it."""
    for code in read_model.above(session, unit) or (unit,):
        if cards := read_model.holders(session, role, code):
            return [card.id for card in cards]
    return []

"""Whose lists somebody sees to while they are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from services.notifications.todo.models import Cover

# What nobody can do for another: to sign, to train, to renew one's vetting.
NEVER_COVERED = ("person", "user", "signatory", "requester", "author", "declarer", "deputy")


def covered_by(session: Session, person_id: UUID, today: date) -> Sequence[UUID]:
    """The people for whom this one covers today."""
    return session.execute(covered(person_id, today)).scalars().all()


def covered(person_id: UUID, today: date) -> Select[UUID]:
    return select(Cover.person_id).where(
        Cover.by_id == person_id, Cover.from_day <= today, Cover.to_day >= today, Cover.ended_at.is_(None)
    )


def covers_of(session: Session, person_id: UUID, today: date) -> Sequence[Cover]:
    """Who covers for this person now, or will."""
    found = select(Cover).where(Cover.person_id == person_id, _holds(today))
    return session.execute(found.order_by(Cover.from_day, Cover.id)).scalars().all()


def covers_by(session: Session, person_id: UUID, today: date) -> Sequence[Cover]:
    """For whom this person covers today."""
    found = select(Cover).where(Cover.by_id == person_id, Cover.from_day <= today, _holds(today))
    return session.execute(found.order_by(Cover.from_day, Cover.id)).scalars().all()


def named_for_others(session: Session, person_id: UUID, today: date) -> Sequence[Cover]:
    """Cover that this person named for somebody else, now or to come."""
    found = select(Cover).where(Cover.named_by == person_id, Cover.person_id != person_id, _holds(today))
    return session.execute(found.order_by(Cover.from_day, Cover.id)).scalars().all()


def overlapping(session: Session, person_id: UUID, by_id: UUID, from_day: date, to_day: date) -> bool:
    """Whether this colleague covers for the person on one of these days anyway."""
    found = select(Cover.id).where(
        Cover.person_id == person_id,
        Cover.by_id == by_id,
        Cover.from_day <= to_day,
        Cover.to_day >= from_day,
        Cover.ended_at.is_(None),
    )
    return session.execute(found.limit(1)).first() is not None


def _holds(today: date) -> ColumnElement[bool]:
    return and_(Cover.to_day >= today, Cover.ended_at.is_(None))

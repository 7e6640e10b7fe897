"""Whose lists somebody sees to while they are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
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
    found = select(Cover).where(Cover.person_id == person_id, Cover.to_day >= today, Cover.ended_at.is_(None))
    return session.execute(found.order_by(Cover.from_day, Cover.id)).scalars().all()

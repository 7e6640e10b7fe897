"""What the training forms offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.estate.kinds import kinds
from services.identity.people.models import Unit
from services.identity.training.models import Course, Trainer, TrainingSession
from shared.web import guard
from shared.web.display import shown
from shared.web.forms.described import lower_first

REGIONS = ("region", "prison_group", "force", "national")


def courses(_context: object = None) -> list[tuple[str, str]]:
    return _offered(select(Course.id, Course.title).order_by(Course.title))


def college_courses(_context: object = None) -> list[tuple[str, str]]:
    """PF-4.6: those that the College of Policing taught."""
    found = select(Course.id, Course.title).where(Course.taught_by == "college")
    return _offered(found.order_by(Course.title))


def trainers(_context: object = None) -> list[tuple[str, str]]:
    """Whoever is on the list today or will be."""
    found = (
        select(Trainer.id, Trainer.name + ", " + Unit.name)
        .join(Unit, Unit.code == Trainer.region)
        .where(Trainer.removed_on.is_(None), Trainer.last_day >= _today())
    )
    return _offered(found.order_by(Unit.name, Trainer.name))


def regions(_context: object = None) -> list[tuple[str, str]]:
    found = select(Unit.code, Unit.name, Unit.kind).where(Unit.kind.in_(REGIONS), Unit.closed_on.is_(None))
    return told_apart(
        [(row.code, row.name, row.kind) for row in _rows(found.order_by(Unit.kind.desc(), Unit.name))]
    )


def told_apart(units: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """A probation region and a prison group of one name say which they are."""
    times = Counter(name for _, name, _ in units)
    return [
        (code, f"{name} ({lower_first(kinds()[kind].name)})" if times[name] > 1 else name)
        for code, name, kind in units
    ]


def sessions(_context: object = None) -> list[tuple[str, str]]:
    """Those to come that have places left, soonest first."""
    left = (TrainingSession.places - TrainingSession.booked).label("left")
    found = (
        select(TrainingSession.id, TrainingSession.starts_on, Course.title, TrainingSession.venue, left)
        .join(Course, Course.id == TrainingSession.course_id)
        .where(TrainingSession.cancelled_at.is_(None), TrainingSession.starts_on >= _today(), left > 0)
        .order_by(TrainingSession.starts_on)
        .limit(100)
    )
    return [
        (str(row.id), f"{shown(row.starts_on)}: {row.title}, {row.venue} ({row.left} left)")
        for row in _rows(found)
    ]


def _today() -> date:
    return guard.runtime().clocks.policy.today()


def _offered(found: Any) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in _rows(found)]


def _rows(found: Any) -> list[Any]:
    with Session(guard.runtime().database.reading) as session:
        return list(session.execute(found))

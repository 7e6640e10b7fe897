"""How many users there are: active, with current vetting and passed training (PF-4.2, PF-5.3).

Who is exempt from the mandate counts for nothing: neither among those who use ViSOR nor among those who ought to
(PF-0.2.3).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select

from services.identity.adjustments.exempt import exempt
from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import ACTIVE
from services.identity.training.models import TrainingRecord
from services.identity.training.records import passed
from services.identity.vetting.covered import covered
from shared.work import Work

_HERE = Person.state != "archived"


def has_trained(work: Work) -> ColumnElement[bool]:
    """Over `Person`."""
    found = select(TrainingRecord.id).where(TrainingRecord.person_id == Person.id, passed(work.today))
    return found.exists()


def usable(work: Work) -> ColumnElement[bool]:
    """Over `Person`: may use ViSOR today."""
    return and_(ACTIVE, ~exempt(work.today), covered(work.policy, work.today), has_trained(work))


def actual(work: Work) -> ScalarSelect[Any]:
    """Of the unit of the enclosing select."""
    return _count(usable(work))


def in_training(work: Work) -> ScalarSelect[Any]:
    """Vetted and not trained yet (PS-7)."""
    return _count(and_(mandated(work), covered(work.policy, work.today), ~has_trained(work)))


def mandated(work: Work) -> ColumnElement[bool]:
    """Over `Person`: is here, and to use ViSOR."""
    return and_(_HERE, ~exempt(work.today))


def exempt_here(work: Work) -> ScalarSelect[Any]:
    """Of the unit of the enclosing select."""
    return _count(and_(_HERE, exempt(work.today)))


def actual_of(work: Work, unit: str) -> int:
    return _count_of(work, unit, usable(work))


def exempt_of(work: Work, unit: str) -> int:
    return _count_of(work, unit, and_(_HERE, exempt(work.today)))


def _count_of(work: Work, unit: str, which: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(Person).where(Person.unit == unit, which)
    return int(work.session.execute(found).scalar_one())


def _count(which: ColumnElement[bool]) -> ScalarSelect[Any]:
    found = select(func.count()).select_from(Person).where(Person.unit == Unit.code, which)
    return found.correlate(Unit).scalar_subquery()

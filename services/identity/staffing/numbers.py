"""How many users there are: active, with current vetting and passed training (PF-4.2, PF-5.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select

from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import ACTIVE
from services.identity.training.models import TrainingRecord
from services.identity.training.records import passed
from services.identity.vetting.covered import covered
from shared.work import Work


def has_trained(work: Work) -> ColumnElement[bool]:
    """Over `Person`."""
    found = select(TrainingRecord.id).where(TrainingRecord.person_id == Person.id, passed(work.today))
    return found.exists()


def usable(work: Work) -> ColumnElement[bool]:
    """Over `Person`: may use ViSOR today."""
    return and_(ACTIVE, covered(work.policy, work.today), has_trained(work))


def actual(work: Work) -> ScalarSelect[Any]:
    """Of the unit of the enclosing select."""
    return _count(usable(work))


def in_training(work: Work) -> ScalarSelect[Any]:
    """Vetted and not trained yet (PS-7)."""
    there = Person.state != "archived"
    return _count(and_(there, covered(work.policy, work.today), ~has_trained(work)))


def actual_of(work: Work, unit: str) -> int:
    found = select(func.count()).select_from(Person).where(Person.unit == unit, usable(work))
    return int(work.session.execute(found).scalar_one())


def _count(which: ColumnElement[bool]) -> ScalarSelect[Any]:
    found = select(func.count()).select_from(Person).where(Person.unit == Unit.code, which)
    return found.correlate(Unit).scalar_subquery()

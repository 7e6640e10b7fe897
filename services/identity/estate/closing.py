"""Closing a unit, from its page or from a file: only where nobody depends on it, and with whatever stands in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import exists, func, select

from services.identity.buildings.commands import close_building
from services.identity.buildings.models import Building
from services.identity.people.models import Person, Unit
from services.identity.terminals.models import Terminal
from services.identity.terminals.withdrawing import withdraw
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.refusals import Refusal
from shared.work import Work


def close(work: Work, unit: Unit, day: date) -> None:
    """Raises Refusal R40 while somebody or something still depends on it."""
    if what := still_there(work, unit.code):
        raise Refusal("R40", unit=unit.name, what=what)
    for terminal in _of(work, Terminal, Terminal.unit == unit.code, Terminal.status != "withdrawn"):
        withdraw(work, terminal, "unit_closed")
    for building in _of(work, Building, Building.unit == unit.code, Building.closed_at.is_(None)):
        close_building(work, building)
    unit.closed_on = day


def still_there(work: Work, code: str) -> str:
    """What keeps a unit from being closed, in words; empty where nothing does."""
    people = select(func.count()).where(Person.unit == code, Person.state.not_in(("archived",)))
    children = select(func.count()).where(Unit.parent == code, Unit.closed_on.is_(None))
    tokens = exists().where(TokenGrant.unit == code, TokenGrant.ended_at.is_(None))
    roles = exists().where(RoleGrant.unit == code, RoleGrant.ended_at.is_(None))
    said = []
    if count := work.session.execute(people).scalar():
        said.append(f"{count} {'person belongs' if count == 1 else 'people belong'} to it")
    if count := work.session.execute(children).scalar():
        said.append(f"{count} open {'unit stands' if count == 1 else 'units stand'} under it")
    if work.session.execute(select(tokens | roles)).scalar():
        said.append("tokens or roles are held for it")
    return ", ".join(said)


def _of(work: Work, model: Any, *conditions: Any) -> list[Any]:
    found = select(model).where(*conditions).order_by(model.id)
    return list(work.session.execute(found.with_for_update()).scalars())

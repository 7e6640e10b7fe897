"""What the forms of audits and checks offer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.records.quality.models import Template
from services.records.quality.reach import overseen
from services.records.quality.rules import AGENCY_OF_UNIT
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.web import guard

OPENING = ("partner", "lpc", "central_support", "supervisor")
_person, _unit, _grant = DIRECTORY.person.c, DIRECTORY.unit.c, DIRECTORY.grant.c


def _session() -> Session:
    return Session(guard.runtime().database.reading)


def _codes(session: Session) -> frozenset[str]:
    units = overseen(guard.principal())
    return frozenset[str]().union(*(read_model.below(session, code) for code in units))


def units(_context: object = None) -> list[tuple[str, str]]:
    """The areas, groups and forces whose CPC one is (or stands in for), and what is below them."""
    with _session() as session:
        kinds = (*AGENCY_OF_UNIT,)
        found = select(_unit.code, _unit.name).where(_unit.code.in_(_codes(session)), _unit.kind.in_(kinds))
        return [(code, name) for code, name in session.execute(found.order_by(_unit.name))]


def templates(_context: object = None) -> list[tuple[str, str]]:
    owners = sorted(overseen(guard.principal()))
    with _session() as session:
        found = select(Template.id, Template.title).where(
            Template.owner.in_(owners), Template.retired_at.is_(None)
        )
        return [(str(id), title) for id, title in session.execute(found.order_by(Template.title))]


def auditors(_context: object = None) -> list[tuple[str, str]]:
    """Current users there who open records."""
    with _session() as session:
        found = (
            select(_person.id, _person.name)
            .join(DIRECTORY.grant, _grant.person_id == _person.id)
            .where(_grant.name.in_(OPENING), _person.active, _person.unit.in_(_codes(session)))
            .distinct()
            .order_by(_person.name)
        )
        return [(str(id), name) for id, name in session.execute(found)]


def practitioners(_context: object = None) -> list[tuple[str, str]]:
    """The practitioners of one's own unit."""
    with _session() as session:
        there = read_model.members(session, guard.principal().unit, "practitioner")
        return [(str(card.id), card.name) for card in there]

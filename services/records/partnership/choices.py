"""Whom the forms of partnership offer: one's own unit, those on a request, and those near a record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from services.records.access.models import Partnership
from services.records.nominals.models import Nominal
from services.records.nominals.owners import force_of_area
from services.records.partnership.models import RequestedUser
from services.records.partnership.rules import STAFF_GROUPS
from shared.directory.tables import DIRECTORY
from shared.web import guard

_person, _grant, _unit = DIRECTORY.person, DIRECTORY.grant, DIRECTORY.unit
MOST = 500


def _group() -> Any:
    """The staff group that somebody belongs to, by their role (PSI-2.6.3); else their job title says what they do."""
    named = case(*((_grant.c.name == role, text) for role, text in STAFF_GROUPS.items()))
    held = select(func.min(named)).where(
        _grant.c.person_id == _person.c.id, _grant.c.name.in_(list(STAFF_GROUPS))
    )
    return func.coalesce(held.correlate(_person).scalar_subquery(), _person.c.job_title)


def _partners_to_be() -> Select[Any]:
    token = select(_grant.c.person_id).where(_grant.c.person_id == _person.c.id, _grant.c.name == "partner")
    found = select(_person.c.id, _person.c.name, _group().label("group"), _unit.c.name.label("unit"))
    return (
        found.outerjoin(_unit, _unit.c.code == _person.c.unit)
        .where(_person.c.active, token.exists())
        .limit(MOST)
    )


def my_unit(_context: object = None) -> list[tuple[str, str]]:
    """The current users of one's own unit who can be partner, by staff group."""
    found = _partners_to_be().where(_person.c.unit == guard.principal().unit)
    return [_choice(row) for row in _read(found.order_by("group", _person.c.name, _person.c.id))]


def asked_for(_context: object = None) -> list[tuple[str, str]]:
    """Everybody on the request that is being decided."""
    request_id = (request.view_args or {}).get("request_id")
    if not isinstance(request_id, UUID):
        return []
    users = select(RequestedUser.person_id).where(RequestedUser.request_id == request_id)
    found = select(_person.c.id, _person.c.name, _group().label("group")).where(_person.c.id.in_(users))
    return [_choice(row) for row in _read(found.order_by(_person.c.name, _person.c.id))]


def nearby(_context: object = None) -> list[tuple[str, str]]:
    """Users of the managing unit, of the prison that holds the person and of the area's force, not partner yet."""
    nominal_id = (request.view_args or {}).get("nominal_id")
    if not isinstance(nominal_id, UUID):
        return []
    own = select(Nominal.managing_unit, Nominal.custody_prison, Nominal.owner_unit)
    place = next(iter(_read(own.where(Nominal.id == nominal_id))), None)
    if place is None:
        return []
    units = [place[0], place[1], force_of_area(place[2]) or place[2], guard.principal().unit]
    partners = select(Partnership.person_id).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    found = _partners_to_be().where(
        and_(_person.c.unit.in_([unit for unit in units if unit]), _person.c.id.not_in(partners))
    )
    return [
        (str(row.id), f"{row.name}, {row.group}, {row.unit}" if row.group else f"{row.name}, {row.unit}")
        for row in _read(found.order_by(_unit.c.name, _person.c.name, _person.c.id))
    ]


def _choice(row: Any) -> tuple[str, str]:
    return str(row.id), f"{row.name}, {row.group}" if row.group else str(row.name)


def _read(statement: Any) -> list[Any]:
    with Session(guard.runtime().database.reading) as session:
        return list(session.execute(statement))

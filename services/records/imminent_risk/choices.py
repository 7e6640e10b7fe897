"""Whom the form offers as line manager and as police counterpart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.records.access.models import Partnership
from services.records.nominals.models import Nominal
from shared.directory.tables import DIRECTORY
from shared.reference.estate import agencies
from shared.web import guard

_person = DIRECTORY.person
_POLICE = [agency.code for agency in agencies() if agency.kind == "police"]


def colleagues(_context: object = None) -> list[tuple[str, str]]:
    """The current users of one's own unit and of the one above."""
    known = guard.principal()
    found = select(_person.c.id, _person.c.name, _person.c.job_title).where(
        _person.c.active, _person.c.unit.in_([known.unit, *known.areas[1:2]]), _person.c.id != known.person_id
    )
    return _read(found.order_by(_person.c.name, _person.c.id).limit(300))


def police(_context: object = None) -> list[tuple[str, str]]:
    """The police officers and staff who stand to this record."""
    nominal_id = (request.view_args or {}).get("nominal_id")
    if not isinstance(nominal_id, UUID):
        return []
    partners = select(Partnership.person_id).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    manager = select(Nominal.manager_id).where(Nominal.id == nominal_id).scalar_subquery()
    found = select(_person.c.id, _person.c.name, _person.c.job_title).where(
        _person.c.active,
        _person.c.agency.in_(_POLICE),
        or_(_person.c.id.in_(partners), _person.c.id == manager),
    )
    return _read(found.order_by(_person.c.name, _person.c.id).limit(300))


def _read(statement: Any) -> list[tuple[str, str]]:
    with Session(guard.runtime().database.reading) as session:
        rows = session.execute(statement)
        return [(str(id), f"{name}, {title}" if title else str(name)) for id, name, title in rows]

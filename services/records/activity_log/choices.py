"""Whom the form of an entry offers as its only readers: those who stand to this record."""

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
_NAMES = {agency.code: agency.name for agency in agencies()}


def people(_context: object = None) -> list[tuple[str, str]]:
    """The record's manager, supervisor and partners, by name."""
    rows = _standing()
    return [(str(row.id), f"{row.name}, {_NAMES.get(row.agency, row.agency)}") for row in rows]


def their_agencies(_context: object = None) -> list[tuple[str, str]]:
    codes = sorted({row.agency for row in _standing()} | {guard.principal().agency})
    return [(code, _NAMES.get(code, code)) for code in codes]


def _standing() -> list[Any]:
    nominal_id = (request.view_args or {}).get("nominal_id")
    if not isinstance(nominal_id, UUID):
        return []
    partners = select(Partnership.person_id).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    record = select(Nominal).where(Nominal.id == nominal_id).subquery()
    named = select(record.c.manager_id).union_all(select(record.c.supervisor_id)).subquery()
    found = (
        select(_person.c.id, _person.c.name, _person.c.agency)
        .where(
            _person.c.active,
            or_(_person.c.id.in_(partners), _person.c.id.in_(select(named.c.manager_id))),
        )
        .order_by(_person.c.name, _person.c.id)
        .limit(300)
    )
    with Session(guard.runtime().database.reading) as session:
        return list(session.execute(found))

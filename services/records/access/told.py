"""The agencies with somebody who stands to a record: those who are told that it changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, union
from sqlalchemy.orm import Session

from services.records.access.models import Partnership
from services.records.access.record import Record
from services.records.nominals.models import Nominal
from shared.directory.tables import DIRECTORY

_grant, _person = DIRECTORY.grant.c, DIRECTORY.person.c


def stood_agencies() -> ScalarSelect[Any]:
    """The agencies of partners, manager and supervisor, as one more column of a `record_statement`.

    LPC and CPC are of the agency that owns the record.
    """
    partners = select(Partnership.agency).where(
        Partnership.nominal_id == Nominal.id, Partnership.ended_at.is_(None)
    )
    named = select(_person.agency).where(_person.id.in_([Nominal.manager_id, Nominal.supervisor_id]))
    stood = union(partners.correlate(Nominal), named.correlate(Nominal)).subquery("stood")
    return select(func.array_agg(stood.c.agency)).scalar_subquery()


_ONE = select(stood_agencies()).select_from(Nominal)


def agencies_told(session: Session, record: Record) -> list[str]:
    """One statement, whatever the number of partners."""
    return with_owner(session.execute(_ONE.where(Nominal.id == record.id)).scalar_one(), record)


def with_owner(stood: list[str] | None, record: Record) -> list[str]:
    return sorted({*(stood or ()), record.owner_agency})


def partners_holding(session: Session, record: Record, name: str) -> list[UUID]:
    """Partners of the record who hold this token or role, for whatever unit; nobody where access to it is limited."""
    if record.limited_access:
        return []
    found = (
        select(Partnership.person_id)
        .join(DIRECTORY.grant, _grant.person_id == Partnership.person_id)
        .where(Partnership.nominal_id == record.id, Partnership.ended_at.is_(None), _grant.name == name)
    )
    return list(session.execute(found.distinct()).scalars())


def somebody_partnered(session: Session, nominal_id: UUID, unit: str) -> bool:
    """Whether somebody who works in this unit now is a partner of the record."""
    found = (
        select(Partnership.id)
        .join(DIRECTORY.person, _person.id == Partnership.person_id)
        .where(
            Partnership.nominal_id == nominal_id,
            Partnership.ended_at.is_(None),
            _person.unit == unit,
            _person.active,
        )
    )
    return session.execute(found.limit(1)).first() is not None

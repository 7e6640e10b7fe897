"""Whom the form of Limited Access offers: those who work with the record now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, union

from services.records.access.models import Partnership
from services.records.nominals.models import Nominal
from shared.directory.tables import DIRECTORY
from shared.web import guard

_person, _unit = DIRECTORY.person.c, DIRECTORY.unit.c


def standing_now(context: Mapping[str, Any] | None = None) -> list[tuple[str, str, str]]:
    """Manager, supervisor and partners, with their units; nobody where the form is of no record."""
    nominal_id = (context or {}).get("nominal_id")
    if nominal_id is None:
        return []
    with guard.runtime().session() as session:
        return [(str(row.id), row.name, row.unit) for row in session.execute(_standing(nominal_id))]


def _standing(nominal_id: UUID) -> Any:
    ids: Any = union(
        select(Nominal.manager_id).where(Nominal.id == nominal_id),
        select(Nominal.supervisor_id).where(Nominal.id == nominal_id),
        select(Partnership.person_id).where(
            Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
        ),
    )
    return (
        select(_person.id, _person.name, _unit.name.label("unit"))
        .join(_unit.code.table, _unit.code == _person.unit)
        .where(_person.id.in_(ids), _person.active)
        .order_by(_person.name)
        .limit(500)
    )

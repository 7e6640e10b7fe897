"""What a form offers for a field that names something else: prisons, units, users, counter-terrorism units, places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from services.records.access.models import Partnership
from services.records.access.standings import standings
from services.records.attachments.catalogue import common
from services.records.attachments.places import places
from services.records.nominals.models import Nominal
from shared.directory.tables import DIRECTORY
from shared.reference.estate import estate_units, prisons
from shared.web import guard

Options = list[tuple[str, str]]
_person, _unit = DIRECTORY.person.c, DIRECTORY.unit.c
_UNITS = ("delivery_unit", "prison", "force", "national")


@cache
def _prisons() -> Options:
    return sorted(((f"prison-{one.code}", one.name) for one in prisons()), key=lambda pair: pair[1])


@cache
def _units() -> Options:
    found = ((one.code, one.name) for one in estate_units() if one.kind in _UNITS)
    return sorted(found, key=lambda pair: pair[1])


def _people(_context: object = None) -> Options:
    """The active users of one's own unit and of those beside it, by name."""
    known = guard.principal()
    area = known.areas[1] if len(known.areas) > 1 else known.unit
    near = select(_unit.code).where((_unit.parent == area) | _unit.code.in_([area, known.unit]))
    found = select(_person.id, _person.name).where(_person.active, _person.unit.in_(near))
    with Session(guard.runtime().database.reading) as session:
        rows = session.execute(found.order_by(_person.name, _person.id))
        return [(str(row.id), row.name) for row in rows]


def _places(context: Mapping[str, Any] | None = None) -> Options:
    """The locations of interest of the record that the form is about, to whoever stands to it."""
    nominal_id = (context or {}).get("nominal_id")
    return places(guard.runtime(), guard.principal(), nominal_id) if nominal_id else []


def around(context: Mapping[str, Any] | None = None) -> Options:
    """Who is partner, manager or supervisor of the record that the form is about; for whoever stands to it."""
    nominal_id = (context or {}).get("nominal_id")
    over = standings(guard.principal())
    here = select(over.c.nominal_id).where(over.c.nominal_id == nominal_id).exists()
    partners = select(Partnership.person_id).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    manager = select(Nominal.manager_id).where(Nominal.id == nominal_id)
    supervisor = select(Nominal.supervisor_id).where(Nominal.id == nominal_id)
    found = select(_person.id, _person.name).where(
        here, _person.active, _person.id.in_(union(partners, manager, supervisor))
    )
    with Session(guard.runtime().database.reading) as session:
        rows = session.execute(found.order_by(_person.name, _person.id))
        return [(str(row.id), row.name) for row in rows]


OPTIONS: Mapping[str, Callable[..., Options]] = {
    "prison": lambda _context=None: _prisons(),
    "unit": lambda _context=None: _units(),
    "person": _people,
    "ct_unit": lambda _context=None: [*common().ct_units.items()],
    "entry:locations_of_interest": _places,
}

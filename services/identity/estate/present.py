"""The estate as the database has it, and writing one into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.buildings.models import Building
from services.identity.buildings.networks import add_range
from services.identity.buildings.rules import parse
from services.identity.directory import log
from services.identity.estate.closing import close
from services.identity.estate.rules import Change, closes
from services.identity.estate.shapes import AgencyRow, BuildingRow, Estate, NetworkRow, UnitRow
from services.identity.people.models import Agency, Unit
from services.identity.terminals.models import NetworkRange
from shared.work import Work

_UNIT = ("code", "name", "kind", "parent", "agency", "jurisdiction", "contracted", "under_18", "closed_on")


def present(session: Session) -> Estate:
    """Open buildings and networks only; closed units too, so that a code is never given twice."""
    agencies = session.execute(select(Agency).order_by(Agency.code)).scalars()
    units = session.execute(select(Unit).order_by(Unit.code)).scalars()
    buildings = session.execute(select(Building).where(Building.closed_at.is_(None))).scalars()
    networks = session.execute(select(NetworkRange).where(NetworkRange.closed_at.is_(None))).scalars()
    return Estate(
        {one.code: AgencyRow(one.code, one.name, one.kind) for one in agencies},
        {one.code: UnitRow(**{name: getattr(one, name) for name in _UNIT}) for one in units},
        {(one.unit, one.name): BuildingRow(one.unit, one.name, one.address) for one in buildings},
        {
            str(one.addresses): NetworkRow(str(one.addresses), one.kind, one.unit, one.building)
            for one in networks
        },
    )


def write(work: Work, changes: Sequence[Change]) -> None:
    """All of it, in the order of the preview, and then what is closed, the lowest first; the other services learn of
    every unit that changed. Raises Refusal R40 where a unit to be closed is still needed.
    """
    for change in changes:
        _WRITERS[change.what](work, change)
        work.session.flush()
    for change in reversed(changes):
        if closes(change):
            close(work, work.session.get_one(Unit, change.after.code), change.after.closed_on)
            work.session.flush()
    log.changed(work, units=[change.after.code for change in changes if change.what == "unit"])


def _agency(work: Work, change: Change) -> None:
    work.session.merge(Agency(**asdict(change.after)))


def _unit(work: Work, change: Change) -> None:
    row: UnitRow = change.after
    found = work.session.get(Unit, row.code, with_for_update=True)
    if found is None:
        work.session.add(Unit(**asdict(row)))
        return
    for name in _UNIT:
        if name != "closed_on" or not closes(change):
            setattr(found, name, getattr(row, name))


def _building(work: Work, change: Change) -> None:
    row: BuildingRow = change.after
    found = _building_of(work, row.unit, row.name)
    if found is not None:
        found.address = row.address
        return
    work.session.add(
        Building(unit=row.unit, name=row.name, address=row.address, registered_at=work.system_now)
    )


def _network(work: Work, change: Change) -> None:
    row: NetworkRow = change.after
    building = _building_of(work, row.unit, row.building)
    assert building is not None  # noqa: S101 - the preview has said so
    open_ones = select(NetworkRange).where(
        NetworkRange.addresses == parse(row.addresses), NetworkRange.closed_at.is_(None)
    )
    found = work.session.execute(open_ones.with_for_update()).scalar_one_or_none()
    if found is None:
        add_range(work, building, parse(row.addresses), row.kind)
    else:
        found.kind, found.unit = row.kind, row.unit
        found.building, found.building_id = building.name, building.id


def _building_of(work: Work, unit: str, name: str) -> Building | None:
    found = select(Building).where(Building.unit == unit, Building.name == name, Building.closed_at.is_(None))
    return work.session.execute(found).scalar_one_or_none()


_WRITERS: dict[str, Any] = {"agency": _agency, "unit": _unit, "building": _building, "network": _network}

"""Reading the register of buildings: which office may be used, and by which network, is no secret to a user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.identity.buildings.authority import may_keep
from services.identity.buildings.models import Building
from services.identity.buildings.schemas import BuildingsAnswer, BuildingWhole, ListBuildingsInput
from services.identity.people.models import Unit
from services.identity.people.units import named_so
from services.identity.service import service
from services.identity.terminals.models import NetworkRange
from shared.declarations import Page
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50


@service.query(
    "buildings.list",
    path="/buildings",
    input=ListBuildingsInput,
    answer=BuildingsAnswer,
    page=Page("Buildings and networks", "buildings/list.html"),
)
def list_buildings(work: Work, *, unit: str, name: str, page: int) -> dict[str, Any]:
    """PS-11, PF-6.6.3: every building from which the suite may be used, by unit and name."""
    found = select(Building, Unit.name).join(Unit, Unit.code == Building.unit)
    found = found.where(Building.closed_at.is_(None))
    if unit:
        found = found.where(Building.unit.in_(named_so(unit)))
    if name:
        found = found.where(func.lower(Building.name).contains(name.lower(), autoescape=True))
    total = _count(work, found)
    here = found.order_by(Unit.name, Building.name, Building.id).limit(PAGE).offset((page - 1) * PAGE)
    rows = work.session.execute(here).all()
    networks = _networks(work, [building.id for building, _ in rows])
    work.concerns(count=len(rows), page=page)
    return {
        "buildings": [shown(building, name, networks[building.id]) for building, name in rows],
        "page": page,
        "pages": max(1, -(-total // PAGE)),
        "total": total,
        "may_register": bool(work.principal.units_with("cpc", "admin") or work.principal.deputy_for),
    }


@service.query(
    "buildings.read",
    path="/buildings/<uuid:building_id>",
    input=Nothing,
    answer=BuildingWhole,
    page=Page("Building", "buildings/building.html"),
)
def read(work: Work, *, building_id: UUID) -> dict[str, Any]:
    found = work.session.get(Building, building_id)
    if found is None:
        raise NotFound
    work.concerns(subject=("building", found.id))
    unit = work.session.get_one(Unit, found.unit)
    may_change = found.closed_at is None and may_keep(work, found.unit)
    return shown(found, unit.name, _networks(work, [found.id])[found.id]) | {"may_change": may_change}


def shown(found: Building, unit_name: str, networks: Sequence[NetworkRange]) -> dict[str, Any]:
    columns = ("id", "name", "address", "unit", "version")
    return {name: getattr(found, name) for name in columns} | {
        "unit_name": unit_name,
        "open": found.closed_at is None,
        "networks": list(networks),
    }


def _networks(work: Work, buildings: Sequence[UUID]) -> dict[UUID, list[NetworkRange]]:
    found = select(NetworkRange).where(
        NetworkRange.building_id.in_(buildings), NetworkRange.closed_at.is_(None)
    )
    by_building: dict[UUID, list[NetworkRange]] = defaultdict(list)
    for one in work.session.execute(found.order_by(NetworkRange.kind, NetworkRange.addresses)).scalars():
        if one.building_id is not None:
            by_building[one.building_id].append(one)
    return by_building


def _count(work: Work, found: Select[Building, str]) -> int:
    return work.session.execute(select(func.count()).select_from(found.subquery())).scalar() or 0

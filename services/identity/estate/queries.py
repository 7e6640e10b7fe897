"""Reading the estate: every user may see which units there are and who is in charge of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from services.identity.estate.kinds import group_of, head_of, kinds
from services.identity.estate.schemas import ListUnitsInput, UnitsAnswer, UnitWhole
from services.identity.people.models import Agency, Person, Unit
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, role_in_force
from services.identity.tokens.models import RoleGrant
from shared.declarations import Page
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50
# Who is in charge of a unit of each kind, as a role.
_HEADS = {
    "prison": "governor",
    "prison_group": "prison_group_director",
    "mappa_area": "head_of_public_protection",
    "region": "regional_probation_director",
    "delivery_unit": "head_of_delivery_unit",
}
_COLUMNS = (
    *("code", "name", "kind", "parent", "agency", "jurisdiction", "contracted", "under_18"),
    *("closed_on", "version"),
)


@service.query(
    "estate.list",
    path="/estate",
    input=ListUnitsInput,
    answer=UnitsAnswer,
    page=Page("Agencies and units", "estate/list.html"),
)
def list_units(work: Work, *, kind: str, name: str, page: int) -> dict[str, Any]:
    """Open ones first, by name."""
    found = select(Unit)
    if kind != "any":
        found = found.where(Unit.kind == kind)
    if name:
        found = found.where(func.lower(Unit.name).contains(name.lower(), autoescape=True))
    total = work.session.execute(select(func.count()).select_from(found.subquery())).scalar() or 0
    here = found.order_by(Unit.closed_on.is_not(None), Unit.name, Unit.code)
    rows = work.session.execute(here.limit(PAGE).offset((page - 1) * PAGE)).scalars().all()
    work.concerns(count=len(rows), page=page)
    return {
        "units": _lines(work, rows),
        "page": page,
        "pages": max(1, -(-total // PAGE)),
        "total": total,
        "kinds": [("any", "Any"), *((one.code, one.name) for one in kinds().values())],
        "may_change": work.principal.holds("admin"),
    }


@service.query(
    "estate.read",
    path="/estate/<code>",
    input=Nothing,
    answer=UnitWhole,
    page=Page("Unit", "estate/unit.html"),
)
def read(work: Work, *, code: str) -> dict[str, Any]:
    """A unit, what stands under it, and its Governor, Director or other head (PF-0.4.2)."""
    unit = work.session.get(Unit, code)
    if unit is None:
        raise NotFound
    work.concerns(unit=code)
    children = select(Unit).where(Unit.parent == code).order_by(Unit.closed_on.is_not(None), Unit.name)
    title = head_of(unit.kind, contracted=unit.contracted)
    return {
        **_lines(work, [unit])[0],
        "agency_name": work.session.get_one(Agency, unit.agency).name,
        "head_title": title,
        "heads": [
            {"title": title, "name": person.name, "card_url": person.card_url}
            for person in _heads(work, unit)
        ],
        "children": work.session.execute(children).scalars().all(),
        "may_change": work.principal.holds("admin") and unit.closed_on is None,
    }


def _heads(work: Work, unit: Unit) -> Sequence[Person]:
    found = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == _HEADS.get(unit.kind, ""), RoleGrant.unit == unit.code, role_in_force(), ACTIVE
        )
    )
    return work.session.execute(found.order_by(Person.name)).scalars().all()


def _lines(work: Work, units: Sequence[Unit]) -> list[dict[str, Any]]:
    parents = select(Unit.code, Unit.name).where(Unit.code.in_({one.parent for one in units if one.parent}))
    names = {row.code: row.name for row in work.session.execute(parents)}
    return [
        {name: getattr(one, name) for name in _COLUMNS}
        | {
            "kind_name": kinds()[one.kind].name if one.kind in kinds() else one.kind,
            "parent_name": names.get(one.parent) if one.parent else None,
            "group": group_of(one.kind, contracted=one.contracted, under_18=one.under_18),
        }
        for one in units
    ]

"""Roles that nobody holds, for those who can see to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.notifications.delivery.models import VacantRole
from services.notifications.delivery.schemas import VacanciesAnswer
from services.notifications.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

SEES_ALL = ("admin",)
SEES_OWN = ("cpc", "lpc", "central_support")
_MOST = 500


@service.query(
    "delivery.vacant_roles",
    path="/vacant-roles",
    input=Nothing,
    answer=VacanciesAnswer,
    page=Page("Vacant roles", "delivery/vacant_roles.html"),
)
def vacant_roles(work: Work) -> dict[str, Any]:
    """Roles found vacant when somebody had to be told: of one's own units, or all for an administrator."""
    principal = work.principal
    found = select(VacantRole).where(VacantRole.filled_at.is_(None))
    if not sees_vacancies(principal):
        raise Refusal("R32", role="a point of contact or an administrator")
    if not principal.holds(*SEES_ALL):
        found = found.where(VacantRole.unit.in_(_own_units(work)))
    rows = list(
        work.session.execute(found.order_by(VacantRole.found_at, VacantRole.id).limit(_MOST)).scalars()
    )
    names = read_model.units(work.session, [row.unit for row in rows])
    work.concerns(count=len(rows))
    return {"vacancies": [_said(row, names) for row in rows], "all": principal.holds(*SEES_ALL)}


def sees_vacancies(principal: Principal) -> bool:
    held = principal.holds(*SEES_ALL, *SEES_OWN) or principal.has_role("governor", "visor_lead")
    return held or bool(principal.deputy_for)


def _own_units(work: Work) -> frozenset[str]:
    principal = work.principal
    tops = (
        principal.units_with(*SEES_OWN)
        | principal.units_with_role("governor", "visor_lead")
        | principal.deputy_for
    )
    return frozenset(code for top in tops for code in read_model.below(work.session, top))


def _said(row: VacantRole, names: dict[str, read_model.UnitCard]) -> dict[str, Any]:
    unit_name = names[row.unit].name if row.unit in names else row.unit
    said = {"id": row.id, "role": row.role, "unit": row.unit, "unit_name": unit_name}
    return {**said, "found_at": row.found_at, "missed": row.missed}

"""Agencies: adding and renaming one, by `admin`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.identity.directory import log
from services.identity.estate.commands import require_admin
from services.identity.estate.schemas import AddAgencyInput, AgenciesAnswer, AgencyAnswer, RenameAgencyInput
from services.identity.people.models import Agency, Unit
from services.identity.service import service
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

_KNOWN = "There is an agency with this code."
service.constraints["pk_agency"] = lambda: Refusal("R34", what=_KNOWN)


def _as_admin(work: Work) -> dict[str, Any]:
    require_admin(work)
    return {}


@service.query(
    "agencies.list",
    path="/agencies",
    input=Nothing,
    answer=AgenciesAnswer,
    page=Page("Agencies", "estate/agencies.html"),
)
def list_agencies(work: Work) -> dict[str, Any]:
    found = work.session.execute(select(Agency).order_by(Agency.name)).scalars().all()
    return {"agencies": found, "may_change": work.principal.holds("admin")}


@service.command(
    "agencies.add",
    path="/agencies",
    input=AddAgencyInput,
    answer=AgencyAnswer,
    status=201,
    form=FormPage(
        path="/agencies/add",
        title="Add an agency",
        button="Add the agency",
        done="The agency has been added.",
        next="/agencies",
        values=_as_admin,
    ),
)
def add(work: Work, *, code: str, name: str, kind: str) -> Agency:
    require_admin(work)
    if work.session.get(Agency, code) is not None:
        raise Invalid({"code": [_KNOWN]})
    made = Agency(code=code, name=name, kind=kind)
    work.session.add(made)
    work.concerns(agency=code)
    return made


def _values(work: Work, code: str) -> dict[str, str]:
    require_admin(work)
    return {"name": _or_404(work, code).name}


@service.command(
    "agencies.rename",
    path="/agencies/<code>/name",
    input=RenameAgencyInput,
    answer=AgencyAnswer,
    form=FormPage(
        path="/agencies/<code>/rename",
        title="Rename an agency",
        button="Rename the agency",
        done="The agency has been renamed.",
        next="/agencies",
        values=_values,
    ),
)
def rename(work: Work, *, code: str, name: str) -> Agency:
    """The other services learn of it with the agency's units."""
    require_admin(work)
    found = _or_404(work, code)
    found.name = name
    work.concerns(agency=code)
    units = work.session.execute(select(Unit.code).where(Unit.agency == code).order_by(Unit.code)).scalars()
    log.changed(work, units=list(units))
    return found


def _or_404(work: Work, code: str) -> Agency:
    found = work.session.get(Agency, code, with_for_update=True)
    if found is None:
        raise NotFound
    return found

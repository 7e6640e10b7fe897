"""Registering, changing and closing buildings."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from services.identity.buildings.authority import keeps_any, require_keeper
from services.identity.buildings.finding import open_building
from services.identity.buildings.models import Building
from services.identity.buildings.networks import close_range
from services.identity.buildings.schemas import BuildingAnswer, ChangeBuildingInput, RegisterBuildingInput
from services.identity.service import service
from services.identity.terminals.models import NetworkRange
from services.identity.terminals.registering import open_unit
from shared.declarations import FormPage
from shared.refusals import Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Work

service.constraints["uq_building_open"] = lambda: Refusal(
    "R34", what="This unit has a building of this name already."
)


def _first_registered(work: Work) -> dict[str, object]:
    """Refuses before anybody types."""
    keeps_any(work)
    return {}


@service.command(
    "buildings.register",
    path="/buildings",
    input=RegisterBuildingInput,
    answer=BuildingAnswer,
    status=201,
    form=FormPage(
        path="/buildings/register",
        title="Register a building",
        button="Register the building",
        done="The building has been registered. Add its networks next.",
        next="/buildings/{id}",
        cancel="/buildings",
        values=_first_registered,
    ),
)
def register(work: Work, *, unit: str, name: str, address: str) -> Building:
    """PF-6.6.3. A former site of a Community Rehabilitation Company is a building like any other (PS-11)."""
    open_unit(work, unit)
    require_keeper(work, unit)
    made = Building(
        unit=unit,
        name=name,
        address=address,
        registered_by=work.principal.person_id,
        registered_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("building", made.id), unit=unit)
    return made


def _values(work: Work, building_id: UUID) -> dict[str, object]:
    found = open_building(work, building_id, lock=False)
    return {"name": found.name, "address": found.address, "version": found.version}


@service.command(
    "buildings.change",
    path="/buildings/<uuid:building_id>",
    input=ChangeBuildingInput,
    answer=BuildingAnswer,
    method="PUT",
    edits=True,
    form=FormPage(
        path="/buildings/<uuid:building_id>/change",
        title="Change a building",
        button="Save",
        done="The building has been changed.",
        next="/buildings/{building_id}",
        values=_values,
    ),
)
def change(work: Work, *, building_id: UUID, name: str, address: str, version: int) -> Building:
    """Its networks show the new name at once."""
    found = open_building(work, building_id)
    mine, theirs = {"name": name, "address": address}, {"name": found.name, "address": found.address}
    work.expect_version(version, found.version, mine=mine, theirs=theirs)
    found.name, found.address = name, address
    renamed = update(NetworkRange).where(NetworkRange.building_id == found.id).values(building=name)
    work.session.execute(renamed)
    return found


@service.command(
    "buildings.close",
    path="/buildings/<uuid:building_id>/close",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="Close a building",
        button="Close the building",
        done="The building and its networks have been closed.",
        next="/buildings",
        values=lambda work, building_id: {"about": open_building(work, building_id, lock=False).name},
        intro="Its networks are closed with it: nobody signs in from them any more, and whoever works there is signed"
        " out within seconds.",
    ),
)
def close(work: Work, *, building_id: UUID) -> None:
    found = open_building(work, building_id)
    close_building(work, found)


def close_building(work: Work, found: Building) -> int:
    """Returns how many sessions ended."""
    ranges = select(NetworkRange).where(
        NetworkRange.building_id == found.id, NetworkRange.closed_at.is_(None)
    )
    ended = sum(close_range(work, one) for one in work.session.execute(ranges.with_for_update()).scalars())
    found.closed_at = work.system_now
    return ended

"""The networks of a building: adding one that nobody else has, and closing one with the sessions that came from it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import CIDR

from services.identity.buildings.authority import require_keeper
from services.identity.buildings.finding import open_building
from services.identity.buildings.models import Building
from services.identity.buildings.rules import Range, Registered, clash, parse
from services.identity.buildings.schemas import NetworkAnswer, NetworkInput
from services.identity.people.models import Unit
from services.identity.service import service
from services.identity.sessions.ending import end_session
from services.identity.sessions.models import SignInSession
from services.identity.terminals.models import NetworkRange
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Work

# Whoever registers a network waits here for the one before: two at once must not overlap.
_ONE_AT_A_TIME = 0x5649534F_4E45
TAKEN = "These addresses are registered already."
service.constraints["uq_network_range_open"] = lambda: Refusal("R34", what=TAKEN)


def _about(work: Work, building_id: UUID) -> dict[str, str]:
    return {"about": open_building(work, building_id).name}


@service.command(
    "networks.add",
    path="/buildings/<uuid:building_id>/networks",
    input=NetworkInput,
    answer=NetworkAnswer,
    status=201,
    form=FormPage(
        path="/buildings/<uuid:building_id>/networks/add",
        title="Add a network",
        button="Add the network",
        done="The network has been added.",
        next="/buildings/{building_id}",
        values=_about,
        intro="Wi-Fi is registered too, so that it can be refused by name.",
    ),
)
def add(work: Work, *, building_id: UUID, addresses: str, kind: str) -> NetworkRange:
    """PF-6.6.3, PF-6.6.4: the addresses from which this building's people sign in."""
    building = open_building(work, building_id)
    made = add_range(work, building, parse(addresses), kind)
    work.concerns(network=str(made.addresses), kind=kind)
    return made


@service.command(
    "networks.close",
    path="/networks/<uuid:network_id>/close",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="Close a network",
        button="Close the network",
        done="The network has been closed.",
        next="/buildings",
        values=lambda work, network_id: {"about": _open_range(work, network_id).building},
        intro="Nobody signs in from it any more, and whoever works there is signed out within seconds.",
    ),
)
def close(work: Work, *, network_id: UUID) -> None:
    found = _open_range(work, network_id)
    work.concerns(sessions_ended=close_range(work, found))


def add_range(work: Work, building: Building, wanted: Range, kind: str) -> NetworkRange:
    """Raises Invalid where another building has some of these addresses."""
    work.session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    other = clash(wanted, (building.unit, building.name), overlapping(work, wanted))
    if other is not None:
        unit = work.session.get_one(Unit, other.unit)
        said = f"{other.addresses} is registered to {other.building}, {unit.name}."
        raise Invalid({"addresses": [said]})
    made = NetworkRange(
        addresses=wanted,
        kind=kind,
        unit=building.unit,
        building=building.name,
        building_id=building.id,
        registered_by=work.principal.person_id,
        registered_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    return made


def overlapping(work: Work, wanted: Range) -> list[Registered]:
    """The open ranges that share an address with it."""
    shares = NetworkRange.addresses.op("&&")(cast(str(wanted), CIDR))
    found = select(NetworkRange).where(NetworkRange.closed_at.is_(None), shares)
    return [
        Registered(one.addresses, one.building, one.unit) for one in work.session.execute(found).scalars()
    ]


def close_range(work: Work, found: NetworkRange) -> int:
    """Returns how many sessions ended."""
    found.closed_at = work.system_now
    open_ones = select(SignInSession).where(
        SignInSession.network_id == found.id, SignInSession.ended_at.is_(None)
    )
    sessions = work.session.execute(open_ones.with_for_update()).scalars().all()
    for one in sessions:
        end_session(work, one, "network_closed")
    return len(sessions)


def _open_range(work: Work, network_id: UUID) -> NetworkRange:
    found = work.session.get(NetworkRange, network_id, with_for_update=True)
    if found is None or found.closed_at is not None:
        raise NotFound
    work.concerns(subject=("network", found.id), unit=found.unit)
    require_keeper(work, found.unit)
    return found

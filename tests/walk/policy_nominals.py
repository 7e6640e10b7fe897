"""Nominals for the cells of the table: one for each column, relation and state, with a request for partnership."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.records.access.models import Partnership
from services.records.archiving.models import Death
from services.records.attachments.models import Entry
from services.records.imminent_risk.models import ImminentRisk
from services.records.nominals.models import Name, Nominal
from services.records.partnership.models import Request, RequestedUser
from services.records.risk.models import RiskAssessment
from services.records.search import dictionary
from services.records.transfers.models import Transfer
from shared.ids import new_id
from tests.journeys.world import World
from tests.walk.policy_people import AREA, COLUMNS, ELSEWHERE, ELSEWHERE_AREA, FORCE, LEEDS, PRISON, principal
from tests.walk.policy_table import Cell

_PLACES: dict[str, dict[str, Any]] = {
    "probation": {
        "owner_unit": AREA,
        "owner_agency": "probation-service",
        "managing_unit": LEEDS,
        "category": "2",
    },
    "police": {"owner_unit": FORCE, "owner_agency": "police-13", "managing_unit": FORCE, "category": "1"},
    "elsewhere": {
        "owner_unit": ELSEWHERE_AREA,
        "owner_agency": "probation-service",
        "managing_unit": ELSEWHERE,
        "category": "2",
    },
}
ASKING = "nadia.qureshi"


def nominal(world: World, column: str, relation: str, state: str) -> tuple[UUID, UUID]:
    """The nominal's id, and that of a request for partnership that waits to be decided."""
    home = COLUMNS[column].home
    place = _PLACES["elsewhere" if relation == "elsewhere" else "probation" if home == "prison" else home]
    who = principal(world, column)
    named = relation == "tied" and column in {"manager", "supervisor"}
    one = Nominal(
        id=new_id(),
        level=2,
        jurisdiction="ENG",
        date_of_birth=date(1979, 4, 3),
        created_at=world.now(),
        created_by=who.person_id,
        status="archived" if state == "archived" else "live",
        limited_access=state == "limited",
        custody_prison=PRISON if home == "prison" and relation != "elsewhere" else None,
        **({f"{column}_id": who.person_id} if named else {}),
        **place,
    )
    runtime = world.runtimes["records"]
    runtime.keys.create(one.id)
    asking = world.principal(ASKING)
    request = Request(
        id=new_id(),
        nominal_id=one.id,
        requested_by=asking.person_id,
        requesting_agency=asking.agency,
        requesting_unit=asking.unit,
        requested_at=world.now(),
        reason=runtime.encrypt(one.id, "partnership.reason", "He was received into our prison."),
    )
    request.users = [RequestedUser(person_id=asking.person_id, agency=asking.agency, unit=asking.unit)]
    name = Name(nominal_id=one.id, forenames="Darren Alan", surname="Example")
    with runtime.system_work("test.nominal") as work:
        work.session.add(one)
        work.session.flush()
        dictionary.enter(work.session, [name])
        work.session.add_all([name, request])
        if relation == "tied" and not named:
            work.session.add(_partner(one.id, who))
    return one.id, request.id


def without_request(world: World, cell: Cell) -> UUID:
    """A nominal of its own for one cell, with nothing open on it that would keep it from going elsewhere."""
    nominal_id, _request = nominal(world, cell.column, cell.relation, cell.state)
    with world.runtimes["records"].system_work("test.request") as work:
        work.session.execute(update(Request).where(Request.nominal_id == nominal_id).values(state="refused"))
    return nominal_id


def died_on(world: World, nominal_id: UUID) -> None:
    """It is noted on the record that the person has died."""
    death = Death(
        id=new_id(),
        nominal_id=nominal_id,
        died_on=world.today(),
        source=b"sealed",
        noted_at=world.now(),
        noted_by=UUID(int=0),
    )
    with world.runtimes["records"].system_work("test.death") as work:
        work.session.add(death)


def transfer_to(world: World, cell: Cell) -> UUID:
    """A transfer that somebody of another area or force asked for, to the one that the cell names."""
    home = COLUMNS[cell.column].home
    to = "elsewhere" if cell.relation == "elsewhere" else "police" if home == "police" else "probation"
    place, source = _PLACES[to], _PLACES["police" if to != "police" else "elsewhere"]
    nominal_id = without_request(world, replace(cell, relation="elsewhere"))
    made = Transfer(
        id=new_id(),
        nominal_id=nominal_id,
        from_owner=source["owner_unit"],
        from_agency=source["owner_agency"],
        from_unit=source["managing_unit"],
        to_owner=place["owner_unit"],
        to_agency=place["owner_agency"],
        to_unit=place["managing_unit"],
        to_jurisdiction="ENG",
        category=place["category"],
        level=2,
        requested_by=world.principal(ASKING).person_id,
        requested_at=world.now(),
    )
    with world.runtimes["records"].system_work("test.transfer") as work:
        work.session.add(made)
    return made.id


def assessment_of(world: World, nominal_id: UUID) -> UUID:
    """A risk assessment that somebody else added and that awaits sign-off."""
    who = world.principal(ASKING)
    entry = Entry(
        id=new_id(),
        nominal_id=nominal_id,
        folder="risk_assessment",
        grading="open",
        entered_by=who.person_id,
        entered_at=world.now(),
        agency=who.agency,
        unit=who.unit,
        changed_at=world.now(),
    )
    one = RiskAssessment(
        id=new_id(),
        entry_id=entry.id,
        nominal_id=nominal_id,
        level="high",
        assessed_on=world.today(),
        state="awaiting",
        round_id=new_id(),
        added_by=who.person_id,
        added_at=world.now(),
    )
    with world.runtimes["records"].system_work("test.assessment") as work:
        work.session.add(entry)
        work.session.flush()
        work.session.add(one)
    return one.id


def risk_of(world: World, nominal_id: UUID) -> UUID:
    """An imminent risk of this record that is open, for one cell to stand down."""
    who = world.principal(ASKING)
    told = {"line_manager_id": who.person_id, "line_manager_how": "telephone", "line_manager_at": world.now()}
    told |= {"police_id": who.person_id, "police_how": "telephone", "police_at": world.now()}
    risk = ImminentRisk(
        id=new_id(),
        nominal_id=nominal_id,
        entry_id=new_id(),
        concerning=["public"],
        managing_unit=LEEDS,
        raised_by=who.person_id,
        raised_agency=who.agency,
        raised_unit=who.unit,
        raised_at=world.now(),
        **told,
    )
    with world.runtimes["records"].system_work("test.risk") as work:
        work.session.add(risk)
        work.session.flush()
        return risk.id


def template_of(world: World, cell: Cell, username: str) -> None:
    """Have this user be partner to some live record, so that there is something to copy."""
    nominal_id, _request = nominal(world, cell.column, cell.relation, "live")
    with world.runtimes["records"].system_work("test.template") as work:
        work.session.add(_partner(nominal_id, world.principal(username)))


def _partner(nominal_id: UUID, who: Any) -> Partnership:
    return Partnership(
        nominal_id=nominal_id,
        person_id=who.person_id,
        agency=who.agency,
        unit=who.unit,
        started_at=who.auth_time,
        granted_by=who.person_id,
    )

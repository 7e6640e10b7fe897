"""Running identity's commands as somebody of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.identity.people.models import Agency, Person
from services.identity.people.units import above
from services.identity.service import service
from services.identity.tokens.holders import roles_of, tokens_of
from shared.access.principal import Principal, grants
from shared.ids import new_id
from shared.refusals import Refusal
from tests.services.identity.house import House


def principal(house: House, username: str, **changes: Any) -> Principal:
    """As identity itself would vouch for them now."""
    with house.runtime.system_work("test.principal") as work:
        session = work.session
        person = session.get_one(Person, house.people[username])
        found = Principal(
            person_id=person.id,
            issuer="visor",
            session_id=new_id(),
            auth_time=house.clock.now(),
            agency=person.agency,
            agency_kind=session.get_one(Agency, person.agency).kind,  # type: ignore[arg-type]
            unit=person.unit,
            areas=above(session, person.unit),
            tokens=grants((one.token, one.unit) for one in tokens_of(session, person.id)),
            roles=grants((one.role, one.unit) for one in roles_of(session, person.id)),
            name=person.name,
        )
    return replace(found, **changes)


def run(house: House, username: str, command: str, /, **given: Any) -> Mapping[str, Any]:
    """Somebody who has just signed in does this."""
    declared = service.declarations.commands[command]
    return house.runtime.run(declared, principal(house, username), given)


def ask(house: House, username: str, query: str, /, **given: Any) -> Any:
    """What this person reads, undumped."""
    return house.runtime.ask(service.declarations.queries[query], principal(house, username), given)


def refused_without_recent_sign_in(house: House, username: str, command: str, **given: Any) -> bool:
    """Whether this asks somebody who signed in eleven minutes ago to confirm who they are (R31)."""
    declared = service.declarations.commands[command]
    known = principal(house, username, auth_time=house.clock.now() - timedelta(minutes=11))
    try:
        house.runtime.run(declared, known, given)
    except Refusal as refused:
        return refused.code == "R31"
    return False


def grant(house: House, granter: str, person: str, token: str, unit: str, **more: Any) -> Mapping[str, Any]:
    """Granted; and what is only authorised set by an administrator, as it would be. Answers with the grant's id."""
    made = authorise(house, granter, person, token, unit, **more)
    if made["state"] == "granted":
        return made
    if "set.admin" not in house.people:
        house.add(
            "set.admin", "home-office", vetting=("nppv3", -100, 300), tokens=(("admin", "home-office"),)
        )
    return {"id": run(house, "set.admin", "tokens.set", order_id=made["id"])["grant_id"]}


def authorise(
    house: House, granter: str, person: str, token: str, unit: str, **more: Any
) -> Mapping[str, Any]:
    given = {
        "valid_from": None,
        "valid_to": None,
        "reason": "Needed for the role",
        "note": None,
        "authority": None,
        "hand_over": False,
    }
    return run(
        house,
        granter,
        "tokens.grant",
        **{**given, "person_id": house.people[person], "token": token, "unit": unit, **more},
    )

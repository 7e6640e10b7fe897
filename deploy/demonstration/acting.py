"""An invented user as the principal of an access token, for whoever acts in that user's place."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from deploy.demonstration.users import InventedUser
from services.identity.demonstration import person_id
from shared.access.principal import AgencyKind, Principal, grants
from shared.reference.estate import estate_units

_KINDS = {"police", "probation", "prison"}


def principal_of(user: InventedUser, issuer: str, session_id: UUID, auth_time: datetime) -> Principal:
    """As identity would vouch for the user after signing in at `auth_time`."""
    kind = user.agency.split("-")[0]
    return Principal(
        person_id=person_id(user.username),
        issuer=issuer,
        session_id=session_id,
        auth_time=auth_time,
        agency=user.agency,
        agency_kind=cast("AgencyKind", kind if kind in _KINDS else "national"),
        unit=user.unit,
        areas=units_above(user.unit),
        tokens=grants((one.name, one.scope) for one in user.tokens),
        roles=grants((one.name, one.scope) for one in user.roles),
        name=user.name,
    )


@cache
def units_above(unit: str) -> tuple[str, ...]:
    """The unit and every unit above it, nearest first."""
    parents: dict[str, Any] = {each.code: each.parent for each in estate_units()}
    chain: list[str] = []
    here: str | None = unit
    while here is not None and here not in chain:
        chain.append(here)
        here = parents.get(here)
    return tuple(chain)

"""Who acts for which CPC."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.identity.deputies.models import Deputyship
from services.identity.deputies.schemas import DeputiesAnswer
from services.identity.people.models import Person, Unit
from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work

_APPOINTING = ("head_of_public_protection", "prison_group_director")


@service.query(
    "deputies.list",
    path="/deputies",
    input=Nothing,
    answer=DeputiesAnswer,
    page=Page("Who acts for the CPC", "deputies/list.html"),
)
def deputies(work: Work) -> dict[str, Any]:
    """For every user, as the white pages are: all that are open, with those of one's own units first."""
    found = (
        select(Deputyship, Person, Unit)
        .join(Person, Person.id == Deputyship.person_id)
        .join(Unit, Unit.code == Deputyship.unit)
        .where(Deputyship.ended_at.is_(None))
        .order_by(Unit.name, Deputyship.valid_from)
    )
    own = _own(work.principal)
    rows = [_shown(*row, own, work.principal) for row in work.session.execute(found)]
    units = select(Unit.code, Unit.name).where(Unit.code.in_(own)).order_by(Unit.name)
    return {
        "deputies": sorted(rows, key=lambda row: not row["may_end"]),
        "may_name": [list(row) for row in work.session.execute(units)],
    }


def _own(principal: Principal) -> frozenset[str]:
    """The units whose deputies the principal names."""
    return principal.units_with("cpc") | principal.units_with_role(*_APPOINTING)


def _shown(
    found: Deputyship, person: Person, unit: Unit, own: frozenset[str], principal: Principal
) -> dict[str, Any]:
    columns = ("id", "unit", "ground", "valid_from", "valid_to", "person_id")
    mine = found.unit in own or person.id == principal.person_id
    return {
        **{name: getattr(found, name) for name in columns},
        # Why somebody is away is for those whom it concerns.
        "reason": found.reason if mine else "",
        "unit_name": unit.name,
        "person_name": person.name,
        "card_url": person.card_url,
        "begun": found.started_at is not None,
        "may_end": mine,
    }

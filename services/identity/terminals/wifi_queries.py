"""The register of leaves to use Wi-Fi, for everybody whom it may be refused to."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.terminals.models import WifiGrant
from services.identity.terminals.schemas import WifisAnswer
from services.identity.terminals.wifi import SRO
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work

_MOST = 200


@service.query(
    "wifi.list",
    path="/wifi-grants",
    input=Nothing,
    answer=WifisAnswer,
    page=Page("Leave to use Wi-Fi", "terminals/wifi.html"),
)
def list_grants(work: Work) -> dict[str, Any]:
    """PF-6.6.2. Those that count now come first, then the newest."""
    rows = select(WifiGrant, Unit.name, Person).join(Unit, Unit.code == WifiGrant.unit)
    rows = rows.outerjoin(Person, Person.id == WifiGrant.granted_by)
    order = (WifiGrant.ended_at.is_not(None), WifiGrant.valid_to.desc(), WifiGrant.id)
    found = work.session.execute(rows.order_by(*order).limit(_MOST)).all()
    work.concerns(count=len(found))
    columns = ("id", "unit", "provision", "valid_from", "valid_to", "ended_at")
    return {
        "grants": [
            {name: getattr(grant, name) for name in columns}
            | {"unit_name": name, "granter": person, "state": _state(grant, work.today)}
            for grant, name, person in found
        ],
        "may_grant": work.principal.has_role(SRO),
    }


def _state(grant: WifiGrant, today: date) -> str:
    if grant.ended_at is not None or grant.valid_to < today:
        return "ended"
    return "counts" if grant.valid_from <= today else "to come"

"""Requests for Central Support: one's own, and those that a CPC is to decide."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.identity.central_support.models import CentralSupportRequest
from services.identity.central_support.schemas import RequestsAnswer
from services.identity.people.models import Person, Unit
from services.identity.people.units import below
from services.identity.service import service
from services.identity.tokens.table import tokens
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50


@service.query(
    "central_support.requests",
    path="/central-support/requests",
    input=Nothing,
    answer=RequestsAnswer,
    page=Page("Requests for Central Support", "central_support/requests.html"),
)
def requests(work: Work) -> dict[str, Any]:
    """Open ones first; the way to ask is shown only to who is cleared to NPPV level 3."""
    me = work.principal.person_id
    reached = below(work.session, work.principal.units_with("cpc") | work.principal.deputy_for)
    mine = or_(CentralSupportRequest.person_id == me, CentralSupportRequest.unit.in_(reached))
    found = (
        select(CentralSupportRequest, Person, Unit.name)
        .join(Person, Person.id == CentralSupportRequest.person_id)
        .join(Unit, Unit.code == CentralSupportRequest.unit)
        .where(mine)
        .order_by(CentralSupportRequest.state != "open", CentralSupportRequest.id.desc())
    )
    rows = work.session.execute(found.limit(PAGE)).all()
    work.concerns(count=len(rows))
    level = level_held(clearances(work.session, me, work.policy), work.today)
    return {
        "requests": [
            {
                **{
                    name: getattr(asked, name)
                    for name in ("id", "reason", "asked_at", "state", "decision_reason")
                },
                "person_id": person.id,
                "person_name": person.name,
                "card_url": person.card_url,
                "unit_name": unit,
                "own": person.id == me,
            }
            for asked, person, unit in rows
        ],
        "may_ask": level >= tokens()["central_support"].level,
    }

"""The pages of who is leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.accounts.leavers import held_by, open_leaver, open_tokens
from services.identity.accounts.leaving_rules import still_held
from services.identity.accounts.leaving_schemas import LeaversAnswer, LeavingAnswer, PagedInput
from services.identity.accounts.models import Leaver
from services.identity.accounts.queries import held
from services.identity.accounts.rules import ARCHIVERS, REPORTERS, reporting_as
from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.people.units import below
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 25


@service.query(
    "accounts.leaving",
    path="/people/<uuid:person_id>/leaving",
    input=Nothing,
    answer=LeavingAnswer,
    page=Page("Leaver", "accounts/leaving.html"),
)
def leaving(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """What somebody who left still holds (PF-4.38.3), for those who may report, confirm or archive."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    reach = reach_of(work, person)
    mine = person.line_manager == work.principal.person_id
    if reporting_as(reach, line_manager=mine) is None and not reach.holds("central_support"):
        raise Refusal("R32", contact=cpc_contact(work, person.unit), role=REPORTERS)
    found = open_leaver(work, person)
    has = held_by(work, person)
    decides = (reach.is_cpc or reach.is_deputy) and person.id != work.principal.person_id
    executes = reach.holds("central_support") or reach.is_administrator
    confirmed = found is not None and found.confirmed_at is not None
    return {
        "person": cards(work.session, [person])[0],
        "state": person.state,
        "left_on": person.left_on,
        "reported_as": found.reported_as if found else None,
        "confirmed_at": found.confirmed_at if found else None,
        "held": has,
        "still_held": list(still_held(has)) if person.state != "archived" else [],
        "tokens": [held(work, grant, grant.token) for grant in open_tokens(work, person)],
        "may_report": found is None and person.state != "archived",
        "may_confirm": decides and found is not None and not confirmed,
        "may_archive": person.state == "disabled" and (decides or (executes and confirmed)),
    }


@service.query(
    "accounts.leavers",
    path="/leavers",
    input=PagedInput,
    answer=LeaversAnswer,
    page=Page("Leavers", "accounts/leavers.html"),
)
def leavers(work: Work, *, page: int) -> dict[str, Any]:
    """Those of one's own area, group or force whose account is not archived yet, longest gone first."""
    found = (
        select(Leaver, Person)
        .join(Person, Person.id == Leaver.person_id)
        .where(Leaver.closed_at.is_(None))
        .order_by(Leaver.left_on, Leaver.id)
    )
    if not work.principal.holds("admin"):
        found = found.where(Person.unit.in_(_own(work)))
    rows = work.session.execute(found.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    work.concerns(count=len(rows[:PAGE]), page=page)
    shown = cards(work.session, [person for _leaver, person in rows[:PAGE]])
    lines = [
        {
            "person": card,
            "left_on": row.left_on,
            "reported_as": row.reported_as,
            "confirmed": row.confirmed_at is not None,
        }
        for (row, _person), card in zip(rows[:PAGE], shown, strict=True)
    ]
    return {"leavers": lines, "page": page, "more": len(rows) > PAGE}


def _own(work: Work) -> frozenset[str]:
    """Raises Refusal R32 for whoever archives nowhere."""
    own = work.principal.units_with("cpc", "central_support") | work.principal.deputy_for
    if not own:
        raise Refusal("R32", contact=cpc_contact(work, work.principal.unit), role=ARCHIVERS)
    return below(work.session, own)

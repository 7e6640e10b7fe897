"""The CPC's decision about each account that nobody used for long (PF-5.10.7.2)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.dormancy_rules import wrong_decision
from services.identity.accounts.dormancy_schemas import DecideInput, DormantsAnswer
from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.accounts.leaving_schemas import PagedInput
from services.identity.accounts.models import Dormancy
from services.identity.accounts.states import disable
from services.identity.accounts.unused import is_listed, tell_decided
from services.identity.directory import log
from services.identity.people.cards import cards
from services.identity.people.models import Agency, Person
from services.identity.people.units import below
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work

PAGE = 25


@service.query(
    "accounts.dormant",
    path="/dormant-accounts",
    input=PagedInput,
    answer=DormantsAnswer,
    page=Page("Accounts not used", "accounts/dormant.html"),
)
def dormant(work: Work, *, page: int) -> dict[str, Any]:
    """Those of one's own area, group or force that wait for a decision, longest unused first; leads see theirs."""
    principal = work.principal
    own = (
        principal.units_with("cpc", "central_support")
        | principal.deputy_for
        | principal.units_with_role("visor_lead")
    )
    if not own:
        raise Refusal("R24", contact=cpc_contact(work, principal.unit))
    found = (
        select(Dormancy, Person)
        .join(Person, Person.id == Dormancy.person_id)
        .where(is_listed(work), Person.unit.in_(below(work.session, own)))
        .order_by(Dormancy.unused_since, Dormancy.id)
    )
    rows = work.session.execute(found.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    work.concerns(count=len(rows[:PAGE]), page=page)
    shown = cards(work.session, [person for _row, person in rows[:PAGE]])
    lines = [
        {"id": row.id, "person": card, "unused_since": row.unused_since, "noticed_on": row.noticed_on}
        for (row, _person), card in zip(rows[:PAGE], shown, strict=True)
    ]
    return {"dormant": lines, "page": page, "more": len(rows) > PAGE}


def _first_decided(work: Work, *, dormancy_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    person = _person(work, _listed(work, dormancy_id))
    _require_cpc(work, person)
    return {"about": about(person)}


@service.command(
    "accounts.decide_dormant",
    path="/dormant-accounts/<uuid:dormancy_id>/decision",
    input=DecideInput,
    answer=Done,
    form=FormPage(
        title="Decide about an account not used",
        button="Save the decision",
        done="The decision has been saved.",
        next="/dormant-accounts",
        values=_first_decided,
    ),
)
def decide_dormant(
    work: Work,
    *,
    dormancy_id: UUID,
    decision: str,
    reason: str,
    keep_until: date | None,
    lead_consulted: bool,
) -> None:
    """Keep it with a reason until a day, or disable it: the CPC or their deputy, the lead consulted."""
    listed = _listed(work, dormancy_id, lock=True)
    person = _person(work, listed, lock=True)
    work.concerns(subject=("person", person.id), private=reason, decision=decision)
    _require_cpc(work, person)
    if listed.decided_at is not None:
        raise Refusal("R34", contact=cpc_contact(work, person.unit), what="This was decided already.")
    prison = work.session.get_one(Agency, person.agency).kind == "prison"
    if wrong := wrong_decision(
        decision, keep_until, work.today, prison=prison, lead_consulted=lead_consulted
    ):
        raise Invalid(wrong)
    listed.decision, listed.reason, listed.keep_until = decision, reason, keep_until
    listed.lead_consulted = lead_consulted
    listed.decided_by, listed.decided_at = work.principal.person_id, work.system_now
    if decision == "disable":
        disable(work, person, "not_used")
        log.changed(work, people=[person.id])
    tell_decided(work, person, listed)


def _listed(work: Work, dormancy_id: UUID, *, lock: bool = False) -> Dormancy:
    """One that is only noticed, and not yet listed, is nobody's to decide."""
    known = select(Dormancy).where(
        Dormancy.id == dormancy_id, Dormancy.decided_at.is_not(None) | is_listed(work)
    )
    found = work.session.execute(known.with_for_update() if lock else known).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _require_cpc(work: Work, person: Person) -> None:
    """Raises Refusal R24, or R23 for one's own account."""
    reach, contact = reach_of(work, person), cpc_contact(work, person.unit)
    if not (reach.is_cpc or reach.is_deputy):
        raise Refusal("R24", contact=contact)
    if person.id == work.principal.person_id:
        raise Refusal("R23", contact=contact, subject="account")


def _person(work: Work, listed: Dormancy, *, lock: bool = False) -> Person:
    return person_or_404(work, listed.person_id, lock=lock)

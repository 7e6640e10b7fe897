"""The onboarding checklist: one's own, a newcomer's for their CPC, and the CPC's queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, select

from services.identity.accounts.checklist_rules import next_step, steps
from services.identity.accounts.checklist_schemas import ChecklistAnswer, QueueAnswer, QueueInput
from services.identity.accounts.finding import is_nominee, person_or_404, reach_of
from services.identity.accounts.models import Onboarding, RequestNominee
from services.identity.accounts.progress import progress
from services.identity.accounts.rules import (
    NEWCOMERS,
    NOMINATORS,
    may_nominate,
    may_request,
    why_not_authorise,
)
from services.identity.authority import Reach
from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.people.units import below, named_so
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact, whom_to_ask
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 25


@service.query(
    "accounts.my_onboarding",
    path="/my-onboarding",
    input=Nothing,
    answer=ChecklistAnswer,
    page=Page("Your way to ViSOR", "accounts/checklist.html"),
    audience="onboarding",
)
def my_onboarding(work: Work) -> dict[str, Any]:
    """PF-4.3.1: what I have done, what is missing, and who acts."""
    person = person_or_404(work, work.principal.person_id)
    work.concerns(subject=("person", person.id))
    return _checklist(work, person) | {"own": True, "onboarding": work.principal.scope == "onboarding"}


@service.query(
    "accounts.onboarding",
    path="/people/<uuid:person_id>/onboarding",
    input=Nothing,
    answer=ChecklistAnswer,
    page=Page("Onboarding", "accounts/checklist.html"),
)
def onboarding(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """For whoever may nominate or ask there, and for administrators, who make the account."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    reach = reach_of(work, person)
    nominee = is_nominee(work, reach)
    if not (may_nominate(reach, nominee=nominee) or reach.is_administrator):
        raise Refusal("R32", contact=cpc_contact(work, person.unit), role=NOMINATORS)
    acts = _acts(work, person, reach, nominee=nominee)
    return _checklist(work, person) | {"own": False, "onboarding": False} | acts


@service.query(
    "accounts.onboarding_queue",
    path="/onboarding",
    input=QueueInput,
    answer=QueueAnswer,
    page=Page("Onboarding", "accounts/queue.html"),
)
def queue(work: Work, *, unit: str, page: int) -> dict[str, Any]:
    """PS-8.1: senior probation officers first, then business critical staff, then by how long they have waited."""
    found = _queued(work, unit)
    rows = work.session.execute(found.limit(PAGE + 1).offset((page - 1) * PAGE)).all()[: PAGE + 1]
    people = [person for person, _row in rows[:PAGE]]
    work.concerns(count=len(people), page=page)
    how_far = progress(work, people)
    lines = []
    for (person, row), card in zip(rows[:PAGE], cards(work.session, people), strict=True):
        taken, coming = steps(how_far[person.id]), next_step(how_far[person.id])
        lines.append(
            {
                "person": card,
                "state": person.state,
                "priority": row.priority,
                "since": row.nominated_at,
                "done": sum(step.done for step in taken),
                "steps": len(taken),
                "next": coming.missing if coming else "",
                "who": coming.who if coming else "",
            }
        )
    names = bool(work.principal.units_with("cpc") | work.principal.deputy_for)
    return {"people": lines, "page": page, "more": len(rows) > PAGE, "names": names}


def _queued(work: Work, unit: str) -> Select[Person, Onboarding]:
    first = case((Onboarding.priority == "spo", 0), (Onboarding.priority == "business_critical", 1), else_=2)
    found = (
        select(Person, Onboarding)
        .join(Onboarding, Onboarding.person_id == Person.id)
        .where(Person.state.in_(NEWCOMERS))
        .order_by(first, Onboarding.nominated_at, Person.id)
    )
    if not work.principal.holds("admin"):
        found = found.where(Person.unit.in_(_own(work)))
    return found.where(Person.unit.in_(named_so(unit))) if unit else found


def _own(work: Work) -> frozenset[str]:
    """Where the principal may nominate. Raises Refusal R32 for nowhere."""
    principal = work.principal
    named = select(RequestNominee.unit).where(
        RequestNominee.person_id == principal.person_id, RequestNominee.ended_at.is_(None)
    )
    own = principal.units_with("cpc", "lpc") | principal.deputy_for
    own |= principal.units_with_role("visor_lead", "spo", "governor")
    own |= set(work.session.execute(named).scalars())
    if not own:
        raise Refusal("R32", contact=cpc_contact(work, principal.unit), role=NOMINATORS)
    return below(work.session, own)


def _checklist(work: Work, person: Person) -> dict[str, Any]:
    row = work.session.get(Onboarding, person.id)
    return {
        "person": cards(work.session, [person])[0],
        "state": person.state,
        "priority": row.priority if row else None,
        "declined_reason": row.declined_reason if row else None,
        "steps": steps(progress(work, [person])[person.id]),
        "cpc": whom_to_ask(work.session, person),
        "acts": [],
        "links": [],
        "help_address": f"{work.runtime.settings.origin}/identity/help",
    }


def _acts(work: Work, person: Person, reach: Reach, *, nominee: bool) -> dict[str, Any]:
    """What this reader can do next, as (words, address)."""
    here = f"/identity/people/{person.id}"
    me = work.principal.person_id
    row = work.session.get(Onboarding, person.id)
    own_request = row is not None and row.requested_by == me
    acts = []
    if person.state == "nominated" and may_request(reach, nominee=nominee):
        acts.append(("Ask for the account", f"{here}/request"))
    if person.state == "requested" and not why_not_authorise(
        reach, oneself=person.id == me, own_request=own_request
    ):
        acts += [("Authorise the account", f"{here}/authorise"), ("Decline", f"{here}/decline")]
    if reach.is_administrator and person.state == "authorised":
        acts.append(("Create the account", f"{here}/account/create"))
    if reach.is_administrator and person.state in NEWCOMERS:
        acts.append(("Hand over a code for the password", f"{here}/first-credentials"))
    links = []
    if reach.is_cpc or reach.is_deputy:
        links.append(("Set the priority", f"{here}/onboarding/priority"))
    return {"acts": acts, "links": links}

"""Asking for the Central Support token, and the CPC's decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.accounts.finding import person_or_404
from services.identity.authority import Reach
from services.identity.central_support.models import ONE_OPEN, CentralSupportRequest
from services.identity.central_support.rules import TOKEN, why_not_ask, why_not_decide
from services.identity.central_support.schemas import AskedAnswer, AskInput, DecideInput
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.tokens.facts import check, for_cpc, granting, scope_of
from services.identity.tokens.granting import Terms, put_into_effect
from services.identity.tokens.holders import cpc_concerned, cpc_contact, tokens_of
from services.identity.tokens.rules import why_not_hold
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held
from shared.declarations import FormPage
from shared.events.identity.central_support import CENTRAL_SUPPORT_ASKED, CENTRAL_SUPPORT_DECIDED
from shared.refusals import NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Concerned, Work

service.constraints[ONE_OPEN] = lambda: Refusal("R34", what="You have asked for it already. The CPC decides.")


def _may_ask(work: Work) -> dict[str, Any]:
    """Refuses before anybody types."""
    person = person_or_404(work, work.principal.person_id)
    _check_asking(work, person)
    return {}


@service.command(
    "central_support.ask",
    path="/central-support/requests",
    input=AskInput,
    answer=AskedAnswer,
    form=FormPage(
        path="/central-support/ask",
        title="Ask for the Central Support token",
        button="Send the request",
        done="Your CPC has been asked, and is reminded within three days.",
        next="/central-support/requests",
        intro="With it you archive accounts, agree transfers, bulk partner and audit log-ons for your area.",
        values=_may_ask,
    ),
)
def ask(work: Work, *, reason: str) -> CentralSupportRequest:
    """PF-7/Central Support Token.1: for oneself, for one's own unit; the CPC is to decide within D-46."""
    person = person_or_404(work, work.principal.person_id, lock=True)
    work.concerns(subject=("person", person.id), unit=person.unit)
    _check_asking(work, person)
    made = CentralSupportRequest(
        person_id=person.id, unit=person.unit, reason=reason, asked_at=work.system_now
    )
    work.session.add(made)
    work.session.flush()
    tell_asked(work, made)
    return made


def tell_asked(work: Work, made: CentralSupportRequest) -> None:
    """To the CPC, whose clock it starts."""
    unit = work.session.get_one(Unit, made.unit)
    data = {
        "request_id": made.id,
        "person_id": made.person_id,
        "unit": unit.code,
        "jurisdiction": unit.jurisdiction,
    }
    to = [cpc_concerned(work.session, unit.code, unit.agency)]
    work.emit(CENTRAL_SUPPORT_ASKED, data, aggregate=("central_support_request", made.id), to=to)


def _about(work: Work, request_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    found, person = _request(work, request_id, lock=False)
    _check_deciding(work, found, person)
    return {"about": about(person, after=f": {found.reason}")}


@service.command(
    "central_support.decide",
    path="/central-support/requests/<uuid:request_id>/decide",
    input=DecideInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="Decide on a request for Central Support",
        button="Save the decision",
        done="Decided. The person has been told.",
        next="/central-support/requests",
        values=_about,
    ),
)
def decide(work: Work, *, request_id: UUID, decision: str, reason: str) -> None:
    """The CPC, or her deputy; vetting is asked once more."""
    found, person = _request(work, request_id, lock=True)
    work.concerns(subject=("person", person.id), unit=found.unit, decision=decision)
    reach = _check_deciding(work, found, person)
    if found.state != "open":
        raise Refusal("R34", what=f"This request is {found.state} already.")
    found.for_cpc = for_cpc(work, reach)
    if decision == "grant":
        _grant(work, found, person, reason)
    found.state = "granted" if decision == "grant" else "refused"
    found.decided_by, found.decided_at = work.principal.person_id, work.system_now
    found.decision_reason = reason
    data = {
        "request_id": found.id,
        "person_id": person.id,
        "unit": found.unit,
        "outcome": found.state,
    }
    to = [Concerned(person.id, "person", found.unit, person.agency)]
    work.emit(CENTRAL_SUPPORT_DECIDED, data, aggregate=("central_support_request", found.id), to=to)


def _grant(work: Work, found: CentralSupportRequest, person: Person, reason: str) -> None:
    scope = scope_of(work, TOKEN, found.unit)
    asked = granting(work, TOKEN, scope, person)
    check(work, why_not_hold(asked), scope)
    terms = Terms(work.today, None, f"{found.reason} Decided: {reason}"[:500], for_cpc=found.for_cpc)
    found.grant_id = put_into_effect(work, asked.row, scope, person, terms).id


def _check_asking(work: Work, person: Person) -> None:
    level = level_held(clearances(work.session, person.id, work.policy), work.today)
    unit = work.session.get_one(Unit, person.unit)
    check(work, why_not_ask(level, person.name), unit)
    if any(one.token == TOKEN and one.unit == person.unit for one in tokens_of(work.session, person.id)):
        contact = cpc_contact(work, person.unit)
        raise Refusal("R34", contact=contact, what="You hold the Central Support token already.")


def _check_deciding(work: Work, found: CentralSupportRequest, person: Person) -> Reach:
    reach = Reach(work.principal, above(work.session, found.unit))
    oneself = person.id == work.principal.person_id
    check(work, why_not_decide(reach, oneself=oneself), work.session.get_one(Unit, found.unit))
    return reach


def _request(work: Work, request_id: UUID, *, lock: bool) -> tuple[CentralSupportRequest, Person]:
    found = work.session.get(CentralSupportRequest, request_id, with_for_update=lock)
    if found is None:
        raise NotFound
    return found, person_or_404(work, found.person_id)

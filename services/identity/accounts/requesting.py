"""Asking for an account, and the CPC's word on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.accounts import telling
from services.identity.accounts.finding import is_nominee, onboarding_of, person_or_404, reach_of
from services.identity.accounts.missing import refuse_if_missing
from services.identity.accounts.models import Onboarding
from services.identity.accounts.newcomer_schemas import (
    AuthoriseInput,
    DeclineInput,
    PersonAnswer,
    RequestInput,
)
from services.identity.accounts.rules import may_request, why_not_authorise
from services.identity.authority import Reach
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.events.identity.accounts import ACCOUNT_AUTHORISED, ACCOUNT_DECLINED, ACCOUNT_REQUESTED
from shared.ids import new_id
from shared.refusals import Refusal
from shared.web.about import about
from shared.work import Work

PAGE = "/people/{person_id}/onboarding"


def _first_requested(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    person = person_or_404(work, person_id)
    _check_may_request(work, person)
    return {"about": about(person)}


def _first_decided(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """The same for who authorises or declines."""
    person = person_or_404(work, person_id)
    row = work.session.get(Onboarding, person.id)
    _check_may(work, person, row.requested_by if row else None)
    _in_state(work, person, "requested")
    return {"about": about(person)}


def _check_may_request(work: Work, person: Person) -> Reach:
    reach = reach_of(work, person)
    if not may_request(reach, nominee=is_nominee(work, reach)):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))
    _in_state(work, person, "nominated")
    _not_oneself(work, person)
    return reach


@service.command(
    "accounts.request",
    path="/people/<uuid:person_id>/request",
    input=RequestInput,
    answer=PersonAnswer,
    form=FormPage(
        values=_first_requested,
        title="Ask for a ViSOR account",
        button="Ask for the account",
        done="The account has been asked for.",
        next=PAGE,
        intro="Vetting and training must be in place. What the CPC asks for is authorised with it.",
    ),
)
def request(work: Work, *, person_id: UUID, reason: str) -> Person:
    """PF-4.16/A.6, PF-4.16/A.7: the CPC or a nominee, once vetting and training are confirmed."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    reach = _check_may_request(work, person)
    refuse_if_missing(work, person)
    found = onboarding_of(work, person)
    found.requested_by, found.requested_at, found.reason = work.principal.person_id, work.system_now, reason
    found.request_id, found.declined_reason = new_id(), None
    person.state = "requested"
    to = [telling.cpc(work, person)]
    telling.tell(work, ACCOUNT_REQUESTED, person, to, request_id=found.request_id)
    if reach.is_cpc:
        _authorise(work, person, found, as_deputy=False)
    return person


@service.command(
    "accounts.authorise",
    path="/people/<uuid:person_id>/authorise",
    input=AuthoriseInput,
    answer=PersonAnswer,
    recent_sign_in=True,
    form=FormPage(
        values=_first_decided,
        title="Authorise the account",
        button="Authorise",
        done="The account is authorised. An administrator makes it.",
        next=PAGE,
    ),
)
def authorise(work: Work, *, person_id: UUID, confirmed: bool) -> Person:  # noqa: ARG001 - ticked, or not here
    """PF-4.16a.1, PF-5.10.1: the CPC, assured of vetting and training, or their deputy."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    found = onboarding_of(work, person)
    reach = _check_may(work, person, found.requested_by)
    _in_state(work, person, "requested")
    refuse_if_missing(work, person)
    _authorise(work, person, found, as_deputy=not reach.is_cpc)
    return person


@service.command(
    "accounts.decline",
    path="/people/<uuid:person_id>/decline",
    input=DeclineInput,
    answer=PersonAnswer,
    form=FormPage(
        values=_first_decided,
        title="Decline the request",
        button="Decline",
        done="The request has been declined, and whoever asked is told.",
        next=PAGE,
    ),
)
def decline(work: Work, *, person_id: UUID, reason: str) -> Person:
    """Back to where they were before they were asked for; asking again is a new request."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), private=reason)
    found = onboarding_of(work, person)
    _check_may(work, person, found.requested_by)
    _in_state(work, person, "requested")
    person.state, found.declined_reason = "nominated", reason
    to = telling.someone(work.session, found.requested_by, "requester", person.unit)
    telling.tell(work, ACCOUNT_DECLINED, person, to, request_id=found.request_id)
    return person


def _check_may(work: Work, person: Person, requested_by: UUID | None) -> Reach:
    reach = reach_of(work, person)
    me = work.principal.person_id
    code = why_not_authorise(reach, oneself=person.id == me, own_request=requested_by == me)
    if code is not None:
        raise Refusal(code, contact=cpc_contact(work, person.unit), subject="account", token="CPC")  # noqa: S106
    return reach


def _authorise(work: Work, person: Person, found: Onboarding, *, as_deputy: bool) -> None:
    found.authorised_by, found.authorised_at = work.principal.person_id, work.system_now
    found.as_deputy = as_deputy
    person.state = "authorised"
    person.authority = f"{work.principal.name}, {'for the CPC' if as_deputy else 'CPC'}, {work.today}"
    work.concerns(for_cpc=as_deputy)
    told = telling.administrators(work.session, person.unit)
    telling.tell(work, ACCOUNT_AUTHORISED, person, told, request_id=found.request_id)


def _not_oneself(work: Work, person: Person) -> None:
    if person.id == work.principal.person_id:
        raise Refusal("R23", subject="account")


def _in_state(work: Work, person: Person, state: str) -> None:
    if person.state != state:
        contact = cpc_contact(work, person.unit)
        what = f"This account is already {person.state}." if state != "requested" else _not_asked(person)
        raise Refusal("R34", contact=contact, what=what)


def _not_asked(person: Person) -> str:
    if person.state == "nominated":
        return "Nobody has asked for this account yet."
    return f"This account is already {person.state}."

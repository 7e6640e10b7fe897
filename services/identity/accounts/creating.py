"""Making the account that the CPC authorised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.accounts import telling
from services.identity.accounts.checklist_rules import card_missing
from services.identity.accounts.finding import onboarding_of, person_or_404
from services.identity.accounts.missing import refuse_if_missing
from services.identity.accounts.newcomer_schemas import CreateInput, PersonAnswer
from services.identity.accounts.rules import NO_ACCOUNT_YET
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.events.identity.accounts import ACCOUNT_CREATED
from shared.refusals import Refusal
from shared.web.about import about
from shared.work import Work


def _first_shown(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    person = person_or_404(work, person_id)
    _only_admin(work)
    _check_authorised(work, person)
    return {"about": about(person), "username": person.username}


def _only_admin(work: Work) -> None:
    if not work.principal.holds("admin"):
        raise Refusal("R11", token="admin")  # noqa: S106 - the name of an access right


@service.command(
    "accounts.create",
    path="/people/<uuid:person_id>/account",
    input=CreateInput,
    answer=PersonAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        path="/people/<uuid:person_id>/account/create",
        title="Create the account",
        button="Create the account",
        done="The account has been created. Hand over the first password now.",
        next="/people/{person_id}/first-credentials",
        values=_first_shown,
        intro="You execute what the CPC has authorised.",
    ),
)
def create(work: Work, *, person_id: UUID, username: str) -> Person:
    """PF-4.16/A.6, PF-7/CPC Probation.6: a holder of `admin` executes; whoever authorised it does not (R23)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    _only_admin(work)
    found = onboarding_of(work, person)
    if work.principal.person_id in {person.id, found.authorised_by}:
        raise Refusal("R23", subject="account")
    _check_authorised(work, person)
    refuse_if_missing(work, person)
    _check_card(person)
    person.state, person.username = "created", username
    found.executed_by, found.executed_at = work.principal.person_id, work.system_now
    work.session.flush()
    log.changed(work, people=[person.id])
    told = [telling.cpc(work, person)]
    told += telling.someone(work.session, found.requested_by, "requester", person.unit)
    telling.tell(work, ACCOUNT_CREATED, person, told, request_id=found.request_id)
    return person


def _check_card(person: Person) -> None:
    """PF-7/white pages.1: the card is made with the account, all four fields of it."""
    if lacks := card_missing(person.name, person.job_title, person.email, person.telephone):
        raise Refusal("R34", what=f"The contact card lacks: {', '.join(lacks)}.")


def _check_authorised(work: Work, person: Person) -> None:
    contact = cpc_contact(work, person.unit)
    if person.state == "authorised":
        return
    if person.state in NO_ACCOUNT_YET:
        raise Refusal("R24", contact=contact)
    raise Refusal("R34", contact=contact, what=f"This account is already {person.state}.")

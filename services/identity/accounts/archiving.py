"""Archiving an account: nothing is deleted, and what it opened is closed for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update

from services.identity.accounts import telling
from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.accounts.leavers import held_by, open_leaver
from services.identity.accounts.leaving import PAGE, confirm
from services.identity.accounts.leaving_rules import in_words
from services.identity.accounts.models import Leaver, RequestNominee
from services.identity.accounts.rules import ARCHIVES, why_not_archive
from services.identity.accounts.unused import note_closed
from services.identity.directory import log
from services.identity.entitlements.models import NetworkEntitlement
from services.identity.passkeys.models import Passkey
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sessions.ending import end_sessions_of
from services.identity.sign_in.models import Credential, RecoveryCode
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.events.identity.accounts import ACCOUNT_ARCHIVED
from shared.refusals import Refusal
from shared.web.about import about
from shared.web.schemas import Done, Nothing
from shared.work import Work


def _first_archived(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody archives."""
    person = person_or_404(work, person_id)
    _check_may(work, person, lock=False)
    return {"about": about(person)}


@service.command(
    "accounts.archive",
    path="/people/<uuid:person_id>/archive",
    input=Nothing,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        values=_first_archived,
        title="Archive the account",
        button="Archive",
        done="The account is archived. The card stays, and old entries still say who wrote them.",
        next=PAGE,
        intro="The account, its password and its access to gateways end for good. Nothing else is deleted.",
    ),
)
def archive(work: Work, *, person_id: UUID) -> None:
    """PF-4.38.3: after the CPC confirmed, and after records, partnerships, team, roles and tokens are handed over."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    found = _check_may(work, person, lock=True)
    contact = cpc_contact(work, person.unit)
    if person.state != "disabled":
        raise Refusal("R34", contact=contact, what=f"This account is {person.state}: disable it first.")
    if held := in_words(held_by(work, person)):
        raise Refusal("R38", contact=contact, name=person.name, held=held)
    if found is not None:
        found.closed_at = work.system_now
        if found.confirmed_at is None:
            confirm(work, found)
    person.state, person.archived_at = "archived", work.system_now
    person.left_on = person.left_on or work.today
    _end_what_it_opened(work, person)
    work.session.flush()
    told = [telling.cpc(work, person), *telling.line_manager(work, person)]
    telling.tell(work, ACCOUNT_ARCHIVED, person, told, leaver_id=found.id if found else None)
    log.changed(work, people=[person.id])


def _check_may(work: Work, person: Person, *, lock: bool) -> Leaver | None:
    found = open_leaver(work, person, lock=lock)
    confirmed = person.state == "archived" or (found is not None and found.confirmed_at is not None)
    oneself = person.id == work.principal.person_id
    code = why_not_archive(reach_of(work, person), oneself=oneself, confirmed=confirmed)
    if code is not None:
        contact = cpc_contact(work, person.unit)
        raise Refusal(code, contact=contact, subject="account", token=ARCHIVES)
    return found


def _end_what_it_opened(work: Work, person: Person) -> None:
    """PSI-7.3.3: gateway access too. The directory's entry goes, the archived identity stays (section 8)."""
    session = work.session
    end_sessions_of(work, person.id, "archived")
    for way_in in (Credential, Passkey, RecoveryCode):
        session.execute(delete(way_in).where(way_in.person_id == person.id))
    gateways = update(NetworkEntitlement).where(
        NetworkEntitlement.person_id == person.id, NetworkEntitlement.valid_to.is_(None)
    )
    session.execute(gateways.values(valid_to=func.greatest(NetworkEntitlement.valid_from, work.today)))
    named = update(RequestNominee).where(
        RequestNominee.person_id == person.id, RequestNominee.ended_at.is_(None)
    )
    session.execute(named.values(ended_at=work.system_now, ended_by=work.principal.person_id))
    note_closed(work, person)

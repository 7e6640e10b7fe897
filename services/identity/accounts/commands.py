"""Closing and opening accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.accounts.finding import first_authority, person_or_404, reach_of, require_authority
from services.identity.accounts.leavers import open_leaver
from services.identity.accounts.leaving import leave
from services.identity.accounts.missing import refuse_if_missing
from services.identity.accounts.rules import NO_ACCOUNT_YET, reporting_as
from services.identity.accounts.schemas import DisableInput, EnableInput
from services.identity.accounts.states import disable, open_again
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.refusals import Invalid, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work

_NOTHING_TO_DISABLE = NO_ACCOUNT_YET | {"archived"}


def _first_disabled(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    person = person_or_404(work, person_id)
    _as_line_manager(work, person)
    return {"about": about(person)}


def _as_line_manager(work: Work, person: Person) -> bool:
    """Raises Refusal for whoever is neither that nor looks after the account."""
    if person.line_manager == work.principal.person_id:
        return True
    require_authority(work, person, "account")
    return False


@service.command(
    "accounts.disable",
    path="/people/<uuid:person_id>/disable",
    input=DisableInput,
    answer=Done,
    form=FormPage(
        values=_first_disabled,
        title="Disable an account",
        button="Disable the account",
        done="The account has been disabled.",
        next="/people/{person_id}",
        intro="The person’s sessions end within seconds. Their card stays: old entries still say who wrote them.",
    ),
)
def disable_account(work: Work, *, person_id: UUID, reason_code: str, note: str) -> None:
    """At once for a suspension; for a leaver as on the form for leavers, also by the line manager (PF-4.39)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), reason=reason_code, private=note or None)
    line_manager = _as_line_manager(work, person)
    if person.state in _NOTHING_TO_DISABLE:
        contact = cpc_contact(work, person.unit)
        raise Refusal("R34", contact=contact, what=f"This account is {person.state}: it opens nothing.")
    if reason_code == "left" and open_leaver(work, person) is None:
        reported_as = reporting_as(reach_of(work, person), line_manager=line_manager) or "admin"
        leave(work, person, work.today, reported_as)
        return
    disable(work, person, reason_code)
    log.changed(work, people=[person.id])


@service.command(
    "accounts.enable",
    path="/people/<uuid:person_id>/enable",
    input=EnableInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        values=first_authority("account"),
        title="Open an account again",
        button="Open the account",
        done="The account is open again.",
        next="/people/{person_id}/access",
    ),
)
def enable_account(work: Work, *, person_id: UUID, note: str, authority: str | None) -> None:
    """Every gate again: vetting and training here, SyOPs, terminal and network at the next sign-in.

    The CPC's word is the fourth (PSI-5.3.4.2): an administrator says who gave it, and where that is recorded.
    """
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), private=note)
    require_authority(work, person, "account")
    if person.state != "disabled":
        contact = cpc_contact(work, person.unit)
        raise Refusal("R34", contact=contact, what=f"This account is {person.state}, not disabled.")
    reach = reach_of(work, person)
    if not (reach.is_cpc or reach.is_deputy) and not authority:
        raise Invalid({"authority": ["Say which CPC authorised it, and where that is recorded."]})
    refuse_if_missing(work, person)
    person.authority = authority or f"{work.principal.name}, {work.today}"
    if (leaver := open_leaver(work, person, lock=True)) is not None:
        leaver.closed_at = work.system_now
    open_again(work, person, leaver.id if leaver else None)
    log.changed(work, people=[person.id])

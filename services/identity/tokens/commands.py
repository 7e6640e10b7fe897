"""Granting and ending tokens."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.authority import may_look_after
from services.identity.directory import log
from services.identity.people.models import Person, Unit
from services.identity.scope import is_national
from services.identity.service import service
from services.identity.tokens.ending import end_grant
from services.identity.tokens.facts import check, for_cpc, granting, scope_of
from services.identity.tokens.granting import Terms, order, put_into_effect, reasoned, terms_days
from services.identity.tokens.holders import cpc_contact
from services.identity.tokens.models import TokenGrant
from services.identity.tokens.rules import Granting, needs_authority, warnings, why_not_end, why_not_grant
from services.identity.tokens.schemas import EndInput, GrantAnswer, GrantInput
from services.identity.tokens.table import tokens
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work


def _first_granted(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types whoever could grant this person no token at all."""
    person = person_or_404(work, person_id)
    reach = reach_of(work, person)
    if not (may_look_after(reach) or reach.appoints_cpc or is_national(work.principal)):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))
    return {"about": about(person), "unit": person.unit}


@service.command(
    "tokens.grant",
    path="/people/<uuid:person_id>/tokens",
    input=GrantInput,
    answer=GrantAnswer,
    recent_sign_in=True,
    form=FormPage(
        path="/people/<uuid:person_id>/tokens/grant",
        title="Grant a token",
        button="Grant the token",
        done="The token has been granted, or authorised: Partner, Create, Manager and Supervisor are held once an "
        "administrator has set them, and are on the administrators’ list.",
        values=_first_granted,
        next="/people/{person_id}/access",
    ),
)
def grant(
    work: Work,
    *,
    person_id: UUID,
    token: str,
    unit: str,
    valid_from: date | None,
    valid_to: date | None,
    reason: str,
    note: str | None,
    authority: str | None,
    hand_over: bool,
) -> dict[str, Any]:
    """PF-4.16b, PF-7/CPC Probation.4 and .6: held at once, or on the order of the CPC set by an administrator."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), token=token, unit=unit)
    scope = scope_of(work, token, unit)
    asked = granting(work, token, scope, person)
    check(work, why_not_grant(asked), scope)
    starts, ends = terms_days(work, valid_from, valid_to)
    terms = Terms(
        valid_from=starts,
        valid_to=ends,
        reason=reason,
        note=note,
        authority=_authority(asked, authority),
        warnings=reasoned(warnings(asked), note),
        for_cpc=for_cpc(work, asked.unit),
    )
    if asked.row.set_by == "admin":
        ordered = order(work, asked.row, scope, person, terms)
        return {"id": ordered.id, "state": "authorised"}
    made = put_into_effect(work, asked.row, scope, person, terms, hand_over=hand_over)
    return {"id": made.id, "state": "granted"}


def _first_ended(work: Work, *, grant_id: UUID) -> dict[str, str]:
    """Says whose token it is, and refuses before anybody types."""
    found, person, _asked = _to_end(work, grant_id)
    return {"about": about(person, after=f": {tokens()[found.token].label}")}


@service.command(
    "tokens.end",
    path="/tokens/<uuid:grant_id>/end",
    input=EndInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="End a token",
        button="End the token",
        done="The token has ended.",
        next="/people",
        intro="The person’s sessions end with it; they sign in again without the token.",
        values=_first_ended,
    ),
)
def end(work: Work, *, grant_id: UUID, reason: str, authority: str | None) -> None:
    """Ends with the sessions that carry it, since an access token cannot be called back otherwise."""
    found, person, asked = _to_end(work, grant_id, lock=True)
    for_cpc(work, asked.unit)
    said = _authority(asked, authority)
    if found.ended_at is None:
        end_grant(work, found, reason if said is None else f"{reason} (on authority: {said})"[:500])
        log.changed(work, people=[person.id])


def _to_end(work: Work, grant_id: UUID, *, lock: bool = False) -> tuple[TokenGrant, Person, Granting]:
    found = work.session.get(TokenGrant, grant_id, with_for_update=lock)
    if found is None:
        raise NotFound
    person = person_or_404(work, found.person_id)
    work.concerns(subject=("person", person.id), token=found.token, unit=found.unit)
    scope = work.session.get_one(Unit, found.unit)
    asked = granting(work, found.token, scope, person)
    check(work, why_not_end(asked), scope)
    return found, person, asked


def _authority(asked: Granting, authority: str | None) -> str | None:
    """Raises Invalid where an administrator does not say on whose word this is done."""
    if not needs_authority(asked):
        return None
    if not authority:
        raise Invalid({"authority": ["Say on whose authority this is done, and where that is recorded."]})
    return authority

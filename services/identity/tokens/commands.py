"""Granting and ending tokens."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.authority import Reach
from services.identity.directory import log
from services.identity.people.models import Agency, Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.tokens.ending import end_grant
from services.identity.tokens.holders import CPC, cpc_contact
from services.identity.tokens.models import ONE_CPC, ONE_LPC, TokenGrant
from services.identity.tokens.rules import (
    UNIT_KINDS,
    Granting,
    Refused,
    needs_authority,
    why_not_end,
    why_not_grant,
)
from services.identity.tokens.schemas import EndInput, GrantAnswer, GrantInput
from services.identity.training.records import trained
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held
from shared.declarations import FormPage
from shared.events.identity import TOKEN_GRANTED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done
from shared.work import EVERY_AGENCY, Work

LPC = "lpc"
# Two people granted the same at one moment, and this was the second.
service.constraints[ONE_CPC] = lambda: Refusal("R12", area="This area", name="granted a moment ago")
service.constraints[ONE_LPC] = lambda: Refusal("R35", unit="This unit", name="granted a moment ago")
service.constraints["uq_token_grant_open"] = lambda: Refusal(
    "R34", what="This person already holds that token."
)


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
        done="The token has been granted.",
        template="accounts/person_form.html",
        values=lambda work, person_id: {"unit": person_or_404(work, person_id).unit},
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
    authority: str | None,
    hand_over: bool,
) -> TokenGrant:
    """PF-4.16b, PF-7/CPC Probation.4. The database itself keeps a second CPC of an area out (R12)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), token=token, unit=unit)
    scope = _scope(work, token, unit)
    asked = _granting(work, token, scope, person)
    _check(work, why_not_grant(asked), scope)
    _check_authority(asked, authority)
    starts = valid_from or work.today
    if valid_to is not None and valid_to < max(starts, work.today):
        raise Invalid({"valid_to": ["The last day must not be before the first, or past."]})
    _check_limits(work, token, scope, person, hand_over=hand_over)
    made = TokenGrant(
        token=token,
        person_id=person.id,
        unit=unit,
        valid_from=starts,
        valid_to=valid_to,
        granted_by=work.principal.person_id,
        granted_at=work.system_now,
        started_at=work.system_now if starts <= work.today else None,
        reason=reason,
        authority=authority,
    )
    work.session.add(made)
    work.session.flush()
    data = {"person_id": person.id, "token": token, "unit": unit}
    work.emit(TOKEN_GRANTED, data, aggregate=("person", person.id), agencies=(EVERY_AGENCY,))
    log.changed(work, people=[person.id])
    return made


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
    ),
)
def end(work: Work, *, grant_id: UUID, reason: str, authority: str | None) -> None:
    """Ends with the sessions that carry it, since an access token cannot be called back otherwise."""
    found = work.session.get(TokenGrant, grant_id, with_for_update=True)
    if found is None:
        raise NotFound
    person = person_or_404(work, found.person_id)
    work.concerns(subject=("person", person.id), token=found.token, unit=found.unit)
    scope = work.session.get_one(Unit, found.unit)
    asked = _granting(work, found.token, scope, person)
    _check(work, why_not_end(asked), scope)
    _check_authority(asked, authority)
    if found.ended_at is None:
        end_grant(work, found, reason)
        log.changed(work, people=[person.id])


def _scope(work: Work, token: str, unit: str) -> Unit:
    """Raises Invalid for a unit that is not, or for whose kind the token cannot be held."""
    found = work.session.get(Unit, unit)
    if found is None:
        raise Invalid({"unit": ["There is no unit with this code."]})
    kinds = UNIT_KINDS.get(token)
    if kinds is not None and found.kind not in kinds:
        words = " or ".join(sorted(kind.replace("_", " ") for kind in kinds))
        raise Invalid({"unit": [f"This token is held for a {words}."]})
    return found


def _granting(work: Work, token: str, scope: Unit, person: Person) -> Granting:
    return Granting(
        token=token,
        unit=Reach(work.principal, above(work.session, scope.code)),
        person=reach_of(work, person),
        oneself=person.id == work.principal.person_id,
        name=person.name,
        agency_kind=work.session.get_one(Agency, person.agency).kind,
        unit_kind=scope.kind,
        level=level_held(clearances(work.session, person.id), work.today),
        cpc_trained=trained(work.session, person.id, work.today, "cpc"),
    )


def _check(work: Work, refused: Refused | None, scope: Unit) -> None:
    if refused is not None:
        raise Refusal(refused.code, contact=cpc_contact(work.session, scope.code), **dict(refused.fills))  # type: ignore[arg-type]


def _check_authority(asked: Granting, authority: str | None) -> None:
    if needs_authority(asked) and not authority:
        raise Invalid({"authority": ["Say on whose authority this is done, and where that is recorded."]})


def _check_limits(work: Work, token: str, scope: Unit, person: Person, *, hand_over: bool) -> None:
    """R12 and R35 with the holder's name; whoever comes at the same moment meets the unique index instead."""
    if token not in {CPC, LPC}:
        return
    holds = select(TokenGrant).where(
        TokenGrant.token == token, TokenGrant.unit == scope.code, TokenGrant.ended_at.is_(None)
    )
    present = work.session.execute(holds.with_for_update()).scalar_one_or_none()
    if present is None:
        return
    if hand_over and present.person_id != person.id:
        end_grant(work, present, "Handed over")
        work.session.flush()
        log.note(work.session, [("person", str(present.person_id))])
        return
    holder = work.session.get_one(Person, present.person_id)
    if token == CPC:
        raise Refusal("R12", area=scope.name, name=holder.name)
    raise Refusal("R35", unit=scope.name, name=holder.name)

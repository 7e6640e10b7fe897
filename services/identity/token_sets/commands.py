"""Confirming a proposed set, and the sets that fit somebody's agency."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.appointments.commands import appoint
from services.identity.appointments.table import label as role_label
from services.identity.people.models import Agency, Person
from services.identity.service import service
from services.identity.token_sets.schemas import ConfirmedAnswer, ConfirmInput, SetsAnswer
from services.identity.token_sets.table import TokenSet, sets_for
from services.identity.tokens.commands import grant
from services.identity.tokens.holders import cpc_contact
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.tokens.rules import may_authorise
from services.identity.tokens.table import label as token_label
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Nothing
from shared.work import Work


def _proposed(work: Work, person_id: UUID, code: str) -> dict[str, Any]:
    """Everything ticked that the person does not hold yet; refuses before anybody types."""
    person = person_or_404(work, person_id)
    chosen = _set(work, person, code)
    _check_may(work, person)
    held, has = _open(work, person.id)
    return {
        "about": about(person, after=f": {chosen.label}"),
        "tokens": [name for name in chosen.tokens if name not in held],
        "roles": [name for name in chosen.roles if name not in has],
        "unit": person.unit,
    }


@service.command(
    "token_sets.confirm",
    path="/people/<uuid:person_id>/token-sets/<string:code>",
    input=ConfirmInput,
    answer=ConfirmedAnswer,
    recent_sign_in=True,
    form=FormPage(
        path="/people/<uuid:person_id>/token-sets/<string:code>/confirm",
        title="Confirm tokens and roles",
        button="Confirm",
        done="Confirmed. What an administrator sets is on the administrators’ list; the rest is held at once.",
        next="/people/{person_id}/access",
        values=_proposed,
    ),
)
def confirm(
    work: Work,
    *,
    person_id: UUID,
    code: str,
    tokens: list[str],
    roles: list[str],
    unit: str,
    reason: str,
    note: str | None,
) -> dict[str, int]:
    """PSI-7.3.2: the set is proposed, the CPC confirms what of it is needed; all of it or nothing is done."""
    person = person_or_404(work, person_id, lock=True)
    chosen = _set(work, person, code)
    if not tokens and not roles:
        raise Invalid({"tokens": ["Tick what the person is to hold."]})
    if strange := ({*tokens} - {*chosen.tokens}) | ({*roles} - {*chosen.roles}):
        raise Invalid({"tokens": [f"This set has no {', '.join(sorted(strange))}."]})
    same: dict[str, Any] = {"person_id": person_id, "unit": unit, "valid_from": None, "valid_to": None}
    same |= {"reason": reason, "note": note, "authority": None}
    made = [grant(work, token=token, hand_over=False, **same)["state"] for token in tokens]
    for role in roles:
        appoint(work, role=role, **same)
    work.concerns(subject=("person", person_id), set=code, tokens=tokens, roles=roles, token=None, role=None)
    return {"authorised": made.count("authorised"), "granted": made.count("granted") + len(roles)}


@service.query(
    "token_sets.for_person",
    path="/people/<uuid:person_id>/token-sets",
    input=Nothing,
    answer=SetsAnswer,
    page=Page("Propose tokens by role", "token_sets/list.html"),
)
def for_person(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """For the CPC of the person's area, group or force, and her deputy."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    _check_may(work, person)
    kind = work.session.get_one(Agency, person.agency).kind
    return {
        "person_id": person.id,
        "name": person.name,
        "card_url": person.card_url,
        "sets": [
            {
                "code": one.code,
                "label": one.label,
                "tokens": [token_label(name) for name in one.tokens],
                "roles": [role_label(name) for name in one.roles],
                "clause": one.clause,
            }
            for one in sets_for(kind)
        ],
    }


def _set(work: Work, person: Person, code: str) -> TokenSet:
    """Raises NotFound for one that the person's agency has not."""
    kind = work.session.get_one(Agency, person.agency).kind
    found = next((one for one in sets_for(kind) if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def _check_may(work: Work, person: Person) -> None:
    if not may_authorise(reach_of(work, person)):
        raise Refusal("R11", token="CPC", contact=cpc_contact(work, person.unit))  # noqa: S106


def _open(work: Work, person_id: UUID) -> tuple[set[str], set[str]]:
    held = select(TokenGrant.token).where(TokenGrant.person_id == person_id, TokenGrant.ended_at.is_(None))
    has = select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
    return set(work.session.execute(held).scalars()), set(work.session.execute(has).scalars())

"""Putting a token into effect, whoever authorised it; and the order for an administrator to do so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.identity.directory import log
from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, token_in_force
from services.identity.tokens.limits import make_room
from services.identity.tokens.models import ONE_ORDER, TokenGrant, TokenOrder
from services.identity.tokens.rules import Warned
from services.identity.tokens.table import Token
from shared.events.identity.tokens import TOKEN_AUTHORISED, TOKEN_GRANTED
from shared.refusals import Invalid, Refusal
from shared.work import EVERY_AGENCY, NOBODY, Concerned, Work

service.constraints[ONE_ORDER] = lambda: Refusal(
    "R34", what="This token is on the administrators’ list already."
)


@dataclass(frozen=True)
class Terms:
    """What stands beside a grant: from when to when, why, and on whose word."""

    valid_from: date
    valid_to: date | None
    reason: str
    note: str | None = None
    authority: str | None = None
    warnings: tuple[str, ...] = ()
    for_cpc: str | None = None
    authorised_by: UUID | None = None


def terms_days(work: Work, valid_from: date | None, valid_to: date | None) -> tuple[date, date | None]:
    """Today where no first day is given; raises Invalid for days that are over, or the wrong way round."""
    starts = valid_from or work.today
    if starts < work.today:
        raise Invalid({"valid_from": ["The first day must not be past."]})
    if valid_to is not None and valid_to < starts:
        raise Invalid({"valid_to": ["The last day must not be before the first, or past."]})
    return starts, valid_to


def reasoned(warned: Iterable[Warned], note: str | None) -> tuple[str, ...]:
    """The codes of the warnings; raises Invalid with their words where nobody said why it may be nonetheless."""
    found = tuple(warned)
    grave = [one for one in found if one.needs_reason]
    if grave and not note:
        raise Invalid({"note": [f"{one.text}. Say why it is right all the same." for one in grave]})
    return tuple(one.code for one in found)


def put_into_effect(
    work: Work, row: Token, scope: Unit, person: Person, terms: Terms, *, hand_over: bool = False
) -> TokenGrant:
    """Held from its first day; the present holder's ends in the same transaction. Raises Refusal R12, R34 or R35."""
    ended = make_room(work, row, scope, person, terms.valid_from, hand_over=hand_over)
    starts_now = terms.valid_from <= work.today
    made = TokenGrant(
        token=row.name,
        person_id=person.id,
        unit=scope.code,
        granted_by=work.principal.person_id,
        granted_at=work.system_now,
        started_at=work.system_now if starts_now else None,
        **_columns(terms),
    )
    work.session.add(made)
    work.session.flush()
    if starts_now:
        tell_granted(work, made)
    log.changed(work, people=[person.id, *ended])
    return made


def tell_granted(work: Work, grant: TokenGrant) -> None:
    data = {"person_id": grant.person_id, "token": grant.token, "unit": grant.unit}
    work.emit(TOKEN_GRANTED, data, aggregate=("person", grant.person_id), agencies=(EVERY_AGENCY,))


def order(work: Work, row: Token, scope: Unit, person: Person, terms: Terms) -> TokenOrder:
    """The CPC authorises; it goes onto the list of every administrator (PF-7/CPC Probation.6)."""
    columns = _columns(terms)
    del columns["authority"], columns["authorised_by"]
    made = TokenOrder(
        token=row.name,
        person_id=person.id,
        unit=scope.code,
        authorised_by=work.principal.person_id,
        authorised_at=work.system_now,
        **columns,
    )
    work.session.add(made)
    work.session.flush()
    data = {"order_id": made.id, "person_id": person.id, "token": row.name, "unit": scope.code}
    work.emit(TOKEN_AUTHORISED, data, aggregate=("token_order", made.id), to=_administrators(work, scope))
    return made


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "valid_from": terms.valid_from,
        "valid_to": terms.valid_to,
        "reason": terms.reason,
        "note": terms.note,
        "authority": terms.authority,
        "warnings": list(terms.warnings),
        "for_cpc": terms.for_cpc,
        "authorised_by": terms.authorised_by,
    }


def _administrators(work: Work, scope: Unit) -> list[Concerned]:
    found = select(Person).join(TokenGrant, TokenGrant.person_id == Person.id)
    held = found.where(TokenGrant.token == "admin", token_in_force(), ACTIVE)  # noqa: S105 - an access right
    people = work.session.execute(held.order_by(Person.id)).scalars().unique()
    told = [Concerned(one.id, "admin", one.unit, one.agency) for one in people]
    return told or [Concerned(NOBODY, "admin", scope.code, scope.agency)]

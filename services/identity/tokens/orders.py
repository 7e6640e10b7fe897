"""What a CPC authorised and an administrator sets or declines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.accounts.finding import person_or_404
from services.identity.authority import Reach
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.tokens.facts import check, granting, scope_of
from services.identity.tokens.granting import Terms, put_into_effect
from services.identity.tokens.models import TokenOrder
from services.identity.tokens.rules import may_authorise, why_not_hold, why_not_set
from services.identity.tokens.schemas import DeclineInput, OrderedAnswer
from services.identity.tokens.table import label
from shared.declarations import FormPage
from shared.events.identity.tokens import TOKEN_SETTLED
from shared.refusals import NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done, Nothing
from shared.work import Concerned, Work


def _about(work: Work, order_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types."""
    found = _order(work, order_id, lock=False)
    person = person_or_404(work, found.person_id)
    _may_settle(work, found)
    return {"about": about(person, before=f"{label(found.token)} for ", after=f", {found.unit}")}


@service.command(
    "tokens.set",
    path="/token-orders/<uuid:order_id>/set",
    input=Nothing,
    answer=OrderedAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Set a token",
        button="Set the token",
        done="The token has been set.",
        next="/token-orders",
        intro="The CPC has authorised it. The person’s vetting and training are asked once more.",
        values=_about,
    ),
)
def set_ordered(work: Work, *, order_id: UUID) -> dict[str, Any]:
    """PF-7/CPC Probation.6, PF-7/Identity Manager LDAP.1: the CPC raises, a holder of `admin` executes."""
    found = _order(work, order_id, lock=True)
    person = person_or_404(work, found.person_id, lock=True)
    work.concerns(subject=("person", person.id), token=found.token, unit=found.unit)
    scope = scope_of(work, found.token, found.unit)
    asked = granting(work, found.token, scope, person)
    own_order = found.authorised_by == work.principal.person_id
    check(work, why_not_set(asked.unit, oneself=asked.oneself, own_order=own_order), scope)
    _still_open(found)
    if found.valid_to is not None and found.valid_to < work.today:
        raise Refusal("R34", what="The last day of this order has passed.")
    check(work, why_not_hold(asked), scope)
    terms = Terms(
        valid_from=max(found.valid_from, work.today),
        valid_to=found.valid_to,
        reason=found.reason,
        note=found.note,
        authority=f"Order {found.id}",
        warnings=tuple(found.warnings),
        for_cpc=found.for_cpc,
        authorised_by=found.authorised_by,
    )
    made = put_into_effect(work, asked.row, scope, person, terms)
    found.grant_id = made.id
    _settle(work, found, "set", None)
    return {"grant_id": made.id}


@service.command(
    "tokens.decline",
    path="/token-orders/<uuid:order_id>/decline",
    input=DeclineInput,
    answer=Done,
    form=FormPage(
        title="Do not set a token",
        button="Decline",
        done="The token is not set. Whoever authorised it is told why.",
        next="/token-orders",
        values=_about,
    ),
)
def decline(work: Work, *, order_id: UUID, reason: str) -> None:
    """By an administrator who cannot set it, or by the CPC who takes it back."""
    found = _order(work, order_id, lock=True)
    work.concerns(subject=("person", found.person_id), token=found.token, unit=found.unit)
    _may_settle(work, found)
    _still_open(found)
    _settle(work, found, "declined", reason)


def _may_settle(work: Work, found: TokenOrder) -> None:
    reach = Reach(work.principal, above(work.session, found.unit))
    if not (reach.is_administrator or may_authorise(reach)):
        raise Refusal("R11", token="admin")  # noqa: S106 - the name of an access right


def _order(work: Work, order_id: UUID, *, lock: bool) -> TokenOrder:
    found = work.session.get(TokenOrder, order_id, with_for_update=lock)
    if found is None:
        raise NotFound
    return found


def _still_open(found: TokenOrder) -> None:
    if found.state != "open":
        raise Refusal("R34", what=f"This order is {found.state} already.")


def _settle(work: Work, found: TokenOrder, outcome: str, reason: str | None) -> None:
    found.state, found.settled_reason = outcome, reason
    found.settled_by, found.settled_at = work.principal.person_id, work.system_now
    cpc = work.session.get_one(Person, found.authorised_by)
    unit = work.session.get_one(Unit, found.unit)
    data = {
        "order_id": found.id,
        "person_id": found.person_id,
        "token": found.token,
        "unit": unit.code,
        "outcome": outcome,
    }
    to = [Concerned(cpc.id, "cpc", unit.code, cpc.agency)]
    work.emit(TOKEN_SETTLED, data, aggregate=("token_order", found.id), to=to)

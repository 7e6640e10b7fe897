"""The orders that wait for an administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from services.identity.people.models import Person, Unit
from services.identity.people.units import below
from services.identity.service import service
from services.identity.tokens.models import TokenOrder
from services.identity.tokens.schemas import OrdersAnswer, OrdersInput
from shared.declarations import Page
from shared.refusals import Refusal
from shared.work import Work

PAGE = 50


@service.query(
    "tokens.orders",
    path="/token-orders",
    input=OrdersInput,
    answer=OrdersAnswer,
    page=Page("Tokens to set", "tokens/orders.html"),
)
def orders(work: Work, *, after: UUID | None) -> dict[str, Any]:
    """Oldest first: all of them for administrators, those of one's own area, group or force for a CPC or deputy."""
    found = _open(work)
    if after is not None:
        found = found.where(TokenOrder.id > after)
    rows = work.session.execute(found.order_by(TokenOrder.id).limit(PAGE + 1)).all()
    work.concerns(count=min(len(rows), PAGE))
    return {
        "orders": [_shown(*row) for row in rows[:PAGE]],
        "next_after": rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        "may_set": work.principal.holds("admin"),
    }


def _open(work: Work) -> Any:
    cpc = aliased(Person)
    found = (
        select(TokenOrder, Person, Unit, cpc)
        .join(Person, Person.id == TokenOrder.person_id)
        .join(Unit, Unit.code == TokenOrder.unit)
        .join(cpc, cpc.id == TokenOrder.authorised_by)
        .where(TokenOrder.state == "open")
    )
    if work.principal.holds("admin"):
        return found
    own = work.principal.units_with("cpc") | work.principal.deputy_for
    if not own:
        raise Refusal("R11", token="cpc or admin")  # noqa: S106 - the name of an access right
    return found.where(TokenOrder.unit.in_(below(work.session, own)))


def _shown(order: TokenOrder, person: Person, unit: Unit, cpc: Person) -> dict[str, Any]:
    columns = ("id", "token", "unit", "reason", "note", "warnings", "authorised_at", "for_cpc")
    return {
        **{name: getattr(order, name) for name in (*columns, "valid_from", "valid_to")},
        "unit_name": unit.name,
        "person_id": person.id,
        "person_name": person.name,
        "card_url": person.card_url,
        "authorised_by_name": cpc.name,
        "authorised_by_url": cpc.card_url,
    }

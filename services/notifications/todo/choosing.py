"""The tasks that a form over several of them offers: those that were chosen, or if none was, the first of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from services.notifications.todo.cards import NominalCard, lines
from services.notifications.todo.filtering import DONE, Wanted, order
from services.notifications.todo.models import TodoItem
from services.notifications.todo.rules import SAID_BY_PEOPLE
from services.notifications.todo.shown import mine, to_do_now
from shared.web import guard

MOST = 100
Named = tuple[str, str]


def open_ones(context: Mapping[str, Any] | None) -> list[Named]:
    """Also of those for whom one covers."""
    return _offered(context, to_do_now(guard.runtime().clocks.policy.today()), Wanted())


def closed_ones(context: Mapping[str, Any] | None) -> list[Named]:
    """Of what is done, what may come back."""
    back = and_(DONE, TodoItem.outcome.in_(SAID_BY_PEOPLE))
    return _offered(context, back, Wanted(show="done"))


def _offered(context: Mapping[str, Any] | None, else_: ColumnElement[bool], wanted: Wanted) -> list[Named]:
    runtime, chosen = guard.runtime(), _chosen(context)
    which = TodoItem.id.in_(chosen) if chosen else else_
    with runtime.database.session() as session:
        theirs = mine(session, guard.principal(), runtime.clocks.policy.today())
        found = select(TodoItem.id, TodoItem.title, TodoItem.detail, TodoItem.nominal_id).where(theirs, which)
        rows = session.execute(found.order_by(*order(wanted)).limit(MOST)).all()
    cards = lines(runtime, [row.nominal_id for row in rows if row.detail == "full"], guard.credential())
    return [(str(row.id), _called(row.title, cards.get(row.nominal_id))) for row in rows]


def _called(title: str, card: NominalCard | None) -> str:
    """With whom it is about: several may be called alike."""
    return f"{title}: {card.name}, {card.visor_number}" if card is not None and card.name else title


def _chosen(context: Mapping[str, Any] | None) -> Sequence[UUID]:
    values = (context or {}).get("values") or {}
    named = values.getlist("items") if hasattr(values, "getlist") else values.get("items") or []
    return [found for text in list(named)[:MOST] if (found := _id(str(text)))]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

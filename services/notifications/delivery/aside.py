"""The letters that are set aside, as the page and its form show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.delivery.models import Letter
from shared.directory import read_model
from shared.web import guard
from shared.web.display import when

MOST = 100
ASIDE = Letter.state == "aside"
CALLED = {
    "digest": "digest",
    "urgent": "urgent note",
    "changes": "word of a change",
    "unopened": "reminder of an unopened list",
}


def first_set_aside(session: Session) -> tuple[Sequence[Letter], dict[Any, read_model.PersonCard]]:
    """The oldest, and the cards of whom they are to."""
    found = select(Letter).where(ASIDE).order_by(Letter.ended_at, Letter.id).limit(MOST)
    letters = session.execute(found).scalars().all()
    people = [one.person_id for one in letters if one.person_id is not None]
    return letters, read_model.people(session, people)


def offered(_context: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """For the form: to whom, what, and since when."""
    with guard.runtime().database.session() as session:
        letters, names = first_set_aside(session)
    return [(str(one.id), _called(one, names)) for one in letters]


def _called(letter: Letter, names: Mapping[Any, read_model.PersonCard]) -> str:
    return f"{_to(letter, names)}: {CALLED[letter.kind]} of {when(letter.written_at)}"


def _to(letter: Letter, names: Mapping[Any, read_model.PersonCard]) -> str:
    card = names.get(letter.person_id)
    return card.name if card is not None else "Somebody without an account"

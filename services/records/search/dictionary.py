"""Keeps the dictionaries: every name that is written down has its surname and first forename in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.records.nominals.models import Name
from services.records.search.models import Forename, Surname
from services.records.search.spelling import deletions, first, normal


def enter(session: Session, names: Sequence[Name]) -> None:
    """Give these names their dictionary ids, in the transaction that saves them."""
    written = ((name.forenames, name.surname) for name in names)
    for name, (surname_id, forename_id) in zip(names, ids_of(session, list(written)), strict=True):
        name.surname_id, name.forename_id = surname_id, forename_id


def ids_of(session: Session, names: Sequence[tuple[str, str]]) -> list[tuple[int, int | None]]:
    """(surname id, forename id) of each (forenames, surname), in their order; new words are entered."""
    surnames = _ids(session, Surname, (normal(surname) for _, surname in names))
    forenames = _ids(session, Forename, (first(forenames) for forenames, _ in names))
    return [(surnames[normal(surname)], forenames.get(first(forename))) for forename, surname in names]


def _ids(session: Session, table: type[Surname | Forename], words: Iterable[str]) -> dict[str, int]:
    """In alphabetical order, so that two who enter the same words wait for each other rather than block."""
    wanted = sorted({word for word in words if word})
    if not wanted:
        return {}
    rows = [{"value": word, "deletions": deletions(word)} for word in wanted]
    session.execute(insert(table).values(rows).on_conflict_do_nothing())
    found = session.execute(select(table.value, table.id).where(table.value.in_(wanted)))
    return {row.value: row.id for row in found}

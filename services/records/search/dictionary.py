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
    surnames = _ids(session, Surname, (normal(name.surname) for name in names))
    forenames = _ids(session, Forename, (first(name.forenames) for name in names))
    for name in names:
        name.surname_id = surnames[normal(name.surname)]
        name.forename_id = forenames.get(first(name.forenames))


def _ids(session: Session, table: type[Surname | Forename], words: Iterable[str]) -> dict[str, int]:
    """In alphabetical order, so that two who enter the same words wait for each other rather than block."""
    wanted = sorted({word for word in words if word})
    if not wanted:
        return {}
    rows = [{"value": word, "deletions": deletions(word)} for word in wanted]
    session.execute(insert(table).values(rows).on_conflict_do_nothing())
    found = session.execute(select(table.value, table.id).where(table.value.in_(wanted)))
    return {row.value: row.id for row in found}

"""Finds nominals by what somebody knows of them, and gives their minimal lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause
from sqlalchemy.orm import Session

from services.records.access.standings import hidden_from
from services.records.nominals.models import Nominal
from services.records.search import statements
from services.records.search.nicknames import meant_by
from services.records.search.spelling import birth_dates, deletions, first, normal
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.read_model import card_url
from shared.reference.identifiers import recognise

# With fewer than this found by spelling and sound, names that merely look alike are added.
SHORT = 10


@dataclass(frozen=True)
class Wanted:
    """What is known of the person. `surname` and `forename` as typed; at least one of the first three is given."""

    number: str = ""
    surname: str = ""
    date_of_birth: date | None = None
    forename: str = ""
    year_of_birth: int | None = None


@dataclass(frozen=True)
class Cpc:
    person_id: UUID
    name: str
    telephone: str

    @property
    def card_url(self) -> str:
        return card_url(self.person_id)


@dataclass(frozen=True)
class Line:
    """The minimal line of a search, and nothing else (PF-7/Partner token.1).

    A record under Limited Access that the principal may not see is only there: who owns it, and its CPC.
    """

    owner_unit: str
    owner_name: str
    cpc: Cpc | None
    limited: bool = False
    nominal_id: UUID | None = None
    visor_number: str | None = None
    name: str | None = None
    year_of_birth: int | None = None


def find(session: Session, wanted: Wanted, today: date) -> list[UUID]:
    """The nominals that fit, best first, at most `statements.MOST`."""
    ranks: dict[UUID, float] = {}
    if wanted.number:
        _add(ranks, session.execute(statements.BY_NUMBER, _numbers(wanted.number, today)))
    values = _values(wanted)
    if wanted.date_of_birth:
        _add(ranks, session.execute(statements.BY_BIRTH, values))
    if values["surname"]:
        for statement in _by_name(values):
            if len(ranks) < SHORT or statement is not statements.BY_TRIGRAMS:
                _add(ranks, session.execute(statement, values))
    return sorted(ranks, key=lambda one: (ranks[one], str(one)))[: statements.MOST]


def lines(session: Session, principal: Principal, ids: list[UUID]) -> list[Line]:
    """The minimal lines of these nominals in this order, as far as the principal may know of them."""
    if not ids:
        return []
    rows = {row.id: row for row in session.execute(statements.LINES, {"ids": ids})}
    limited = [id for id, row in rows.items() if row.limited_access]
    hidden: set[UUID] = set()
    if limited:
        hidden = set(session.execute(hidden_from(principal).where(Nominal.id.in_(limited))).scalars())
    return [_line(session, rows[id], hidden=id in hidden) for id in ids if id in rows]


def _by_name(values: dict[str, Any]) -> tuple[TextClause, ...]:
    if not values["forename"]:
        return (statements.BY_SURNAME,)
    return (statements.BY_WHOLE_NAME, statements.BY_TRIGRAMS)


def _values(wanted: Wanted) -> dict[str, Any]:
    surname, forename = normal(wanted.surname), first(wanted.forename)
    born = wanted.date_of_birth
    return {
        "surname": surname,
        "surname_deletions": deletions(surname),
        "forename": forename,
        "forename_deletions": deletions(forename),
        "nicknames": sorted(meant_by(forename)),
        "year": born.year if born else wanted.year_of_birth,
        "born": born,
        "births": birth_dates(born) if born else [],
    }


def _numbers(number: str, today: date) -> dict[str, list[str]]:
    found = recognise(number, today)
    return {"kinds": [one.kind for one in found], "numbers": [one.value for one in found]}


def _add(ranks: dict[UUID, float], rows: Any) -> None:
    for row in rows:
        ranks[row.id] = min(float(row.rank), ranks.get(row.id, 1e9))


def _line(session: Session, row: Row[Any], *, hidden: bool) -> Line:
    cpc = Cpc(row.cpc_id, row.cpc_name, row.cpc_telephone) if row.cpc_id else _above(session, row.owner_unit)
    owner = (row.owner_unit, row.unit_name or row.owner_unit, cpc, row.limited_access)
    if hidden:
        return Line(*owner)
    name = f"{row.forenames} {row.surname}".strip()
    return Line(*owner, row.id, row.visor_number, name, row.born)


def _above(session: Session, unit: str) -> Cpc | None:
    """The nearest CPC above a unit whose own is vacant."""
    card = read_model.owning_cpc(session, unit)
    return Cpc(card.id, card.name, card.telephone) if card else None


# Of the ranks of BY_BIRTH: one name the same and the other much alike, or both nearly so.
_SAME = 1.9


def same_person(session: Session, wanted: Wanted) -> list[UUID]:
    """Who was born that day, or with day and month swapped, and is called nearly that: likely duplicates."""
    rows = session.execute(statements.BY_BIRTH, _values(wanted)).all()
    return [row.id for row in rows if float(row.rank) <= _SAME]

"""Finds nominals by what somebody knows of them, and gives their minimal lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.records.access.standings import hidden_among
from services.records.search import statements
from services.records.search.rules import birth_words, forename_given, name_words
from services.records.search.statements import PAGE, NameBy, statement
from services.records.search.wanted import Asked, Wanted, ready
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.read_model import card_url
from shared.work import Work

# With fewer than this found by spelling and sound, names that merely look alike are added.
SHORT = 10


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

    `archived`: nobody writes in it, and its CPC can bring it back (SC-17.12.2). A record under Limited Access that the
    principal may not see, or one with which they declared a conflict of interest, is only there: who owns it, and its
    CPC. `why` says how it is like what was asked for, and nothing that the asker did not say themselves.
    """

    owner_unit: str
    owner_name: str
    cpc: Cpc | None
    limited: bool = False
    archived: bool = False
    nominal_id: UUID | None = None
    visor_number: str | None = None
    name: str | None = None
    year_of_birth: int | None = None
    why: list[str] = field(default_factory=list)


def find(work: Work, wanted: Wanted, page: int = 1) -> tuple[list[Line], bool]:
    """The lines of this page, best first, and whether there are more; at most `PAGE`."""
    asked = ready(wanted, work.today, work.runtime.keys.of_owner(None))
    rows = _page(work, asked, page)
    shown = rows[:PAGE]
    hidden = _hidden(work.session, work.principal, shown) if any(map(_maybe_hidden, shown)) else set()
    # Only a vacant CPC costs the search a session.
    cpc = partial(_cpc, lambda: work.session)
    found = [_line(row, cpc(row), hidden=row.id in hidden, why=_why(asked, row)) for row in shown]
    return found, len(rows) > PAGE


def lines(session: Session, principal: Principal, ids: list[UUID]) -> list[Line]:
    """The minimal lines of these nominals in this order, as far as the principal may know of them."""
    if not ids:
        return []
    values = {"ids": ids, "who": principal.person_id}
    rows = {row.id: row for row in statements.LINES.all(session, values)}
    hidden = _hidden(session, principal, rows.values())
    cpc = partial(_cpc, lambda: session)
    return [_line(rows[id], cpc(rows[id]), hidden=id in hidden) for id in ids if id in rows]


def _page(work: Work, asked: Asked, page: int) -> list[Any]:
    """Whoever is only like the name follows those who are near it, where these are few; and whoever was born on quite
    another day, where nobody was born about then.
    """
    values = {**asked.values, "offset": (page - 1) * PAGE, "who": work.principal.person_id}
    how = {
        "birth": asked.wanted.date_of_birth is not None,
        "number": bool(values["numbers"]),
        "known": bool(asked.ways),
    }
    name = _name_by(values, dated=how["birth"])
    if not (name or any(how.values())):
        return []
    how["aged"] = values["year"] is not None  # a date has one, and no month is given without
    rows = work.rows(statement(name, **how), values)
    if name == "whole" and page == 1 and len(rows) < SHORT:
        return work.rows(statement("alike", **how), values)
    if name == "dated" and page == 1 and not rows:
        return work.rows(statement("surname", **how), values)
    return rows


def _name_by(values: dict[str, Any], *, dated: bool) -> NameBy:
    if not values["surname"]:
        return ""
    if values["forename"]:
        return "whole"
    return "dated" if dated else "surname"


def _hidden(session: Session, principal: Principal, rows: Iterable[Any]) -> set[UUID]:
    return hidden_among(session, principal, [row.id for row in rows if _maybe_hidden(row)])


def _maybe_hidden(row: Any) -> bool:
    return bool(row.limited_access or row.conflicted)


def _why(asked: Asked, row: Any) -> list[str]:
    wanted = asked.wanted
    words = ["same number"] if row.numbered else []
    if wanted.surname:
        words += name_words(row.code, forename=forename_given(wanted.forename))
    words += birth_words(
        row.date_of_birth,
        date_of_birth=wanted.date_of_birth,
        year=wanted.year_of_birth,
        month=wanted.month_of_birth,
    )
    return words + [asked.ways[way].says for way in sorted(row.ways or ())]


def _line(row: Any, cpc: Cpc | None, *, hidden: bool, why: list[str] | None = None) -> Line:
    owner = (row.owner_unit, row.unit_name or row.owner_unit, cpc, row.limited_access)
    if hidden:
        return Line(*owner)
    name = f"{row.forenames} {row.surname}".strip()
    return Line(
        *owner, row.status == "archived", row.id, row.visor_number, name, row.date_of_birth.year, why or []
    )


def _cpc(session: Callable[[], Session], row: Any) -> Cpc | None:
    """The owner's; the nearest above a unit whose own is vacant."""
    if row.cpc_id:
        return Cpc(row.cpc_id, row.cpc_name, row.cpc_telephone)
    card = read_model.owning_cpc(session(), row.owner_unit)
    return Cpc(card.id, card.name, card.telephone) if card else None

"""Units, agencies and people that forms offer by name. What is offered is no permission: the act itself decides."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from flask import g
from marshmallow import fields
from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from services.identity.accounts.models import RequestNominee
from services.identity.accounts.rules import NO_ACCOUNT_YET
from services.identity.estate.kinds import kinds
from services.identity.people.models import Agency, Person, Unit
from services.identity.scope import all_below, is_national
from shared.access.principal import Principal
from shared.declarations import Query
from shared.web import guard
from shared.web.forms import Choice, Finder
from shared.web.schemas import Answer, Input
from shared.work import Work

_GONE = (*NO_ACCOUNT_YET, "archived")
# How much of a word's trigrams a name must share with it, from this many letters on.
_ALIKE, _SHORTEST_ALIKE = 0.45, 4
_parent = aliased(Unit)

Find = Callable[[Work, str, int], Sequence[Choice]]


class _Wanted(Input):
    text = fields.String(required=True)
    most = fields.Integer(required=True)


def _asking(name: str, find: Find, *, audited: bool) -> Callable[[str, int], Sequence[Choice]]:
    """Asks once a request, as whoever fills the form; a search for people stands in the audit like any other."""

    def ask(text: str, most: int) -> Sequence[Choice]:
        key = (name, find, text, most)
        found = _asked().get(key)
        if found is None:
            given = {"text": text, "most": most}
            query = Query(name, _finding(find), "", _Wanted, Answer, audited=audited)
            found = _asked()[key] = guard.runtime().ask(query, guard.principal(), given)
        return found

    return ask


def _finding(find: Find) -> Callable[..., Sequence[Choice]]:
    def function(work: Work, *, text: str, most: int) -> Sequence[Choice]:
        found = find(work, text, most)
        work.concerns(count=len(found))
        return found

    return function


def _asked() -> dict[Hashable, Sequence[Choice]]:
    if "finders_asked" not in g:
        g.finders_asked = {}
    asked: dict[Hashable, Sequence[Choice]] = g.finders_asked
    return asked


def _units(*only: str, own: bool = False, nominee: bool = False) -> Find:
    """Open units, of these kinds if any are given. `own`: those that one's tokens, roles and post reach."""

    def find(work: Work, text: str, most: int) -> Sequence[Choice]:
        principal = work.principal
        found = (
            select(Unit, _parent.name)
            .outerjoin(_parent, _parent.code == Unit.parent)
            .where(or_(Unit.closed_on.is_(None), Unit.closed_on > work.today), *_named_so(text))
            .order_by(*_best_first(text, Unit.code, Unit.name), _near(principal), Unit.name, Unit.code)
        )
        if only:
            found = found.where(Unit.kind.in_(only))
        if own and not is_national(principal):
            found = found.where(Unit.code.in_(_reached(principal, nominee=nominee)))
        rows = work.session.execute(found.limit(most))
        return [Choice(unit.code, unit.name, _where(unit, parent)) for unit, parent in rows]

    return find


def _where(unit: Unit, parent: str | None) -> str:
    """What tells it from others of that name: “Probation delivery unit in West Yorkshire, pdu-N55LEE”."""
    kind = kinds()[unit.kind].name if unit.kind in kinds() else unit.kind
    return f"{kind}{f' in {parent}' if parent else ''}, {unit.code}"


def _reached(principal: Principal, *, nominee: bool) -> Any:
    held = {grant.unit for grant in principal.tokens | principal.roles} | principal.deputy_for
    reached = all_below(held | {principal.unit})
    if not nominee:
        return reached
    named = select(RequestNominee.unit).where(
        RequestNominee.person_id == principal.person_id, RequestNominee.ended_at.is_(None)
    )
    tree = named.cte("named", recursive=True)
    tree = tree.union(select(Unit.code).where(Unit.parent == tree.c.unit))
    return reached.union(select(tree.c.unit))


def _near(principal: Principal) -> ColumnElement[int]:
    """One's own first."""
    return case((Unit.code.in_(principal.areas) | Unit.parent.in_(principal.areas), 0), else_=1)


def _named_so(text: str) -> list[ColumnElement[bool]]:
    """Each word in its name, its code, or what it stands under; or in the name, spelt a little otherwise."""
    return [
        or_(
            *(each.icontains(word, autoescape=True) for each in (Unit.name, Unit.code, _parent.name)),
            _alike(word, Unit.name),
        )
        for word in text.split()
    ]


def _best_first(text: str, code: Any, name: Any) -> tuple[ColumnElement[int], ...]:
    wanted = text.lower()
    starts = name.istartswith(text, autoescape=True)
    return (case((func.lower(code) == wanted, 0), (func.lower(name) == wanted, 1), (starts, 2), else_=3),)


def _alike(word: str, name: Any) -> ColumnElement[bool]:
    if len(word) < _SHORTEST_ALIKE:
        return literal(False)
    return func.word_similarity(word, name) >= _ALIKE


def _agencies(work: Work, text: str, most: int) -> Sequence[Choice]:
    found = select(Agency).order_by(*_best_first(text, Agency.code, Agency.name), Agency.name)
    for word in text.split():
        fits = (each.icontains(word, autoescape=True) for each in (Agency.name, Agency.code))
        found = found.where(or_(*fits, _alike(word, Agency.name)))
    rows = work.session.execute(found.limit(most)).scalars()
    return [Choice(one.code, one.name, f"{one.kind.capitalize()}, {one.code}") for one in rows]


def _people(work: Work, text: str, most: int) -> Sequence[Choice]:
    """Whoever has an account that is not archived; who works where one works oneself comes first among equals."""
    if not text.strip():
        return []
    found = select(Person, Unit.name).join(Unit, Unit.code == Person.unit).where(Person.state.not_in(_GONE))
    for word in text.split():
        spelt = Person.name.icontains(word, autoescape=True) | Person.username.icontains(
            word, autoescape=True
        )
        found = found.where(spelt | _alike(word, Person.name))
    near = case((Person.unit == work.principal.unit, 0), else_=1)
    best = _best_first(text, Person.username, Person.name)
    rows = work.session.execute(found.order_by(*best, near, Person.name, Person.id).limit(most))
    return [Choice(one.username, one.name, f"{one.job_title}, {unit}, {one.username}") for one, unit in rows]


def _unit_finder(what: str, *only: str, own: bool = False, nominee: bool = False) -> Finder:
    find = _units(*only, own=own, nominee=nominee)
    return Finder(_asking("units.find", find, audited=False), what)


ANY_UNIT = _unit_finder("unit")
OWN_UNITS = _unit_finder("unit", own=True)
# Also of whoever the CPC named to ask for accounts.
NOMINATED_UNITS = _unit_finder("unit", own=True, nominee=True)
OWN_PRISONS = _unit_finder("prison", "prison", own=True)
AGENCIES = Finder(_asking("agencies.find", _agencies, audited=False), "agency")
PEOPLE = Finder(
    _asking("people.find", _people, audited=True),
    "person",
    "Part of their name, or their user name",
    listed=False,
)

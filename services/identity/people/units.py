"""The tree of units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import Session

from services.identity.people.models import Unit

_DEEPEST = 10  # the estate has three levels


def chain(code: str) -> Any:
    """The way up from a unit as a CTE (code, depth); a loop in the data ends it."""
    start = select(Unit.code, Unit.parent, literal(0).label("depth")).where(Unit.code == code)
    found = start.cte("chain", recursive=True)
    up = select(Unit.code, Unit.parent, (found.c.depth + 1).label("depth"))
    return found.union_all(up.where(Unit.code == found.c.parent, found.c.depth < _DEEPEST))


def above(session: Session, code: str) -> tuple[str, ...]:
    """The unit and every unit above it, nearest first."""
    way_up = chain(code)
    return tuple(session.execute(select(way_up.c.code).order_by(way_up.c.depth)).scalars())


def named_so(place: str) -> Select[Any]:
    """The codes of every unit with this in its name (or this code), and of all under them."""
    named = or_(Unit.name.icontains(place, autoescape=True), func.lower(Unit.code) == place.strip().lower())
    tree = select(Unit.code).where(named).cte("within", recursive=True)
    tree = tree.union(select(Unit.code).where(Unit.parent == tree.c.code))
    return select(tree.c.code)


def below(session: Session, codes: Iterable[str]) -> frozenset[str]:
    """These units and every unit under them."""
    tree = select(Unit.code).where(Unit.code.in_(list(codes))).cte("tree", recursive=True)
    tree = tree.union(select(Unit.code).where(Unit.parent == tree.c.code))
    return frozenset(session.execute(select(tree.c.code)).scalars())

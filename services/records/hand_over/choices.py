"""Who can take records over: active holders of either token in one's own area or force."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.web import guard

_person, _grant = DIRECTORY.person.c, DIRECTORY.grant.c
_TOKENS = ("manager", "supervisor")


def takers(_context: object = None) -> list[tuple[str, str]]:
    """By name, each with the tokens they hold."""
    known = guard.principal()
    top = known.areas[1] if len(known.areas) > 1 and known.agency_kind == "probation" else known.unit
    with Session(guard.runtime().database.reading) as session:
        units = read_model.below(session, top) or frozenset([known.unit])
        found = (
            select(_person.id, _person.name, _grant.name)
            .join(DIRECTORY.grant, _grant.person_id == _person.id)
            .where(_grant.name.in_(_TOKENS), _person.active, _person.unit.in_(units))
            .distinct()
            .order_by(_person.name, _person.id, _grant.name)
        )
        rows = session.execute(found).all()
    tokens: dict[tuple[str, str], list[str]] = {}
    for id, name, token in rows:
        tokens.setdefault((str(id), name), []).append(token)
    return [(id, f"{name} ({', '.join(held)})") for (id, name), held in tokens.items()]


def nothing(_context: object = None) -> list[tuple[str, str]]:
    """The records to choose from stand in the page's own table."""
    return []

"""Reading the directory: cards, units and who holds what, from the service's own database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from shared.directory.tables import DIRECTORY, DirectoryTables, tables

__all__ = [
    "CPC_DEPUTY",
    "DirectoryTables",
    "PersonCard",
    "UnitCard",
    "above",
    "below",
    "card_url",
    "holders",
    "members",
    "owning_cpc",
    "people",
    "person",
    "tables",
    "unit",
    "units",
]

DEEPEST = 10
# Who acts for the CPC of a unit while she is away, or there is none (PF-7/LPC.2): a role among the grants.
CPC_DEPUTY = "cpc_deputy"
_person, _grant, _unit = DIRECTORY.person, DIRECTORY.grant, DIRECTORY.unit
_CARD = (
    _person.c.id,
    _person.c.name,
    _person.c.job_title,
    _person.c.email,
    _person.c.telephone,
    _person.c.agency,
    _person.c.unit,
    _person.c.active,
)
_UNIT = (_unit.c.code, _unit.c.name, _unit.c.kind, _unit.c.parent, _unit.c.agency, _unit.c.jurisdiction)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A white-pages card (PF-7/white pages.1). Leavers keep theirs, with `active` false (PF-4.38.2)."""

    id: UUID
    name: str
    job_title: str
    email: str
    telephone: str
    agency: str
    unit: str
    active: bool

    @property
    def card_url(self) -> str:
        return card_url(self.id)


@dataclass(frozen=True, slots=True)
class UnitCard:
    """`kind` is region, mappa_area, delivery_unit, prison_group, prison, force or national; `parent` a unit's code."""

    code: str
    name: str
    kind: str
    parent: str | None
    agency: str
    jurisdiction: str


def card_url(person_id: UUID) -> str:
    """Where a person's card is, for every name shown anywhere (PF-7/white pages.4)."""
    return f"/identity/people/{person_id}"


def person(session: Session, person_id: UUID) -> PersonCard | None:
    """None for somebody whom identity has not told us of (yet)."""
    return people(session, [person_id]).get(person_id)


def people(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    """The cards of those known, in one query; leavers too."""
    wanted = list(dict.fromkeys(person_ids))
    if not wanted:
        return {}
    found = session.execute(select(*_CARD).where(_person.c.id.in_(wanted)))
    return {row.id: _card(row) for row in found}


def unit(session: Session, code: str) -> UnitCard | None:
    return units(session, [code]).get(code)


def units(session: Session, codes: Iterable[str]) -> dict[str, UnitCard]:
    """The units known among these, in one query."""
    found = session.execute(select(*_UNIT).where(_unit.c.code.in_(list(dict.fromkeys(codes)))))
    return {row.code: UnitCard(*row) for row in found}


def above(session: Session, code: str) -> tuple[str, ...]:
    """The unit and every unit above it, nearest first; empty for an unknown one."""
    chain = _chain(code)
    return tuple(session.execute(select(chain.c.code).order_by(chain.c.depth)).scalars())


def below(session: Session, code: str) -> frozenset[str]:
    """The unit and every unit under it."""
    tree = select(_unit.c.code).where(_unit.c.code == code).cte("tree", recursive=True)
    tree = tree.union(select(_unit.c.code).where(_unit.c.parent == tree.c.code))
    return frozenset(session.execute(select(tree.c.code)).scalars())


def holders(session: Session, name: str, unit_code: str) -> list[PersonCard]:
    """The active holders of a token or role at exactly this unit, by name."""
    return [_card(row) for row in session.execute(_holding(name).where(_grant.c.unit == unit_code))]


def members(session: Session, unit_code: str, token: str | None = None) -> list[PersonCard]:
    """The active users who belong to exactly this unit, by name; with `token`, those who hold it for any unit."""
    found = select(*_CARD).where(_person.c.unit == unit_code, _person.c.active)
    if token is not None:
        found = found.where(
            select(_grant.c.person_id)
            .where(_grant.c.person_id == _person.c.id, _grant.c.name == token)
            .exists()
        )
    return [_card(row) for row in session.execute(found.order_by(_person.c.name, _person.c.id))]


def owning_cpc(session: Session, unit_code: str) -> PersonCard | None:
    """The CPC nearest at or above a unit (PF-4.8, PF-5.4), or who deputises where there is none; None for nobody."""
    chain = _chain(unit_code)
    nearest = (
        select(*_CARD)
        .join(_grant, _grant.c.person_id == _person.c.id)
        .join(chain, chain.c.code == _grant.c.unit)
        .where(_grant.c.name.in_(("cpc", CPC_DEPUTY)), _person.c.active)
        .order_by(chain.c.depth, _grant.c.name, _person.c.name)
        .limit(1)
    )
    row = session.execute(nearest).first()
    return _card(row) if row else None


def _holding(name: str) -> Select[Any]:
    return (
        select(*_CARD)
        .join(_grant, _grant.c.person_id == _person.c.id)
        .where(_grant.c.name == name, _person.c.active)
        .order_by(_person.c.name, _person.c.id)
    )


def _chain(code: str) -> Any:
    """The way up from a unit as a CTE (code, depth); a loop in the data ends it."""
    start = select(_unit.c.code, _unit.c.parent, literal(0).label("depth")).where(_unit.c.code == code)
    chain = start.cte("chain", recursive=True)
    up = select(_unit.c.code, _unit.c.parent, (chain.c.depth + 1).label("depth"))
    return chain.union_all(up.where(_unit.c.code == chain.c.parent, chain.c.depth < DEEPEST))


def _card(row: Any) -> PersonCard:
    return PersonCard(*row)

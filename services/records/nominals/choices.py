"""What the create form offers: the units and people of the asking person's own agency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import String, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session

from services.records.nominals.followed import risk_is_signed
from services.records.nominals.models import Nominal
from services.records.nominals.rules import RISK_LEVELS
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.reference import mappa
from shared.web import guard
from shared.web.forms import Choice, Finder

_person, _grant, _unit = DIRECTORY.person, DIRECTORY.grant, DIRECTORY.unit
_above = _unit.alias("above")
_MANAGING = ("delivery_unit", "force", "national")


def find_units(text: str, most: int) -> list[Choice]:
    """The units of one's agency that can manage a person: whatever is called just so, then those of one's own area."""
    known = guard.principal()
    here = (_unit.c.code == known.unit) | _unit.c.parent.in_(known.areas)
    just_so = (func.lower(_unit.c.code) == text.lower()) | (func.lower(_unit.c.name) == text.lower())
    found = (
        select(_unit.c.code, _unit.c.name, _above.c.name)
        .outerjoin(_above, _above.c.code == _unit.c.parent)
        .where(_unit.c.agency == known.agency, _unit.c.kind.in_(_MANAGING))
        .order_by(just_so.desc(), here.desc(), _unit.c.name)
    )
    for word in text.split():
        named = (
            each.icontains(word, autoescape=True) for each in (_unit.c.name, _unit.c.code, _above.c.name)
        )
        found = found.where(or_(*named))
    with Session(guard.runtime().database.reading) as session:
        rows = session.execute(found.limit(most)).all()
    return [Choice(code, name, f"In {area}, {code}" if area else code) for code, name, area in rows]


UNITS = Finder(find_units, "unit")


def categories(_context: object = None) -> list[tuple[str, str, str]]:
    """Only those that one's own agency may own, in the set of one's own jurisdiction (PF-4.9, SC-17.4.6)."""
    owned = mappa.categories_owned(_jurisdiction(), guard.principal().agency_kind)
    return [(row.code, row.name, row.meaning) for row in owned]


def lead_agencies(context: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """Those of Scotland, to its users and for its records; elsewhere there is none, so none is asked for."""
    values = (context or {}).get("values") or {}
    now = mappa.categories().get(str(values.get("category") or ""))
    of_scotland = now is not None and now.used_in == mappa.SCOTLAND
    return list(mappa.lead_agencies().items()) if of_scotland or _jurisdiction() == "SCT" else []


def _jurisdiction() -> str:
    with Session(guard.runtime().database.reading) as session:
        unit = read_model.unit(session, guard.principal().unit)
    return unit.jurisdiction if unit else "ENG"


def categories_of_record(context: Mapping[str, Any] | None = None) -> list[tuple[str, str, str]]:
    """What a record may become without a change of owner, and what it is now."""
    values = (context or {}).get("values") or {}
    now = mappa.categories().get(str(values.get("category") or ""))
    offered = categories()
    if now is not None and now.code not in {code for code, _, _ in offered}:
        offered.append((now.code, now.name, now.meaning))
    return offered


def offender_managers(context: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """Active POMs and practitioners of one's own unit, and whoever it is now, so that saving keeps them."""
    shown = (context or {}).get("values") or request.form
    role = select(_grant.c.person_id).where(_grant.c.name.in_(("pom", "practitioner")))
    own = _person.c.active & (_person.c.unit == guard.principal().unit) & _person.c.id.in_(role)
    now = _id_in(shown.get("offender_manager_id"))
    found = select(_person.c.id, _person.c.name).where(own | (_person.c.id == now)).order_by(_person.c.name)
    return _read(found)


def risk_levels(_context: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """Every level; only the one that stands where it goes by an assessment that is signed off."""
    nominal_id = (request.view_args or {}).get("nominal_id")
    with Session(guard.runtime().database.reading) as session:
        if isinstance(nominal_id, UUID) and risk_is_signed(session, nominal_id):
            level = session.execute(select(Nominal.risk_level).where(Nominal.id == nominal_id)).scalar()
            return [(code, words) for code, words in RISK_LEVELS.items() if code == level]
    return list(RISK_LEVELS.items())


def _id_in(typed: object) -> UUID | None:
    try:
        return UUID(str(typed))
    except ValueError:
        return None


def _holders(token: str) -> Callable[[str, int], list[Choice]]:
    """Active holders of the token in one's own unit or one under the same area, those of one's own unit first."""

    def find(text: str, most: int) -> list[Choice]:
        known = guard.principal()
        area = known.areas[1] if len(known.areas) > 1 else known.unit
        near = (_unit.c.parent == area) | _unit.c.code.in_([area, known.unit])
        held = select(_grant.c.person_id).where(_grant.c.person_id == _person.c.id, _grant.c.name == token)
        words = (_person.c.name.icontains(word, autoescape=True) for word in text.split())
        id = cast(_person.c.id, String)
        found = (
            select(id, _person.c.name, _unit.c.name)
            .join(_unit, _unit.c.code == _person.c.unit)
            .where(_person.c.active, near, held.exists(), or_(and_(true(), *words), id == text))
            .order_by(_person.c.unit != known.unit, _person.c.name, _person.c.id)
        )
        with Session(guard.runtime().database.reading) as session:
            return [Choice(*row) for row in session.execute(found.limit(most))]

    return find


MANAGERS = Finder(_holders("manager"), "manager", "Part of their name", coded=False)
SUPERVISORS = Finder(_holders("supervisor"), "supervisor", "Part of their name", coded=False)


def _read(statement: object) -> list[tuple[str, str]]:
    with Session(guard.runtime().database.reading) as session:
        return [(str(value), text) for value, text in session.execute(statement)]  # type: ignore[call-overload]

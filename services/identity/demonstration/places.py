"""Choosing where one sits, and reading the codes of this moment: for demonstrations only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.demonstration.models import DemonstrationPart
from services.identity.people.models import Person, Unit
from services.identity.people.units import below
from services.identity.sign_in.models import Credential
from services.identity.sign_in.shown_codes import shown_code
from services.identity.terminals.models import NetworkRange, Terminal
from shared.refusals import NotFound
from shared.work import Work


@dataclass(frozen=True)
class CastLine:
    """Somebody one can be, where they usually sit, and their code of this moment.

    `seat` is the building: a prison group's people use a terminal of one of its prisons (PF-6.4.1).
    """

    name: str
    username: str
    job_title: str
    unit_name: str
    seat: str
    part: str
    code: str


def only_in_demonstration(work: Work) -> None:
    """Raises NotFound in every other database."""
    if not work.runtime.demonstration:
        raise NotFound


def place_cookie(work: Work, unit: str, network: str, terminal: str) -> str:
    """Terminal and network, with a dot between, for what was chosen; raises NotFound for an unknown building."""
    only_in_demonstration(work)
    if work.session.get(Unit, unit) is None:
        raise NotFound
    return f"{_terminal(work.session, unit, terminal)}.{_network(work.session, unit, network)}"


def cast(work: Work) -> list[CastLine]:
    """The people of the story, in its order."""
    only_in_demonstration(work)
    order = select(Person).join(DemonstrationPart, DemonstrationPart.person_id == Person.id)
    found = work.session.execute(order.order_by(DemonstrationPart.position)).scalars().all()
    parts = {row.person_id: row.part for row in work.session.execute(select(DemonstrationPart)).scalars()}
    return [_line(work, person, parts.get(person.id, "")) for person in found]


def line_of(work: Work, username: str) -> CastLine | None:
    """Anybody else, by user name."""
    only_in_demonstration(work)
    person = work.session.execute(
        select(Person).where(Person.username == username.strip().lower())
    ).scalar_one_or_none()
    return None if person is None else _line(work, person, "")


def buildings(work: Work) -> Sequence[Unit]:
    """Every unit that has a network, by name."""
    has_network = select(NetworkRange.unit).distinct()
    return (
        work.session.execute(select(Unit).where(Unit.code.in_(has_network)).order_by(Unit.name))
        .scalars()
        .all()
    )


def _line(work: Work, person: Person, part: str) -> CastLine:
    credential = work.session.get(Credential, person.id)
    code = ""
    if credential is not None:
        code = shown_code(work, credential)
    unit = work.session.get_one(Unit, person.unit)
    seat = min(below(work.session, [unit.code]) - {unit.code}) if unit.kind == "prison_group" else unit.code
    return CastLine(person.name, person.username, person.job_title, unit.name, seat, part, code)


def _terminal(session: Session, unit: str, terminal: str) -> str:
    if terminal == "none":
        return ""
    is_approved = Terminal.status == "approved" if terminal == "approved" else Terminal.status != "approved"
    found = session.execute(
        select(Terminal.id).where(Terminal.unit == unit, is_approved).order_by(Terminal.asset_tag).limit(1)
    ).scalar()
    return str(found or "")


def _network(session: Session, unit: str, network: str) -> str:
    found = session.execute(
        select(NetworkRange.id).where(NetworkRange.unit == unit, NetworkRange.kind == network)
    ).scalar()
    return str(found or "")

"""What must hold of a deployment's beginning. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from services.identity.bootstrap.shapes import Beginning, FirstPerson
from services.identity.buildings.rules import parse

# Who appoints the CPC of a unit of this kind (PF-4.8/t.4, PF-5.1).
HEADS: Mapping[str, str] = {
    "mappa_area": "head_of_public_protection",
    "force": "head_of_public_protection",
    "prison_group": "prison_group_director",
}
_USERNAME = re.compile(r"[a-z0-9][a-z0-9.\-']{2,79}")


def problems(given: Beginning, units: Mapping[str, tuple[str, str | None]], today: date) -> Iterator[str]:
    """`units` are the open ones by code: kind, and the unit above. In sentences for the operator."""
    people = {"administrator": given.administrator, "head": given.head, "cpc": given.cpc}
    if len({person.username for person in people.values()}) < len(people):
        yield "administrator, head and cpc must be three people: nobody appoints or approves themselves (R23)"
    for name, person in people.items():
        yield from (f"{name}: {said}" for said in _person_problems(person, units, today))
    try:
        parse(given.network)
    except ValueError as wrong:
        yield f"network: {wrong}"
    yield from _appointments(given, units)
    yield from _terminal(given, units)


def _person_problems(
    person: FirstPerson, units: Mapping[str, tuple[str, str | None]], today: date
) -> Iterator[str]:
    if not _USERNAME.fullmatch(person.username):
        yield "the user name has small letters, digits, dots and hyphens, at least three of them"
    if "@" not in person.email:
        yield f"{person.email} is no e-mail address"
    if person.vetting_expires_on <= today:
        yield "vetting has expired"
    if person.unit not in units:
        yield f"there is no open unit {person.unit}: load the estate first (visor estate load FILE)"


def _appointments(given: Beginning, units: Mapping[str, tuple[str, str | None]]) -> Iterator[str]:
    kind = units.get(given.head.unit, ("", None))[0]
    if given.head.unit in units and kind not in HEADS:
        yield f"head: the unit is a {' or '.join(sorted(HEADS))}, not a {kind}"
    if given.cpc.unit != given.head.unit:
        yield "cpc: the first CPC is of the head’s own unit, who appoints them"
    if kind == "prison_group" and not given.cpc.cpc_training_reference:
        yield "cpc: a prison group’s CPC needs the CPC course (cpc_training_reference)"


def _terminal(given: Beginning, units: Mapping[str, tuple[str, str | None]]) -> Iterator[str]:
    """Where a prison group begins nobody could sign in to approve the first terminal."""
    group = units.get(given.head.unit, ("", None))[0] == "prison_group"
    if given.terminal is None:
        if group:
            yield "terminal: a prison group begins with its first terminal"
        return
    kind, above = units.get(given.terminal.unit, ("", None))
    if kind != "prison":
        yield f"terminal: {given.terminal.unit} is no open prison"
    elif group and above != given.head.unit:
        yield f"terminal: {given.terminal.unit} is no prison of {given.head.unit}"

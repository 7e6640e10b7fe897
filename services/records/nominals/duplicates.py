"""Is this person on the register already? Asked before anybody is added (R18, PF-4.16m.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from math import log2
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from services.records.access.contacts import owning_cpc
from services.records.nominals.candidates import CANDIDATES
from services.records.nominals.likeness import Called, Facts, likeness
from services.records.nominals.models import Identifier
from services.records.search.finding import Line, lines
from services.records.search.known import hashes
from services.records.search.parts import sought
from services.records.search.spelling import birth_variants, deletions, first, normal
from shared.refusals import Refusal
from shared.work import Work

_KINDS = {"pnc": "PNC", "cro": "CRO", "noms": "NOMS number", "crn": "CRN"}
NAME_AND_BIRTH = "name and date of birth"
# Of so many names (stack: three for each of 200,000) one surname surprises the more, the fewer bear it.
_NAMES, _COMMONEST, _RAREST = 600_000, 5.0, 10.0
SHOWN = 5


@dataclass(frozen=True)
class Person:
    """Who is to be added: (forenames, surname) of each name, the main one first."""

    names: tuple[tuple[str, str], ...]
    date_of_birth: date
    numbers: Mapping[str, str]
    address: str = ""


@dataclass(frozen=True)
class Likely:
    """Somebody who may be the same person. Of a record hidden from who asks, neither score nor reasons are said."""

    line: Line
    score: int | None
    reasons: tuple[str, ...]


def refuse_same_number(work: Work, numbers: Mapping[str, str]) -> None:
    """Raises R18 where one of these numbers is somebody's already: no reason helps, a number is one person's."""
    pairs = list(numbers.items())
    here = tuple_(Identifier.kind, Identifier.value).in_(pairs)
    found = (
        work.session.execute(select(Identifier.kind, Identifier.nominal_id).where(here)).first()
        if pairs
        else None
    )
    if found is not None:
        raise exists_already(work, _KINDS[found.kind], [found.nominal_id])


def refuse_likely(work: Work, person: Person) -> None:
    """Raises R18 with those who may be the same person, the likeliest first, their scores and the reasons."""
    found = likely(work, person)
    if found:
        raise _refusal(work, NAME_AND_BIRTH, found)


def likely(work: Work, person: Person, passed_over: Collection[UUID] = ()) -> list[Likely]:
    """Whoever is like this person by as much as policy says, the likeliest first, at most `SHOWN`."""
    rows = [row for row in _candidates(work, person) if row.id not in passed_over]
    names = [(called.forenames, called.surname) for called in _called(person.names)]
    asked = Facts(tuple(Called(*name) for name in names), person.date_of_birth, person.numbers)
    least = work.policy.number("duplicates.score", work.today)
    scored = [(likeness(asked, _facts(row), rarity=_rarity(row.bearers)), row.id) for row in rows]
    best = sorted((one for one in scored if one[0].score >= least), key=lambda one: -one[0].score)[:SHOWN]
    by_id = {id: found for found, id in best}
    return [_shown(line, by_id[id]) for id, line in _lines(work, [id for _, id in best])]


def exists_already(work: Work, match: str, ids: list[UUID]) -> Refusal:
    """R18 with the ViSOR numbers that the principal may know, and the owning CPC of the first."""
    return _refusal(work, match, [Likely(line, None, ()) for _, line in _lines(work, ids[:SHOWN])])


def _refusal(work: Work, match: str, found: Sequence[Likely]) -> Refusal:
    return Refusal(
        "R18",
        match=match,
        id=", ".join(one.line.visor_number or "a record to which access is limited" for one in found),
        contact=owning_cpc(work, found[0].line.owner_unit),
        more={"likely": [asdict(one) for one in found]},
    )


def _lines(work: Work, ids: list[UUID]) -> Iterable[tuple[UUID, Line]]:
    return zip(ids, lines(work.session, work.principal, ids), strict=True)


def _shown(line: Line, found: Any) -> Likely:
    if line.nominal_id is None:
        return Likely(line, None, ())
    return Likely(line, found.score, found.reasons)


def _candidates(work: Work, person: Person) -> list[Any]:
    forenames, surname = person.names[0]
    ways = sought("address", person.address) if person.address else []
    key = work.runtime.keys.of_owner(None)
    values = {
        "surname": normal(surname),
        "surname_deletions": deletions(normal(surname)),
        "forename": first(forenames),
        "forename_deletions": deletions(first(forenames)),
        "others": sorted({normal(alias) for _, alias in person.names[1:]}),
        "births": birth_variants(person.date_of_birth),
        "ranks": [float(way.rank) for way in ways],
        "firsts": hashes(key, [way.parts[0] for way in ways]),
        "seconds": hashes(key, [way.parts[-1] for way in ways]),
    }
    return work.rows(CANDIDATES, values)


def _called(names: Iterable[tuple[str, str]]) -> list[Called]:
    return [Called(forenames, surname) for forenames, surname in names if surname.strip()]


def _facts(row: Any) -> Facts:
    return Facts(
        tuple(Called(*name) for name in row.names),
        row.date_of_birth,
        dict(row.numbers or ()),
        row.address_rank,
    )


def _rarity(bearers: int) -> float:
    return min(_RAREST, max(_COMMONEST, log2(_NAMES / max(1, bearers))))

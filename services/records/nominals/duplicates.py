"""Is this person on the register already? Asked before anybody is added (R18, PF-4.16m.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_

from services.records.access.contacts import owning_cpc
from services.records.nominals.models import Identifier
from services.records.search.finding import Line, Wanted, lines, same_person
from shared.refusals import Refusal
from shared.work import Work

_KINDS = {"pnc": "PNC", "cro": "CRO", "noms": "NOMS number", "crn": "CRN"}
NAME_AND_BIRTH = "name and date of birth"


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


def refuse_same_name(work: Work, surname: str, forenames: str, date_of_birth: date) -> None:
    """Raises R18 where somebody of nearly this name was born that day (or with day and month swapped)."""
    found = same_person(
        work.session, Wanted(surname=surname, forename=forenames, date_of_birth=date_of_birth)
    )
    if found:
        raise exists_already(work, NAME_AND_BIRTH, found)


def exists_already(work: Work, match: str, ids: list[UUID]) -> Refusal:
    """R18 with the ViSOR numbers that the principal may know, and the owning CPC of the first."""
    known = lines(work.session, work.principal, ids[:5])
    first = known[0]
    return Refusal(
        "R18",
        match=match,
        id=", ".join(_said(line) for line in known),
        contact=owning_cpc(work, first.owner_unit),
    )


def _said(line: Line) -> str:
    return line.visor_number or "a record to which access is limited"

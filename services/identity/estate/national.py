"""The estate of the country as it comes with the suite: a file to begin with, which an operator corrects and loads."""

from __future__ import annotations

from collections.abc import Iterator

from services.identity.directory import log
from services.identity.estate import NATIONAL
from services.identity.estate.shapes import AgencyRow, Estate, UnitRow
from services.identity.people.models import Agency, Unit
from shared.reference.estate import agencies, estate_units, prisons
from shared.work import Work

HOME = "home-office"
HEADQUARTERS = "hmpps-hq"
# Types of the prison register: youth custody service and secure training centre.
_UNDER_18 = frozenset({"YCS", "STC"})


def national_estate() -> Estate:
    """Agencies and units; buildings and networks are each deployment's own."""
    every = [*_units(), UnitRow(NATIONAL, "National", "national", None, HOME, "ENG")]
    every.append(UnitRow(HEADQUARTERS, "HMPPS headquarters", "headquarters", None, "prison-service", "ENG"))
    return Estate(
        {one.code: AgencyRow(one.code, one.name, one.kind) for one in agencies()},
        {one.code: one for one in every},
    )


def ensure_home(work: Work) -> None:
    """The one unit that must be there before any file: where the first administrator belongs."""
    if work.session.get(Agency, HOME) is None:
        work.session.add(Agency(code=HOME, name="Home Office", kind="national"))
        work.session.flush()
    made = []
    for code, name in ((HOME, "Home Office"), (NATIONAL, "National")):
        if work.session.get(Unit, code) is None:
            work.session.add(Unit(code=code, name=name, kind="national", agency=HOME, jurisdiction="ENG"))
            made.append(code)
    work.session.flush()
    log.changed(work, units=made)


def _units() -> Iterator[UnitRow]:
    registered = {f"prison-{prison.code}": prison for prison in prisons()}
    for unit in estate_units():
        prison = registered.get(unit.code)
        yield UnitRow(
            unit.code,
            unit.name,
            unit.kind,
            unit.parent,
            unit.agency,
            unit.jurisdiction,
            contracted=prison.contracted if prison else False,
            under_18=prison.type in _UNDER_18 if prison else False,
        )

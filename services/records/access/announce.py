"""Telling the other services who stands how to a nominal: the whole picture, in chunks, one set for each agency."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from services.records.access.concerned import concerned
from services.records.access.models import Partnership
from services.records.access.record import Record
from services.records.nominals.models import Nominal
from shared.events.records import STANDING_CHANGED
from shared.work import NOBODY, Concerned, Work

CHUNK = 400


def announce_standings(work: Work, record: Record) -> int:
    """Emit the picture after a change of it; returns the nominal's new standing version.

    An agency's events hold its own people only, and their chunks are numbered for it alone.
    """
    nominal = work.session.get_one(Nominal, record.id)
    nominal.standing_version += 1
    work.session.flush()
    standing = sorted(set(_standing(work, record)), key=lambda one: (one.agency, one.role, one.person_id))
    by_agency = {agency: list(them) for agency, them in groupby(standing, key=lambda one: one.agency)}
    for agency, them in ({record.owner_agency: []} | by_agency).items():
        _announce(work, record.id, agency, them, nominal.standing_version)
    return nominal.standing_version


def standing_agencies(work: Work, record: Record) -> list[str]:
    """The agencies that have anybody standing to the record: those that keep a picture of it."""
    partners = select(Partnership.agency).where(Partnership.nominal_id == record.id, Partnership.ended_at.is_(None))
    return sorted({record.owner_agency, *work.session.execute(partners.distinct()).scalars()})


def _standing(work: Work, record: Record) -> Iterator[Concerned]:
    yield from (one for one in concerned(work, record) if one.person_id != NOBODY)
    partners = select(Partnership.person_id, Partnership.unit, Partnership.agency)
    for row in work.session.execute(
        partners.where(Partnership.nominal_id == record.id, Partnership.ended_at.is_(None))
    ):
        yield Concerned(row.person_id, "partner", row.unit, row.agency)


def _announce(work: Work, nominal_id: UUID, agency: str, them: list[Concerned], version: int) -> None:
    chunks = [them[start : start + CHUNK] for start in range(0, len(them), CHUNK)] or [[]]
    for number, chunk in enumerate(chunks, start=1):
        data = {
            "nominal_id": nominal_id,
            "chunk": number,
            "chunks": len(chunks),
            "version": version,
            "standings": [{"person_id": one.person_id, "standing": one.role} for one in chunk],
        }
        work.emit(STANDING_CHANGED, data, aggregate=("standing", nominal_id), agencies=[agency])

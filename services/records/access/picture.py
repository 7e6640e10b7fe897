"""Tells notifications who stands how to a nominal, whenever that has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from uuid import UUID

from sqlalchemy import select, update

from services.records.access.concerned import concerned
from services.records.access.models import Conflict, Listed, Partnership
from services.records.access.record import Record
from services.records.access.rules import MERGED
from services.records.nominals.models import Nominal
from shared.directory import read_model
from shared.events.records.access import STANDING_CHANGED
from shared.work import NOBODY, Work

CHUNK = 500
Stand = tuple[UUID, str]


def standing_changed(work: Work, record: Record) -> int:
    """Emit the whole picture under a new standing version, which it returns.

    An agency's people go in chunks of their own, so that no agency learns of another's; one of whom nobody stands any
    more is told so with an empty chunk. `chunk` and `chunks` count over all of them. Call it after the change is in the
    session; it flushes.
    """
    work.session.flush()
    version = _next_version(work, record.id)
    closed = closed_by_conflict(work, [record.id])
    parts = [
        part for agency, stands in whole_picture(work, record).items() for part in _chunks(agency, stands)
    ]
    for number, (agency, standings) in enumerate(parts, 1):
        data = {
            "nominal_id": record.id,
            "chunk": number,
            "chunks": len(parts),
            "version": version,
            "standings": standings,
            "limited": record.limited_access,
            "closed": closed.get((record.id, agency), []),
        }
        work.emit(STANDING_CHANGED, data, aggregate=("nominal", record.id), agencies=[agency])
    return version


def whole_picture(work: Work, record: Record) -> dict[str, list[Stand]]:
    """(person, standing) for each agency with somebody who stands to the record, or ever was a partner of it.

    And for each of which somebody ever declared a conflict of interest: its chunk says to whom the record is closed.
    """
    picture: dict[str, list[Stand]] = {}
    for agency, person_id, standing in sorted(
        _stands(work, record), key=lambda one: [str(part) for part in one]
    ):
        picture.setdefault(agency, []).append((person_id, standing))
    others = [*_ever_partnered(work, record.id), *_ever_conflicted(work, record.id)]
    return picture | {agency: [] for agency in others if agency not in picture}


def _next_version(work: Work, nominal_id: UUID) -> int:
    raised = (
        update(Nominal).where(Nominal.id == nominal_id).values(standing_version=Nominal.standing_version + 1)
    )
    return int(
        work.session.execute(
            raised.returning(Nominal.standing_version), execution_options={"synchronize_session": False}
        ).scalar_one()
    )


def _stands(work: Work, record: Record) -> Iterator[tuple[str, UUID, str]]:
    """(agency, person, standing) for the holders of the record's roles and every partner, but those it is closed to.

    To a record that was merged into another nobody stands.
    """
    if record.status == MERGED:
        return
    closed = _closed_to(work, record)
    for one in concerned(work, record):
        if one.person_id != NOBODY and not closed(one.person_id, one.role):
            yield one.agency, one.person_id, one.role
    rows = work.session.execute(
        select(Partnership.agency, Partnership.person_id).where(
            Partnership.nominal_id == record.id, Partnership.ended_at.is_(None)
        )
    ).all()
    known = read_model.people(work.session, [row.person_id for row in rows])
    for row in rows:
        card = known.get(row.person_id)
        if (card is None or card.active) and not closed(row.person_id, "partner"):
            yield row.agency, row.person_id, "partner"


def _closed_to(work: Work, record: Record) -> Callable[[UUID, str], bool]:
    """As `rules.standings_of` has it: by a conflict of interest, or by Limited Access to whoever is not on its list."""
    conflicted = {one for people in closed_by_conflict(work, [record.id]).values() for one in people}
    listed = set(
        work.session.execute(select(Listed.person_id).where(Listed.nominal_id == record.id)).scalars()
    )

    def closed(person_id: UUID, standing: str) -> bool:
        return person_id in conflicted or (
            record.limited_access and standing != "cpc" and person_id not in listed
        )

    return closed


def closed_by_conflict(work: Work, nominal_ids: Collection[UUID]) -> dict[tuple[UUID, str], list[UUID]]:
    """Of each (nominal, agency): who declared a conflict of interest that holds."""
    found = select(Conflict.nominal_id, Conflict.agency, Conflict.person_id).where(
        Conflict.nominal_id.in_(nominal_ids), Conflict.ended_at.is_(None)
    )
    closed: dict[tuple[UUID, str], list[UUID]] = {}
    for nominal_id, agency, person_id in work.session.execute(found.order_by(Conflict.person_id).distinct()):
        closed.setdefault((nominal_id, agency), []).append(person_id)
    return closed


def _ever_conflicted(work: Work, nominal_id: UUID) -> list[str]:
    agencies = select(Conflict.agency).where(Conflict.nominal_id == nominal_id).distinct()
    return list(work.session.execute(agencies.order_by(Conflict.agency)).scalars())


def _ever_partnered(work: Work, nominal_id: UUID) -> list[str]:
    """The agencies that have, or had, a partner of this nominal; whoever manages it is of the owner's."""
    agencies = select(Partnership.agency).where(Partnership.nominal_id == nominal_id).distinct()
    return list(work.session.execute(agencies.order_by(Partnership.agency)).scalars())


def _chunks(agency: str, stands: list[Stand]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """At least one, so that an agency of which nobody stands any more is told so."""
    told: list[dict[str, object]] = [
        {"person_id": person, "standing": standing} for person, standing in stands
    ]
    for start in range(0, len(told) or 1, CHUNK):
        yield agency, told[start : start + CHUNK]

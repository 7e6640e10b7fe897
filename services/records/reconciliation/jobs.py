"""The night's statement: what the records say now, computed as it is whenever something changes.

A message that was lost, and a point of contact whom the directory has replaced since, both show as a difference at the
other end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.picture import closed_by_conflict, whole_picture
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import occasions
from services.records.reconciliation.models import Stating
from services.records.service import service
from shared.events.records.reconciliation import (
    OCCASIONS,
    STANDINGS_STATED,
    closed_digest,
    standing_digest,
)
from shared.ids import derived_id
from shared.reconciliation.nightly import TASK, Nightly, State, state_occasions
from shared.work import NOBODY, Work

NOMINALS = 100


def _parts() -> Iterator[tuple[str, State]]:
    yield "standings", _state_standings
    unit = service.tables.directory.unit.c
    yield from state_occasions(OCCASIONS, occasions(), unit.code, unit.agency)


_NIGHTLY = Nightly(Stating, _parts)
state_some = _NIGHTLY.state_some


@service.each_tick
def begin_at_night(work: Work) -> None:
    _NIGHTLY.begin(work)


@service.task(TASK, step=state_some)
def stated(work: Work, payload: Mapping[str, Any]) -> None:
    """All is said."""


def _state_standings(work: Work, after: UUID | None) -> UUID | None:
    some = select(Nominal.id).where(Nominal.id > (after or NOBODY)).order_by(Nominal.id).limit(NOMINALS)
    ids = work.session.execute(some).scalars().all()
    closed = closed_by_conflict(work, ids)
    by_agency: dict[str, list[dict[str, Any]]] = {}
    for nominal_id in ids:
        record = facts(work, nominal_id)
        for agency, stands in whole_picture(work, record).items():
            said: dict[str, Any] = {"nominal_id": nominal_id, "version": record.standing_version}
            said["people"] = len(stands)
            said |= {"digest": standing_digest(stands), "limited": record.limited_access}
            said["closed"] = closed_digest(closed.get((nominal_id, agency), []))
            by_agency.setdefault(agency, []).append(said)
    for agency, nominals in by_agency.items():
        data = {"stated_at": work.now, "nominals": nominals}
        work.emit(
            STANDINGS_STATED, data, aggregate=("agency", derived_id("agency", agency)), agencies=[agency]
        )
    return ids[-1] if len(ids) == NOMINALS else None

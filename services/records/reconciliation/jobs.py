"""The night's statement, some at once, each part committed by itself; one that was interrupted goes on where it was.

What is stated is what the records say now, computed as it is whenever something changes: a message that was lost, and a
point of contact whom the directory has replaced since, both show as a difference at the other end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import facts
from services.records.access.picture import whole_picture
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import Occasion, occasions
from services.records.reconciliation.models import Stating
from services.records.service import service
from shared.directory import read_model
from shared.events.records.reconciliation import OCCASIONS_STATED, STANDINGS_STATED, standing_digest
from shared.ids import derived_id
from shared.time.calendars import london
from shared.work import NOBODY, Work

TASK, NIGHT_HOUR = "reconciliation.state", 2
STANDINGS = "standings"
NOMINALS, SUBJECTS = 100, 500
_ASKED_FOR = "reconciliation.asked_for"


@service.each_tick
def begin_at_night(work: Work) -> None:
    """Once for each night, at two in the morning or as soon after as somebody ticks."""
    night = work.today
    if work.runtime.extras.get(_ASKED_FOR) == night or work.now < night_hour(night):
        return
    work.enqueue(TASK, {"night": night.isoformat()}, key=night.isoformat())
    work.runtime.extras[_ASKED_FOR] = night


def night_hour(night: date) -> datetime:
    """When the night's work begins."""
    return london(night, datetime.min.time().replace(hour=NIGHT_HOUR))


def state_some(work: Work, payload: Mapping[str, Any]) -> bool:
    """The next part of the night's statement; false once all is said."""
    night = date.fromisoformat(payload["night"])
    for of in (STANDINGS, *(one.fact for one in occasions())):
        stating = _stating(work, of, night)
        if stating.night == night and stating.finished_at is None:
            _state(work, stating)
            return True
    return False


@service.task(TASK, step=state_some)
def stated(work: Work, payload: Mapping[str, Any]) -> None:
    """All is said."""


def _stating(work: Work, of: str, night: date) -> Stating:
    """Its row, locked, and begun anew where it is another night's."""
    row = insert(Stating).values(of=of, night=night)
    work.session.execute(row.on_conflict_do_nothing())
    stating = work.session.get_one(Stating, of, with_for_update=True, populate_existing=True)
    if stating.night < night:
        stating.night, stating.through, stating.finished_at = night, None, None
    return stating


def _state(work: Work, stating: Stating) -> None:
    occasion = next((one for one in occasions() if one.fact == stating.of), None)
    last = (
        _state_occasions(work, occasion, stating.through)
        if occasion
        else _state_standings(work, stating.through)
    )
    stating.through = last or stating.through
    if last is None:
        stating.finished_at = work.now


def _state_standings(work: Work, after: UUID | None) -> UUID | None:
    """The id of the last nominal that was stated; None where it is the last of all."""
    some = select(Nominal.id).where(Nominal.id > (after or NOBODY)).order_by(Nominal.id).limit(NOMINALS)
    ids = work.session.execute(some).scalars().all()
    by_agency: dict[str, list[dict[str, Any]]] = {}
    for nominal_id in ids:
        record = facts(work, nominal_id)
        for agency, stands in whole_picture(work, record).items():
            said: dict[str, Any] = {"nominal_id": nominal_id, "version": record.standing_version}
            said["people"] = len(stands)
            said |= {"digest": standing_digest(stands), "limited": record.limited_access}
            by_agency.setdefault(agency, []).append(said)
    for agency, nominals in by_agency.items():
        data = {"stated_at": work.now, "nominals": nominals}
        work.emit(
            STANDINGS_STATED, data, aggregate=("agency", derived_id("agency", agency)), agencies=[agency]
        )
    return ids[-1] if len(ids) == NOMINALS else None


def _state_occasions(work: Work, occasion: Occasion, after: UUID | None) -> UUID | None:
    """To each agency those of its units; an agency that has none of these hears so, too."""
    found = occasion.waiting.where(occasion.id > after) if after else occasion.waiting
    rows = work.session.execute(found.order_by(occasion.id).limit(SUBJECTS)).all()
    through = rows[-1].id if len(rows) == SUBJECTS else None
    units = read_model.units(work.session, [row.unit for row in rows])
    theirs: dict[str, list[UUID]] = {agency: [] for agency in _agencies(work)}
    for row in rows:
        if row.unit in units:
            theirs.setdefault(units[row.unit].agency, []).append(row.id)
    for agency, subjects in theirs.items():
        bounds = {"after": after, "through": through}
        data = {"fact": occasion.fact, "stated_at": work.now, "subjects": subjects, **bounds}
        work.emit(
            OCCASIONS_STATED, data, aggregate=("agency", derived_id("agency", agency)), agencies=[agency]
        )
    return through


def _agencies(work: Work) -> list[str]:
    """Whoever has a unit, and so may have a deadline."""
    unit = service.tables.directory.unit
    return list(work.session.execute(select(unit.c.agency).distinct().order_by(unit.c.agency)).scalars())

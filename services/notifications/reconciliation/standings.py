"""Comparing who stands how to a nominal with what records states of one agency's people."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from services.notifications.reconciliation.differences import agree, compared, note, of_kind
from services.notifications.reconciliation.models import Difference
from services.notifications.reconciliation.rules import Stated, standings_differ
from services.notifications.service import service
from services.notifications.todo.models import ClosedRecord, Picture, RecordState, Standing
from shared.events.envelope import Event
from shared.events.notifications import STANDINGS_DIFFER
from shared.events.records.nominals import NOMINAL_DELETED
from shared.events.records.reconciliation import STANDINGS_STATED, closed_digest, standing_digest
from shared.ids import derived_id
from shared.work import Work

_OF = "standings"


@service.on(STANDINGS_STATED)
def compare_standings(work: Work, event: Event) -> None:
    """Records is asked to tell anew what differs; what it then tells is a newer picture, and taken as any other."""
    told = STANDINGS_STATED.load(event.data)
    stated = {
        one["nominal_id"]: Stated(one["version"], one["people"], one["digest"], one["limited"], one["closed"])
        for one in told["nominals"]
    }
    known = _known(work, event.agency, list(stated))
    wrong = sorted(one for one, said in stated.items() if standings_differ(known.get(one), said))
    right = [one for one in stated if one not in wrong]
    agree(work, "", event.agency, of_kind("standings", Difference.subject_id.in_(right)))
    note(work, "standings", "", event.agency, wrong)
    compared(work, [_OF])
    if wrong:
        asked = ("agency", derived_id("agency", event.agency))
        work.emit(STANDINGS_DIFFER, {"nominal_ids": wrong}, aggregate=asked)


@service.on(NOMINAL_DELETED)
def forget(work: Work, event: Event) -> None:
    """Nothing here names a deleted nominal any more."""
    nominal_id = NOMINAL_DELETED.load(event.data)["nominal_id"]
    work.session.execute(delete(Difference).where(Difference.subject_id == nominal_id))


def _known(work: Work, agency: str, nominal_ids: Sequence[UUID]) -> dict[UUID, Stated]:
    """A standing holds in the newest picture, or was added after it by itself (`Standing.version`)."""
    pictures = select(Picture.nominal_id, Picture.version).where(
        Picture.agency == agency, Picture.nominal_id.in_(nominal_ids)
    )
    newest = {row[0]: row[1] for row in work.session.execute(pictures)}
    stands: dict[UUID, list[tuple[UUID, str]]] = {one: [] for one in newest}
    rows = select(Standing.nominal_id, Standing.person_id, Standing.standing, Standing.version).where(
        Standing.agency == agency, Standing.nominal_id.in_(nominal_ids)
    )
    versions = dict(newest)
    for nominal_id, person_id, standing, version in work.session.execute(rows):
        if nominal_id in newest and version >= newest[nominal_id]:
            stands[nominal_id].append((person_id, standing))
            versions[nominal_id] = max(versions[nominal_id], version)
    limited, closed = _limited(work, list(stands)), _closed(work, agency, list(stands))
    return {
        one: Stated(
            versions[one],
            len(them),
            standing_digest(them),
            one in limited,
            closed_digest(closed.get(one, [])),
        )
        for one, them in stands.items()
    }


def _limited(work: Work, nominal_ids: Sequence[UUID]) -> frozenset[UUID]:
    found = select(RecordState.nominal_id).where(
        RecordState.nominal_id.in_(nominal_ids), RecordState.limited.is_(True)
    )
    return frozenset(work.session.execute(found).scalars())


def _closed(work: Work, agency: str, nominal_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found = select(ClosedRecord.nominal_id, ClosedRecord.person_id).where(
        ClosedRecord.agency == agency, ClosedRecord.nominal_id.in_(nominal_ids)
    )
    closed: dict[UUID, list[UUID]] = {}
    for nominal_id, person_id in work.session.execute(found):
        closed.setdefault(nominal_id, []).append(person_id)
    return closed

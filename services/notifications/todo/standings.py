"""Who stands how to which nominal, as records tells it: whole pictures, in chunks, an agency's people in their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.service import service
from services.notifications.todo.models import ClosedRecord, Picture, RecordState, Standing, TodoItem
from services.notifications.todo.rules import HIDDEN, OWN_CONFLICT
from shared.access.principal import Principal
from shared.events.envelope import Event
from shared.events.records.access import STANDING_CHANGED
from shared.work import Work

_NEWEST = and_(
    Picture.nominal_id == Standing.nominal_id,
    Picture.agency == Standing.agency,
    Picture.version <= Standing.version,
)


@service.on(STANDING_CHANGED)
def take_picture(work: Work, event: Event) -> None:
    """Keep a chunk; older pictures are ignored, and so is a chunk that came before."""
    told = STANDING_CHANGED.load(event.data)
    nominal_id, version = told["nominal_id"], told["version"]
    state = lock_state(work, nominal_id)
    picture = _picture(work, nominal_id, event.agency)
    if version < max(picture.version, state.arriving):
        return
    if version > picture.version:
        picture.previous, picture.version = picture.version, version
        work.session.flush()
    state.limited = told["limited"]
    _keep_closed(work, picture, told["closed"])
    _keep(work, picture, told["standings"])
    _count_chunk(work, state, told)


def stood_to(person_id: UUID) -> Select[UUID]:
    """The nominals to which the person stands in the newest picture: what records lets them see."""
    return select(Standing.nominal_id).join(Picture, _NEWEST).where(Standing.person_id == person_id)


def who_stand_to(nominal_id: UUID, agency: str) -> Select[UUID]:
    """The people of an agency who stand to the nominal in the newest picture."""
    return everybody_who_stands_to(nominal_id).where(Standing.agency == agency)


def everybody_who_stands_to(nominal_id: UUID) -> Select[UUID]:
    found = select(Standing.person_id).join(Picture, _NEWEST)
    return found.where(Standing.nominal_id == nominal_id).distinct()


def holders_of(session: Session, nominal_id: UUID, standing: str) -> list[UUID]:
    """Whoever stands so to the nominal in the newest picture: those whom Limited Access shuts out are not in it."""
    found = select(Standing.person_id).join(Picture, _NEWEST)
    mine = found.where(Standing.nominal_id == nominal_id, Standing.standing == standing)
    return list(session.execute(mine.order_by(Standing.person_id)).scalars())


def shut_out(session: Session, nominal_id: UUID, people: Collection[UUID]) -> frozenset[UUID]:
    """Of these, those whom Limited Access keeps from the record, as records told it last (PF-4.16l.1)."""
    limited = select(RecordState.limited).where(RecordState.nominal_id == nominal_id)
    if not people or not session.execute(limited).scalar():
        return frozenset()
    theirs = everybody_who_stands_to(nominal_id).where(Standing.person_id.in_(people))
    return frozenset(people) - set(session.execute(theirs).scalars())


def closed_of(session: Session, nominal_ids: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """(nominal, person) for each conflict of interest that somebody declared with one of these."""
    if not nominal_ids:
        return frozenset()
    found = select(ClosedRecord.nominal_id, ClosedRecord.person_id)
    rows = session.execute(found.where(ClosedRecord.nominal_id.in_(nominal_ids)))
    return frozenset((row[0], row[1]) for row in rows)


def closed_records(person_id: UUID) -> Select[UUID]:
    """The nominals with whom this person declared a conflict of interest that holds."""
    return select(ClosedRecord.nominal_id).where(ClosedRecord.person_id == person_id)


def closed_to(
    session: Session, principal: Principal, nominal_ids: Collection[UUID | None]
) -> frozenset[UUID]:
    """Of these, those of which this person may not read: by a conflict of interest, or by Limited Access.

    A deputy stands where the CPC does, of which no picture tells: nothing is closed to them by Limited Access.
    """
    asked = {one for one in nominal_ids if one is not None}
    if not asked:
        return frozenset()
    closed = closed_records(principal.person_id).where(ClosedRecord.nominal_id.in_(asked))
    if principal.deputy_for:
        return frozenset(session.execute(closed).scalars())
    limited = select(RecordState.nominal_id).where(
        RecordState.nominal_id.in_(asked),
        RecordState.limited.is_(True),
        RecordState.nominal_id.not_in(stood_to(principal.person_id)),
    )
    return frozenset(session.execute(closed.union(limited)).scalars())


def is_somebody_else(session: Session, nominal_id: UUID, person_id: UUID, standing: str) -> bool:
    """Whether records told who stands to the nominal, and not this person so."""
    known = select(Picture.version).where(Picture.nominal_id == nominal_id, Picture.version > 0)
    if session.execute(known.limit(1)).first() is None:
        return False
    return person_id not in holders_of(session, nominal_id, standing)


def is_told(session: Session, nominal_id: UUID, agency: str, version: int) -> bool:
    """Whether this agency's picture, as of this version or a later one, is here."""
    mine = (Picture.nominal_id == nominal_id) & (Picture.agency == agency) & (Picture.version >= version)
    return session.execute(select(Picture.version).where(mine)).first() is not None


def lock_state(work: Work, nominal_id: UUID) -> RecordState:
    """The nominal's own row, locked to the end of the transaction: what is numbered by it follows the commits."""
    [state] = lock_states(work, [nominal_id])
    return state


def lock_states(work: Work, nominals: Collection[UUID]) -> Sequence[RecordState]:
    """The same of several, at least one, in one order whoever asks."""
    rows = [{"nominal_id": one} for one in sorted(nominals)]
    work.session.execute(insert(RecordState).values(rows).on_conflict_do_nothing())
    theirs = select(RecordState).where(RecordState.nominal_id.in_(nominals)).order_by(RecordState.nominal_id)
    locked = theirs.with_for_update().execution_options(populate_existing=True)
    return work.session.execute(locked).scalars().all()


def _picture(work: Work, nominal_id: UUID, agency: str) -> Picture:
    first = insert(Picture).values(nominal_id=nominal_id, agency=agency, version=0, previous=0)
    work.session.execute(first.on_conflict_do_nothing())
    found = work.session.get(Picture, (nominal_id, agency), with_for_update=True)
    assert found is not None  # noqa: S101 - written above, and nobody deletes it meanwhile
    return found


def _keep(work: Work, picture: Picture, standings: list[dict[str, Any]]) -> None:
    """Whoever was in the picture before keeps since when they stand so; whoever comes back begins anew."""
    rows = [
        {**one, "nominal_id": picture.nominal_id, "agency": picture.agency}
        | {"since_version": picture.version, "version": picture.version}
        for one in standings
    ]
    if rows:
        fresh = insert(Standing)
        stayed = Standing.version >= picture.previous
        since = case((stayed, Standing.since_version), else_=fresh.excluded.since_version)
        again = fresh.on_conflict_do_update(
            index_elements=["nominal_id", "person_id", "standing"],
            set_={
                "since_version": since,
                "version": func.greatest(Standing.version, fresh.excluded.version),
                "agency": picture.agency,
            },
        )
        work.session.execute(again, rows)
    mine = (Standing.nominal_id == picture.nominal_id) & (Standing.agency == picture.agency)
    work.session.execute(delete(Standing).where(mine, Standing.version < picture.previous))


def _keep_closed(work: Work, picture: Picture, people: list[UUID]) -> None:
    """And what they have open of the record says no more than that something is there."""
    of = {"nominal_id": picture.nominal_id, "agency": picture.agency}
    mine = (ClosedRecord.nominal_id == picture.nominal_id) & (ClosedRecord.agency == picture.agency)
    work.session.execute(delete(ClosedRecord).where(mine))
    if not people:
        return
    rows = insert(ClosedRecord).values([{**of, "person_id": one} for one in people])
    work.session.execute(rows.on_conflict_do_nothing())
    theirs = (TodoItem.nominal_id == picture.nominal_id) & TodoItem.person_id.in_(people)
    theirs &= (TodoItem.state == "open") & (TodoItem.role != OWN_CONFLICT)
    work.session.execute(update(TodoItem).where(theirs).values(HIDDEN))


def _count_chunk(work: Work, state: RecordState, told: dict[str, Any]) -> None:
    """With all chunks of a picture in, agencies that are not in it have nobody left who stands to the nominal."""
    version = told["version"]
    seen = state.chunks_in if state.arriving == version else []
    state.arriving, state.chunks_in = version, sorted({*seen, told["chunk"]})
    if len(state.chunks_in) < told["chunks"]:
        return
    older = (Picture.nominal_id == state.nominal_id) & (Picture.version < version)
    work.session.execute(update(Picture).where(older).values(previous=Picture.version, version=version))

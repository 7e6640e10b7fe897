"""Whether a record is ready to be archived: looked at when what decides it changes, and when a date comes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.concerned import concerned
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.archiving import rules
from services.records.archiving.models import ArchiveWatch, Death, ReadyToArchive
from services.records.archiving.rules import FOLDERS, Ending, Life, Ready
from services.records.attachments.models import Entry
from services.records.nominals.models import Nominal
from shared.events.records.archiving import ARCHIVE_NOT_READY, ARCHIVE_READY
from shared.ids import new_id
from shared.work import Work

_COUNTING = ("current", "ended")


def life_of(work: Work, nominal_id: UUID) -> Life:
    """As the record's own rows have it."""
    row = work.session.execute(
        select(Nominal.level, Nominal.deregistered_on, Nominal.custody_prison, Death.died_on)
        .outerjoin(Death, Death.nominal_id == Nominal.id)
        .where(Nominal.id == nominal_id)
    ).one()
    in_custody = row.custody_prison is not None
    return Life(row.level, row.deregistered_on, row.died_on, in_custody, endings_of(work, nominal_id))


def endings_of(work: Work, nominal_id: UUID) -> tuple[Ending, ...]:
    found = select(Entry.folder, Entry.state, Entry.ends_on, Entry.changed_at).where(
        Entry.nominal_id == nominal_id, Entry.folder.in_(FOLDERS), Entry.state.in_(_COUNTING)
    )
    return tuple(
        Ending(FOLDERS[row.folder], row.ends_on or (row.changed_at.date() if row.state == "ended" else None))
        for row in work.session.execute(found)
    )


def look(work: Work, record: Record) -> Ready | None:
    """Tell manager and CPC of a record that has become ready, or that it is so no more; and note when to look next."""
    work.session.flush()
    life = life_of(work, record.id)
    found = rules.ready(life, work.today) if record.status == "live" else None
    _watch(work, record.id, life, found)
    held = work.session.execute(
        select(ReadyToArchive).where(ReadyToArchive.nominal_id == record.id)
    ).scalar_one_or_none()
    if found is not None and held is None:
        _becomes_ready(work, record, found)
    elif found is None and held is not None:
        forget(work, record)
    elif found is not None and held is not None:
        held.ground, held.since = found.ground, found.since
    return found


def forget(work: Work, record: Record) -> UUID | None:
    """The record is archived, or to be kept on: nobody need archive it. The occasion that ended, if there was one."""
    gone = delete(ReadyToArchive).where(ReadyToArchive.nominal_id == record.id).returning(ReadyToArchive.id)
    ready_id = work.session.execute(gone).scalar_one_or_none()
    if ready_id is not None and record.status == "live":
        data = {"nominal_id": record.id, "ready_id": ready_id}
        told = agencies_told(work.session, record)
        work.emit(ARCHIVE_NOT_READY, data, aggregate=("nominal", record.id), agencies=told)
    return ready_id


def _watch(work: Work, nominal_id: UUID, life: Life, found: Ready | None) -> None:
    """Looked at again when the next known end comes; of who is ready there is nothing to wait for."""
    look_on = None if found is not None else rules.look_again(life, work.today)
    if look_on is None:
        work.session.execute(delete(ArchiveWatch).where(ArchiveWatch.nominal_id == nominal_id))
        return
    row = insert(ArchiveWatch).values(
        id=new_id(), nominal_id=nominal_id, origin_nominal_id=nominal_id, look_on=look_on
    )
    work.session.execute(row.on_conflict_do_update(index_elements=["nominal_id"], set_={"look_on": look_on}))


def _becomes_ready(work: Work, record: Record, found: Ready) -> None:
    ready_id = new_id()
    work.session.add(
        ReadyToArchive(
            id=ready_id, nominal_id=record.id, ground=found.ground, since=found.since, found_at=work.now
        )
    )
    data = {
        "nominal_id": record.id,
        "ready_id": ready_id,
        "ground": found.ground,
        "since": found.since,
        "counts_from": work.today if found.ground != "deregistered" else found.since,
        "owner_unit": record.owner_unit,
        "jurisdiction": record.jurisdiction,
    }
    to = concerned(work, record, "manager", "cpc")
    told = agencies_told(work.session, record)
    work.emit(ARCHIVE_READY, data, aggregate=("nominal", record.id), to=to, agencies=told)

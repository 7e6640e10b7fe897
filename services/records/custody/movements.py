"""What a movement does to the record, however we heard of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.records.access.concerned import concerned, in_role
from services.records.access.record import Record
from services.records.access.told import agencies_told, somebody_partnered
from services.records.custody.models import Movement
from services.records.custody.rules import Before, counts_as_reception, ends_reception, is_transfer
from services.records.nominals.followed import tell_change
from services.records.nominals.history import note_change
from services.records.nominals.models import Nominal
from services.records.partnership.removals import came_back, draft_removal
from shared.directory import read_model
from shared.events.records.custody import CUSTODY_LEFT, CUSTODY_MOVED, CUSTODY_RECEIVED
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.time.calendars import london_day
from shared.work import Concerned, Work

PRISON_SERVICE = "prison-service"


def administrators(work: Work, prison: str) -> list[Concerned]:
    """Whoever keeps the prison's part of its records."""
    return in_role(work, "prison_administrator", prison, PRISON_SERVICE)


def offender_manager(work: Work, nominal_id: UUID) -> list[Concerned]:
    """The prison offender manager who is recorded; empty where there is none, or who is no user any more."""
    pom_id = work.session.execute(select(Nominal.pom_id).where(Nominal.id == nominal_id)).scalar_one()
    card = read_model.person(work.session, pom_id) if pom_id else None
    return [Concerned(card.id, "pom", card.unit, card.agency)] if card and card.active else []


def enter(work: Work, record: Record, movement: Movement) -> None:
    """Keep it. The newest one changes the summary; a reception starts the prison's clock (PF-5.13.1).

    One that comes late, after a newer movement, is kept and changes nothing: the person is somewhere else by now.
    The caller holds the nominal's row.
    """
    before = latest_movement(work.session, record.id)
    held_here = record.custody_prison == movement.prison
    movement.for_a_while = movement.for_a_while and (held_here or movement.kind == "released")
    work.session.add(movement)
    work.session.flush()
    if movement.for_a_while or (before is not None and before.at > movement.at):
        return
    _now_held(work, record, movement)
    if before is not None and ends_reception(before.kind, movement.kind):
        _tell_left(work, record, before, movement)
        if movement.kind == "released" or before.prison != movement.prison:
            draft_removal(work, record, before.prison, movement.id, movement.at)
    if counts_as_reception(movement.kind, for_a_while=movement.for_a_while, held_here=held_here):
        _tell(work, record, movement)
        _tell_owner(work, record, before, movement)
        came_back(work, record, movement.prison)


def latest_movement(session: Session, nominal_id: UUID) -> Movement | None:
    """The newest by when it happened; not those that are only for a while."""
    newest = (
        select(Movement)
        .where(Movement.nominal_id == nominal_id, ~Movement.for_a_while)
        .order_by(Movement.at.desc(), Movement.id.desc())
    )
    return session.execute(newest.limit(1)).scalar_one_or_none()


def told_already(
    session: Session, nominal_id: UUID, kind: str, prison: str, at: datetime, *, by_hand: bool
) -> bool:
    """Whether the same movement came the other way: what is entered by hand has no exact time."""
    the_other_way = Movement.entered_by.is_(None) if by_hand else Movement.entered_by.is_not(None)
    near = select(Movement.at).where(
        Movement.nominal_id == nominal_id,
        Movement.kind == kind,
        Movement.prison == prison,
        the_other_way,
        Movement.at.between(at - timedelta(days=1), at + timedelta(days=1)),
    )
    return london_day(at) in {london_day(row.at) for row in session.execute(near)}


def _now_held(work: Work, record: Record, movement: Movement) -> None:
    nominal = work.session.get_one(Nominal, record.id)
    received = movement.kind == "received"
    prison = movement.prison if received else None
    since = london_day(movement.at) if received else None
    # A prison's offender manager does not go along: the next prison names its own (PF-5.17).
    pom = nominal.pom_id if prison == nominal.custody_prison else None
    changed = {
        "pom_id": (nominal.pom_id, pom),
        "custody_prison": (nominal.custody_prison, prison),
        "custody_since": (nominal.custody_since, since),
    }
    note_change(work, record.id, "custody", changed, effective_on=london_day(movement.at))
    nominal.custody_prison, nominal.custody_since, nominal.pom_id = prison, since, pom
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    data = {"nominal_id": record.id, "what": "custody", "standing_version": record.standing_version}
    told = agencies_told(work.session, record)
    work.emit(NOMINAL_CHANGED, data, aggregate=("nominal", record.id), agencies=told)
    work.session.flush()
    tell_change(work, record)


def _tell_left(work: Work, record: Record, reception: Movement, movement: Movement) -> None:
    """Whatever the prison still had to do about this reception, it need not do any more.

    But its administrators enter the day on the custody attachment, where they are partners of the record (PF-5.18).
    """
    partnered = somebody_partnered(work.session, record.id, reception.prison)
    reception.left_at, reception.left_partnered = movement.at, partnered
    data = {
        "reception_id": reception.id,
        "nominal_id": record.id,
        "prison": reception.prison,
        "left_at": movement.at,
        "jurisdiction": record.jurisdiction,
        "partnered": partnered,
    }
    to = administrators(work, reception.prison) if partnered else []
    work.emit(CUSTODY_LEFT, data, aggregate=("reception", reception.id), to=to, agencies=[PRISON_SERVICE])


def _tell_owner(work: Work, record: Record, before: Movement | None, movement: Movement) -> None:
    """Whoever manages the record hears that the person is in another prison now; the CPC, where nobody does."""
    if before is None:
        return
    was = Before(before.kind, before.prison, before.reason, movement.at - before.at)
    if not is_transfer(movement.kind, movement.prison, was):
        return
    data = {
        "movement_id": movement.id,
        "nominal_id": record.id,
        "from_prison": before.prison,
        "to_prison": movement.prison,
        "moved_at": movement.at,
    }
    role = "cpc" if record.manager_id is None else "manager"
    to = concerned(work, record, role)
    work.emit(CUSTODY_MOVED, data, aggregate=("movement", movement.id), to=to)


def _tell(work: Work, record: Record, movement: Movement) -> None:
    """The prison's administrators are to request partnership within 7 days (PF-5.13.1)."""
    movement.partnered = somebody_partnered(work.session, record.id, movement.prison)
    data = {
        "reception_id": movement.id,
        "nominal_id": record.id,
        "prison": movement.prison,
        "owner_unit": record.owner_unit,
        "received_at": movement.at,
        "jurisdiction": record.jurisdiction,
        "already_partnered": movement.partnered,
    }
    to = administrators(work, movement.prison)
    work.emit(CUSTODY_RECEIVED, data, aggregate=("reception", movement.id), to=to)

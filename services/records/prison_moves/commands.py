"""Booking a move to another prison, and saying that the record is ready for it (PF-5.9.6, D-24, R29)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.archived import is_archived
from services.records.access.authorise import authorise, facts, refuse_archived, refuse_shut_out
from services.records.access.concerned import in_role
from services.records.access.record import Record
from services.records.custody.commands import FEED
from services.records.custody.movements import PRISON_SERVICE, administrators, offender_manager
from services.records.nominals.followed import after_change
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.nominals.numbers import whose
from services.records.prison_moves.checklist import missing
from services.records.prison_moves.models import REASON, PrisonMove
from services.records.prison_moves.rules import OPEN, wrong_move
from services.records.prison_moves.schemas import (
    BookingHeard,
    BookingMessage,
    MoveAnswer,
    NewMove,
    Overridden,
)
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.prison_moves import MOVE_BOOKED, MOVE_ENDED, MOVE_NOT_READY
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

ACTION = "custody.record"
PATH = "/nominals/<uuid:nominal_id>/prison-moves"
ONE = f"{PATH}/<uuid:move_id>"
NEXT = "/nominals/{nominal_id}/prison-moves"
LEAD = "visor_lead"
BOOKED_ALREADY = "A move is booked already. Cancel it first, if it does not take place."

service.constraints["uq_prison_move_open"] = lambda: Refusal("R34", what=BOOKED_ALREADY)


def may_book(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not is told before typing."""
    return dict(about(work, authorise(work, ACTION, nominal_id).record))


@service.command(
    "prison_moves.book",
    path=PATH,
    input=NewMove,
    answer=MoveAnswer,
    status=201,
    form=FormPage(
        title="Book a move to another prison",
        button="Book move",
        done="The move is booked. The record is to be up to date before it.",
        next=NEXT,
        path=f"{PATH}/new",
        intro="The prison’s administrators and the offender manager are asked to bring the record up to date before the"
        " person leaves (PF-5.9.6).",
        values=may_book,
    ),
)
def book(work: Work, *, nominal_id: UUID, to_prison: str, departs_at: datetime) -> PrisonMove:
    """Note a transfer that lies ahead; it starts the time in which the record is brought up to date (D-24)."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    if wrong := wrong_move(record.custody_prison, to_prison, departs_at, work.now):
        raise Invalid(wrong)
    if _open(work, nominal_id) is not None:
        raise Refusal("R34", what=BOOKED_ALREADY, nominal_id=nominal_id)
    return _book(work, record, to_prison, departs_at)


@service.command(
    "prison_moves.hear",
    path="/integrations/hmpps/bookings",
    input=BookingMessage,
    answer=BookingHeard,
    status=202,
    audience="integration",
)
def hear(work: Work, *, noms: str, to_prison: str, departs_at: datetime) -> dict[str, str]:
    """The same from the prisons' own system, by prison number. Told twice it counts once; a new time is a new one."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    unit = read_model.unit(work.session, to_prison)
    if unit is None or unit.kind != "prison":
        raise Invalid({"to_prison": ["Not the code of a prison"]})
    nominal_id = whose(work, "noms", noms.strip().upper())
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id, lock=True)
    if is_archived(work, record, "prison_move", f"{to_prison}|{departs_at.isoformat()}"):
        return {"outcome": "archived"}
    before = _open(work, nominal_id)
    if before is not None and (before.to_prison, before.departs_at) == (to_prison, departs_at):
        return {"outcome": "known"}
    if wrong := wrong_move(record.custody_prison, to_prison, departs_at, work.now):
        raise Invalid(wrong)
    if before is not None:
        _end(work, before, "cancelled")
    work.concerns(nominal_id=nominal_id)
    _book(work, record, to_prison, departs_at)
    return {"outcome": "taken"}


def _book(work: Work, record: Record, to_prison: str, departs_at: datetime) -> PrisonMove:
    assert record.custody_prison is not None  # noqa: S101 - wrong_move was asked
    move = PrisonMove(
        id=new_id(),
        nominal_id=record.id,
        from_prison=record.custody_prison,
        to_prison=to_prison,
        departs_at=departs_at,
        booked_by=work.principal.person_id,
        booked_at=work.now,
        state=OPEN,
    )
    work.session.add(move)
    work.session.flush()
    work.concerns(subject=("prison_move", move.id), to_prison=to_prison)
    data = {
        "move_id": move.id,
        "nominal_id": record.id,
        "prison": move.from_prison,
        "departs_at": departs_at,
        "jurisdiction": record.jurisdiction,
    }
    to = [*administrators(work, move.from_prison), *offender_manager(work, record.id)]
    work.emit(MOVE_BOOKED, data, aggregate=("prison_move", move.id), to=to)
    return move


def may_end(work: Work, *, nominal_id: UUID, move_id: UUID) -> dict[str, Any]:
    """Whoever may not, or comes too late, is told before deciding."""
    record = authorise(work, ACTION, nominal_id).record
    _to_end(work, nominal_id, move_id)
    return dict(about(work, record))


@service.command(
    "prison_moves.confirm",
    path=f"{ONE}/ready",
    input=Nothing,
    answer=MoveAnswer,
    form=FormPage(
        title="Confirm that the record is up to date",
        button="Confirm",
        done="The record is up to date for the move.",
        next=NEXT,
        path=f"{ONE}/confirm",
        intro="If something is missing, you are told what, and so is the prison’s ViSOR lead.",
        values=may_end,
    ),
)
def confirm(work: Work, *, nominal_id: UUID, move_id: UUID) -> PrisonMove:
    """Say that the record is fully updated; R29 with the list where it is not, which the lead is told of."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    move = _to_end(work, nominal_id, move_id)
    if found := missing(work, record, move.from_prison):
        text = "; ".join(one.what for one in found)
        raise Refusal("R29", list=text, nominal_id=nominal_id, afterwards=_tell_lead(move))
    return _end(work, move, "ready")


def _tell_lead(move: PrisonMove) -> Any:
    """In the refusal's own transaction: what was asked for does not stay, that it was refused does."""
    move_id, nominal_id, prison = move.id, move.nominal_id, move.from_prison

    def afterwards(work: Work) -> None:
        data = {"move_id": move_id, "nominal_id": nominal_id, "prison": prison}
        to = in_role(work, LEAD, prison, PRISON_SERVICE)
        work.emit(MOVE_NOT_READY, data, aggregate=("prison_move", move_id), to=to)

    return afterwards


@service.command(
    "prison_moves.cancel",
    path=f"{ONE}/cancelled",
    input=Nothing,
    answer=MoveAnswer,
    form=FormPage(
        title="Cancel the booked move",
        button="Cancel move",
        done="The move is cancelled.",
        next=NEXT,
        path=f"{ONE}/cancel",
        values=may_end,
        template="partnership/remove.html",
    ),
)
def cancel(work: Work, *, nominal_id: UUID, move_id: UUID) -> PrisonMove:
    """It does not take place: nobody need do anything before it."""
    authorise(work, ACTION, nominal_id, lock=True)
    return _end(work, _to_end(work, nominal_id, move_id), "cancelled")


def may_override(work: Work, *, nominal_id: UUID, move_id: UUID) -> dict[str, Any]:
    return dict(about(work, _led(work, nominal_id, move_id)[0]))


@service.command(
    "prison_moves.override",
    path=f"{ONE}/override",
    input=Overridden,
    answer=MoveAnswer,
    form=FormPage(
        title="Let the record go as it is",
        button="Let it go",
        done="The reason is kept with the move.",
        next="/prison-moves",
        intro="For the prison’s ViSOR lead: something is missing, and the person moves anyway (R29).",
        values=may_override,
    ),
)
def override(work: Work, *, nominal_id: UUID, move_id: UUID, reason: str) -> PrisonMove:
    """The prison's ViSOR lead sets R29 aside with a reason, because the prisoner moves anyway (section 4.2)."""
    work.together()
    _, move = _led(work, nominal_id, move_id, lock=True)
    move.reason = work.runtime.encrypt(move.origin_nominal_id, REASON, reason.strip())
    work.concerns(private=reason)
    return _end(work, move, "overridden")


def _led(work: Work, nominal_id: UUID, move_id: UUID, *, lock: bool = False) -> tuple[Record, PrisonMove]:
    """For the lead of the prison that the person leaves, who need not be partner of the record. R32 for others."""
    record = facts(work, nominal_id, lock=lock)
    refuse_shut_out(work, record)
    refuse_archived(record)
    move = _to_end(work, nominal_id, move_id)
    if move.from_prison not in work.principal.units_with_role(LEAD):
        raise Refusal("R32", role="ViSOR lead of the prison", nominal_id=nominal_id)
    work.concerns(nominal_id=nominal_id, subject=("prison_move", move_id))
    return record, move


def _to_end(work: Work, nominal_id: UUID, move_id: UUID) -> PrisonMove:
    move = work.session.get(PrisonMove, move_id, with_for_update=True, populate_existing=True)
    if move is None or move.nominal_id != nominal_id:
        raise NotFound
    if move.state != OPEN:
        raise Refusal("R34", what="This move was settled already.", nominal_id=nominal_id)
    work.concerns(subject=("prison_move", move_id))
    return move


@after_change
def left(work: Work, record: Record) -> None:
    """The person went, whether the record was ready or not: nothing is left to be done before it."""
    gone = Nominal.custody_prison.is_distinct_from(PrisonMove.from_prison)
    found = (
        select(PrisonMove)
        .join(Nominal, Nominal.id == PrisonMove.nominal_id)
        .where(PrisonMove.nominal_id == record.id, PrisonMove.state == OPEN, gone)
        .with_for_update(of=PrisonMove)
    )
    for move in work.session.scalars(found).all():
        _end(work, move, "left")


def _open(work: Work, nominal_id: UUID) -> PrisonMove | None:
    found = select(PrisonMove).where(PrisonMove.nominal_id == nominal_id, PrisonMove.state == OPEN)
    return work.session.execute(found).scalar_one_or_none()


def _end(work: Work, move: PrisonMove, state: str) -> PrisonMove:
    move.state, move.ended_by, move.ended_at = state, work.principal.person_id, work.now
    work.session.flush()
    work.concerns(state=state)
    data = {"move_id": move.id, "nominal_id": move.nominal_id, "state": state}
    work.emit(MOVE_ENDED, data, aggregate=("prison_move", move.id), agencies=[PRISON_SERVICE])
    return move

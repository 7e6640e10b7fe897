"""What comes in from the prisons' own systems, or is entered by hand (PF-5.12, PF-5.13, PF-5.18)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.archived import ARCHIVED, is_archived
from services.records.access.authorise import authorise, facts
from services.records.custody.models import Incoming, Movement
from services.records.custody.movements import administrators, enter, told_already
from services.records.custody.rules import SetAside, Told, read, storable, wrong_moment
from services.records.custody.schemas import Envelope, Heard, MovementAnswer, NewMovement
from services.records.nominals.naming import about
from services.records.nominals.numbers import whose
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.reception import RECEPTION_UNMATCHED
from shared.ids import derived_id, new_id
from shared.refusals import Invalid, Refusal
from shared.work import Work

# The access right of a client that brings the prisons' messages.
FEED = "integration.hmpps"
BODY = "incoming_message.body"
PATH = "/nominals/<uuid:nominal_id>/custody"
# R16 and PF-4.12: a partner needs a record first.
NO_RECORD = (
    "No ViSOR record has this prison number (R16). If the person is MAPPA eligible, ask the area that"
    " manages them to create one (PF-4.12)."
)


@service.command(
    "custody.hear",
    path="/integrations/hmpps/domain-events",
    input=Envelope,
    answer=Heard,
    status=202,
    audience="integration",
)
def hear(work: Work, *, Message: str) -> dict[str, Any]:  # noqa: N803 - the envelope's own name for it
    """Take a prisoner's reception or release. What cannot be taken is set aside with its reason."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    text = storable(Message)
    told = read(_parsed(text), work.system_now)
    if isinstance(told, Told):
        told = _known_prison(work, told)
    if isinstance(told, SetAside):
        return _set_aside(work, told, text)
    if not _first_time(work, told):
        work.concerns(known=True)
        return {"outcome": "known", "reason": None}
    return _take(work, told)


def _parsed(text: str) -> dict[str, Any]:
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid({"Message": ["Not readable as JSON."]}) from None
    if not isinstance(inner, dict):
        raise Invalid({"Message": ["Not a JSON object."]})
    return inner


def _known_prison(work: Work, told: Told) -> Told | SetAside:
    unit = read_model.unit(work.session, told.prison)
    if unit is None or unit.kind != "prison":
        return SetAside(
            told.event_type, f"No prison with the code {told.prison.removeprefix('prison-')} is known here."
        )
    return told


def _set_aside(work: Work, aside: SetAside, body: str) -> dict[str, Any]:
    """Once for the same text; it can hold names, so it lies encrypted."""
    fact = f"aside|{derived_id(body)}"
    sealed = work.runtime.encrypt(None, BODY, body)
    row = {"id": new_id(), "fact": fact, "event_type": aside.event_type, "received_at": work.system_now}
    aside_row = insert(Incoming).values(**row, outcome="set_aside", reason=aside.reason, body=sealed)
    work.session.execute(aside_row.on_conflict_do_nothing(index_elements=["fact"]))
    work.concerns(set_aside=aside.reason)
    return {"outcome": "set_aside", "reason": aside.reason}


def _first_time(work: Work, told: Told) -> bool:
    """Two copies at one moment: the second waits here for the first, and finds it.

    One that found no record may be sent again once there is a record: then it is new.
    """
    row = {"id": new_id(), "fact": told.fact, "event_type": told.event_type, "received_at": work.system_now}
    fresh = insert(Incoming).values(**row, occurred_at=told.at, outcome="taken")
    again = fresh.on_conflict_do_update(
        index_elements=["fact"],
        set_={"outcome": "taken", "reason": None},
        where=Incoming.outcome == "no_record",
    )
    return work.session.execute(again.returning(Incoming.id)).first() is not None


def _take(work: Work, told: Told) -> dict[str, Any]:
    nominal_id = whose(work, "noms", told.noms)
    if nominal_id is None:
        row = work.session.execute(select(Incoming).where(Incoming.fact == told.fact)).scalar_one()
        row.outcome, row.reason = "no_record", NO_RECORD
        if told.kind == "received" and row.prison is None:
            _to_search(work, row, told)
        work.concerns(no_record=True)
        return {"outcome": "no_record", "reason": NO_RECORD}
    record = facts(work, nominal_id, lock=True)
    work.concerns(nominal_id=nominal_id, kind=told.kind, prison=told.prison)
    if is_archived(work, record, "custody", told.fact):
        row = work.session.execute(select(Incoming).where(Incoming.fact == told.fact)).scalar_one()
        row.outcome, row.reason = "no_record", ARCHIVED
        return {"outcome": "archived", "reason": ARCHIVED}
    if told_already(work.session, nominal_id, told.kind, told.prison, told.at, by_hand=False):
        work.concerns(known=True)
        return {"outcome": "known", "reason": "It was entered by hand."}
    movement = Movement(
        id=new_id(),
        nominal_id=nominal_id,
        kind=told.kind,
        prison=told.prison,
        at=told.at,
        reason=told.reason,
        reason_code=told.reason_code,
        for_a_while=told.for_a_while,
    )
    enter(work, record, movement)
    return {"outcome": "taken", "reason": None}


def _to_search(work: Work, row: Incoming, told: Told) -> None:
    """The number is nobody's here: the prison searches by PNC number on the same day (PF-5.12.2, D-08)."""
    row.prison = told.prison
    unit = read_model.unit(work.session, told.prison)
    data = {
        "reception_id": row.id,
        "prison": told.prison,
        "received_at": told.at,
        "jurisdiction": unit.jurisdiction if unit else "ENG",
    }
    to = administrators(work, told.prison)
    work.emit(RECEPTION_UNMATCHED, data, aggregate=("reception", row.id), to=to)


def may_record(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not enter a movement is told before typing."""
    return dict(about(work, authorise(work, "custody.record", nominal_id).record))


@service.command(
    "custody.record",
    path=PATH,
    input=NewMovement,
    answer=MovementAnswer,
    status=201,
    form=FormPage(
        title="Enter a move into or out of prison",
        button="Enter move",
        done="The move is on the record.",
        next="/nominals/{nominal_id}/custody",
        path=f"{PATH}/new",
        intro="Most moves come from the prisons’ own system by themselves. A reception starts the prison’s time to "
        "request partnership (PF-5.13).",
        values=may_record,
    ),
)
def record_movement(work: Work, *, nominal_id: UUID, kind: str, prison: str, at: datetime) -> Movement:
    """Enter a reception or a release that no feed told of (PF-5.18)."""
    record = authorise(work, "custody.record", nominal_id, lock=True).record
    if wrong := wrong_moment(at, work.now):
        raise Invalid(wrong)
    if read_model.unit(work.session, prison) is None:
        raise Invalid({"prison": ["Choose a prison from the list"]})
    _not_twice(work, nominal_id, kind, prison, at)
    movement = Movement(
        id=new_id(),
        nominal_id=nominal_id,
        kind=kind,
        prison=prison,
        at=at,
        for_a_while=False,
        entered_by=work.principal.person_id,
    )
    enter(work, record, movement)
    work.concerns(subject=("movement", movement.id), kind=kind, prison=prison)
    return movement


def _not_twice(work: Work, nominal_id: UUID, kind: str, prison: str, at: datetime) -> None:
    for by_hand in (True, False):
        if told_already(work.session, nominal_id, kind, prison, at, by_hand=by_hand):
            raise Invalid({"at": ["This move is on the record already."]})

"""What comes in from the prisons' own systems (PF-5.12, PF-5.13, PF-5.18)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import facts
from services.records.access.concerned import holding
from services.records.access.record import Record
from services.records.custody.models import Incoming, Movement
from services.records.custody.queries import latest_movement
from services.records.custody.rules import SetAside, Told, read
from services.records.custody.schemas import Envelope, Heard
from services.records.nominals.models import Identifier, Nominal
from services.records.service import service
from shared.directory import read_model
from shared.events.records import CUSTODY_RECEIVED
from shared.ids import derived_id, new_id
from shared.refusals import Invalid
from shared.time.calendars import london_day
from shared.work import Concerned, Work

PRISON_SERVICE = "prison-service"
BODY = "incoming_message.body"


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
    inner = _parsed(Message)
    told = read(inner, work.system_now)
    if isinstance(told, Told):
        told = _known_prison(work, told)
    if isinstance(told, SetAside):
        return _set_aside(work, told, Message)
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
    if read_model.unit(work.session, told.prison) is None:
        return SetAside(told.event_type, f"No prison with the code of {told.prison} is known here.")
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
    """Two copies at one moment: the second waits here for the first, and finds it."""
    row = {"id": new_id(), "fact": told.fact, "event_type": told.event_type, "received_at": work.system_now}
    fresh = insert(Incoming).values(**row, occurred_at=told.at, outcome="taken")
    taken = fresh.on_conflict_do_nothing(index_elements=["fact"]).returning(Incoming.id)
    return work.session.execute(taken).first() is not None


def _take(work: Work, told: Told) -> dict[str, Any]:
    nominal_id = work.session.execute(
        select(Identifier.nominal_id).where(Identifier.kind == "NOMS", Identifier.value == told.noms)
    ).scalar_one_or_none()
    if nominal_id is None:
        row = select(Incoming).where(Incoming.fact == told.fact)
        work.session.execute(row).scalar_one().outcome = "no_record"
        work.concerns(no_record=True)
        return {"outcome": "no_record", "reason": "Nobody on the register has this prison number."}
    record = facts(work, nominal_id, lock=True)
    work.concerns(nominal_id=nominal_id, kind=told.kind, prison=told.prison)
    before = latest_movement(work.session, nominal_id)
    movement = Movement(
        id=new_id(),
        nominal_id=nominal_id,
        kind=told.kind,
        prison=told.prison,
        at=told.at,
        reason=told.reason,
        reason_code=told.reason_code,
    )
    work.session.add(movement)
    if before is None or before.at <= told.at:
        _now_held(work, record, told)
    if told.kind == "received":
        _tell(work, record, movement)
    return {"outcome": "taken", "reason": None}


def _now_held(work: Work, record: Record, told: Told) -> None:
    """The summary follows the newest movement; one that comes late changes nothing there."""
    nominal = work.session.get_one(Nominal, record.id)
    received = told.kind == "received"
    nominal.custody_prison = told.prison if received else None
    nominal.custody_since = london_day(told.at) if received else None


def _tell(work: Work, record: Record, movement: Movement) -> None:
    """The prison's administrators are to request partnership within 7 days (PF-5.13.1)."""
    cards = read_model.holders(work.session, "prison_administrator", movement.prison)
    to: list[Concerned] = holding(cards, "prison_administrator", movement.prison, PRISON_SERVICE)
    data = {
        "reception_id": movement.id,
        "nominal_id": record.id,
        "prison": movement.prison,
        "owner_unit": record.owner_unit,
        "received_at": movement.at,
        "jurisdiction": record.jurisdiction,
    }
    work.emit(CUSTODY_RECEIVED, data, aggregate=("reception", movement.id), to=to)

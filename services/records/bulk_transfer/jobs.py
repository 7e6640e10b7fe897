"""The job itself: chunk after chunk, each committed by itself, then one word to everybody concerned (PF-4.16f)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError

from services.records.access.authorise import facts
from services.records.access.record import Record
from services.records.bulk_transfer.choosing import Standing, of_source, states
from services.records.bulk_transfer.commands import TASK
from services.records.bulk_transfer.models import REASON, BulkTransfer, BulkTransferItem
from services.records.bulk_transfer.rules import Way
from services.records.nominals.models import Nominal
from services.records.nominals.owners import kind_of_agency
from services.records.service import service
from services.records.transfers.models import Transfer, TransferStep
from services.records.transfers.moving import take_over
from services.records.transfers.steps import TEXT, person_in
from shared.directory import read_model
from shared.events.records.bulk_transfer import BULK_TRANSFER_COMPLETED
from shared.ids import new_id
from shared.refusals import Invalid
from shared.work import About, Concerned, Work

CHUNK = 20  # records locked, and transferred, in one transaction


def next_chunk(work: Work, payload: Mapping[str, Any]) -> bool:
    """Transfer the next records of the list; false when there are no more.

    What was committed before the process died has its result; the next chunk begins behind it.
    """
    bulk = _locked(work, UUID(payload["bulk_id"]))
    items = _next(work, bulk.id)
    if not items:
        return False
    acting = _as_who_agreed(work, bulk)
    standing = _standing(work, bulk, items)
    for item in items:
        _transfer(acting, bulk, item, standing.get(item.nominal_id))
    bulk.done += len(items)
    bulk.transferred += sum(item.result == "transferred" for item in items)
    work.session.flush()
    return bulk.done < bulk.total


@service.task(TASK, step=next_chunk)
def complete(work: Work, payload: Mapping[str, Any]) -> dict[str, int]:
    """End it: one item for each whom it concerns, however many of the records are theirs."""
    bulk = _locked(work, UUID(payload["bulk_id"]))
    counts = {"transferred": bulk.transferred, "left_out": bulk.total - bulk.transferred}
    if bulk.state == "completed":
        return counts
    bulk.state, bulk.completed_at = "completed", work.now
    acting = _as_who_agreed(work, bulk)
    about = About("bulk_transfer", bulk.id, facts=dict(counts))
    acting.audit("bulk_transfer.completed", about)
    data = {"bulk_id": bulk.id, "from_owner": bulk.from_owner, "to_owner": bulk.to_owner, **counts}
    to = _concerned(work, bulk)
    acting.emit(BULK_TRANSFER_COMPLETED, data, aggregate=("bulk_transfer", bulk.id), to=to, cause=bulk.id)
    return counts


def _locked(work: Work, bulk_id: UUID) -> BulkTransfer:
    return work.session.get_one(BulkTransfer, bulk_id, with_for_update=True, populate_existing=True)


def _next(work: Work, bulk_id: UUID) -> list[BulkTransferItem]:
    waiting = select(BulkTransferItem).where(
        BulkTransferItem.bulk_id == bulk_id, BulkTransferItem.result.is_(None)
    )
    return list(work.session.execute(waiting.order_by(BulkTransferItem.nominal_id).limit(CHUNK)).scalars())


def _as_who_agreed(work: Work, bulk: BulkTransfer) -> Work:
    """What the job does is done, and audited, in the name of the person who agreed."""
    who = replace(
        work.principal,
        person_id=bulk.decided_by or work.principal.person_id,
        session_id=bulk.session_id or work.principal.session_id,
        terminal=bulk.terminal,
        scope="full",
    )
    return Work(work.runtime, work.session, who, TASK)


def _standing(work: Work, bulk: BulkTransfer, items: list[BulkTransferItem]) -> dict[UUID, Standing]:
    """How each stands under its lock: taken in the order of their ids, so that two jobs never wait for each other."""
    ids = [item.nominal_id for item in items]
    locked = (
        select(Nominal.id).where(Nominal.id.in_(ids)).order_by(Nominal.id).with_for_update(key_share=True)
    )
    work.session.execute(locked).all()
    way = Way(kind_of_agency(bulk.from_agency), kind_of_agency(bulk.to_agency), bulk.to_jurisdiction)
    here = of_source(bulk.from_owner, bulk.from_unit)
    return {one.nominal_id: one for one in states(work, ids, way, here)}


def _transfer(work: Work, bulk: BulkTransfer, item: BulkTransferItem, standing: Standing | None) -> None:
    """One record, in a savepoint of its own: what fails, fails alone."""
    why = ["gone"] if standing is None else standing.why
    if not why:
        why = _tried(work, bulk, item)
    item.result = "left_out" if why else "transferred"
    item.why = ",".join(why) or None
    outcome = {"bulk": str(bulk.id), "result": item.result, "why": item.why}
    about = About("bulk_transfer", bulk.id, None if why == ["gone"] else item.nominal_id, outcome)
    work.audit("bulk_transfer.transfer", about)


def _tried(work: Work, bulk: BulkTransfer, item: BulkTransferItem) -> list[str]:
    try:
        with work.session.begin_nested():
            record = facts(work, item.nominal_id, lock=True)
            item.manager_before, item.supervisor_before = record.manager_id, record.supervisor_id
            item.transfer_id = _moved(work, bulk, record)
    except OperationalError:
        raise  # the database is away, or others hold the record for too long: the whole task is tried again
    except Invalid:
        return ["people"]
    except DBAPIError:
        return ["error"]
    return []


def _moved(work: Work, bulk: BulkTransfer, record: Record) -> UUID:
    transfer = Transfer(
        id=new_id(),
        nominal_id=record.id,
        state="completed",
        from_owner=record.owner_unit,
        from_agency=record.owner_agency,
        from_unit=record.managing_unit,
        to_owner=bulk.to_owner,
        to_agency=bulk.to_agency,
        to_unit=bulk.to_unit,
        to_jurisdiction=bulk.to_jurisdiction,
        category=record.category,
        level=record.level,
        requested_by=bulk.requested_by,
        requested_at=bulk.requested_at,
        ended_at=work.now,
        bulk_id=bulk.id,
    )
    work.session.add(transfer)
    work.session.flush()
    _steps(work, bulk, transfer)
    people = (_kept(work, bulk, record, part) for part in ("manager", "supervisor"))
    take_over(work, transfer, record, *people, one_of_many=True)
    work.session.flush()
    return transfer.id


def _steps(work: Work, bulk: BulkTransfer, transfer: Transfer) -> None:
    """In each record's history both sides stand, and why, under the record's own key."""
    reason = work.runtime.decrypt(None, REASON, bulk.reason)
    sealed = work.runtime.encrypt(transfer.origin_nominal_id, TEXT, reason)
    asked = {"act": "requested", "by": bulk.requested_by, "at": bulk.requested_at, "text": sealed}
    agreed = {"act": "agreed", "by": work.principal.person_id, "at": bulk.decided_at, "text": None}
    work.session.add_all(TransferStep(id=new_id(), transfer_id=transfer.id, **one) for one in (asked, agreed))


def _kept(work: Work, bulk: BulkTransfer, record: Record, part: str) -> UUID:
    """Who moved along with the unit keeps the record, where both sides wanted it so."""
    chosen: UUID = getattr(bulk, f"{part}_id")
    now: UUID | None = getattr(record, f"{part}_id")
    if not bulk.keep_people or now is None:
        return chosen
    return now if person_in(work, now, part, bulk.to_owner) is not None else chosen


def _concerned(work: Work, bulk: BulkTransfer) -> list[Concerned]:
    """Who asked and who agreed, and each manager and supervisor of a transferred record, the old and the new; once."""
    found = {
        bulk.requested_by: Concerned(bulk.requested_by, "cpc", bulk.from_owner, bulk.from_agency),
        bulk.decided_by: Concerned(
            bulk.decided_by or bulk.requested_by, "cpc", bulk.to_owner, bulk.to_agency
        ),
    }
    for part in ("manager", "supervisor"):
        for card in _people(work, bulk, part):
            found.setdefault(card.id, Concerned(card.id, part, card.unit, card.agency))
    return list(found.values())


def _people(work: Work, bulk: BulkTransfer, part: str) -> Iterable[read_model.PersonCard]:
    moved = (BulkTransferItem.bulk_id == bulk.id, BulkTransferItem.result == "transferred")
    before = select(getattr(BulkTransferItem, f"{part}_before")).where(*moved)
    now = select(getattr(Nominal, f"{part}_id")).where(
        Nominal.id.in_(select(BulkTransferItem.nominal_id).where(*moved))
    )
    ids = set(work.session.execute(before.distinct()).scalars())
    ids |= set(work.session.execute(now.distinct()).scalars())
    cards = read_model.people(work.session, [one for one in ids if one is not None])
    return [card for card in cards.values() if card.active]

"""What a bulk transfer would do, those of one's own side, and how one ended for each record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select

from services.records.bulk_transfer.choosing import (
    listed_of,
    of_source,
    records_of,
    refused,
    route,
    states,
)
from services.records.bulk_transfer.commands import ONE, PATH
from services.records.bulk_transfer.models import REASON, BulkTransfer, BulkTransferItem
from services.records.bulk_transfer.resuming import has_stopped
from services.records.bulk_transfer.rules import WHY, answers_for, may_answer
from services.records.bulk_transfer.schemas import (
    BulkList,
    BulkWhole,
    PreviewAnswer,
    ResultsAnswer,
    ResultsInput,
    RouteInput,
)
from services.records.nominals.models import Nominal
from services.records.search.finding import lines
from services.records.service import service
from services.records.transfers.choices import units
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.refusals import NotFound
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

# How many records a page shows at most; the counts are always whole.
SHOWN = 200
PAGE = 1000


@service.query(
    "bulk_transfer.list",
    path=PATH,
    input=Nothing,
    answer=BulkList,
    page=Page("Bulk transfers", "bulk_transfer/list.html"),
)
def list_bulks(work: Work) -> dict[str, Any]:
    """Those from and to the areas and forces for which one is the CPC or her deputy, the newest first."""
    owners = answers_for(work.principal)
    if not owners:
        raise refused(work, work.principal.unit, may_answer(work.principal, "") or "R11")
    found = select(BulkTransfer).where(
        or_(BulkTransfer.from_owner.in_(sorted(owners)), BulkTransfer.to_owner.in_(sorted(owners)))
    )
    rows = list(work.session.execute(found.order_by(BulkTransfer.id.desc()).limit(100)).scalars())
    work.concerns(count=len(rows))
    return {"bulks": rows, "units": _units(work, rows), "owners": owners, **_choices(work, owners)}


def _choices(work: Work, owners: frozenset[str]) -> dict[str, Any]:
    """Where records may come from: one's own areas and forces whole, and their units; and where they may go."""
    codes = {code for owner in owners for code in read_model.below(work.session, owner)}
    unit = DIRECTORY.unit.c
    kinds = ("mappa_area", "delivery_unit", "force", "national")
    own = select(unit.code, unit.name).where(unit.code.in_(codes), unit.kind.in_(kinds))
    return {"sources": work.session.execute(own.order_by(unit.name)).all(), "targets": units()}


@service.query("bulk_transfer.preview", path=f"{PATH}/preview", input=RouteInput, answer=PreviewAnswer)
def preview(work: Work, *, from_unit: str, to_unit: str) -> dict[str, Any]:
    """How many records could go now, and of each other what stands in the way and what to do about it (PF-4.16f)."""
    chosen = route(work, from_unit, to_unit)
    here, listed = of_source(chosen.owner, chosen.source), Nominal.id.in_(listed_of(chosen.owner))
    found = states(work, records_of(work, chosen), chosen.way, here, listed)
    work.concerns(from_unit=from_unit, to_unit=to_unit, records=len(found))
    can_go = sum(not one.why for one in found)
    return {
        "from_name": chosen.source_name,
        "to_name": chosen.to_name,
        "total": len(found),
        "can_go": can_go,
        "records": sorted(found, key=lambda one: not one.why)[:SHOWN],
        "why": WHY,
    }


@service.query(
    "bulk_transfer.read",
    path=ONE,
    input=Nothing,
    answer=BulkWhole,
    page=Page("Bulk transfer", "bulk_transfer/bulk.html"),
)
def read(work: Work, *, bulk_id: UUID) -> dict[str, Any]:
    """One of them with the first of its results: for both sides, and for whose records were among them."""
    bulk, side = _bulk(work, bulk_id)
    asks = may_answer(work.principal, bulk.from_owner) is None
    answers = may_answer(work.principal, bulk.to_owner) is None
    open_now = bulk.state == "requested"
    results = _results(work, bulk, None, SHOWN, mine=not side, left_out_first=True)
    people = read_model.people(work.session, [one for one in _named(bulk) if one is not None])
    return {
        **{column.key: getattr(bulk, column.key) for column in BulkTransfer.__table__.columns},
        "reason": work.runtime.decrypt(None, REASON, bulk.reason),
        "answer": work.runtime.decrypt(None, REASON, bulk.answer) if bulk.answer else None,
        "may_answer": open_now and answers and bulk.requested_by != work.principal.person_id,
        "may_withdraw": open_now and asks,
        "stopped": (stopped := has_stopped(work, bulk)),
        "may_resume": stopped and (asks or answers),
        "results": results,
        "lines": {
            line.nominal_id: line
            for line in lines(work.session, work.principal, [one["nominal_id"] for one in results])
        },
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "units": _units(work, [bulk]),
        "why": WHY,
    }


@service.query("bulk_transfer.results", path=f"{ONE}/results", input=ResultsInput, answer=ResultsAnswer)
def results(work: Work, *, bulk_id: UUID, after: UUID | None = None) -> dict[str, Any]:
    """How it ended for each record, in order of their ids."""
    bulk, side = _bulk(work, bulk_id)
    found = _results(work, bulk, after, PAGE + 1, mine=not side)
    return {
        "results": found[:PAGE],
        "next_after": found[PAGE - 1]["nominal_id"] if len(found) > PAGE else None,
    }


def _named(bulk: BulkTransfer) -> tuple[UUID | None, ...]:
    return bulk.requested_by, bulk.decided_by, bulk.manager_id, bulk.supervisor_id


def _bulk(work: Work, bulk_id: UUID) -> tuple[BulkTransfer, bool]:
    """The transfer, and whether the reader answers for one of its sides. Raises NotFound for all others."""
    bulk = work.session.get(BulkTransfer, bulk_id)
    if bulk is None:
        raise NotFound
    work.concerns(subject=("bulk_transfer", bulk_id))
    me = work.principal.person_id
    if answers_for(work.principal) & {bulk.from_owner, bulk.to_owner} or me in _named(bulk):
        return bulk, True
    mine = exists().where(BulkTransferItem.bulk_id == bulk_id, *_mine(me))
    if not work.session.execute(select(mine)).scalar_one():
        raise NotFound
    return bulk, False


def _mine(me: UUID) -> tuple[Any, ...]:
    return (or_(BulkTransferItem.manager_before == me, BulkTransferItem.supervisor_before == me),)


def _results(
    work: Work,
    bulk: BulkTransfer,
    after: UUID | None,
    most: int,
    *,
    mine: bool,
    left_out_first: bool = False,
) -> list[dict[str, Any]]:
    found = select(BulkTransferItem).where(BulkTransferItem.bulk_id == bulk.id)
    if mine:
        found = found.where(*_mine(work.principal.person_id))
    if after is not None:
        found = found.where(BulkTransferItem.nominal_id > after)
    if left_out_first:
        found = found.order_by(BulkTransferItem.result == "transferred")
    rows = work.session.execute(found.order_by(BulkTransferItem.nominal_id).limit(most)).scalars()
    return [
        {
            "nominal_id": row.nominal_id,
            "result": row.result,
            "why": row.why.split(",") if row.why else [],
            "transfer_id": row.transfer_id,
        }
        for row in rows
    ]


def _units(work: Work, bulks: list[BulkTransfer]) -> dict[str, read_model.UnitCard]:
    codes = [code for one in bulks for code in (one.from_owner, one.from_unit, one.to_owner, one.to_unit)]
    return read_model.units(work.session, codes)

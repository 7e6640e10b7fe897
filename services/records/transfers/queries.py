"""Transfers of one's areas, of one record, and one whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.records.access.authorise import authorise, facts
from services.records.access.models import Partnership
from services.records.access.rules import decide
from services.records.search.finding import lines
from services.records.service import service
from services.records.transfers.blocking import blocks
from services.records.transfers.commands import PATH
from services.records.transfers.models import Transfer, TransferStep
from services.records.transfers.requesting import OF_NOMINAL
from services.records.transfers.rules import OPEN, answers_for, may_answer
from services.records.transfers.schemas import (
    TransferFilter,
    TransferList,
    TransfersOfNominal,
    TransferWhole,
)
from services.records.transfers.steps import ACTION, TEXT, step, tell_progress
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import NotFound, Refusal
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50
ACTS = {
    "requested": "Requested",
    "seen": "Seen by the receiving side",
    "questioned": "Question asked",
    "answered": "Question answered",
    "agreed": "Agreed and completed",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}


@service.query(
    "transfers.list",
    path="/transfers",
    input=TransferFilter,
    answer=TransferList,
    page=Page("Transfers", "transfers/list.html"),
)
def list_transfers(work: Work, *, show: str, before: UUID | None) -> dict[str, Any]:
    """Those from and to the areas and forces for which one answers, the newest first.

    Of a record under Limited Access they say no more than that it is one.
    """
    owners = answers_for(work.principal)
    if not owners:
        raise Refusal("R11", token="cpc or central support")  # noqa: S106 - a token is an access right here
    state = Transfer.state.in_(OPEN) if show == "open" else Transfer.state.not_in(OPEN)
    found = select(Transfer).where(
        or_(Transfer.from_owner.in_(owners), Transfer.to_owner.in_(owners)),
        state,
    )
    if before is not None:
        found = found.where(Transfer.id < before)
    rows = list(work.session.execute(found.order_by(Transfer.id.desc()).limit(PAGE + 1)).scalars())
    shown = rows[:PAGE]
    work.concerns(count=len(shown))
    wanted = list(dict.fromkeys(row.nominal_id for row in shown))
    return {
        "transfers": shown,
        "next_before": shown[-1].id if len(rows) > PAGE else None,
        "lines": {line.nominal_id: line for line in lines(work.session, work.principal, wanted)},
        "units": _units(work, shown),
        "owners": owners,
    }


@service.query(
    "transfers.of_nominal",
    path=OF_NOMINAL,
    input=Nothing,
    answer=TransfersOfNominal,
    page=Page("Transfers of this record", "transfers/of_nominal.html"),
)
def of_nominal(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Every transfer of a record; and what stands in the way of one, for who may ask for it."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(Transfer).where(Transfer.nominal_id == nominal_id).order_by(Transfer.id.desc()).limit(100)
    rows = list(work.session.execute(found).scalars())
    may = decide(work.principal, ACTION, opened.record).allowed
    open_already = any(row.state in OPEN for row in rows)
    work.concerns(count=len(rows))
    return {
        "transfers": rows,
        "blocks": blocks(work, opened.record) if may and not open_already else [],
        "may_request": may and not open_already,
        "units": _units(work, rows),
        "visor_number": opened.record.visor_number,
    }


@service.query(
    "transfers.read",
    path=PATH,
    input=Nothing,
    answer=TransferWhole,
    page=Page("Transfer of a record", "transfers/transfer.html"),
)
def read(work: Work, *, transfer_id: UUID) -> dict[str, Any]:
    """One transfer with its steps: for both sides, and for whoever may read the record.

    That the receiving side opened it is a step of its own, which managers see (PF-7/To do list.4).
    """
    transfer = work.session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound
    may = may_answer(work.principal, transfer.to_owner) is None
    if may:
        transfer = _seen(work, transfer_id)
    else:
        authorise(work, "nominals.read", transfer.nominal_id)
    record = facts(work, transfer.nominal_id)
    work.concerns(nominal_id=transfer.nominal_id, subject=("transfer", transfer_id))
    open_now = transfer.state in OPEN
    steps = _steps(work, transfer)
    return {
        **{name: getattr(transfer, name) for name in _OWN},
        "steps": steps,
        "blocks": blocks(work, record) if may and open_now else [],
        "may_answer": may and open_now,
        "may_ask": open_now and decide(work.principal, ACTION, record).allowed,
        "line": next(iter(lines(work.session, work.principal, [transfer.nominal_id])), None),
        "units": _units(work, [transfer]),
        "proposed": _proposed(work, transfer),
        "partners": _partners_before(work, transfer) if transfer.state == "completed" else [],
        "visor_number": record.visor_number,
    }


_OWN = (
    "id",
    "nominal_id",
    "state",
    "from_owner",
    "from_unit",
    "to_owner",
    "to_unit",
    "category",
    "level",
    "proposed_manager_id",
    "requested_by",
    "requested_at",
    "ended_at",
)


def _proposed(work: Work, transfer: Transfer) -> Person | None:
    card = (
        read_model.person(work.session, transfer.proposed_manager_id)
        if transfer.proposed_manager_id
        else None
    )
    return Person(card.id, card.name) if card else None


def _seen(work: Work, transfer_id: UUID) -> Transfer:
    """Of two who open it at one moment only one is noted."""
    work.together()
    transfer = work.session.get_one(Transfer, transfer_id, with_for_update=True, populate_existing=True)
    if transfer.state == "requested":
        step(work, transfer, "seen", "seen")
        tell_progress(work, transfer, facts(work, transfer.nominal_id))
        work.session.flush()
    return transfer


def _steps(work: Work, transfer: Transfer) -> list[dict[str, Any]]:
    found = (
        select(TransferStep)
        .where(TransferStep.transfer_id == transfer.id)
        .order_by(TransferStep.at, TransferStep.id)
    )
    rows = list(work.session.execute(found).scalars())
    people = read_model.people(work.session, [row.by for row in rows])
    return [
        {
            "act": row.act,
            "title": ACTS[row.act],
            "by": row.by,
            "who": _person(people, row.by),
            "at": row.at,
            "text": work.runtime.readable(transfer.origin_nominal_id, TEXT, row.text) if row.text else None,
        }
        for row in rows
    ]


def _partners_before(work: Work, transfer: Transfer) -> list[Person]:
    """Who was partner before the record came: the new owner looks through them (PF-1.4.1)."""
    found = select(Partnership.person_id).where(
        Partnership.nominal_id == transfer.nominal_id,
        Partnership.ended_at.is_(None),
        Partnership.started_at <= transfer.ended_at,
    )
    ids = list(work.session.execute(found.limit(500)).scalars())
    people = read_model.people(work.session, ids)
    return sorted((_person(people, one) for one in ids), key=lambda one: one.name)


def _units(work: Work, transfers: list[Transfer]) -> dict[str, read_model.UnitCard]:
    codes = [code for one in transfers for code in (one.from_owner, one.from_unit, one.to_owner, one.to_unit)]
    return read_model.units(work.session, codes)


def _person(people: Mapping[UUID, read_model.PersonCard], person_id: UUID) -> Person:
    card = people.get(person_id)
    return Person(person_id, card.name if card else "a user not known here")

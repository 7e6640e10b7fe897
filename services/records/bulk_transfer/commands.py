"""Asking for a bulk transfer, and the other side's one answer to it (PF-4.16f)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, func, insert, literal, select

from services.records.access.concerned import holding
from services.records.bulk_transfer.choosing import Route, listed_of, records_of, refused, route
from services.records.bulk_transfer.models import REASON, BulkTransfer, BulkTransferItem
from services.records.bulk_transfer.naming import about
from services.records.bulk_transfer.rules import may_answer, taken_already
from services.records.bulk_transfer.schemas import BulkAgreement, BulkAnswer, BulkEnded, NewBulkTransfer
from services.records.nominals.models import Nominal
from services.records.service import service
from services.records.transfers.steps import person_in
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.bulk_transfer import (
    BULK_TRANSFER_REFUSED,
    BULK_TRANSFER_REQUESTED,
    BULK_TRANSFER_WITHDRAWN,
)
from shared.events.registry import EventKind
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Concerned, Work

TASK = "bulk_transfer.run"
PATH = "/bulk-transfers"
ONE = f"{PATH}/<uuid:bulk_id>"
PAGE = "/bulk-transfers/{bulk_id}"
DECIDED = {"running": "agreed", "completed": "agreed", "refused": "refused", "withdrawn": "withdrawn"}
NOTHING = "There is no live record that could be transferred"
NOT_CHOSEN = "Choose at least one record, or all of them"
NOT_THEIRS = "Some of these records are not, or no longer, of this unit: look at the list again"


@service.command("bulk_transfer.request", path=PATH, input=NewBulkTransfer, answer=BulkAnswer, status=201)
def request(
    work: Work, *, from_unit: str, to_unit: str, reason: str, whole: bool, nominal_ids: list[UUID]
) -> BulkTransfer:
    """Ask another area, force or unit to take many records over: all of a unit that is merged, or a choice.

    A record is on one list at a time: of two who ask for it at one moment the second is told so.
    """
    chosen = route(work, from_unit, to_unit)
    _one_at_a_time(work, chosen.owner)
    bulk_id = new_id()
    bulk = BulkTransfer(
        id=bulk_id,
        state="requested",
        from_owner=chosen.owner,
        from_agency=chosen.agency,
        from_unit=chosen.source,
        to_owner=chosen.to.owner_unit,
        to_agency=chosen.to.owner_agency,
        to_unit=chosen.to.managing_unit,
        to_jurisdiction=chosen.to.jurisdiction,
        reason=work.runtime.encrypt(None, REASON, reason),
        requested_by=work.principal.person_id,
        requested_at=work.now,
        total=_list(work, bulk_id, chosen, None if whole else set(nominal_ids)),
    )
    work.session.add(bulk)
    work.session.flush()
    work.concerns(
        subject=("bulk_transfer", bulk_id), records=bulk.total, from_unit=from_unit, to_unit=to_unit
    )
    _tell(work, BULK_TRANSFER_REQUESTED, bulk, _receiving(work, bulk))
    return bulk


def _one_at_a_time(work: Work, owner: str) -> None:
    key = func.hashtextextended(f"bulk_transfer|{owner}", 0)
    work.session.execute(select(func.pg_advisory_xact_lock(key)))


def _list(work: Work, bulk_id: UUID, chosen: Route, ids: set[UUID] | None) -> int:
    """Keep the list as it stands now; how many they are.

    Raises Invalid for none, where not all are here, and where one is on the list of another.
    """
    if ids is not None and not ids:
        raise Invalid({"nominal_ids": [NOT_CHOSEN]})
    wanted = records_of(work, chosen)
    if ids is not None:
        wanted = wanted.where(Nominal.id.in_(ids))
    found, listed = wanted.subquery(), _on_another(work, wanted, chosen.owner)
    kept = insert(BulkTransferItem).from_select(
        ["bulk_id", "nominal_id"], select(literal(bulk_id, Uuid()), found.c.id)
    )
    rows = work.session.execute(kept.returning(BulkTransferItem.nominal_id)).all()
    if ids is not None and len(rows) != len(ids):
        raise Invalid({"nominal_ids": [NOT_THEIRS]})
    if not rows:
        raise Invalid({"from_unit": [NOTHING]})
    if listed:
        field = "from_unit" if ids is None else "nominal_ids"
        raise Invalid({field: [taken_already(listed, len(rows))]})
    return len(rows)


def _on_another(work: Work, wanted: Select[Any], owner: str) -> int:
    found = wanted.where(Nominal.id.in_(listed_of(owner))).subquery()
    return work.session.execute(select(func.count()).select_from(found)).scalar_one()


def may_decide(work: Work, *, bulk_id: UUID) -> dict[str, Any]:
    """For the forms of the receiving side: who may not answer hears so before typing."""
    return dict(about(work, _to_answer(work, bulk_id)))


@service.command(
    "bulk_transfer.agree",
    path=f"{ONE}/agreement",
    input=BulkAgreement,
    answer=BulkAnswer,
    status=202,
    recent_sign_in=True,
    form=FormPage(
        title="Agree to the bulk transfer",
        button="Agree and take the records over",
        done="The records are being taken over. Both sides are told when it is done.",
        next=PAGE,
        path=f"{ONE}/agreement/new",
        intro="Your area or force owns these records from now on. What still stands in the way of one leaves it out.",
        values=may_decide,
    ),
)
def agree(
    work: Work, *, bulk_id: UUID, manager_id: UUID, supervisor_id: UUID, keep_people: bool
) -> BulkTransfer:
    """Agree for all of them at once; each is then transferred by itself, in the name of who agreed (PF-4.16f)."""
    bulk = _to_answer(work, bulk_id, lock=True)
    _check_people(work, bulk, manager_id=manager_id, supervisor_id=supervisor_id)
    bulk.state, bulk.keep_people = "running", keep_people
    bulk.manager_id, bulk.supervisor_id = manager_id, supervisor_id
    bulk.decided_by, bulk.decided_at = work.principal.person_id, work.now
    bulk.session_id, bulk.terminal = work.principal.session_id, work.principal.terminal
    work.enqueue(TASK, {"bulk_id": str(bulk_id)}, key=str(bulk_id))
    return bulk


def _check_people(work: Work, bulk: BulkTransfer, **wanted: UUID) -> None:
    wrong = {
        field: [f"Choose somebody of the receiving area who holds the {token} token"]
        for field, person_id in wanted.items()
        if person_in(work, person_id, token := field.removesuffix("_id"), bulk.to_owner) is None
    }
    if wrong:
        raise Invalid(wrong)


@service.command(
    "bulk_transfer.refuse",
    path=f"{ONE}/refusal",
    input=BulkEnded,
    answer=BulkAnswer,
    form=FormPage(
        title="Refuse the bulk transfer",
        button="Refuse transfer",
        done="The transfer is refused. The CPC who asked has been told.",
        next=PAGE,
        path=f"{ONE}/refusal/new",
        values=may_decide,
    ),
)
def refuse(work: Work, *, bulk_id: UUID, text: str) -> BulkTransfer:
    """Refuse all of them, with the reason; each stays where it is."""
    bulk = _to_answer(work, bulk_id, lock=True)
    _end(work, bulk, "refused", text)
    asked = Concerned(bulk.requested_by, "cpc", bulk.from_owner, bulk.from_agency)
    _tell(work, BULK_TRANSFER_REFUSED, bulk, [asked])
    return bulk


def may_take_back(work: Work, *, bulk_id: UUID) -> dict[str, Any]:
    return dict(about(work, _asked(work, bulk_id)))


@service.command(
    "bulk_transfer.withdraw",
    path=f"{ONE}/withdrawal",
    input=BulkEnded,
    answer=BulkAnswer,
    form=FormPage(
        title="Withdraw the bulk transfer",
        button="Withdraw request",
        done="The request is withdrawn.",
        next=PAGE,
        path=f"{ONE}/withdrawal/new",
        values=may_take_back,
    ),
)
def withdraw(work: Work, *, bulk_id: UUID, text: str) -> BulkTransfer:
    """Take the request back before it was answered."""
    bulk = _asked(work, bulk_id, lock=True)
    _end(work, bulk, "withdrawn", text)
    _tell(work, BULK_TRANSFER_WITHDRAWN, bulk, _receiving(work, bulk))
    return bulk


def _end(work: Work, bulk: BulkTransfer, state: str, text: str) -> None:
    bulk.state, bulk.answer = state, work.runtime.encrypt(None, REASON, text)
    bulk.decided_by, bulk.decided_at = work.principal.person_id, work.now


def _to_answer(work: Work, bulk_id: UUID, *, lock: bool = False) -> BulkTransfer:
    """For the receiving side's CPC or her deputy, who is not the one that asked: R30, R11, R23, R34."""
    bulk = _open(work, bulk_id, lock=lock)
    if code := may_answer(work.principal, bulk.to_owner):
        raise refused(work, bulk.to_owner, code)
    if bulk.requested_by == work.principal.person_id:
        raise Refusal("R23", subject="transfer")
    return _still_open(bulk)


def _asked(work: Work, bulk_id: UUID, *, lock: bool = False) -> BulkTransfer:
    bulk = _open(work, bulk_id, lock=lock)
    if code := may_answer(work.principal, bulk.from_owner):
        raise refused(work, bulk.from_owner, code)
    return _still_open(bulk)


def _open(work: Work, bulk_id: UUID, *, lock: bool) -> BulkTransfer:
    if lock:
        work.together()
    bulk = work.session.get(BulkTransfer, bulk_id, with_for_update=lock or None, populate_existing=True)
    if bulk is None:
        raise NotFound
    work.concerns(subject=("bulk_transfer", bulk_id))
    return bulk


def _still_open(bulk: BulkTransfer) -> BulkTransfer:
    if bulk.state != "requested":
        raise Refusal("R34", what=f"This transfer is already {DECIDED[bulk.state]}.")
    return bulk


def _receiving(work: Work, bulk: BulkTransfer) -> list[Concerned]:
    card = read_model.owning_cpc(work.session, bulk.to_owner)
    return holding([card] if card else [], "cpc", bulk.to_owner, bulk.to_agency)


def _tell(work: Work, kind: EventKind, bulk: BulkTransfer, to: list[Concerned]) -> None:
    data = {
        "bulk_id": bulk.id,
        "records": bulk.total,
        "from_owner": bulk.from_owner,
        "to_owner": bulk.to_owner,
    }
    work.emit(kind, data, aggregate=("bulk_transfer", bulk.id), to=to)

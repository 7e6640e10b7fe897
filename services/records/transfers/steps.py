"""One step of a transfer: its state, what was written, and who is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.access.concerned import concerned, holding
from services.records.access.record import Record
from services.records.transfers.models import Transfer, TransferStep
from services.records.transfers.rules import may_follow
from shared.directory import read_model
from shared.events.records.transfers import TRANSFER_PROGRESSED
from shared.events.registry import EventKind
from shared.ids import new_id
from shared.refusals import Refusal
from shared.work import Concerned, Work

ACTION = "transfers.decide"
TEXT = "transfer.text"
OVER = frozenset({"refused", "withdrawn", "completed"})


def step(work: Work, transfer: Transfer, act: str, state: str, text: str | None = None) -> None:
    """Bring the transfer to `state`. Raises R34 where somebody else brought it elsewhere first."""
    if not may_follow(transfer.state, state):
        raise already(transfer)
    transfer.state = state
    if state in OVER:
        transfer.ended_at = work.now
    note_step(work, transfer, act, text)


def already(transfer: Transfer) -> Refusal:
    return Refusal("R34", what=f"This transfer is already {transfer.state}.", nominal_id=transfer.nominal_id)


def note_step(work: Work, transfer: Transfer, act: str, text: str | None = None) -> None:
    sealed = work.runtime.encrypt(transfer.origin_nominal_id, TEXT, text) if text else None
    work.session.add(
        TransferStep(
            id=new_id(),
            transfer_id=transfer.id,
            act=act,
            by=work.principal.person_id,
            at=work.now,
            text=sealed,
        )
    )
    work.concerns(subject=("transfer", transfer.id), private=text, state=transfer.state)


def tell(work: Work, kind: EventKind, transfer: Transfer, to: list[Concerned], **more: Any) -> None:
    work.emit(kind, said(transfer) | more, aggregate=("transfer", transfer.id), to=to)


def tell_progress(work: Work, transfer: Transfer, record: Record) -> None:
    """Managers see the progress of transfers (PF-7/To do list.4)."""
    tell(work, TRANSFER_PROGRESSED, transfer, concerned(work, record, "manager", "supervisor"))


def said(transfer: Transfer) -> dict[str, Any]:
    return {
        "transfer_id": transfer.id,
        "nominal_id": transfer.nominal_id,
        "state": transfer.state,
        "from_owner": transfer.from_owner,
        "to_owner": transfer.to_owner,
    }


def receiving(work: Work, transfer: Transfer) -> list[Concerned]:
    """The CPC who answers; NOBODY where the post is vacant, so that the vacancy is reported."""
    card = read_model.owning_cpc(work.session, transfer.to_owner)
    return holding([card] if card else [], "cpc", transfer.to_owner, transfer.to_agency)


def asking(transfer: Transfer) -> list[Concerned]:
    """Who asked for the transfer; should they have left, whoever follows them as CPC."""
    return [Concerned(transfer.requested_by, "cpc", transfer.from_owner, transfer.from_agency)]


def person_in(work: Work, person_id: UUID, token: str, owner: str) -> read_model.PersonCard | None:
    """Somebody active under that owner who holds the token; None for anybody else."""
    units = read_model.below(work.session, owner)
    card = read_model.person(work.session, person_id)
    if card is None or not card.active or card.unit not in units:
        return None
    return card if card.id in {one.id for one in read_model.members(work.session, card.unit, token)} else None

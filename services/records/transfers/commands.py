"""What both sides say to a transfer (PF-4.16k): the owner changes only on agreement, and then everything does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise, facts
from services.records.access.contacts import owning_cpc
from services.records.access.record import Record
from services.records.nominals.naming import about
from services.records.service import service
from services.records.transfers.blocking import refuse_blocked, refuse_without_termination
from services.records.transfers.models import Transfer
from services.records.transfers.moving import take_over
from services.records.transfers.rules import (
    crosses_border,
    may_answer,
    wrong_confirmation,
)
from services.records.transfers.schemas import (
    Agreement,
    Ended,
    Question,
    Reply,
    TransferAnswer,
)
from services.records.transfers.steps import (
    ACTION,
    OVER,
    already,
    asking,
    receiving,
    step,
    tell,
    tell_progress,
)
from shared.declarations import FormPage
from shared.events.records.transfers import (
    TRANSFER_ANSWERED,
    TRANSFER_QUESTIONED,
    TRANSFER_REFUSED,
    TRANSFER_WITHDRAWN,
)
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

PATH = "/transfers/<uuid:transfer_id>"
PAGE = "/transfers/{transfer_id}"


def may_decide(work: Work, *, transfer_id: UUID) -> dict[str, Any]:
    """For the forms of the receiving side: whoever may not act, or comes too late, hears so before typing."""
    transfer = _transfer(work, transfer_id)
    record = facts(work, transfer.nominal_id)
    _refuse_others(work, transfer, record)
    _refuse_over(transfer)
    return dict(about(work, record))


def may_agree(work: Work, *, transfer_id: UUID) -> dict[str, Any]:
    """The manager whom the other side proposes is chosen already."""
    shown = may_decide(work, transfer_id=transfer_id)
    transfer = _transfer(work, transfer_id)
    _refuse_own(work, transfer)
    return {**shown, "manager_id": transfer.proposed_manager_id}


def may_write(work: Work, *, transfer_id: UUID) -> dict[str, Any]:
    """The same for the asking side."""
    transfer = _transfer(work, transfer_id)
    record = authorise(work, ACTION, transfer.nominal_id).record
    _refuse_over(transfer)
    return dict(about(work, record))


def _refuse_over(transfer: Transfer) -> None:
    if transfer.state in OVER:
        raise already(transfer)


@service.command(
    "transfers.ask",
    path=f"{PATH}/question",
    input=Question,
    answer=TransferAnswer,
    form=FormPage(
        title="Ask about the transfer",
        button="Send question",
        done="Your question is with the CPC who asked for the transfer.",
        next=PAGE,
        path=f"{PATH}/question/new",
        values=may_decide,
    ),
)
def ask(work: Work, *, transfer_id: UUID, text: str) -> Transfer:
    """The receiving side asks before it answers (PF-4.16k.2)."""
    transfer, record = _to_answer(work, transfer_id)
    step(work, transfer, "questioned", "questioned", text)
    tell(work, TRANSFER_QUESTIONED, transfer, asking(transfer))
    tell_progress(work, transfer, record)
    return transfer


@service.command(
    "transfers.reply",
    path=f"{PATH}/reply",
    input=Reply,
    answer=TransferAnswer,
    form=FormPage(
        title="Answer the question",
        button="Send answer",
        done="Your answer is with the receiving CPC.",
        next=PAGE,
        path=f"{PATH}/reply/new",
        values=may_write,
    ),
)
def reply(work: Work, *, transfer_id: UUID, text: str) -> Transfer:
    """The side that asked for the transfer answers the other's question."""
    transfer = _transfer(work, transfer_id, lock=True)
    authorise(work, ACTION, transfer.nominal_id, lock=True)
    if transfer.state != "questioned":
        raise Refusal("R34", what="No question is open.", nominal_id=transfer.nominal_id)
    step(work, transfer, "answered", "seen", text)
    tell(work, TRANSFER_ANSWERED, transfer, receiving(work, transfer))
    return transfer


@service.command(
    "transfers.refuse",
    path=f"{PATH}/refusal",
    input=Ended,
    answer=TransferAnswer,
    form=FormPage(
        title="Refuse the transfer",
        button="Refuse transfer",
        done="The transfer is refused. The CPC who asked has been told.",
        next=PAGE,
        path=f"{PATH}/refusal/new",
        values=may_decide,
    ),
)
def refuse(work: Work, *, transfer_id: UUID, text: str) -> Transfer:
    """Refuse, with the reason; the record stays where it is (PF-4.16k.2)."""
    transfer, record = _to_answer(work, transfer_id)
    step(work, transfer, "refused", "refused", text)
    tell(work, TRANSFER_REFUSED, transfer, asking(transfer))
    tell_progress(work, transfer, record)
    return transfer


@service.command(
    "transfers.withdraw",
    path=f"{PATH}/withdrawal",
    input=Ended,
    answer=TransferAnswer,
    form=FormPage(
        title="Withdraw the transfer",
        button="Withdraw request",
        done="The request is withdrawn.",
        next=PAGE,
        path=f"{PATH}/withdrawal/new",
        values=may_write,
    ),
)
def withdraw(work: Work, *, transfer_id: UUID, text: str) -> Transfer:
    """Take the request back before it was answered."""
    transfer = _transfer(work, transfer_id, lock=True)
    record = authorise(work, ACTION, transfer.nominal_id, lock=True).record
    step(work, transfer, "withdrawn", "withdrawn", text)
    tell(work, TRANSFER_WITHDRAWN, transfer, receiving(work, transfer))
    tell_progress(work, transfer, record)
    return transfer


@service.command(
    "transfers.agree",
    path=f"{PATH}/agreement",
    input=Agreement,
    answer=TransferAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Agree to the transfer",
        button="Agree and take the record over",
        done="The record is yours. Its new manager and supervisor have been told.",
        next=PAGE,
        path=f"{PATH}/agreement/new",
        intro="Your area or force owns the record from now on, in the category named in the request.",
        values=may_agree,
    ),
)
def agree(
    work: Work, *, transfer_id: UUID, manager_id: UUID, supervisor_id: UUID, category: str | None = None
) -> Transfer:
    """Take the record over, with all that belongs to it (PF-4.16k.2, PF-1.4.1). Of two who agree at once one does.

    Nobody agrees to what they asked for, and across a border the category is confirmed here too (SC-17.3.2).
    """
    transfer, record = _to_answer(work, transfer_id)
    _refuse_own(work, transfer)
    crosses = crosses_border(record.jurisdiction, transfer.to_jurisdiction)
    if problem := wrong_confirmation(transfer.category, category, crosses=crosses):
        raise Invalid({"category": [problem]})
    refuse_blocked(work, record)
    refuse_without_termination(work, record, transfer.category, transfer.to_agency)
    step(work, transfer, "agreed", "completed")
    take_over(work, transfer, record, manager_id, supervisor_id)
    return transfer


def _to_answer(work: Work, transfer_id: UUID) -> tuple[Transfer, Record]:
    """The transfer and its record, both locked, for the receiving side: R30 or R11 for anybody else."""
    work.together()
    transfer = _transfer(work, transfer_id, lock=True)
    record = facts(work, transfer.nominal_id, lock=True)
    work.concerns(nominal_id=record.id)
    _refuse_others(work, transfer, record)
    return transfer, record


def _refuse_others(work: Work, transfer: Transfer, record: Record) -> None:
    if code := may_answer(work.principal, transfer.to_owner):
        contact = replace(owning_cpc(work, transfer.to_owner), what="CPC of the receiving area")
        raise Refusal(code, token="cpc or central support", contact=contact, nominal_id=record.id)  # noqa: S106


def _refuse_own(work: Work, transfer: Transfer) -> None:
    if transfer.requested_by == work.principal.person_id:
        raise Refusal("R23", subject="transfer", nominal_id=transfer.nominal_id)


def _transfer(work: Work, transfer_id: UUID, *, lock: bool = False) -> Transfer:
    transfer = work.session.get(Transfer, transfer_id, with_for_update=lock or None)
    if transfer is None:
        raise NotFound
    return transfer

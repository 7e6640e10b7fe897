"""Asking for a transfer and answering it (PF-4.16k): the owner changes only on agreement, and then everything does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise, facts
from services.records.access.contacts import owning_cpc
from services.records.access.record import Record
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.nominals.owners import Place, kind_of_agency, owning_place
from services.records.service import service
from services.records.transfers.blocking import refuse_blocked, refuse_without_termination
from services.records.transfers.models import Transfer
from services.records.transfers.moving import take_over
from services.records.transfers.rules import (
    crosses_border,
    may_answer,
    proposed_category,
    used_in,
    wrong_confirmation,
    wrong_owner,
)
from services.records.transfers.schemas import (
    Agreement,
    Ended,
    NewTransfer,
    Question,
    Reply,
    TransferAnswer,
)
from services.records.transfers.steps import asking, note_step, receiving, step, tell, tell_progress
from shared.declarations import FormPage
from shared.events.records.transfers import (
    TRANSFER_ANSWERED,
    TRANSFER_QUESTIONED,
    TRANSFER_REFUSED,
    TRANSFER_REQUESTED,
    TRANSFER_WITHDRAWN,
)
from shared.ids import new_id
from shared.reference import mappa
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

ACTION = "transfers.decide"
OF_NOMINAL = "/nominals/<uuid:nominal_id>/transfers"
PATH = "/transfers/<uuid:transfer_id>"
PAGE = "/transfers/{transfer_id}"
OPEN_ALREADY = "A transfer of this record is open already."

service.constraints["uq_transfer_open"] = lambda: Refusal("R34", what=OPEN_ALREADY)


def may_request(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not ask, or what is not ready to go, is said before anybody types."""
    record = authorise(work, ACTION, nominal_id).record
    refuse_blocked(work, record)
    return dict(about(work, record))


@service.command(
    "transfers.request",
    path=OF_NOMINAL,
    input=NewTransfer,
    answer=TransferAnswer,
    status=201,
    form=FormPage(
        title="Request a transfer",
        button="Send request",
        done="The request is with the receiving CPC. The record stays yours until they agree.",
        next="/transfers/{id}",
        path=f"{OF_NOMINAL}/new",
        intro="Everything goes with the record: log, attachments, history, deadlines and open tasks.",
        values=may_request,
        drafts=True,
    ),
)
def request(
    work: Work, *, nominal_id: UUID, to_unit: str, reason: str, category: str | None = None
) -> Transfer:
    """Ask another area or agency to take the record over (PF-4.16k.1, PF-7/Central Support.5)."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    refuse_blocked(work, record)
    place = owning_place(work, to_unit, "to_unit")
    if place.owner_unit == record.owner_unit:
        raise Invalid(
            {"to_unit": ["This area owns the record already: hand it over to another manager instead"]}
        )
    kept = category or proposed_category(record.category, place.jurisdiction)
    if category is None and crosses_border(record.jurisdiction, place.jurisdiction):
        raise Invalid({"category": [_named(kept)]})
    _check_category(work, record, place, kept)
    refuse_without_termination(work, record, str(kept), place.owner_agency)
    transfer = Transfer(
        id=new_id(),
        nominal_id=nominal_id,
        from_owner=record.owner_unit,
        from_agency=record.owner_agency,
        from_unit=record.managing_unit,
        to_owner=place.owner_unit,
        to_agency=place.owner_agency,
        to_unit=place.managing_unit,
        to_jurisdiction=place.jurisdiction,
        category=kept,
        level=record.level if mappa.level_allowed(str(kept), str(record.level or "") or None) else None,
        requested_by=work.principal.person_id,
        requested_at=work.now,
    )
    work.session.add(transfer)
    work.session.flush()
    note_step(work, transfer, "requested", reason)
    tell(work, TRANSFER_REQUESTED, transfer, receiving(work, transfer))
    tell_progress(work, transfer, record)
    return transfer


def _named(proposed: str | None) -> str:
    likely = f": most likely {mappa.categories()[proposed].name}" if proposed else ""
    return f"Choose the category in which the record will be there{likely}"


def _check_category(work: Work, record: Record, place: Place, category: str | None) -> None:
    """Raises Invalid for a category not used there, R17 for one that the receiving agency does not own."""
    if category is None or not used_in(category, place.jurisdiction):
        raise Invalid({"category": ["Choose the category in which the record will be there"]})
    supervised = work.session.get_one(Nominal, record.id).statutory_supervision
    owner = wrong_owner(category, kind_of_agency(place.owner_agency), supervised=supervised)
    if owner is not None:
        raise Refusal("R17", category=category, agency=owner, nominal_id=record.id)


def may_write(work: Work, *, transfer_id: UUID) -> dict[str, Any]:
    """For the forms of both sides: who may not act hears so before typing."""
    transfer = _transfer(work, transfer_id)
    record = facts(work, transfer.nominal_id)
    if may_answer(work.principal, transfer.to_owner) is not None:
        authorise(work, ACTION, transfer.nominal_id)
    return dict(about(work, record))


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
        values=may_write,
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
        values=may_write,
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
        values=may_write,
    ),
)
def agree(
    work: Work, *, transfer_id: UUID, manager_id: UUID, supervisor_id: UUID, category: str | None = None
) -> Transfer:
    """Take the record over, with all that belongs to it (PF-4.16k.2, PF-1.4.1). Of two who agree at once one does.

    Nobody agrees to what they asked for, and across a border the category is confirmed here too (SC-17.3.2).
    """
    transfer, record = _to_answer(work, transfer_id)
    if transfer.requested_by == work.principal.person_id:
        raise Refusal("R23", subject="transfer", nominal_id=record.id)
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
    if code := may_answer(work.principal, transfer.to_owner):
        contact = replace(owning_cpc(work, transfer.to_owner), what="CPC of the receiving area")
        raise Refusal(code, token="cpc or central support", contact=contact, nominal_id=record.id)  # noqa: S106
    return transfer, record


def _transfer(work: Work, transfer_id: UUID, *, lock: bool = False) -> Transfer:
    transfer = work.session.get(Transfer, transfer_id, with_for_update=lock or None)
    if transfer is None:
        raise NotFound
    return transfer

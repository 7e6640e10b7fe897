"""Asking another area or agency to take a record over (PF-4.16k.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.access.record import Record
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.nominals.owners import Place, kind_of_agency, owning_place
from services.records.service import service
from services.records.transfers.blocking import refuse_blocked, refuse_without_termination
from services.records.transfers.models import Transfer
from services.records.transfers.rules import crosses_border, proposed_category, used_in, wrong_owner
from services.records.transfers.schemas import NewTransfer, TransferAnswer
from services.records.transfers.steps import ACTION, note_step, person_in, receiving, tell, tell_progress
from shared.declarations import FormPage
from shared.events.records.transfers import TRANSFER_REQUESTED
from shared.ids import new_id
from shared.reference import mappa
from shared.refusals import Invalid, Refusal
from shared.work import Work

OF_NOMINAL = "/nominals/<uuid:nominal_id>/transfers"
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
        cancel="/nominals/{nominal_id}",
        path=f"{OF_NOMINAL}/new",
        intro="Everything goes with the record: log, attachments, history, deadlines and open tasks.",
        values=may_request,
        drafts=True,
    ),
)
def request(
    work: Work,
    *,
    nominal_id: UUID,
    to_unit: str,
    reason: str,
    category: str | None = None,
    proposed_manager_id: UUID | None = None,
) -> Transfer:
    """Ask another area or agency to take the record over (PF-4.16k.1, PF-7/Central Support.5)."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    refuse_blocked(work, record)
    place = owning_place(work, to_unit, "to_unit")
    if place.owner_unit == record.owner_unit:
        raise Invalid(
            {"to_unit": ["This area owns the record already: hand it over to another manager instead"]}
        )
    _check_proposed(work, place, proposed_manager_id)
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
        proposed_manager_id=proposed_manager_id,
        requested_by=work.principal.person_id,
        requested_at=work.now,
    )
    work.session.add(transfer)
    work.session.flush()
    note_step(work, transfer, "requested", reason)
    tell(work, TRANSFER_REQUESTED, transfer, receiving(work, transfer))
    tell_progress(work, transfer, record)
    return transfer


def _check_proposed(work: Work, place: Place, person_id: UUID | None) -> None:
    if person_id is not None and person_in(work, person_id, "manager", place.owner_unit) is None:
        raise Invalid(
            {
                "proposed_manager_id": [
                    "Choose somebody of the receiving area or force who holds the manager token"
                ]
            }
        )


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

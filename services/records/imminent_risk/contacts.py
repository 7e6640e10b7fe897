"""Contacts in probation's case management that are about imminent risk: the administrators upload them first (D-14)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.archived import is_archived
from services.records.access.authorise import authorise, facts
from services.records.access.concerned import holding
from services.records.access.record import Record
from services.records.activity_log.reviews import FEED
from services.records.imminent_risk.models import NOTE, FlaggedContact
from services.records.imminent_risk.schemas import (
    ContactAnswer,
    ContactMessage,
    HandledContact,
    Heard,
    NewContact,
)
from services.records.nominals.naming import about
from services.records.nominals.numbers import whose
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.imminent_risk import CONTACT_FLAGGED, CONTACT_HANDLED
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/imminent-risk/contacts"
ONE = f"{PATH}/<uuid:contact_id>"
KNOWN = "This contact is flagged already."
ADMINISTRATOR = "case_administrator"


def may_flag(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return dict(about(work, authorise(work, "activity_log.add", nominal_id).record))


@service.command(
    "imminent_risk.flag_contact",
    path=PATH,
    input=NewContact,
    answer=ContactAnswer,
    status=201,
    form=FormPage(
        title="Ask for a contact to be uploaded first",
        button="Ask the administrators",
        done="The contact stands at the head of the administrators’ queue.",
        next="/nominals/{nominal_id}/imminent-risk",
        path=f"{PATH}/new",
        intro="For a contact in nDelius that is about imminent risk. Tell your line manager and your police counterpart"
        " first. Every administrator of the unit is alerted.",
        values=may_flag,
    ),
)
def flag_contact(work: Work, *, nominal_id: UUID, reference: str) -> FlaggedContact:
    """Have a contact about imminent risk uploaded before all else (PF-4.36.2)."""
    record = authorise(work, "activity_log.add", nominal_id, lock=True).record
    contact = _flagged(work, record, reference)
    if contact is None:
        raise Invalid({"reference": [KNOWN]})
    return contact


@service.command(
    "imminent_risk.hear_contact",
    path="/integrations/ndelius/imminent-risk-contacts",
    input=ContactMessage,
    answer=Heard,
    status=202,
    audience="integration",
)
def hear_contact(work: Work, *, crn: str, reference: str) -> dict[str, Any]:
    """The same from nDelius, by case reference number; told twice it counts once."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    nominal_id = whose(work, "crn", crn)
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id, lock=True)
    if is_archived(work, record, "imminent_risk_contact", reference):
        return {"outcome": "archived"}
    fresh = _flagged(work, record, reference)
    return {"outcome": "known" if fresh is None else "taken"}


def _flagged(work: Work, record: Record, reference: str) -> FlaggedContact | None:
    """None where it is flagged already. Told to all active administrators of the unit (PF-4.36.2)."""
    row = {
        "id": new_id(),
        "nominal_id": record.id,
        "origin_nominal_id": record.id,
        "reference": reference,
        "unit": record.managing_unit,
        "flagged_at": work.now,
        "flagged_by": work.principal.person_id,
    }
    fresh = insert(FlaggedContact).values(row).on_conflict_do_nothing().returning(FlaggedContact)
    contact = work.session.execute(fresh).scalar_one_or_none()
    if contact is None:
        return None
    work.concerns(nominal_id=record.id, subject=("imminent_risk_contact", contact.id))
    cards = read_model.holders(work.session, ADMINISTRATOR, record.managing_unit)
    to = holding(cards, ADMINISTRATOR, record.managing_unit, record.owner_agency)
    data = {
        "contact_id": contact.id,
        "nominal_id": record.id,
        "unit": record.managing_unit,
        "flagged_at": contact.flagged_at,
        "jurisdiction": record.jurisdiction,
    }
    work.emit(CONTACT_FLAGGED, data, aggregate=("imminent_risk_contact", contact.id), to=to)
    return contact


def may_handle(work: Work, *, nominal_id: UUID, contact_id: UUID) -> dict[str, Any]:
    record = authorise(work, "activity_log.add", nominal_id).record
    _open(work, nominal_id, contact_id)
    return dict(about(work, record))


@service.command(
    "imminent_risk.handle_contact",
    path=f"{ONE}/handled",
    input=HandledContact,
    answer=ContactAnswer,
    form=FormPage(
        title="The contact is dealt with",
        button="Save",
        done="The contact is off the administrators’ queue.",
        next="/nominals/{nominal_id}/imminent-risk",
        path=f"{ONE}/handle",
        intro="Entering the imminent risk itself also takes the contact off the queue.",
        values=may_handle,
    ),
)
def handle_contact(work: Work, *, nominal_id: UUID, contact_id: UUID, note: str) -> FlaggedContact:
    """Say how it was uploaded where that was not as an imminent risk, or why it was not."""
    authorise(work, "activity_log.add", nominal_id, lock=True)
    contact = _open(work, nominal_id, contact_id)
    contact.note = work.runtime.encrypt(contact.origin_nominal_id, NOTE, note.strip())
    _handled(work, contact)
    work.concerns(subject=("imminent_risk_contact", contact_id), private=note)
    return contact


def handle_all(work: Work, nominal_id: UUID) -> None:
    """The risk itself was entered: whatever contact waited for this record is dealt with."""
    waiting = select(FlaggedContact).where(
        FlaggedContact.nominal_id == nominal_id, FlaggedContact.handled_at.is_(None)
    )
    for contact in work.session.execute(waiting.with_for_update()).scalars():
        _handled(work, contact)


def uploaded(work: Work, nominal_id: UUID, reference: str) -> None:
    """This contact is on the log now, in whatever way: it need not be uploaded first any more."""
    theirs = (FlaggedContact.nominal_id == nominal_id, FlaggedContact.reference == reference)
    found = select(FlaggedContact).where(*theirs, FlaggedContact.handled_at.is_(None)).with_for_update()
    if (contact := work.session.execute(found).scalar_one_or_none()) is not None:
        _handled(work, contact)


def _handled(work: Work, contact: FlaggedContact) -> None:
    contact.handled_at, contact.handled_by = work.now, work.principal.person_id
    data = {"contact_id": contact.id, "nominal_id": contact.nominal_id}
    agency = facts(work, contact.nominal_id).owner_agency
    work.emit(CONTACT_HANDLED, data, aggregate=("imminent_risk_contact", contact.id), agencies=[agency])


def _open(work: Work, nominal_id: UUID, contact_id: UUID) -> FlaggedContact:
    contact = work.session.get(FlaggedContact, contact_id, with_for_update=True)
    if contact is None or contact.nominal_id != nominal_id:
        raise NotFound
    if contact.handled_at is not None:
        raise Refusal("R34", what="This contact was dealt with already.", nominal_id=nominal_id)
    return contact

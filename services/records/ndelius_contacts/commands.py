"""Copying contacts into the log: pasted by hand, or told by nDelius and looked at by an administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.clearance import readers
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.activity_log.commands import check_readers, note
from services.records.activity_log.needs import ask_for
from services.records.activity_log.schemas import EntryAnswer
from services.records.activity_log.writing import Added, write_entry
from services.records.imminent_risk.contacts import uploaded
from services.records.ndelius_contacts.models import REASON, TEXT, TO_INFORM, TYPE, Contact
from services.records.ndelius_contacts.rules import KNOWN, called, with_source, wrong_contact, wrong_person
from services.records.ndelius_contacts.schemas import ContactAnswer, LeftOut, NewContact, ToldContact
from services.records.nominals.fields import canonical
from services.records.nominals.models import Identifier
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.events.records.ndelius_contacts import CONTACT_SETTLED
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/ndelius-contacts"
ONE = f"{PATH}/<uuid:contact_id>"
ACTION = "activity_log.add"
NEXT = "/nominals/{nominal_id}/ndelius-contacts"
REVIEW = (
    "What the practitioner marked “include in ViSOR extract”. Read it, then add it. If it is about imminent risk, enter"
    " the imminent risk instead and leave this out. (PF-4.17)"
)


def may_paste(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not write is told before pasting, and so is who would paste onto a record without a CRN."""
    record = authorise(work, ACTION, nominal_id).record
    if not crns(work, nominal_id):
        raise Refusal("R29", list="the CRN of this person is missing", nominal_id=nominal_id)
    return dict(about(work, record))


@service.command(
    "ndelius_contacts.paste",
    path=PATH,
    input=NewContact,
    answer=EntryAnswer,
    status=201,
    form=FormPage(
        title="Paste a contact from nDelius",
        button="Add to the activity log",
        done="The contact is on the activity log.",
        next=NEXT,
        path=f"{PATH}/new",
        intro="For contacts that the practitioner marked “include in ViSOR extract”. The entry says which contact it"
        " comes from. If it is about imminent risk, enter the imminent risk instead. (PF-4.17)",
        values=may_paste,
        drafts=True,
    ),
)
def paste(
    work: Work,
    *,
    nominal_id: UUID,
    crn: str,
    reference: str,
    contact_on: date,
    contact_type: str,
    text: str,
    for_attention: Sequence[str],
    important: bool,
    attachments: Sequence[str],
    to_inform: str,
    only_roles: Sequence[str],
    only_agencies: Sequence[str],
    only_people: Sequence[UUID],
) -> Added:
    """Copy a contact that the practitioner chose into the log, once (PF-4.17.1)."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    number = canonical(work.today, crn=crn).get("crn", "")
    wrong = wrong_contact(contact_on, work.today) | wrong_person(number, crns(work, nominal_id))
    if wrong:
        raise Invalid(wrong)
    contact = with_number(work, nominal_id, reference)
    if contact is not None and contact.state == "added":
        raise Invalid({"reference": [KNOWN]})
    contact = contact or begun(work, record, reference)
    contact.contact_on = contact_on
    contact.contact_type = work.runtime.encrypt(contact.origin_nominal_id, TYPE, contact_type.strip())
    may_read = _readers(work, only_roles, only_agencies, only_people)
    entry = _write(work, record, contact, contact_type, text, for_attention, important, to_inform, may_read)
    ask_for(work, record, entry, attachments)
    return entry


def may_add(work: Work, *, nominal_id: UUID, contact_id: UUID) -> dict[str, Any]:
    """What nDelius told of it, to look at before it is added."""
    record = authorise(work, ACTION, nominal_id).record
    contact = _waiting(work, nominal_id, contact_id)
    told = {"attachments": contact.attachments, "to_inform": opened(work, contact, "to_inform") or ""}
    told |= {"text": opened(work, contact, "text") or "", "intro": [f"{_which(work, contact)}.", REVIEW]}
    return {**about(work, record), **told}


@service.command(
    "ndelius_contacts.add",
    path=f"{ONE}/entry",
    input=ToldContact,
    answer=EntryAnswer,
    status=201,
    form=FormPage(
        title="Review a contact from nDelius",
        button="Add to the activity log",
        done="The contact is on the activity log.",
        next=NEXT,
        path=f"{ONE}/add",
        values=may_add,
    ),
)
def add(
    work: Work,
    *,
    nominal_id: UUID,
    contact_id: UUID,
    text: str,
    for_attention: Sequence[str],
    important: bool,
    attachments: Sequence[str],
    to_inform: str,
    only_roles: Sequence[str],
    only_agencies: Sequence[str],
    only_people: Sequence[UUID],
) -> Added:
    """Copy a contact that nDelius told into the log, after somebody has read it (PF-4.17.3)."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    contact = _waiting(work, nominal_id, contact_id)
    contact_type = opened(work, contact, "contact_type") or ""
    may_read = _readers(work, only_roles, only_agencies, only_people)
    entry = _write(work, record, contact, contact_type, text, for_attention, important, to_inform, may_read)
    ask_for(work, record, entry, attachments)
    return entry


def may_leave_out(work: Work, *, nominal_id: UUID, contact_id: UUID) -> dict[str, Any]:
    record = authorise(work, ACTION, nominal_id).record
    contact = _waiting(work, nominal_id, contact_id)
    return {**about(work, record), "intro": f"{_which(work, contact)}."}


@service.command(
    "ndelius_contacts.leave_out",
    path=f"{ONE}/left-out",
    input=LeftOut,
    answer=ContactAnswer,
    form=FormPage(
        title="Leave out a contact from nDelius",
        button="Leave it out",
        done="It is noted that the contact is left out, and why.",
        next=NEXT,
        path=f"{ONE}/leave-out",
        values=may_leave_out,
    ),
)
def leave_out(work: Work, *, nominal_id: UUID, contact_id: UUID, reason: str) -> dict[str, Any]:
    """Say why it does not go onto the log; nothing of what it says is kept here."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    contact = _waiting(work, nominal_id, contact_id)
    contact.reason = work.runtime.encrypt(contact.origin_nominal_id, REASON, reason.strip())
    _settle(work, record, contact, "left_out")
    work.concerns(subject=("ndelius_contact", contact_id), private=reason)
    return shown(work, contact)


def crns(work: Work, nominal_id: UUID) -> list[str]:
    theirs = Identifier.nominal_id == nominal_id
    return list(work.session.scalars(select(Identifier.value).where(theirs, Identifier.kind == "crn")))


def with_number(work: Work, nominal_id: UUID, reference: str) -> Contact | None:
    """Locked."""
    found = select(Contact).where(Contact.nominal_id == nominal_id, Contact.reference == reference)
    return work.session.execute(found.with_for_update()).scalar_one_or_none()


def begun(work: Work, record: Record, reference: str) -> Contact:
    """A new row, of which the caller says what the contact is."""
    contact = Contact(id=new_id(), nominal_id=record.id, origin_nominal_id=record.id, reference=reference)
    contact.attachments, contact.state, contact.told_at = [], "waiting", work.now
    work.session.add(contact)
    return contact


def opened(work: Work, contact: Contact, column: str) -> str | None:
    """One of its sealed texts; None where there is none, or the nominal's key was destroyed."""
    purpose = {"contact_type": TYPE, "text": TEXT, "to_inform": TO_INFORM, "reason": REASON}[column]
    sealed = getattr(contact, column)
    return None if sealed is None else work.runtime.readable(contact.origin_nominal_id, purpose, sealed)


def shown(work: Work, contact: Contact) -> dict[str, Any]:
    names = ("id", "nominal_id", "reference", "contact_on", "state", "told_at", "entry_id", "settled_at")
    texts = {name: opened(work, contact, name) for name in ("contact_type", "reason")}
    return {name: getattr(contact, name) for name in (*names, "settled_by")} | texts


def _which(work: Work, contact: Contact) -> str:
    kind = opened(work, contact, "contact_type") or ""
    return called(contact_type=kind, contact_on=contact.contact_on, reference=contact.reference)


def _readers(
    work: Work, roles: Sequence[str], agencies: Sequence[str], people: Sequence[UUID]
) -> list[str] | None:
    check_readers(work, people)
    return readers(roles, agencies, people)


def _write(
    work: Work,
    record: Record,
    contact: Contact,
    contact_type: str,
    text: str,
    for_attention: Sequence[str],
    important: bool,
    to_inform: str,
    may_read: list[str] | None,
) -> Added:
    day, number = contact.contact_on, contact.reference
    entry = write_entry(
        work,
        record,
        agencies_told(work.session, record),
        kind="ndelius_contact",
        text=with_source(text, contact_type=contact_type, contact_on=day, reference=number),
        for_attention=for_attention,
        important=important,
        readers=may_read,
        to_inform=to_inform.strip() or None,
    )
    note(work, entry)
    contact.entry_id = entry.id
    _settle(work, record, contact, "added")
    uploaded(work, record.id, contact.reference)
    return entry


def _settle(work: Work, record: Record, contact: Contact, state: str) -> None:
    contact.state, contact.settled_at, contact.settled_by = state, work.now, work.principal.person_id
    contact.text = contact.to_inform = None
    data = {"contact_id": contact.id, "nominal_id": record.id, "state": state}
    subject = ("ndelius_contact", contact.id)
    work.emit(CONTACT_SETTLED, data, aggregate=subject, agencies=[record.owner_agency])


def _waiting(work: Work, nominal_id: UUID, contact_id: UUID) -> Contact:
    contact = work.session.get(Contact, contact_id, with_for_update=True)
    if contact is None or contact.nominal_id != nominal_id:
        raise NotFound
    if contact.state != "waiting":
        raise Refusal("R34", what="This contact was dealt with already.", nominal_id=nominal_id)
    return contact

"""Contacts as nDelius tells them: each waits until an administrator has read it (PF-4.17.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.records.access.archived import is_archived
from services.records.access.authorise import facts
from services.records.access.concerned import concerned, in_role
from services.records.activity_log.reviews import FEED
from services.records.ndelius_contacts.commands import begun, with_number
from services.records.ndelius_contacts.models import TEXT, TO_INFORM, TYPE
from services.records.ndelius_contacts.rules import wrong_contact
from services.records.ndelius_contacts.schemas import ContactHeard, ContactMessage
from services.records.nominals.fields import canonical
from services.records.nominals.numbers import whose
from services.records.nominals.owners import kind_of_agency
from services.records.service import service
from shared.directory import read_model
from shared.events.records.ndelius_contacts import CONTACT_TOLD
from shared.refusals import Invalid, Refusal
from shared.work import Work


@service.command(
    "ndelius_contacts.hear",
    path="/integrations/ndelius/contacts",
    input=ContactMessage,
    answer=ContactHeard,
    status=202,
    audience="integration",
)
def hear(
    work: Work,
    *,
    crn: str,
    unit: str,
    registered: bool,
    include: bool,
    reference: str,
    contact_on: date,
    contact_type: str,
    text: str,
    attachments: list[str],
    to_inform: str,
) -> dict[str, Any]:
    """Take a contact that is to be copied. What the practitioner did not choose is not kept (PF-4.33)."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    if not registered:
        raise Refusal("R25")
    if not include:
        return {"outcome": "not_included"}
    place = read_model.unit(work.session, unit)
    if place is None or place.kind != "delivery_unit":
        raise Invalid({"unit": ["Not the code of a delivery unit"]})
    if wrong := wrong_contact(contact_on, work.today):
        raise Invalid(wrong)
    nominal_id = whose(work, "crn", canonical(work.today, crn=crn).get("crn", ""))
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id, lock=True)
    if is_archived(work, record, "ndelius_contact", reference):
        return {"outcome": "archived"}
    if with_number(work, record.id, reference) is not None:
        return {"outcome": "known"}
    contact = begun(work, record, reference)
    contact.contact_on, contact.attachments = contact_on, sorted(set(attachments))
    contact.contact_type = work.runtime.encrypt(record.id, TYPE, contact_type.strip())
    contact.text = work.runtime.encrypt(record.id, TEXT, text)
    contact.to_inform = work.runtime.encrypt(record.id, TO_INFORM, to_inform.strip()) if to_inform else None
    work.concerns(nominal_id=record.id, subject=("ndelius_contact", contact.id))
    to = concerned(work, record, "manager") if kind_of_agency(record.owner_agency) == "probation" else []
    if record.manager_id is None or not to:
        to = in_role(work, "case_administrator", place.code, place.agency)
    data = {"contact_id": contact.id, "nominal_id": record.id}
    work.emit(CONTACT_TOLD, data, aggregate=("ndelius_contact", contact.id), to=to)
    return {"outcome": "taken"}

"""A contact of nDelius as somebody pastes it, as that system tells it, and as it is shown."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.activity_log import schemas as log
from services.records.activity_log.folders import FOLDERS
from services.records.ndelius_contacts.rules import LONGEST_TEXT, LONGEST_TYPE
from shared.web.schemas import Answer, Input


def _some(text: str) -> None:
    if not text.strip():
        raise ValidationError("Enter what it says")


def _reference() -> fields.String:
    return fields.String(
        required=True,
        validate=[
            validate.Length(1, 40),
            validate.Regexp(r"[A-Za-z0-9/-]+\Z", error="Enter its number, not a text"),
        ],
        metadata={
            "label": "Number of the contact in nDelius",
            "noun": "the number of the contact",
            "hint": "As it stands in the ViSOR contact report. The same contact is taken once.",
            "width": 20,
        },
    )


def _contact_on() -> fields.Date:
    return fields.Date(
        required=True, metadata={"label": "Date of the contact", "noun": "the date of the contact"}
    )


def _contact_type() -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST_TYPE), _some],
        metadata={
            "label": "Type of contact",
            "noun": "the type of contact",
            "hint": "For example, office visit or telephone call",
            "width": 30,
        },
    )


def _text() -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST_TEXT), _some],
        metadata={
            "label": "What the contact says",
            "noun": "what the contact says",
            "widget": "textarea",
            "rows": 10,
        },
    )


class NewContact(Input):
    crn = fields.String(
        required=True,
        validate=validate.Length(1, 20),
        metadata={
            "label": "CRN in the contact report",
            "noun": "the CRN",
            "hint": "Compared with this record’s, so that nothing is pasted into another person’s record",
            "width": 10,
        },
    )
    reference = _reference()
    contact_on = _contact_on()
    contact_type = _contact_type()
    text = _text()
    for_attention = log.attention()
    important = log.importance()
    attachments = log.for_update()
    to_inform = log.also_to_inform()
    only_roles = log.only_roles()
    only_agencies = log.only_agencies()
    only_people = log.only_people()


class ToldContact(Input):
    """What is still open of a contact that nDelius told."""

    text = _text()
    for_attention = log.attention()
    important = log.importance()
    attachments = log.for_update()
    to_inform = log.also_to_inform()
    only_roles = log.only_roles()
    only_agencies = log.only_agencies()
    only_people = log.only_people()


class ContactMessage(Input):
    """What nDelius tells; `crn` is its case reference number, `unit` the code of the delivery unit.

    `include` is the practitioner's "include in ViSOR extract", `registered` whether the case has a ViSOR registration.
    """

    crn = fields.String(required=True, validate=validate.Length(1, 20))
    unit = fields.String(required=True, validate=validate.Length(1, 40))
    registered = fields.Boolean(required=True)
    include = fields.Boolean(required=True)
    reference = _reference()
    contact_on = _contact_on()
    contact_type = _contact_type()
    text = _text()
    attachments = fields.List(fields.String(validate=validate.OneOf(list(FOLDERS))), load_default=list)
    to_inform = fields.String(load_default="", validate=validate.Length(max=500))


class LeftOut(Input):
    reason = fields.String(
        required=True,
        validate=[validate.Length(1, 1000), log.said],
        metadata={
            "label": "Why is it not to be added?",
            "noun": "the reason",
            "widget": "textarea",
            "hint": "For example, that an entry says the same already.",
        },
    )


class ContactAnswer(Answer):
    """`contact_type` and `reason` are null where the nominal's key was destroyed."""

    id = fields.UUID()
    nominal_id = fields.UUID()
    reference = fields.String()
    contact_on = fields.Date()
    contact_type = fields.String(allow_none=True)
    state = fields.String()
    told_at = fields.AwareDateTime()
    entry_id = fields.UUID(allow_none=True)
    settled_at = fields.AwareDateTime(allow_none=True)
    settled_by = fields.UUID(allow_none=True)
    reason = fields.String(allow_none=True)


class ContactList(Answer):
    contacts = fields.List(fields.Nested(ContactAnswer))


class ContactHeard(Answer):
    """`taken` (it waits for an administrator), `known` (told before), `not_included`, `archived` or `no_record`."""

    outcome = fields.String()

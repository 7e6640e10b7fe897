"""What registering a referral takes, and what the list shows."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.nominals import choices
from services.records.nominals.fields import PersonInput
from shared.web.schemas import Answer, Input


def release_on() -> fields.Date:
    return fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Release date",
            "hint": "If in custody, and known",
            "noun": "the release date",
        },
    )


def sentenced_on() -> fields.Date:
    return fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Community sentence of",
            "hint": "The day of sentence, if it was to a community order",
            "noun": "the day of the community sentence",
        },
    )


class ChangeInput(Input):
    level = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf([1, 2, 3]),
        metadata={
            "label": "Level",
            "options": [(1, "Level 1"), (2, "Level 2"), (3, "Level 3")],
            "widget": "radios",
        },
    )
    release_on = release_on()
    sentenced_on = sentenced_on()
    version = fields.Integer(required=True, metadata={"widget": "none"})


class CloseInput(Input):
    reason = fields.String(
        required=True,
        validate=[validate.Length(10, 1000), validate.Regexp(r"\s*\S")],
        metadata={"label": "Why no record is created", "noun": "the reason", "widget": "textarea"},
    )


class HeardRegistration(PersonInput):
    """PF-4.10.1: what nDelius tells of a registration, with the delivery unit that manages the person."""

    crn = fields.String(required=True, validate=validate.Length(1, 30))
    registered_on = fields.Date(required=True)
    unit = fields.String(required=True, validate=validate.Length(1, 40))
    release_on = release_on()
    sentenced_on = sentenced_on()


class HeardAnswer(Answer):
    """`outcome`: taken, changed, known, or has_record with the nominal's id."""

    outcome = fields.String()
    referral_id = fields.UUID(allow_none=True)
    nominal_id = fields.UUID(allow_none=True)


class ReferralInput(PersonInput):
    registered_on = fields.Date(
        required=True,
        metadata={
            "label": "Registered on",
            "noun": "the date of registration",
            "hint": "The day of the MAPPA registration",
            "section": "Registration",
        },
    )
    release_on = release_on()
    sentenced_on = sentenced_on()
    unit = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"label": "Unit that will manage the person", "noun": "the unit", "finder": choices.UNITS},
    )


class RegisteredAnswer(Answer):
    referral_id = fields.UUID()
    owner_unit = fields.String()


class ReferralsInput(Input):
    status = fields.String(
        load_default="open",
        validate=validate.OneOf(
            ["open", "created", "closed"],
            ["Waiting for a record", "Record created", "Closed without a record"],
        ),
        metadata={"label": "Status", "widget": "radios", "small": True},
    )
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class ReferralAnswer(Answer):
    id = fields.UUID()
    category = fields.String()
    level = fields.Integer(allow_none=True)
    statutory_supervision = fields.Boolean()
    registered_on = fields.Date()
    unit = fields.String()
    owner_unit = fields.String()
    jurisdiction = fields.String()
    forenames = fields.String()
    surname = fields.String()
    date_of_birth = fields.Date()
    sex = fields.String()
    pnc = fields.String(allow_none=True)
    cro = fields.String(allow_none=True)
    noms = fields.String(allow_none=True)
    crn = fields.String(allow_none=True)
    release_on = fields.Date(allow_none=True)
    sentenced_on = fields.Date(allow_none=True)
    source = fields.String()
    duty = fields.String(allow_none=True, metadata={"description": "The deadline that runs"})
    prison = fields.String(allow_none=True)
    status = fields.String()
    nominal_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class ReferralsAnswer(Answer):
    referrals = fields.List(fields.Nested(ReferralAnswer))
    next_before = fields.UUID(allow_none=True)

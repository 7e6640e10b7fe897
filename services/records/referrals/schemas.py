"""What registering a referral takes, and what the list shows."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.nominals import choices
from services.records.nominals.fields import PersonInput
from shared.web.schemas import Answer, Input


class ReferralInput(PersonInput):
    registered_on = fields.Date(
        required=True,
        metadata={
            "label": "Registered on",
            "hint": "The day of the MAPPA registration",
            "section": "Registration",
        },
    )
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
        validate=validate.OneOf(["open", "created"], ["Waiting for a record", "Record created"]),
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
    status = fields.String()
    nominal_id = fields.UUID(allow_none=True)


class ReferralsAnswer(Answer):
    referrals = fields.List(fields.Nested(ReferralAnswer))
    next_before = fields.UUID(allow_none=True)

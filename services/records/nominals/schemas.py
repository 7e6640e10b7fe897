"""What creating a nominal takes, and what a summary gives."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.nominals import choices
from services.records.nominals.fields import PersonInput, markers, risk_level
from shared.web.schemas import Answer, Input


class CreateInput(PersonInput):
    referral_id = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})
    aliases = fields.List(
        fields.String(validate=validate.Length(1, 200)),
        load_default=list,
        validate=validate.Length(max=30),
        metadata={"label": "Also known as", "hint": "One name on each line, forenames first"},
    )
    address = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=300),
        metadata={"label": "Address", "widget": "textarea"},
    )
    risk_level = risk_level()
    markers = markers()
    managing_unit = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"label": "Managing unit", "options": choices.units, "section": "Who manages the record"},
    )
    manager_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"label": "Manager", "options": choices.managers}
    )
    supervisor_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"label": "Supervisor", "options": choices.supervisors}
    )
    duplicate_reason = fields.String(
        load_default="",
        validate=validate.Length(max=1000),
        metadata={
            "label": "Why this is somebody else",
            "hint": "Only if a record with this name and date of birth exists already",
            "widget": "textarea",
            "section": "If the person may be on the register already",
        },
    )


class ChangeInput(Input):
    risk_level = risk_level()
    markers = markers()
    address = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=300),
        metadata={"label": "Address", "widget": "textarea"},
    )
    offender_manager_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "HMPPS Offender Manager",
            "hint": "The prison offender manager in custody, the community offender manager outside",
            "options": choices.offender_managers,
        },
    )
    general_comments = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=2000),
        metadata={
            "label": "General comments",
            "hint": "Name, e-mail address and telephone number of an offender manager who is no user",
            "widget": "textarea",
        },
    )
    version = fields.Integer(required=True, metadata={"widget": "none"})


class ChangedAnswer(Answer):
    nominal_id = fields.UUID()
    version = fields.Integer()


class CreatedAnswer(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    owner_unit = fields.String()


class PersonAnswer(Answer):
    """A user: their name leads to their white-pages card."""

    person_id = fields.UUID()
    name = fields.String()
    telephone = fields.String()
    agency = fields.String()
    unit = fields.String()
    card_url = fields.String()


class UnitAnswer(Answer):
    code = fields.String()
    name = fields.String()


class NameAnswer(Answer):
    forenames = fields.String()
    surname = fields.String()


class NumberAnswer(Answer):
    kind = fields.String()
    value = fields.String()


class SummaryAnswer(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    status = fields.String()
    name = fields.String()
    names = fields.List(fields.Nested(NameAnswer))
    aliases = fields.List(fields.String())
    date_of_birth = fields.Date()
    age = fields.Integer()
    sex = fields.String()
    identifiers = fields.List(fields.Nested(NumberAnswer))
    markers = fields.List(fields.String())
    photograph = fields.String(allow_none=True)
    category = fields.String()
    category_name = fields.String()
    level = fields.Integer(allow_none=True)
    risk_level = fields.String(allow_none=True)
    risk_since = fields.Date(allow_none=True)
    jurisdiction = fields.String()
    owner = fields.Nested(UnitAnswer)
    managing_unit = fields.Nested(UnitAnswer)
    manager = fields.Nested(PersonAnswer, allow_none=True)
    supervisor = fields.Nested(PersonAnswer, allow_none=True)
    offender_manager = fields.Nested(PersonAnswer, allow_none=True)
    offender_manager_role = fields.String(allow_none=True)
    general_comments = fields.String(allow_none=True)
    custody = fields.Nested(UnitAnswer, allow_none=True)
    custody_since = fields.Date(allow_none=True)
    address = fields.String(allow_none=True)
    limited_access = fields.Boolean()
    standings = fields.List(fields.String())
    by_reason = fields.Boolean()
    version = fields.Integer()
    standing_version = fields.Integer()


class MineInput(Input):
    standing = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(
            ["manager", "supervisor", "partner", "lpc", "cpc", "deputy"],
            ["Manager", "Supervisor", "Partner", "LPC", "CPC", "Deputy of the CPC"],
        ),
        metadata={"label": "My part", "widget": "radios", "small": True},
    )
    after = fields.String(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class MineLineAnswer(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    date_of_birth = fields.Date()
    category = fields.String()
    level = fields.Integer(allow_none=True)
    risk_level = fields.String(allow_none=True)
    status = fields.String()
    standings = fields.List(fields.String())


class MineAnswer(Answer):
    nominals = fields.List(fields.Nested(MineLineAnswer))
    next_after = fields.String(allow_none=True)

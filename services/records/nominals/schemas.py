"""What creating a nominal takes, and what a summary gives."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.nominals import choices
from services.records.nominals.fields import (
    PersonInput,
    authority,
    lead_agency,
    markers,
    review_on,
    risk_level,
    supervision,
)
from services.records.nominals.rules import CHANGE_REASONS, category_choices
from shared.web.schemas import Answer, Input


def _reason(label: str) -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(1, 1000), validate.Regexp(r"\s*\S")],
        metadata={"label": label, "noun": "the reason", "widget": "textarea"},
    )


class CreateInput(PersonInput):
    lead_agency = lead_agency()
    authority = authority()
    review_on = review_on()
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
        metadata={"label": "Managing unit", "finder": choices.UNITS, "section": "Who manages the record"},
    )
    manager_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"label": "Manager", "finder": choices.MANAGERS}
    )
    supervisor_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"label": "Supervisor", "finder": choices.SUPERVISORS}
    )
    offender_manager_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": "Community offender manager (COM)", "options": choices.offender_managers},
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
    """`risk_reason`: why the level changes before any assessment is signed off; afterwards nobody changes it here."""

    risk_level = risk_level(
        hint="Once an assessment is signed off, the level goes by the latest of them.",
        options=choices.risk_levels,
    )
    risk_reason = fields.String(
        load_default="",
        validate=validate.Length(max=1000),
        metadata={
            "label": "Why the risk level changes, if it does",
            "hint": "Kept in the history of changes.",
            "widget": "textarea",
            "rows": 2,
        },
    )
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


class CategoriseInput(Input):
    """Category, level and what goes with them, from a day on."""

    category = fields.String(
        required=True,
        validate=validate.OneOf([code for code, _, _ in category_choices()]),
        metadata={"label": "Category", "options": choices.categories_of_record, "widget": "radios"},
    )
    level = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf([1, 2, 3]),
        metadata={
            "label": "Level",
            "hint": "Leave out for a potentially dangerous person or serious organised crime",
            "options": [(1, "Level 1"), (2, "Level 2"), (3, "Level 3")],
            "widget": "radios",
        },
    )
    statutory_supervision = supervision()
    lead_agency = lead_agency()
    authority = authority()
    review_on = review_on()
    effective_on = fields.Date(
        required=True,
        metadata={"label": "In force from", "noun": "the day from which it is in force"},
    )
    why = fields.String(
        required=True,
        validate=validate.OneOf(list(CHANGE_REASONS), list(CHANGE_REASONS.values())),
        metadata={"label": "Why it changes", "widget": "radios"},
    )
    reason = _reason("What was decided, and by whom")
    version = fields.Integer(required=True, metadata={"widget": "none"})


class DeregisterInput(Input):
    deregistered_on = fields.Date(
        required=True, metadata={"label": "Deregistered on", "noun": "the day of deregistration"}
    )
    reason = _reason("Why the person is no longer managed")


class RegisterAgainInput(Input):
    reason = _reason("Why the deregistration does not stand")


class HeardDeregistration(Input):
    """PF-4.15.2: what nDelius tells when a registration ends."""

    crn = fields.String(required=True, validate=validate.Length(1, 20))
    deregistered_on = fields.Date(required=True)


class HeardAnswer(Answer):
    """`outcome`: taken, known (told before) or no_record."""

    outcome = fields.String()
    nominal_id = fields.UUID(allow_none=True)


class StandingAnswer(Answer):
    nominal_id = fields.UUID()
    category = fields.String()
    level = fields.Integer(allow_none=True)
    statutory_supervision = fields.Boolean()
    deregistered_on = fields.Date(allow_none=True)
    version = fields.Integer()


class HistoryInput(Input):
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class ChangedValueAnswer(Answer):
    """`old` and `new` in words, None where there was or is nothing."""

    field = fields.String()
    label = fields.String()
    old = fields.String(allow_none=True)
    new = fields.String(allow_none=True)


class ChangeAnswer(Answer):
    """One act: `values` is null where the nominal's key was destroyed."""

    id = fields.UUID()
    act = fields.String()
    at = fields.AwareDateTime()
    by = fields.UUID()
    by_name = fields.String(allow_none=True)
    effective_on = fields.Date(allow_none=True)
    reason = fields.String(allow_none=True)
    values = fields.List(fields.Nested(ChangedValueAnswer), allow_none=True)


class HistoryAnswer(Answer):
    changes = fields.List(fields.Nested(ChangeAnswer))
    next_before = fields.UUID(allow_none=True)


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
    statutory_supervision = fields.Boolean()
    lead_agency = fields.String(allow_none=True)
    authority = fields.String(allow_none=True)
    review_on = fields.Date(allow_none=True)
    deregistered_on = fields.Date(allow_none=True)
    risk_level = fields.String(allow_none=True)
    risk_since = fields.Date(allow_none=True)
    jurisdiction = fields.String()
    owner = fields.Nested(UnitAnswer)
    managing_unit = fields.Nested(UnitAnswer)
    manager = fields.Nested(PersonAnswer, allow_none=True)
    supervisor = fields.Nested(PersonAnswer, allow_none=True)
    offender_manager = fields.Nested(PersonAnswer, allow_none=True)
    offender_manager_role = fields.String(allow_none=True)
    expected_offender_manager = fields.String(
        metadata={"description": "POM in custody, COM in the community: who should be recorded"}
    )
    other_offender_manager = fields.Nested(PersonAnswer, allow_none=True)
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

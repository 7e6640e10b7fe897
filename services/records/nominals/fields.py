"""The fields about a person that a referral and a nominal have in common."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import fields, validate

from services.records.nominals import choices
from services.records.nominals.rules import MARKERS, RISK_LEVELS, SEXES, category_choices
from services.records.search.spelling import LONGEST
from shared.reference import mappa
from shared.reference.identifiers import PARSERS, InvalidIdentifier
from shared.refusals import Invalid
from shared.web.schemas import Input

NUMBERS = {
    "pnc": ("PNC number", "Like 2002/0073319Z"),
    "cro": ("CRO number", "Like 065656/91H"),
    "noms": ("Prison (NOMS) number", "Like A1234BC"),
    "crn": ("Case reference number (CRN)", "Like X123456"),
}


def name(label: str, *, required: bool = False, **metadata: Any) -> fields.String:
    """A name of at most a hundred characters; a required one is not blank."""
    rules = [validate.Length(1 if required else 0, LONGEST), validate.Regexp(r"\s*\S" if required else "")]
    given: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return fields.String(validate=rules, metadata={"label": label, "width": 30, **metadata}, **given)


def number(kind: str) -> fields.String:
    label, hint = NUMBERS[kind]
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=30),
        metadata={"label": label, "hint": hint, "width": 20},
    )


def one_of(choices: dict[str, str], label: str, **given: Any) -> fields.String:
    return fields.String(
        validate=validate.OneOf(list(choices), list(choices.values())), metadata={"label": label}, **given
    )


def supervision() -> fields.Boolean:
    return fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Is the person under statutory probation supervision?",
            "hint": "For category 3 this decides who owns the record",
            "noun": "whether the person is under statutory probation supervision",
            "widget": "radios",
            "options": [(True, "Yes"), (False, "No")],
        },
    )


def lead_agency() -> fields.String:
    """Asked in Scotland alone (SC-17.10)."""
    bodies = mappa.lead_agencies()
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(bodies), list(bodies.values())),
        metadata={"label": "Lead agency", "widget": "radios", "options": choices.lead_agencies},
    )


def authority() -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=300),
        metadata={
            "label": "Authorised by",
            "hint": "For a potentially dangerous person or serious organised crime: name, rank and date",
        },
    )


def review_on() -> fields.Date:
    return fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Authority to be reviewed on", "noun": "the day of review"},
    )


class PersonInput(Input):
    """Category and level, names, birth and numbers."""

    category = fields.String(
        required=True,
        validate=validate.OneOf([code for code, _, _ in category_choices()]),
        metadata={
            "label": "Category",
            "options": choices.categories,
            "widget": "radios",
            "section": "Category and level",
        },
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
    forenames = name("Forenames", section="The person")
    surname = name("Surname", required=True)
    date_of_birth = fields.Date(required=True, metadata={"label": "Date of birth"})
    sex = one_of(dict(SEXES), "Sex", load_default="not_known")
    pnc = number("pnc")
    cro = number("cro")
    noms = number("noms")
    crn = number("crn")


def risk_level(**more: Any) -> fields.String:
    known = validate.OneOf(list(RISK_LEVELS), list(RISK_LEVELS.values()))
    metadata = {"label": "Risk level", **more}
    return fields.String(validate=known, metadata=metadata, load_default=None, allow_none=True)


def markers() -> fields.List[Any]:
    return fields.List(
        fields.String(validate=validate.OneOf(list(MARKERS))),
        load_default=list,
        metadata={"label": "Warning markers", "options": list(MARKERS.items()), "widget": "checkboxes"},
    )


def canonical(today: date, **typed: str | None) -> dict[str, str]:
    """The numbers that were given, by kind, in canonical form; raises Invalid with what is wrong with each."""
    found: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    for kind, text in typed.items():
        if text and text.strip():
            try:
                found[kind] = PARSERS[kind](text, today)
            except InvalidIdentifier as error:
                wrong[kind] = [str(error)]
    if wrong:
        raise Invalid(wrong)
    return found

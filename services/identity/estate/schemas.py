"""What estate commands take and their pages show."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.estate.kinds import AGENCY_KINDS, JURISDICTIONS, kinds
from services.identity.finders import AGENCIES, ANY_UNIT
from shared.web.schemas import Answer, Input

_CODE = validate.Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$", error="A code has letters, digits and hyphens, at least two of them."
)
_COUNTRIES = [("ENG", "England"), ("WLS", "Wales"), ("SCT", "Scotland"), ("NIR", "Northern Ireland")]


def _kinds(_context: object) -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in kinds().values()]


def _name() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=2, max=200), metadata={"label": "Name"})


def _parent() -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=40),
        metadata={
            "label": "Stands under",
            "hint": "Leave empty for one that stands alone",
            "noun": "the unit above it",
            "finder": ANY_UNIT,
        },
    )


def _flag(label: str) -> fields.Boolean:
    return fields.Boolean(load_default=False, metadata={"label": label})


class AddUnitInput(Input):
    code = fields.String(
        required=True,
        validate=_CODE,
        metadata={"label": "Code", "hint": "Stays for good, as in pdu-N55LEE", "width": 20},
    )
    name = _name()
    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(kinds())),
        metadata={"label": "Kind", "options": _kinds, "widget": "select"},
    )
    parent = _parent()
    agency = fields.String(
        required=True,
        validate=validate.Length(min=2, max=40),
        metadata={"label": "Agency", "finder": AGENCIES},
    )
    jurisdiction = fields.String(
        required=True,
        validate=validate.OneOf(JURISDICTIONS),
        metadata={"label": "Jurisdiction", "options": _COUNTRIES},
    )
    contracted = _flag("A contracted prison: a Director is in charge")
    under_18 = _flag("A young offender institution for the under-18s")


class ChangeUnitInput(Input):
    name = _name()
    contracted = _flag("A contracted prison: a Director is in charge")
    under_18 = _flag("A young offender institution for the under-18s")
    version = fields.Integer(required=True, metadata={"widget": "hidden"})


class MoveUnitInput(Input):
    parent = _parent()


class AddAgencyInput(Input):
    code = fields.String(
        required=True, validate=_CODE, metadata={"label": "Code", "hint": "Stays for good", "width": 20}
    )
    name = _name()
    kind = fields.String(
        required=True,
        validate=validate.OneOf(AGENCY_KINDS),
        metadata={"label": "Kind", "options": [(kind, kind.capitalize()) for kind in AGENCY_KINDS]},
    )


class RenameAgencyInput(Input):
    name = _name()


class ListUnitsInput(Input):
    kind = fields.String(
        load_default="any",
        validate=validate.OneOf(["any", *kinds()], error="Choose a kind from the list."),
    )
    name = fields.String(load_default="", validate=validate.Length(max=100))
    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10_000))


class AgencyAnswer(Answer):
    code = fields.String()
    name = fields.String()
    kind = fields.String()


class UnitAnswer(Answer):
    code = fields.String()
    name = fields.String()
    kind = fields.String()
    parent = fields.String(allow_none=True)
    agency = fields.String()
    jurisdiction = fields.String()
    contracted = fields.Boolean()
    under_18 = fields.Boolean()
    closed_on = fields.Date(allow_none=True)
    version = fields.Integer()


class UnitLine(UnitAnswer):
    kind_name = fields.String()
    parent_name = fields.String(allow_none=True)
    group = fields.String()


class UnitsAnswer(Answer):
    units = fields.List(fields.Nested(UnitLine))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class AgenciesAnswer(Answer):
    agencies = fields.List(fields.Nested(AgencyAnswer))


class HeadAnswer(Answer):
    title = fields.String()
    name = fields.String()
    card_url = fields.String()


class UnitWhole(UnitLine):
    agency_name = fields.String()
    head_title = fields.String()
    heads = fields.List(fields.Nested(HeadAnswer))
    children = fields.List(fields.Nested(UnitAnswer))
    may_change = fields.Boolean()

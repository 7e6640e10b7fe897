"""What building commands take and their pages show."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.identity.buildings.rules import parse
from services.identity.finders import OWN_UNITS
from shared.web.schemas import Answer, Input

KINDS = [("lan", "Wired (LAN cable)"), ("wifi", "Wireless (Wi-Fi)")]


def _is_range(text: str) -> None:
    try:
        parse(text)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem


class _Named(Input):
    name = fields.String(
        required=True,
        validate=validate.Length(min=2, max=200),
        metadata={"label": "Name of the building", "hint": "As in “Leeds, Waterloo House”"},
    )
    address = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={"label": "Postal address", "widget": "textarea", "rows": 3},
    )


class RegisterBuildingInput(_Named):
    unit = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={"label": "Unit", "finder": OWN_UNITS},
    )


class ChangeBuildingInput(_Named):
    version = fields.Integer(required=True, metadata={"widget": "hidden"})


class NetworkInput(Input):
    addresses = fields.String(
        required=True,
        validate=[validate.Length(max=50), _is_range],
        metadata={"label": "Addresses", "hint": "As in 10.1.2.0/24", "noun": "the addresses", "width": 20},
    )
    kind = fields.String(
        required=True,
        validate=validate.OneOf([code for code, _ in KINDS]),
        metadata={"label": "Kind", "options": KINDS},
    )


class ListBuildingsInput(Input):
    unit = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={
            "label": "Unit",
            "hint": "Part of its name, or its code; units below it count too",
            "width": 20,
        },
    )
    name = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"label": "Building", "hint": "Part of its name", "width": 20},
    )
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=10_000), metadata={"widget": "none"}
    )


class NetworkAnswer(Answer):
    id = fields.UUID()
    addresses = fields.Function(lambda row: str(row["addresses"] if isinstance(row, dict) else row.addresses))
    kind = fields.String()


class BuildingAnswer(Answer):
    id = fields.UUID()
    name = fields.String()
    address = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    open = fields.Boolean()
    version = fields.Integer()


class BuildingLine(BuildingAnswer):
    networks = fields.List(fields.Nested(NetworkAnswer))


class BuildingsAnswer(Answer):
    buildings = fields.List(fields.Nested(BuildingLine))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class BuildingWhole(BuildingLine):
    may_change = fields.Boolean()

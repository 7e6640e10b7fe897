"""What a search takes and gives."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.records.search.spelling import LONGEST
from shared.web.schemas import Answer, Input


def _text(label: str, hint: str, *, width: int = 30, **metadata: Any) -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST),
        metadata={"label": label, "hint": hint, "width": width, **metadata},
    )


class SearchInput(Input):
    """Posted, so that nothing about a person stands in an address."""

    number = _text("Number", "PNC, CRO, prison (NOMS), case reference (CRN) or ViSOR number", width=20)
    surname = _text("Surname", "")
    forename = _text("Forename", "")
    date_of_birth = fields.Date(load_default=None, allow_none=True, metadata={"label": "Date of birth"})
    year_of_birth = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1890, 2100),
        metadata={"label": "Year of birth", "hint": "If you do not know the date", "width": 4},
    )
    month_of_birth = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 12),
        metadata={"label": "Month of birth", "hint": "A number from 1 to 12, with the year", "width": 2},
    )
    telephone = _text(
        "Telephone number", "All of it, or the last six digits", width=20, section="What else you know"
    )
    vehicle = _text(
        "Vehicle registration", "All of it, its first four or its last three characters", width=10
    )
    address = _text("Address", "A postcode, a house number and street, or a street and town")
    page = fields.Integer(load_default=1, validate=validate.Range(1, 100), metadata={"widget": "none"})


class CpcAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    telephone = fields.String()
    card_url = fields.String()


class LineAnswer(Answer):
    nominal_id = fields.UUID(allow_none=True)
    visor_number = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    year_of_birth = fields.Integer(allow_none=True)
    owner_unit = fields.String()
    owner_name = fields.String()
    limited = fields.Boolean()
    archived = fields.Boolean()
    cpc = fields.Nested(CpcAnswer, allow_none=True)
    why = fields.List(
        fields.String(), metadata={"description": "How it is like what was asked for; empty outside a search"}
    )


class SearchAnswer(Answer):
    results = fields.List(fields.Nested(LineAnswer))
    more = fields.Boolean(metadata={"description": "More records fit"})
    page = fields.Integer()
    next = fields.Integer(
        allow_none=True,
        metadata={
            "description": "The next page; null on the last, and where more must be said about the person"
        },
    )

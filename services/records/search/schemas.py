"""What a search takes and gives."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate, validates_schema

from services.records.search.spelling import LONGEST
from shared.web.schemas import Answer, Input


class SearchInput(Input):
    """Posted, so that nothing about a person stands in an address."""

    number = fields.String(
        load_default="",
        validate=validate.Length(max=30),
        metadata={
            "label": "Number",
            "hint": "PNC, CRO, prison (NOMS), case reference (CRN) or ViSOR number",
            "width": 20,
        },
    )
    surname = fields.String(
        load_default="", validate=validate.Length(max=LONGEST), metadata={"label": "Surname", "width": 30}
    )
    forename = fields.String(
        load_default="", validate=validate.Length(max=LONGEST), metadata={"label": "Forename", "width": 30}
    )
    date_of_birth = fields.Date(load_default=None, metadata={"label": "Date of birth"})
    year_of_birth = fields.Integer(
        load_default=None,
        validate=validate.Range(1890, 2100),
        metadata={"label": "Year of birth", "hint": "If you do not know the date", "width": 4},
    )

    @validates_schema
    def _says_enough(self, data: dict[str, object], **_: object) -> None:
        if not (data.get("number") or data.get("surname") or data.get("date_of_birth")):
            raise ValidationError("Enter a number, a surname or a date of birth", "number")


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
    cpc = fields.Nested(CpcAnswer, allow_none=True)


class SearchAnswer(Answer):
    results = fields.List(fields.Nested(LineAnswer))
    more = fields.Boolean(metadata={"description": "There may be more than these: say more about the person"})

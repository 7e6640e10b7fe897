"""What goes into and comes out of a monthly return."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class NewReturn(Input):
    month = fields.Date(
        required=True,
        metadata={"label": "Any day of the month", "noun": "a day of the month", "hint": "Day, month, year"},
    )
    raised = fields.Integer(
        required=True,
        validate=validate.Range(0, 100_000),
        metadata={
            "label": "Intelligence and security reports about the risk of nominals that were raised",
            "noun": "how many reports were raised",
            "hint": "As your security department counted them, whether or not they are on ViSOR yet",
            "width": 5,
        },
    )


class ReturnAnswer(Answer):
    id = fields.UUID()
    prison = fields.String()
    month = fields.Date()
    raised = fields.Integer()

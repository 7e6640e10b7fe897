"""What questions take and answer."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class AskInput(Input):
    text = fields.String(
        required=True,
        validate=validate.Length(5, 2000),
        metadata={
            "label": "Your question",
            "hint": "Do not write about a nominal here.",
            "widget": "textarea",
        },
    )


class AnswerInput(Input):
    answer = fields.String(
        required=True,
        validate=validate.Length(2, 2000),
        metadata={"label": "Your answer", "widget": "textarea"},
    )


class PagedInput(Input):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 500), metadata={"widget": "none"})


class QuestionAnswer(Answer):
    id = fields.UUID()
    person_id = fields.UUID()
    name = fields.String()
    text = fields.String()
    asked_at = fields.AwareDateTime()
    answer = fields.String(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)


class QuestionsAnswer(Answer):
    questions = fields.List(fields.Nested(QuestionAnswer))
    page = fields.Integer()
    more = fields.Boolean()

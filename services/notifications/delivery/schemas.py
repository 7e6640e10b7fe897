"""What the pages of vacant roles and of refused letters give and take."""

from __future__ import annotations

from marshmallow import fields, validate

from services.notifications.delivery.aside import MOST, offered
from shared.web.schemas import Answer, Input


class VacancyAnswer(Answer):
    id = fields.UUID()
    role = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    found_at = fields.AwareDateTime()
    missed = fields.Integer()


class VacanciesAnswer(Answer):
    vacancies = fields.List(fields.Nested(VacancyAnswer))


class RefusedLetterAnswer(Answer):
    id = fields.UUID()
    person_id = fields.UUID(allow_none=True, metadata={"description": "none for somebody without an account"})
    kind = fields.String()
    written_at = fields.AwareDateTime()
    set_aside_at = fields.AwareDateTime(attribute="ended_at")
    reason = fields.String(attribute="last_error")


class RefusedLettersAnswer(Answer):
    letters = fields.List(fields.Nested(RefusedLetterAnswer))
    total = fields.Integer()


class SendAgainInput(Input):
    letters = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST, error="Choose at least one message"),
        metadata={
            "label": "Which messages",
            "noun": "at least one message",
            "widget": "checkboxes",
            "options": offered,
        },
    )


class SentAgainAnswer(Answer):
    sent = fields.Integer()
    left = fields.Integer(metadata={"description": "how many were not set aside any more"})

"""The onboarding checklist and queue, as answers."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.people.schemas import CardAnswer
from shared.web.schemas import Answer, Input


class StepAnswer(Answer):
    """One step: who acts, under which clause, and what is missing where it is not done."""

    key = fields.String()
    title = fields.String()
    who = fields.String()
    clause = fields.String()
    done = fields.Boolean()
    missing = fields.String()


class ContactAnswer(Answer):
    what = fields.String()
    name = fields.String(allow_none=True)
    telephone = fields.String(allow_none=True)
    card_url = fields.String(allow_none=True)


class ChecklistAnswer(Answer):
    person = fields.Nested(CardAnswer)
    state = fields.String()
    priority = fields.String(allow_none=True)
    declined_reason = fields.String(allow_none=True)
    steps = fields.List(fields.Nested(StepAnswer))
    cpc = fields.Nested(ContactAnswer)


class QueueInput(Input):
    unit = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={
            "label": "Unit",
            "hint": "Part of its name, or its code; empty for all of yours",
            "width": 20,
        },
    )
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=500), metadata={"widget": "none"}
    )


class QueuedAnswer(Answer):
    person = fields.Nested(CardAnswer)
    state = fields.String()
    priority = fields.String(allow_none=True)
    since = fields.AwareDateTime()
    done = fields.Integer()
    steps = fields.Integer()
    next = fields.String()
    who = fields.String()


class QueueAnswer(Answer):
    people = fields.List(fields.Nested(QueuedAnswer))
    page = fields.Integer()
    more = fields.Boolean()

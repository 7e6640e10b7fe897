from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class AccessQuestionSchema(Schema):
    question_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


ACCESS_ASKED = register(EventKind("identity.access.asked", 1, AccessQuestionSchema))
ACCESS_ANSWERED = register(EventKind("identity.access.answered", 1, AccessQuestionSchema))

"""What reporting a leaver takes and answers."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.people.schemas import CardAnswer, HeldAnswer
from shared.web.schemas import Answer, Input


class LeaverInput(Input):
    left_on = fields.Date(
        required=True,
        metadata={"label": "Last day in the role", "noun": "the last day in the role"},
    )


class HrLeaverInput(Input):
    """One leaver from an HR system; the same `reference` again changes nothing."""

    reference = fields.String(required=True, validate=validate.Length(min=1, max=100))
    username = fields.String(required=True, validate=validate.Length(min=1, max=120))
    left_on = fields.Date(required=True)


class HrLeaverAnswer(Answer):
    """`outcome` is disabled, known (told before) or unknown (nobody has that user name)."""

    outcome = fields.String()


class HoldingsAnswer(Answer):
    tokens = fields.Integer()
    roles = fields.Integer()
    team = fields.Integer()
    manager_of = fields.Integer(allow_none=True)
    supervisor_of = fields.Integer(allow_none=True)
    partner_of = fields.Integer(allow_none=True)


class LeavingAnswer(Answer):
    """A leaver, what they still hold, and who confirmed that they left."""

    person = fields.Nested(CardAnswer)
    state = fields.String()
    left_on = fields.Date(allow_none=True)
    reported_as = fields.String(allow_none=True)
    confirmed_at = fields.AwareDateTime(allow_none=True)
    held = fields.Nested(HoldingsAnswer)
    still_held = fields.List(fields.String())
    tokens = fields.List(fields.Nested(HeldAnswer))
    may_confirm = fields.Boolean()
    may_archive = fields.Boolean()


class LeaverLineAnswer(Answer):
    person = fields.Nested(CardAnswer)
    left_on = fields.Date()
    reported_as = fields.String()
    confirmed = fields.Boolean()


class LeaversAnswer(Answer):
    leavers = fields.List(fields.Nested(LeaverLineAnswer))
    page = fields.Integer()
    more = fields.Boolean()


class PagedInput(Input):
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=500), metadata={"widget": "none"}
    )

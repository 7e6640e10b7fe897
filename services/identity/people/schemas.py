"""Cards and what one sees of access."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class CardAnswer(Answer):
    """A white-pages card (PF-7/white pages.1)."""

    id = fields.UUID()
    name = fields.String()
    job_title = fields.String()
    email = fields.String()
    telephone = fields.String()
    agency = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    active = fields.Boolean()
    left_on = fields.Date(allow_none=True)
    roles = fields.List(fields.String())
    tokens = fields.List(fields.String())
    card_url = fields.String()


class CardsAnswer(Answer):
    people = fields.List(fields.Nested(CardAnswer))
    more = fields.Boolean()


class SearchInput(Input):
    """By POST: whom one looks for stands in no address. Everything given must fit."""

    name = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"hint": "Also if you are not sure how it is spelt", "width": 20},
    )
    job_title = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"label": "Role or job title", "width": 20},
    )
    place = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={
            "label": "Area, unit, prison or force",
            "hint": "Part of its name; everybody under it is found too",
            "width": 20,
        },
    )
    token = fields.String(
        load_default="any",
        validate=validate.OneOf(
            ["any", "cpc", "lpc", "central_support", "supervisor", "manager", "create", "partner"],
            error="Choose a token from the list.",
        ),
        metadata={
            "label": "Holds the token",
            "widget": "select",
            "options": [
                ("any", "Any"),
                ("cpc", "Central Point of Contact (CPC)"),
                ("lpc", "Local Point of Contact (LPC)"),
                ("central_support", "Central Support"),
                ("supervisor", "Supervisor"),
                ("manager", "Manager"),
                ("create", "Create"),
                ("partner", "Partner"),
            ],
        },
    )
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=500), metadata={"widget": "none"}
    )


class VettingAnswer(Answer):
    id = fields.UUID()
    kind = fields.String()
    level = fields.Integer()
    cleared_on = fields.Date()
    expires_on = fields.Date()
    counts = fields.Boolean()
    revoked = fields.Boolean()


class TrainingAnswer(Answer):
    course = fields.String()
    provider = fields.String()
    delivered_on = fields.Date()
    passed = fields.Boolean()


class HeldAnswer(Answer):
    id = fields.UUID()
    name = fields.String()
    title = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    suspended = fields.Boolean()


class DocumentStateAnswer(Answer):
    title = fields.String()
    version = fields.String()
    signed_at = fields.AwareDateTime(allow_none=True)


class EndingAnswer(Answer):
    what = fields.String()
    last_day = fields.Date()


class AccessAnswer(Answer):
    """What somebody holds, when it ends, and what is missing (PI-A.4)."""

    person = fields.Nested(CardAnswer)
    state = fields.String()
    vetting = fields.List(fields.Nested(VettingAnswer))
    training = fields.List(fields.Nested(TrainingAnswer))
    documents = fields.List(fields.Nested(DocumentStateAnswer))
    tokens = fields.List(fields.Nested(HeldAnswer))
    roles = fields.List(fields.Nested(HeldAnswer))
    missing = fields.List(fields.String())
    ending = fields.List(fields.Nested(EndingAnswer))
    may_change = fields.Boolean()

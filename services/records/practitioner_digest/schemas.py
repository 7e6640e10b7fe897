"""What goes into and comes out of the practitioners' digest."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input

HOW = {"in_person": "In person", "telephone": "By telephone", "email": "By e-mail, without details"}


class ToldInput(Input):
    """`through` is the newest entry that the administrator had before them."""

    how = fields.String(
        required=True,
        validate=validate.OneOf(list(HOW)),
        metadata={
            "label": "How was the practitioner told?",
            "noun": "how the practitioner was told",
            "widget": "radios",
            "options": list(HOW.items()),
        },
    )
    through = fields.UUID(required=True, metadata={"widget": "hidden"})


class ToldAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    practitioner_id = fields.UUID(allow_none=True)
    entries = fields.Integer()
    told_at = fields.AwareDateTime()


class DigestLine(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    practitioner_id = fields.UUID(allow_none=True)
    practitioner = fields.String(allow_none=True)
    entries = fields.Integer()
    important = fields.Integer()
    through = fields.UUID()
    since = fields.AwareDateTime(allow_none=True)


class Digest(Answer):
    records = fields.List(fields.Nested(DigestLine))


class UnreadLine(Answer):
    """`practitioner_id` is None where the offender manager is no user, or nobody is recorded."""

    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    practitioner_id = fields.UUID(allow_none=True)
    practitioner = fields.String(allow_none=True)
    entries = fields.Integer()
    important = fields.Integer()
    since = fields.AwareDateTime()
    agencies = fields.List(fields.String())


class Unread(Answer):
    records = fields.List(fields.Nested(UnreadLine))

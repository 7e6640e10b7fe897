"""Documents as people read and sign them."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.documents.signing_rules import STATEMENT
from shared.web.schemas import Answer, Input


class StandingAnswer(Answer):
    code = fields.String(attribute="document.code")
    title = fields.String(attribute="document.title")
    version = fields.String(attribute="version.version")
    published_on = fields.Date(attribute="version.published_on")
    signed = fields.Boolean()
    signed_at = fields.AwareDateTime(attribute="signature.signed_at")


class DocumentsAnswer(Answer):
    documents = fields.List(fields.Nested(StandingAnswer))


class DocumentAnswer(StandingAnswer):
    text = fields.String(attribute="version.text")
    text_hash = fields.String(attribute="version.text_hash")


class SignInput(Input):
    text_hash = fields.String(
        required=True,
        validate=validate.Length(equal=64),
        metadata={"widget": "hidden", "noun": "the document"},
    )
    typed_name = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={
            "label": "Your full name",
            "hint": "Typing it signs the document",
            "noun": "your full name",
            "width": 20,
        },
    )
    accepted = fields.Boolean(
        load_default=False, metadata={"label": STATEMENT, "legend": "Your statement", "widget": "checkbox"}
    )


class SignedAnswer(Answer):
    next_page = fields.String()

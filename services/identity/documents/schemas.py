"""Documents as people read, sign, publish and pass them on."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.documents.choices import documents, versions
from services.identity.documents.models import ATTENDANCE
from services.identity.documents.signing_rules import CONSEQUENCES, STATEMENT
from services.identity.people.schemas import CardAnswer
from shared.files import JPEG, PDF, PNG
from shared.web.forms.upload import MEGABYTE, Upload
from shared.web.schemas import Answer, Input

_LONGEST = 400_000  # characters of a document's text


class StandingAnswer(Answer):
    code = fields.String(attribute="document.code")
    title = fields.String(attribute="document.title")
    version = fields.String(attribute="version.version")
    published_on = fields.Date(attribute="version.published_on")
    signed = fields.Boolean()
    signed_at = fields.AwareDateTime(attribute="signature.signed_at")


class LibraryLine(Answer):
    code = fields.String()
    title = fields.String()
    version = fields.String(allow_none=True)
    published_on = fields.Date(allow_none=True)
    historical = fields.Boolean()
    visibility = fields.String()


class DocumentsAnswer(Answer):
    """What one signs, and everything that one may read."""

    documents = fields.List(fields.Nested(StandingAnswer))
    library = fields.List(fields.Nested(LibraryLine))


class VersionLine(Answer):
    id = fields.UUID()
    version = fields.String()
    published_on = fields.Date()
    announced_at = fields.String(allow_none=True)
    current = fields.Boolean()


class DocumentAnswer(Answer):
    code = fields.String()
    title = fields.String()
    contact = fields.String(allow_none=True)
    historical = fields.Boolean()
    signature_asked = fields.Boolean()
    version = fields.String()
    published_on = fields.Date()
    text = fields.String()
    text_hash = fields.String()
    signed_at = fields.AwareDateTime(allow_none=True)
    grace_ends = fields.Date(allow_none=True)
    versions = fields.List(fields.Nested(VersionLine))


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
    consequences = fields.Boolean(
        load_default=False,
        metadata={"label": CONSEQUENCES, "legend": "The consequences", "widget": "checkbox"},
    )


class SignedAnswer(Answer):
    next_page = fields.String()


class PublishInput(Input):
    document = fields.String(
        required=True, validate=validate.Length(min=1, max=40), metadata={"options": documents}
    )
    version = fields.String(
        required=True,
        validate=validate.Length(min=1, max=20),
        metadata={"hint": "As printed on it, as in 2.1", "width": 10},
    )
    text = fields.String(
        required=True,
        validate=validate.Length(min=50, max=_LONGEST),
        metadata={
            "label": "The whole text",
            "noun": "the whole text",
            "hint": "Its title, then headings and paragraphs in turn, with an empty line between them",
            "widget": "textarea",
            "rows": 20,
        },
    )
    announced_at = fields.String(
        required=True,
        validate=validate.Length(min=5, max=200),
        metadata={
            "label": "Announced at",
            "noun": "the meeting at which it was announced",
            "hint": "The meeting of the regional user group (RUG) and its day",
        },
    )


class PublishedAnswer(Answer):
    document = fields.String()


class AwarenessInput(Input):
    attendance = fields.String(
        required=True,
        validate=validate.OneOf(ATTENDANCE),
        metadata={
            "label": "The meeting of the regional user group at which it was announced",
            "options": [
                ("attended", "I was there"),
                ("represented", "I sent somebody"),
                ("neither", "Neither"),
            ],
        },
    )


class ScanInput(Input):
    version_id = fields.UUID(
        required=True, metadata={"label": "Document and version", "options": versions, "widget": "select"}
    )
    signed_on = fields.Date(required=True, metadata={"label": "Signed on", "noun": "the day it was signed"})
    scan = Upload(
        kinds=(PDF, PNG, JPEG), most=10 * MEGABYTE, required=True, metadata={"label": "The scanned signature"}
    )


class SignatureLine(Answer):
    id = fields.UUID()
    title = fields.String()
    version = fields.String()
    typed_name = fields.String()
    text_hash = fields.String()
    signed_at = fields.AwareDateTime()
    on_paper = fields.Boolean()


class PersonDocumentsAnswer(Answer):
    person = fields.Nested(CardAnswer)
    documents = fields.List(fields.Nested(StandingAnswer))
    signatures = fields.List(fields.Nested(SignatureLine))
    may_upload = fields.Boolean()


class CopyAnswer(SignatureLine):
    person = fields.Nested(CardAnswer)
    statement = fields.String()
    text = fields.String()
    published_on = fields.Date()
    added_by = fields.Nested(CardAnswer, allow_none=True)


class MessageInput(Input):
    version_id = fields.UUID(
        required=True, metadata={"label": "Document and version", "options": versions, "widget": "select"}
    )
    text = fields.String(
        required=True,
        validate=validate.Length(min=10, max=4000),
        metadata={"label": "What changes for your users", "noun": "the message", "widget": "textarea"},
    )


class SentAnswer(Answer):
    id = fields.UUID()


class ReceiptAnswer(Answer):
    person = fields.Nested(CardAnswer)
    role = fields.String()
    read_at = fields.AwareDateTime(allow_none=True)


class PassageAnswer(Answer):
    id = fields.UUID()
    unit = fields.String()
    unit_name = fields.String()
    passed_on_at = fields.AwareDateTime(allow_none=True)
    passed_on_by = fields.Nested(CardAnswer, allow_none=True)
    sent_to = fields.Integer()
    read_by = fields.Integer()
    receipts = fields.List(fields.Nested(ReceiptAnswer))
    may_pass_on = fields.Boolean()


class MessageAnswer(Answer):
    id = fields.UUID()
    document = fields.String()
    title = fields.String()
    version = fields.String()
    text = fields.String()
    sender = fields.Nested(CardAnswer)
    sent_at = fields.AwareDateTime()
    passages = fields.List(fields.Nested(PassageAnswer))
    unread = fields.Boolean()
    receipt_shown = fields.Boolean()


class MessageLine(Answer):
    id = fields.UUID()
    title = fields.String()
    version = fields.String()
    unit_name = fields.String()
    sent_at = fields.AwareDateTime()
    sent_to = fields.Integer()
    read_by = fields.Integer()


class MessagesAnswer(Answer):
    messages = fields.List(fields.Nested(MessageLine))
    may_send = fields.Boolean()

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class DocumentPublishedSchema(Schema):
    document = fields.String(required=True)
    version = fields.String(required=True)
    version_id = fields.UUID(required=True)
    title = fields.String(required=True)


class DocumentToSignSchema(DocumentPublishedSchema):
    """To those of one unit who sign; `previous_id` is the version that this one takes the place of.

    `signature` is required (D-35) or acknowledged; `signing_id` stands for this version in this unit.
    """

    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    signing_id = fields.UUID(required=True)
    signature = fields.String(required=True)
    published_on = fields.Date(required=True)
    previous_id = fields.UUID(required=True, allow_none=True)


class DocumentSignedSchema(Schema):
    document = fields.String(required=True)
    version = fields.String(required=True)
    version_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


class DocumentSigningSchema(Schema):
    """Everybody of the unit has signed, or a newer version took the place of the one that they were to sign."""

    signing_id = fields.UUID(required=True)


class DocumentMessageSchema(Schema):
    """A CPC's message on a document, for one unit: `stage` is `leads` (who pass it on) or `users`."""

    message_id = fields.UUID(required=True)
    passage_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    stage = fields.String(required=True)


class DocumentMessageReadSchema(Schema):
    message_id = fields.UUID(required=True)
    passage_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


DOCUMENT_PUBLISHED = register(EventKind("identity.document.published", 1, DocumentPublishedSchema))
DOCUMENT_TO_SIGN = register(EventKind("identity.document.to_sign", 1, DocumentToSignSchema))
DOCUMENT_ALL_SIGNED = register(EventKind("identity.document.all_signed", 1, DocumentSigningSchema))
DOCUMENT_REPLACED = register(EventKind("identity.document.replaced", 1, DocumentSigningSchema))
DOCUMENT_SIGNED = register(EventKind("identity.document.signed", 1, DocumentSignedSchema))
DOCUMENT_AWARE = register(EventKind("identity.document.noted", 1, DocumentSignedSchema))
DOCUMENT_MESSAGE = register(EventKind("identity.document.disseminated", 1, DocumentMessageSchema))
DOCUMENT_MESSAGE_READ = register(EventKind("identity.document.read", 1, DocumentMessageReadSchema))
DOCUMENT_PASSED_ON = register(EventKind("identity.document.passed_on", 1, DocumentMessageSchema))

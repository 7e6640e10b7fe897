from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.identity.common import information
from shared.events.registry import EventKind, register


class TrainingPassedSchema(Schema):
    """A course that counts was passed; `course_kind` is user, cpc or lead."""

    person_id = fields.UUID(required=True)
    record_id = fields.UUID(required=True)
    course_kind = fields.String(required=True)
    passed_on = fields.Date(required=True)


class TrainingCancelledSchema(Schema):
    session_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)


class ELearningSchema(Schema):
    person_id = fields.UUID(required=True)
    e_learning_id = fields.UUID(required=True)


class ELearningOwedSchema(ELearningSchema):
    owed_from = fields.Date(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class CertificateSchema(Schema):
    certificate_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


class CertificateDecidedSchema(CertificateSchema):
    """`outcome` is accepted or declined."""

    outcome = fields.String(required=True)


TRAINING_PASSED = information("identity.training.passed", TrainingPassedSchema)
TRAINING_CANCELLED = register(EventKind("identity.training.cancelled", 1, TrainingCancelledSchema))
E_LEARNING_OWED = register(EventKind("identity.e_learning.owed", 1, ELearningOwedSchema))
E_LEARNING_LATE = register(EventKind("identity.e_learning.late", 1, ELearningSchema))
E_LEARNING_COMPLETED = register(EventKind("identity.e_learning.completed", 1, ELearningSchema))
CERTIFICATE_BROUGHT = register(EventKind("identity.certificate.brought", 1, CertificateSchema))
CERTIFICATE_DECIDED = register(EventKind("identity.certificate.decided", 1, CertificateDecidedSchema))

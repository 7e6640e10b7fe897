from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class LogOnAuditSchema(Schema):
    """`unit` is the area, group or unit that is audited."""

    audit_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class LogOnAuditDueSchema(LogOnAuditSchema):
    due_from = fields.Date(required=True)
    period_from = fields.Date(required=True)
    period_to = fields.Date(required=True)
    jurisdiction = fields.String(required=True)


class SpoAbsentSchema(Schema):
    person_id = fields.UUID(required=True)
    absence_id = fields.UUID(required=True)
    since = fields.Date(required=True)


class SupervisionSchema(Schema):
    supervision_id = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    day = fields.Date(required=True)


LOG_ON_AUDIT_DUE = register(EventKind("identity.log_on_audit.due", 1, LogOnAuditDueSchema))
LOG_ON_AUDIT_COMPLETED = register(EventKind("identity.log_on_audit.completed", 1, LogOnAuditSchema))
LOG_ON_AUDIT_SIGNED = register(EventKind("identity.log_on_audit.signed", 1, LogOnAuditSchema))
SPO_ABSENT = register(EventKind("identity.log_on.spo_absent", 1, SpoAbsentSchema))
SUPERVISION_TOMORROW = register(EventKind("identity.supervision.tomorrow", 1, SupervisionSchema))

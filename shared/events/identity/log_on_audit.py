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


class SupervisionBookedSchema(SupervisionSchema):
    """`unit` is the practitioner's: their CPC sees whether the SPO logged on before (D-26)."""

    practitioner = fields.UUID(required=True)
    day = fields.Date(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


LOG_ON_AUDIT_DUE = register(EventKind("identity.log_on_audit.due", 1, LogOnAuditDueSchema))
LOG_ON_AUDIT_COMPLETED = register(EventKind("identity.log_on_audit.completed", 1, LogOnAuditSchema))
LOG_ON_AUDIT_SIGNED = register(EventKind("identity.log_on_audit.signed", 1, LogOnAuditSchema))
SPO_ABSENT = register(EventKind("identity.log_on.spo_absent", 1, SpoAbsentSchema))
SUPERVISION_BOOKED = register(EventKind("identity.supervision.booked", 1, SupervisionBookedSchema))
SUPERVISION_PREPARED = register(EventKind("identity.supervision.prepared", 1, SupervisionSchema))
SUPERVISION_CANCELLED = register(EventKind("identity.supervision.cancelled", 1, SupervisionSchema))

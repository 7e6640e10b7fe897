"""Audits of records: which unit's, and where they stand. What was found stays in records."""

from __future__ import annotations

from uuid import UUID

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register
from shared.ids import derived_id


class AuditStepped(Schema):
    """`kind`: audit, lead_check or recheck."""

    audit_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    unit = fields.String(required=True)


class RoundDone(Schema):
    """The minimum dataset of an area or group was audited: its round of D-27 is over, and the next begins."""

    round_id = fields.UUID(required=True)
    audit_id = fields.UUID(required=True)
    unit = fields.String(required=True)


def dataset_round(unit: str) -> UUID:
    """The subject of the clock that notifications runs for the unit by the calendar (D-27)."""
    return derived_id("calendar", "D-27", unit)


AUDIT_ASSIGNED = register(EventKind("records.quality.assigned", 1, AuditStepped))
AUDIT_SUBMITTED = register(EventKind("records.quality.submitted", 1, AuditStepped))
AUDIT_RETURNED = register(EventKind("records.quality.returned", 1, AuditStepped))
AUDIT_SIGNED = register(EventKind("records.quality.signed", 1, AuditStepped))
ROUND_DONE = register(EventKind("records.quality.round_done", 1, RoundDone))

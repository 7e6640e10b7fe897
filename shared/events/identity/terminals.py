from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.identity.common import information
from shared.events.registry import EventKind, register


class TerminalSchema(Schema):
    """`unit` is where it stands; `assessment_id` the assessment that this is about, if any."""

    terminal_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    assessment_id = fields.UUID(required=True, allow_none=True)


class TerminalAssessedSchema(TerminalSchema):
    """`approvable`: every requirement is met; `needs_lead`: the lead's assurance is to come first."""

    approvable = fields.Boolean(required=True)
    needs_lead = fields.Boolean(required=True)


class TerminalWithdrawnSchema(TerminalSchema):
    """`assurance_id` is the yearly assurance that is needless now, if one was asked for."""

    reason_code = fields.String(required=True)
    assurance_id = fields.UUID(required=True, allow_none=True)


class TerminalAssuranceSchema(Schema):
    terminal_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    assurance_id = fields.UUID(required=True)


class TerminalAssuranceDueSchema(TerminalAssuranceSchema):
    """The lead is asked for it; `due_on` is the last day of the assurance that stands (D-48)."""

    due_on = fields.Date(required=True)
    jurisdiction = fields.String(required=True)


class WifiSchema(Schema):
    grant_id = fields.UUID(required=True)
    unit = fields.String(required=True)


TERMINAL_ASSESSED = register(EventKind("identity.terminal.assessed", 1, TerminalAssessedSchema))
TERMINAL_APPROVED = register(EventKind("identity.terminal.approved", 1, TerminalSchema))
TERMINAL_DECLINED = register(EventKind("identity.terminal.declined", 1, TerminalSchema))
TERMINAL_WITHDRAWN = register(
    EventKind("identity.terminal.withdrawn", 1, TerminalWithdrawnSchema, urgent=True)
)
TERMINAL_ASSURANCE_DUE = register(EventKind("identity.terminal.assurance_due", 1, TerminalAssuranceDueSchema))
TERMINAL_ASSURED = register(EventKind("identity.terminal.assured", 1, TerminalAssuranceSchema))
WIFI_GRANTED = information("identity.wifi.granted", WifiSchema)
WIFI_ENDED = information("identity.wifi.ended", WifiSchema)

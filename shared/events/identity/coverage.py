from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class LeadAssuranceSchema(Schema):
    """`assurance_id` stands for one prison's one month."""

    assurance_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class LeadAssuranceDueSchema(LeadAssuranceSchema):
    last_day = fields.Date(required=True)
    jurisdiction = fields.String(required=True)


LEAD_ASSURANCE_DUE = register(EventKind("identity.lead_assurance.due", 1, LeadAssuranceDueSchema))
LEAD_ASSURANCE_GIVEN = register(EventKind("identity.lead_assurance.given", 1, LeadAssuranceSchema))

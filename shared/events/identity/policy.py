from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class PolicyChangedSchema(Schema):
    """A value of national policy that two people changed: yes or no, a number, a text or a list of those."""

    change_id = fields.UUID(required=True)
    key = fields.String(required=True)
    value = fields.Raw(required=True)
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, allow_none=True)
    source = fields.String(required=True)
    proposed_by = fields.UUID(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    confirmed_by = fields.UUID(required=True)
    confirmed_at = fields.AwareDateTime(required=True)


class PolicyProposedSchema(Schema):
    change_id = fields.UUID(required=True)
    key = fields.String(required=True)


POLICY_CHANGED = register(EventKind("identity.policy.changed", 1, PolicyChangedSchema, for_good=True))
POLICY_PROPOSED = register(EventKind("identity.policy.proposed", 1, PolicyProposedSchema))
POLICY_DECIDED = register(EventKind("identity.policy.decided", 1, PolicyProposedSchema))

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.identity.common import information
from shared.events.registry import EventKind, register


class StaffingSchema(Schema):
    declaration_id = fields.UUID(required=True)
    area = fields.String(required=True)


class StaffingDecidedSchema(StaffingSchema):
    """`outcome` is confirmed or declined."""

    outcome = fields.String(required=True)


class SufficientStaffSchema(StaffingSchema):
    """From the day on, the area's records are (or are not) all created as its staffing allows: D-02 and D-03."""

    sufficient = fields.Boolean(required=True)
    from_day = fields.Date(required=True)


STAFFING_PROPOSED = register(EventKind("identity.staffing.proposed", 1, StaffingSchema))
STAFFING_DECIDED = register(EventKind("identity.staffing.decided", 1, StaffingDecidedSchema))
SUFFICIENT_STAFF = information("identity.staffing.sufficient", SufficientStaffSchema)

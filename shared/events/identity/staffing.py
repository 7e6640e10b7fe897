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


class RegionPlanSchema(Schema):
    plan_id = fields.UUID(required=True)
    region = fields.String(required=True)


class RegionPlanKeptSchema(RegionPlanSchema):
    """A region's plan for enough staff stands, to be reviewed by `review_on` (D-53)."""

    review_on = fields.Date(required=True)
    jurisdiction = fields.String(required=True)


STAFFING_PROPOSED = register(EventKind("identity.staffing.proposed", 1, StaffingSchema))
STAFFING_DECIDED = register(EventKind("identity.staffing.decided", 1, StaffingDecidedSchema))
SUFFICIENT_STAFF = information("identity.staffing.sufficient", SufficientStaffSchema)
REGION_PLAN_KEPT = register(EventKind("identity.region_plan.kept", 1, RegionPlanKeptSchema))
REGION_PLAN_REPLACED = register(EventKind("identity.region_plan.replaced", 1, RegionPlanSchema))

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register

# Whose work it is to keep records (PF-0.11.3): roles that identity grants.
ADMINISTRATORS = ("case_administrator", "mappa_administrator", "prison_administrator")


class Workload(Schema):
    """Live records that the person manages, those of category 2 at level 1 among them, and is partner to."""

    person_id = fields.UUID(required=True)
    manages = fields.Integer(required=True)
    level_1 = fields.Integer(required=True)
    partner_of = fields.Integer(required=True)


class WorkloadCounted(Schema):
    """Some of an agency's administrators, on the night before `counted_on`; a night has several of these."""

    counted_on = fields.Date(required=True)
    people = fields.List(fields.Nested(Workload), required=True)


WORKLOAD_COUNTED = register(EventKind("records.workload.counted", 1, WorkloadCounted))

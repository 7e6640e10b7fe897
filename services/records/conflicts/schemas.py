"""What goes into and comes out of conflicts of interest."""

from __future__ import annotations

from marshmallow import fields

from services.records.access.schemas import full_reason
from shared.web.schemas import Answer, Input


class DeclareInput(Input):
    reason = full_reason("What your conflict of interest is", "The CPC of the record reads this.")


class EndInput(Input):
    reason = full_reason("Why there is no conflict of interest any more", "Give a full explanation.")


class ConflictAnswer(Answer):
    nominal_id = fields.UUID()
    conflict_id = fields.UUID()


class OneAnswer(Answer):
    conflict_id = fields.UUID()
    name = fields.String()
    card_url = fields.String(allow_none=True)
    unit_name = fields.String()
    reason = fields.String(allow_none=True)
    declared_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    ended_by = fields.String(allow_none=True)
    end_reason = fields.String(allow_none=True)


class ConflictsAnswer(Answer):
    conflicts = fields.List(fields.Nested(OneAnswer))

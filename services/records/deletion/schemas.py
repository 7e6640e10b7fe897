"""What deleting a record takes and gives."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.access.schemas import full_reason
from services.records.deletion.rules import CHECKLIST, GROUNDS
from shared.web.schemas import Answer, Input


class DeletionInput(Input):
    """PF-4.16i.1: a ground; PF-4.16i.2: retention, review and disposal."""

    ground = fields.String(
        required=True,
        validate=validate.OneOf(list(GROUNDS)),
        metadata={
            "label": "Data protection ground",
            "noun": "the data protection ground",
            "options": list(GROUNDS.items()),
            "widget": "radios",
        },
    )
    checked = fields.List(
        fields.String(validate=validate.OneOf(list(CHECKLIST))),
        load_default=list,
        metadata={
            "label": "Retention, review and disposal: what you looked at",
            "hint": "Choose all of it, when you have",
            "options": list(CHECKLIST.items()),
            "widget": "checkboxes",
        },
    )
    reason = full_reason("Why the record is deleted", "Give a full explanation. The second person reads it.")


class RefusalInput(Input):
    text = full_reason("Why not", "Give a full explanation. Whoever asked reads it.")


class WithdrawalInput(Input):
    text = full_reason("Why it is withdrawn", "Give a full explanation.")


class RequestAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    state = fields.String()
    ground = fields.String()


class DeletedAnswer(Answer):
    record_id = fields.UUID()
    visor_number = fields.String()
    deleted_at = fields.AwareDateTime()


class RequestWhole(RequestAnswer):
    visor_number = fields.String()
    ground_label = fields.String()
    checked = fields.List(fields.String())
    reason = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    owner_unit = fields.String()
    requested_by = fields.UUID()
    requested_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)
    may_decide = fields.Boolean()
    may_withdraw = fields.Boolean()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())


class ListInput(Input):
    show = fields.String(
        load_default="open", validate=validate.OneOf(["open", "over", "deleted"]), metadata={"widget": "none"}
    )


class TombstoneAnswer(Answer):
    record_id = fields.UUID()
    visor_number = fields.String()
    ground = fields.String()
    owner_unit = fields.String()
    deleted_at = fields.AwareDateTime()


class ListAnswer(Answer):
    requests = fields.List(fields.Nested(RequestAnswer))
    tombstones = fields.List(fields.Nested(TombstoneAnswer))

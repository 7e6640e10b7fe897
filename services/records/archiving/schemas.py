"""What archiving takes and gives."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.access.schemas import full_reason
from services.records.archiving.rules import GROUNDS
from services.records.hand_over.choices import takers
from shared.web.schemas import Answer, Input


def _ground() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf(list(GROUNDS), list(GROUNDS.values())),
        metadata={
            "label": "Why the record is archived",
            "noun": "why the record is archived",
            "widget": "radios",
        },
    )


class ArchiveInput(Input):
    ground = _ground()
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={
            "label": "Explanation",
            "hint": "Needed for another reason. It stays with the record.",
            "widget": "textarea",
        },
    )


def _holder(label: str) -> fields.UUID:
    return fields.UUID(
        required=True,
        metadata={
            "label": label,
            "hint": f"Somebody of the owning area or force who holds the {label.lower()} token",
            "noun": f"the {label.lower()}",
            "options": takers,
        },
    )


class UnarchiveInput(Input):
    """PF-4.16h: reallocated when it needs to be managed again."""

    manager_id = _holder("Manager")
    supervisor_id = _holder("Supervisor")
    reason = full_reason("Why the person is to be managed again", "Give a full explanation.")


class DeathInput(Input):
    died_on = fields.Date(required=True, metadata={"label": "Date of death", "noun": "the date of death"})
    source = full_reason(
        "From where it is known",
        "For example a death certificate, or who told you and how.",
        "from where it is known",
    )


class DeathWithdrawn(Input):
    reason = full_reason("Why it was wrong", "Give a full explanation.")


class ReviewInput(Input):
    note = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={"label": "What you found", "hint": "Nothing about a person", "widget": "textarea"},
    )


class ArchivedAnswer(Answer):
    nominal_id = fields.UUID()
    status = fields.String()
    ground = fields.String(allow_none=True)
    partnerships_end_on = fields.Date(allow_none=True)


class DeathAnswer(Answer):
    nominal_id = fields.UUID()
    died_on = fields.Date(allow_none=True)


class ReviewAnswer(Answer):
    owner_unit = fields.String()
    archived = fields.Integer()
    next_due_on = fields.Date()


class GroundAnswer(Answer):
    ground = fields.String()
    since = fields.Date()


class BlockAnswer(Answer):
    what = fields.String()
    do = fields.String()
    href = fields.String()


class ArchivingAnswer(Answer):
    ground = fields.String()
    reason = fields.String(allow_none=True)
    archived_at = fields.AwareDateTime()
    archived_by = fields.UUID()
    partnerships_end_on = fields.Date()
    partnerships_ended_at = fields.AwareDateTime(allow_none=True)
    unarchived_at = fields.AwareDateTime(allow_none=True)
    unarchived_by = fields.UUID(allow_none=True)
    back_reason = fields.String(allow_none=True)


class ArchivePageAnswer(Answer):
    visor_number = fields.String()
    status = fields.String()
    died_on = fields.Date(allow_none=True)
    grounds = fields.List(fields.Nested(GroundAnswer))
    blocks = fields.List(fields.Nested(BlockAnswer))
    may_archive = fields.Boolean()
    may_unarchive = fields.Boolean()
    times = fields.List(fields.Nested(ArchivingAnswer))


class ListInput(Input):
    unit = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={"label": "Area or force", "widget": "none"},
    )
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "none"})


class ArchivedLine(Answer):
    nominal_id = fields.UUID()
    visor_number = fields.String()
    name = fields.String()
    year_of_birth = fields.Integer()
    ground = fields.String(allow_none=True)
    archived_at = fields.AwareDateTime(allow_none=True)
    partnerships_end_on = fields.Date(allow_none=True)


class ArchiveListAnswer(Answer):
    unit = fields.String()
    archived = fields.Integer()
    ready = fields.Integer()
    review_due_on = fields.Date(allow_none=True)
    reviewed_at = fields.AwareDateTime(allow_none=True)
    records = fields.List(fields.Nested(ArchivedLine))
    next_before = fields.UUID(allow_none=True)

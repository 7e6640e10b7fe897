"""What the pages of deadlines take and give."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input

STATES = ("running", "overdue", "paused", "met", "met_late", "all")
_STATE_WORDS = ("Running", "Overdue", "Paused", "Met in time", "Met late", "All")


class AreaInput(Input):
    state = fields.String(
        load_default="running",
        validate=validate.OneOf(STATES, _STATE_WORDS),
        metadata={"label": "State", "widget": "radios"},
    )
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000), metadata={"widget": "hidden"})


class SoonestAnswer(Answer):
    """`running`: how many run; the rest is null where none does."""

    running = fields.Integer()
    duty = fields.String(allow_none=True)
    due_on = fields.Date(allow_none=True)
    state = fields.String(allow_none=True)


class ClockAnswer(Answer):
    id = fields.UUID()
    code = fields.String()
    duty = fields.String()
    clause = fields.String()
    state = fields.String()
    words = fields.String()
    subject_kind = fields.String()
    subject_id = fields.UUID()
    nominal_id = fields.UUID(allow_none=True)
    unit = fields.String(allow_none=True)
    jurisdiction = fields.String(allow_none=True)
    period = fields.String(allow_none=True)
    started_at = fields.AwareDateTime(allow_none=True)
    opens_at = fields.AwareDateTime(allow_none=True)
    due_on = fields.Date(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    met_at = fields.AwareDateTime(allow_none=True)
    in_time = fields.Boolean(allow_none=True)
    days_used = fields.List(fields.Date())
    left_out = fields.List(fields.Tuple((fields.Date(), fields.String())))


class RungAnswer(Answer):
    number = fields.Integer()
    roles = fields.List(fields.String())
    planned_for = fields.AwareDateTime()
    climbed_at = fields.AwareDateTime(allow_none=True)
    told = fields.Integer(allow_none=True)


class DueChangeAnswer(Answer):
    at = fields.AwareDateTime()
    why = fields.String()
    due_was = fields.Date(allow_none=True)
    due_now = fields.Date(allow_none=True)
    period_was = fields.String(allow_none=True)
    period_now = fields.String(allow_none=True)


class WholeClockAnswer(ClockAnswer):
    changes = fields.List(fields.Nested(DueChangeAnswer))
    rungs = fields.List(fields.Nested(RungAnswer))


class ClockListAnswer(Answer):
    clocks = fields.List(fields.Nested(ClockAnswer))
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()


class EntryAnswer(Answer):
    code = fields.String()
    duty = fields.String()
    trigger = fields.String()
    period = fields.String()
    met = fields.String()
    reminders = fields.String()
    pause = fields.String()
    reminded = fields.List(fields.String())
    ladder = fields.List(fields.List(fields.String()))
    clause = fields.String()
    on = fields.Boolean()
    note = fields.String()
    proposed_by = fields.String()


class CatalogueAnswer(Answer):
    entries = fields.List(fields.Nested(EntryAnswer))

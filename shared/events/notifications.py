"""The facts that notifications tells: who was told, reminded, escalated to. No name, no wording."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class RaisedItem(Schema):
    item_id = fields.UUID(required=True)
    kind = fields.String(required=True)


class TodoCreated(Schema):
    """The items raised in one transaction."""

    items = fields.List(fields.Nested(RaisedItem), required=True)


class OfDeadline(Schema):
    deadline_id = fields.UUID(required=True)
    code = fields.String(required=True)
    subject_kind = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    nominal_id = fields.UUID(required=True, allow_none=True)


class DeadlineDue(OfDeadline):
    due_on = fields.Date(required=True)


class DeadlineMoved(OfDeadline):
    """Counted anew: `why` is policy, moved (the date it hangs on) or resumed."""

    due_on = fields.Date(required=True)
    due_was = fields.Date(required=True)
    why = fields.String(required=True)


class DeadlineMet(OfDeadline):
    met_at = fields.AwareDateTime(required=True)
    in_time = fields.Boolean(required=True, allow_none=True)


class Escalated(OfDeadline):
    """`rung` counts from 1; `told` may be nought where every role of the rung is vacant."""

    rung = fields.Integer(required=True)
    told = fields.Integer(required=True)


class RoleVacant(Schema):
    role = fields.String(required=True)
    unit = fields.String(required=True)


def _information(name: str, schema: type[Schema]) -> EventKind:
    """A fact that nobody need subscribe to."""
    return register(EventKind(name, 1, schema, needs_subscriber=False))


TODO_CREATED = _information("notifications.todo.created", TodoCreated)
DEADLINE_STARTED = _information("notifications.deadline.started", DeadlineDue)
DEADLINE_DUE_SOON = _information("notifications.deadline.due_soon", DeadlineDue)
DEADLINE_OVERDUE = _information("notifications.deadline.overdue", DeadlineDue)
DEADLINE_MOVED = _information("notifications.deadline.moved", DeadlineMoved)
DEADLINE_MET = _information("notifications.deadline.met", DeadlineMet)
ESCALATED = _information("notifications.deadline.escalated", Escalated)
ROLE_VACANT = _information("notifications.role.vacant", RoleVacant)


class TodoOpened(Schema):
    """Once a day for each person: the first time they opened their list."""

    person_id = fields.UUID(required=True)
    day = fields.Date(required=True)


TODO_OPENED = register(EventKind("notifications.todo.opened", 1, TodoOpened))


class Receiver(Schema):
    person_id = fields.UUID(required=True)
    role = fields.String(required=True)


class NoticeDelivered(Schema):
    """What was told with a receipt has come onto these people's lists."""

    kind = fields.String(required=True)
    subject_kind = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    people = fields.List(fields.Nested(Receiver), required=True)


NOTICE_DELIVERED = register(EventKind("notifications.notice.delivered", 1, NoticeDelivered))


class StandingsDiffer(Schema):
    """What is known of these nominals' standings is not what records stated: it is asked to tell them anew."""

    nominal_ids = fields.List(fields.UUID(), required=True)


class FactsMissed(Schema):
    """Facts of these kinds, about these subjects (in their field `field`), seem never to have arrived."""

    kinds = fields.List(fields.String(), required=True)
    field = fields.String(required=True)
    subjects = fields.List(fields.UUID(), required=True)


STANDINGS_DIFFER = register(EventKind("notifications.standings.differ", 1, StandingsDiffer))
FACTS_MISSED = register(EventKind("notifications.facts.missed", 1, FactsMissed))

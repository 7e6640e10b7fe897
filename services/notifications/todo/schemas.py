"""What the to-do list takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from services.notifications.todo.colleagues import choices_for_cover, choices_for_item, titles_of
from shared.web.schemas import Answer, Input

SORTS = ("task", "-task", "nominal", "-nominal", "due", "-due", "raised", "-raised")
OUTCOMES = ("actioned", "no_action")


def _kinds(context: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """The kinds that this person's list has, as the page knows them."""
    kinds: list[tuple[str, str]] = (context or {}).get("kinds", [])
    return kinds


class TodoFilter(Input):
    due = fields.String(
        load_default="any",
        validate=validate.OneOf(
            ["any", "overdue", "this_week", "not_overdue"],
            ["Any time", "Overdue", "Within 7 days", "Not overdue"],
        ),
        metadata={"label": "Due", "widget": "radios"},
    )
    show = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "put_off", "done"], ["To do", "Put off", "Done"]),
        metadata={"label": "Show", "widget": "radios"},
    )
    important = fields.Boolean(
        load_default=False, metadata={"label": "Only what is important", "widget": "checkbox"}
    )
    kind = fields.List(
        fields.String(validate=validate.Length(max=60)),
        load_default=list,
        metadata={"label": "Type of task", "widget": "checkboxes", "options": _kinds},
    )
    sort = fields.String(
        load_default="", validate=validate.OneOf(["", *SORTS]), metadata={"widget": "hidden"}
    )
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000), metadata={"widget": "hidden"})
    closed = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "none"})


class DueAnswer(Answer):
    code = fields.String()
    words = fields.String()


class TodoAnswer(Answer):
    id = fields.UUID()
    kind = fields.String()
    title = fields.String()
    clause = fields.String()
    link = fields.String()
    important = fields.Boolean()
    detail = fields.String()
    nominal_id = fields.UUID(allow_none=True)
    due_on = fields.Date(allow_none=True)
    due = fields.Nested(DueAnswer)
    due_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime(attribute="raised_at")
    age = fields.String()
    state = fields.String()
    outcome = fields.String(allow_none=True)
    role = fields.String()
    pinned = fields.Boolean()
    due_was = fields.Date(allow_none=True)
    put_off_to = fields.Date(allow_none=True)
    person_id = fields.UUID(metadata={"description": "whose list it is on"})
    passed_on_by = fields.UUID(allow_none=True)
    deadline_id = fields.UUID(allow_none=True, attribute="clock_id")


class TodoListAnswer(Answer):
    items = fields.List(fields.Nested(TodoAnswer))
    total = fields.Integer()
    open = fields.Integer()
    overdue = fields.Integer()
    put_off = fields.Integer()
    counted_at = fields.AwareDateTime(
        allow_none=True,
        metadata={"description": "of a very long list: when it was counted, half a minute ago at most"},
    )
    last_opened = fields.Date(allow_none=True)
    changed_records = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()


class CountAnswer(Answer):
    count = fields.Integer()


class OutcomeInput(Input):
    outcome = fields.String(
        required=True,
        validate=validate.OneOf(OUTCOMES, ["I have done it", "No action is needed"]),
        metadata={"label": "What came of it?", "widget": "radios"},
    )
    note = fields.String(
        load_default="",
        validate=validate.Length(max=1000),
        metadata={
            "label": "Note",
            "hint": "Needed where no action is taken: say why",
            "widget": "textarea",
            "rows": 3,
        },
    )


class ManyInput(Input):
    items = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, 100),
        metadata={"label": "Tasks", "noun": "the tasks", "widget": "checkboxes", "options": titles_of},
    )


class OutcomesInput(ManyInput, OutcomeInput):
    """One outcome for several items."""


class ManyAnswer(Answer):
    done = fields.Integer()
    left = fields.Integer(metadata={"description": "how many were as they are already"})


class PutOffInput(Input):
    to = fields.Date(required=True, metadata={"label": "On which day it should come back", "noun": "the day"})


class PassOnInput(Input):
    person_id = fields.UUID(
        required=True,
        metadata={
            "label": "To whom",
            "noun": "a colleague",
            "widget": "select",
            "options": choices_for_item,
        },
    )


class CoverInput(Input):
    by_id = fields.UUID(
        required=True,
        metadata={
            "label": "Who covers",
            "noun": "a colleague",
            "widget": "select",
            "options": choices_for_cover,
        },
    )
    from_day = fields.Date(required=True, metadata={"label": "First day"})
    to_day = fields.Date(required=True, metadata={"label": "Last day"})


class CoverAnswer(Answer):
    id = fields.UUID()
    by_id = fields.UUID()
    from_day = fields.Date()
    to_day = fields.Date()


class CoveredAnswer(Answer):
    id = fields.UUID()
    name = fields.String()


class CoversAnswer(Answer):
    covers = fields.List(fields.Nested(CoverAnswer))
    covering = fields.List(fields.Nested(CoveredAnswer))


class ReadInput(Input):
    through = fields.Integer(required=True, validate=validate.Range(1), metadata={"widget": "hidden"})


class PageInput(Input):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000), metadata={"widget": "hidden"})


class ChangedAnswer(Answer):
    nominal_id = fields.UUID()
    count = fields.Integer()
    through = fields.Integer()
    latest = fields.AwareDateTime()
    what = fields.List(fields.String())


class ChangesAnswer(Answer):
    records = fields.List(fields.Nested(ChangedAnswer))
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()

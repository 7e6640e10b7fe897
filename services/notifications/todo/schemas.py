"""What the to-do list takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from services.notifications.todo.choosing import closed_ones, open_ones
from services.notifications.todo.colleagues import choices_for_cover, choices_for_item
from services.notifications.todo.rules import SAID_BY_PEOPLE
from shared.web.schemas import Answer, Input

SORTS = ("task", "-task", "nominal", "-nominal", "due", "-due", "raised", "-raised")
MOST_AT_ONCE = 100


def _kinds(context: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """The kinds that this person's list has, as the page knows them."""
    kinds: list[tuple[str, str]] = (context or {}).get("kinds", [])
    return kinds


class Ids(fields.Field[list[UUID]]):
    """Opaque ids in an address, with commas between them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[UUID]:
        try:
            return [UUID(one) for one in str(value).split(",")[:MOST_AT_ONCE]]
        except ValueError as error:
            raise ValidationError("These are no ids.") from error


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
    closed = Ids(load_default=list, metadata={"widget": "none"})


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
        validate=validate.OneOf(SAID_BY_PEOPLE, ["I have done it", "No action is needed"]),
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


def _items(options: Callable[[Mapping[str, Any] | None], list[tuple[str, str]]]) -> Any:
    return fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE),
        metadata={"label": "Tasks", "noun": "the tasks", "widget": "checkboxes", "options": options},
    )


class ManyInput(Input):
    items = _items(closed_ones)


class OutcomesInput(OutcomeInput):
    """One outcome for several items."""

    items = _items(open_ones)


class ManyAnswer(Answer):
    done = fields.Integer()
    left = fields.Integer(metadata={"description": "how many were as they are already"})


class ClosedAnswer(ManyAnswer):
    closed = fields.String(metadata={"description": "the ids of those that were closed now, with commas"})


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
    person_id = fields.UUID(metadata={"description": "whose list it is"})
    by_id = fields.UUID()
    from_day = fields.Date()
    to_day = fields.Date()


class CoversAnswer(Answer):
    covers = fields.List(fields.Nested(CoverAnswer))
    covering = fields.List(fields.Nested(CoverAnswer), metadata={"description": "for whom one covers today"})
    named = fields.List(fields.Nested(CoverAnswer), metadata={"description": "cover one named for others"})


class PeopleInput(Input):
    name = fields.String(load_default="", validate=validate.Length(max=100))


class PersonAnswer(Answer):
    id = fields.UUID()
    name = fields.String()
    unit = fields.String()


class PeopleAnswer(Answer):
    people = fields.List(fields.Nested(PersonAnswer))


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

"""What appointments take, and what is read of the posts of a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields, validate

from services.identity.appointments.table import roles
from services.identity.finders import PEOPLE
from services.identity.tokens.schemas import (
    authority_field,
    first_day,
    last_day,
    note_field,
    reason_field,
    unit_field,
)
from shared.web.schemas import Answer, Input

ROLE_OPTIONS = [(name, row.label) for name, row in roles().items()]
POST_OPTIONS = [("cpc", "Central Point of Contact"), ("lpc", "Local Point of Contact"), *ROLE_OPTIONS]
POSTS = tuple(name for name, _label in POST_OPTIONS)


def _offered(
    options: list[tuple[str, str]], which: str
) -> Callable[[Mapping[str, Any]], list[tuple[str, str]]]:
    """Those that the reader may choose from, as the form's first values name them under `which`."""

    def chosen(context: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [option for option in options if option[0] in context["values"].get(which, ())]

    return chosen


class AppointInput(Input):
    role = fields.String(
        required=True,
        validate=validate.OneOf(list(roles())),
        metadata={"options": _offered(ROLE_OPTIONS, "roles")},
    )
    unit = unit_field()
    valid_from = first_day()
    valid_to = last_day()
    reason = reason_field("Why they are appointed")
    note = note_field()
    authority = authority_field()


class AppointAnswer(Answer):
    id = fields.UUID()
    warnings = fields.List(fields.String())


class EndInput(Input):
    reason = reason_field("Why it ends")
    authority = authority_field()


class SuccessorInput(Input):
    post = fields.String(
        required=True,
        validate=validate.OneOf(POSTS),
        metadata={
            "label": "For which post",
            "noun": "the post",
            "widget": "select",
            "options": _offered(POST_OPTIONS, "posts"),
        },
    )
    username = fields.String(
        required=True,
        validate=validate.Length(min=3, max=120),
        metadata={"label": "Who is to follow", "noun": "who is to follow", "finder": PEOPLE},
    )
    note = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=500), metadata={"widget": "textarea"}
    )


class HolderAnswer(Answer):
    grant_id = fields.UUID()
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    warnings = fields.List(fields.String())


class SuccessorAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()


class PostAnswer(Answer):
    post = fields.String()
    label = fields.String()
    holders = fields.List(fields.Nested(HolderAnswer))
    successor = fields.Nested(SuccessorAnswer, allow_none=True)


class PostsAnswer(Answer):
    unit = fields.String()
    unit_name = fields.String()
    posts = fields.List(fields.Nested(PostAnswer))
    may_name = fields.Boolean()

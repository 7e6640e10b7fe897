"""What a form says where something is left out is a sentence: a label that names no thing is quoted, not inflected."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from services.identity import capabilities as of_identity
from services.identity.service import service as identity
from services.notifications import capabilities as of_notifications
from services.notifications.service import service as notifications
from services.records import capabilities as of_records
from services.records.service import service as records
from shared.web.forms import plain_errors, read_form

LOADED = (of_identity, of_notifications, of_records)
# "Select the held by", "Enter the awarded on", "Select the is a ViSOR user".
NO_SENTENCE = re.compile(
    r"(?:Enter|Select|Choose) the (?:\w+ (?:at|by|for|from|on)|on the \w+ (?:from|to)"
    r"|(?:this|for|from|in|is|on|stands|lives) .*|\w+ed)\Z"
)


def said_of_an_empty_form(schema: type[Schema]) -> Iterator[str]:
    raw = read_form(schema, MultiDict())
    for messages in plain_errors(schema, schema().validate(raw), raw).values():
        yield from messages


def test_what_is_missing_is_said_in_a_sentence() -> None:
    said = {
        (command.name, text)
        for service in (identity, records, notifications)
        for command in service.declarations.commands.values()
        if command.form is not None
        for text in said_of_an_empty_form(command.input)
    }
    assert len(said) > 300
    wrong = sorted(pair for pair in said if NO_SENTENCE.match(pair[1]))
    assert not wrong


class Passport(Schema):
    held_by = fields.String(required=True, validate=validate.OneOf(["police", "self"]))
    seen_on = fields.Date(required=True)
    told = fields.Boolean(required=True, metadata={"label": "The nominal was told", "widget": "radios"})
    rests = fields.String(required=True, metadata={"label": "What this rests on"})
    number = fields.String(required=True, metadata={"label": "Number"})


@pytest.mark.parametrize(
    "text",
    [
        "Select an answer for ‘Held by’",
        "Enter a date for ‘Seen on’",
        "Select an answer for ‘The nominal was told’",
        "Enter what this rests on",
        "Enter the number",
    ],
)
def test_a_label_that_names_no_thing_is_quoted(text: str) -> None:
    assert text in set(said_of_an_empty_form(Passport))

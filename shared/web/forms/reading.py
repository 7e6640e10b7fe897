"""Turns a posted form into the raw input that a schema loads, as if it had come as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError
from werkzeug.datastructures import FileStorage, MultiDict

from shared.refusals import Invalid
from shared.web.forms.dates import join_date, join_datetime
from shared.web.forms.described import Described, describe
from shared.web.forms.finding import Unfound, read_found
from shared.web.forms.messages import plain_errors
from shared.web.forms.posted import RESERVED

Form = MultiDict[str, str]
Files = Mapping[str, FileStorage]
NOT_POSTED: Any = object()


def read_form(schema: Schema | type[Schema], form: Form, files: Files | None = None) -> dict[str, Any]:
    """The raw input. Empty text counts as not given (as None where a field may be emptied); parts of a date are joined.

    A name that the schema lacks is passed on, so that the schema refuses it.
    """
    described = describe(schema)
    values = {item.name: read_value(item, form, files or {}) for item in described}
    raw = {name: value for name, value in values.items() if value is not NOT_POSTED}
    known = {name for item in described if item.widget != "none" for name in item.posted_names} | RESERVED
    return raw | {name: form[name] for name in form if name not in known}


def load_form(schema: Schema | type[Schema], form: Form, files: Files | None = None) -> dict[str, Any]:
    """What the schema makes of the form; raises Invalid with messages in plain English."""
    instance = schema if isinstance(schema, Schema) else schema()
    raw = read_form(instance, form, files)
    try:
        loaded: dict[str, Any] = instance.load(raw)
    except ValidationError as error:
        raise Invalid(plain_errors(instance, error.messages_dict, raw)) from error
    return loaded


def read_value(item: Described, form: Form, files: Files) -> Any:
    reader = READERS.get(item.widget)
    if reader:
        return reader(item, form)
    if item.widget == "none":
        return NOT_POSTED
    if item.widget == "file":
        file = files.get(item.name)
        return file if file and file.filename else NOT_POSTED
    text = form.get(item.name, "")
    # A password is taken to the letter; of other text the ends are trimmed and line ends made alike.
    return given(item, text if item.widget == "password" else text.replace("\r\n", "\n").strip())


def given(item: Described, text: str) -> Any:
    if text:
        return text
    return None if item.field.allow_none and not item.field.required else NOT_POSTED


def read_date(item: Described, form: Form) -> Any:
    return given(item, join_date(*(form.get(name, "") for name in item.posted_names)))


def read_datetime(item: Described, form: Form) -> Any:
    return given(item, join_datetime(*(form.get(name, "") for name in item.posted_names)))


def read_checkboxes(item: Described, form: Form) -> Any:
    return given_list(item, [value for value in form.getlist(item.name) if value])


def read_lines(item: Described, form: Form) -> Any:
    return given_list(item, [line.strip() for line in form.get(item.name, "").splitlines() if line.strip()])


def given_list(item: Described, values: list[str]) -> Any:
    return NOT_POSTED if not values and item.field.required else values


def read_checkbox(item: Described, form: Form) -> Any:
    """A box left empty is not posted: where it must be ticked that is a missing answer, elsewhere a no."""
    if item.name in form:
        return form[item.name]
    return NOT_POSTED if item.field.required else False


def read_find(item: Described, form: Form) -> Any:
    found = read_found(item, form)
    return found if isinstance(found, Unfound) else given(item, found)


READERS = {
    "date": read_date,
    "datetime": read_datetime,
    "checkboxes": read_checkboxes,
    "lines": read_lines,
    "checkbox": read_checkbox,
    "find": read_find,
}

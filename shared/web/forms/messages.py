"""Says in plain English what marshmallow found wrong, in the words of GOV.UK's error messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema

from shared.web.forms.dates import date_problem
from shared.web.forms.described import Described, Widget, describe
from shared.web.forms.finding import Unfound

MISSING = re.compile(
    r"Missing data for required field\.|Field may not be null\.|Shorter than minimum length 1\."
)
VERBS: dict[Widget, str] = {
    "radios": "Select",
    "checkboxes": "Select",
    "select": "Select",
    "find": "Choose",
    "file": "Select",
}

# marshmallow's own message → ours; `{label}` and `{noun}` are the field's, the groups are the message's.
SAYINGS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern), saying)
    for pattern, saying in [
        (r"Not a valid integer\.", "{label} must be a whole number"),
        (r"Not a valid (?:number|decimal)\.", "{label} must be a number"),
        (
            r"Not a valid email address\.",
            "Enter an email address in the correct format, like name@example.com",
        ),
        (r"Not a valid (?:choice|boolean|UUID)\.", "Select {noun} from the list"),
        (r"Must be one of: .*", "Select {noun} from the list"),
        (r"Invalid enum .*", "Select {noun} from the list"),
        (r"Longer than maximum length (\d+)\.", "{label} must be {0} characters or fewer"),
        (r"Shorter than minimum length (\d+)\.", "{label} must be {0} characters or more"),
        (r"Length must be between (\d+) and (\d+)\.", "{label} must be between {0} and {1} characters"),
        (r"Length must be (\d+)\.", "{label} must be {0} characters"),
        (r"Number too large\.", "{label} is too large a number"),
        (
            r"Must be greater than (?:or equal to )?(\S+) and less than (?:or equal to )?(\S+)\.",
            "{label} must be between {0} and {1}",
        ),
        (r"Must be greater than or equal to (.+)\.", "{label} must be {0} or more"),
        (r"Must be greater than (.+)\.", "{label} must be more than {0}"),
        (r"Must be less than or equal to (.+)\.", "{label} must be {0} or less"),
        (r"Must be less than (.+)\.", "{label} must be less than {0}"),
        (r"String does not match expected pattern\.", "Enter {noun} in the correct format"),
        (r"Not a valid (?:string|list|mapping type)\.", "Enter {noun} in the correct format"),
        (r"Not a valid (?:date|datetime|aware datetime|naive datetime)\.", "{label} must be a real date"),
    ]
]


def plain_errors(
    schema: Schema | type[Schema], errors: Mapping[str, Any], raw: Mapping[str, Any] | None = None
) -> dict[str, list[str]]:
    """Field name → messages. A message that is not marshmallow's own is kept as it is.

    `raw` is what `read_form` gave: from it a date's message knows which box was left empty.
    """
    described = {item.name: item for item in describe(schema)}
    described |= {item.field.name: item for item in described.values() if item.field.name}
    return {
        (described[key].name if key in described else key): list(
            dict.fromkeys(
                said(described.get(key), key, message, (raw or {}).get(key)) for message in flat(messages)
            )
        )
        for key, messages in errors.items()
    }


def said(item: Described | None, key: str, message: str, raw: object) -> str:
    if item is None:
        return f"‘{key}’ is not asked for here" if message == "Unknown field." else message
    if isinstance(raw, Unfound):
        return raw.saying(item.noun)
    if MISSING.fullmatch(message):
        return required(item)
    if item.widget in {"date", "datetime"} and isinstance(raw, str) and message.startswith("Not a valid"):
        return date_problem(raw, item.subject)
    for pattern, saying in SAYINGS:
        match = pattern.fullmatch(message)
        if match:
            return saying.format(*match.groups(), label=item.label.rstrip("?"), noun=item.noun)
    return message


def required(item: Described) -> str:
    if item.label.endswith("?"):
        return f"Answer ‘{item.label}’"
    if item.widget == "checkbox":
        return f"Tick ‘{item.label}’ to continue"
    return f"{VERBS.get(item.widget, 'Enter')} {item.noun}"


def flat(messages: object) -> Iterator[str]:
    """The messages at the ends of whatever marshmallow nested them in (a list's items are numbered)."""
    if isinstance(messages, Mapping):
        for inner in messages.values():
            yield from flat(inner)
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from flat(inner)
    else:
        yield str(messages)

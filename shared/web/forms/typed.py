"""A record's own values, as the browser would have posted them: so that a form has one way of being filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from marshmallow import fields
from werkzeug.datastructures import MultiDict

from shared.web.forms.dates import split_date, split_datetime
from shared.web.forms.described import Described


def as_posted(described: Sequence[Described], values: Mapping[str, Any]) -> MultiDict[str, str]:
    """`values` by the fields' names, typed or as JSON has them; None and what is not named stay empty."""
    pairs: list[tuple[str, str]] = []
    for item in described:
        value = values.get(item.name, values.get(item.field.name or item.name))
        if value is not None:
            pairs.extend(posted_pairs(item, value))
    return MultiDict(pairs)


def posted_pairs(item: Described, value: Any) -> Iterator[tuple[str, str]]:
    if item.widget in {"date", "datetime"}:
        split = split_date if item.widget == "date" else split_datetime
        yield from ((f"{item.name}-{part}", text) for part, text in split(text_of(item, value)).items())
    elif item.widget == "lines":
        yield item.name, "\n".join(map(str, value))
    elif item.widget == "checkboxes":
        yield from ((item.name, text_of(item, each)) for each in value)
    elif item.widget not in {"password", "file"}:
        yield item.name, text_of(item, value)


def text_of(item: Described, value: Any) -> str:
    """As marshmallow would read it back: an enumeration by name or value, true and false in small letters."""
    if isinstance(value, Enum):
        field = item.field.inner if isinstance(item.field, fields.List) else item.field
        return str(value.value if isinstance(field, fields.Enum) and field.by_value else value.name)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)

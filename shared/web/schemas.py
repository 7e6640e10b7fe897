"""The base classes of what goes in and what comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, pre_load

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
UNSTORABLE = "This holds a character that cannot be stored"


class Input(Schema):
    """What a command or query takes. An unknown field is refused, so that a typing error cannot pass as "no change".

    So is text that PostgreSQL cannot keep: a NUL, or half a surrogate pair, both of which JSON can spell.
    """

    class Meta:
        unknown = RAISE

    @pre_load
    def _only_storable_text(self, data: Any, **_: Any) -> Any:
        if isinstance(data, Mapping):
            wrong = {name: [UNSTORABLE] for name in self.fields if not storable(data.get(name))}
            if wrong:
                raise ValidationError(wrong)
        return data


class Nothing(Input):
    """Takes nothing."""


class Answer(Schema):
    """What a command or query gives back; read by people and programs that may know fewer fields."""

    class Meta:
        unknown = EXCLUDE


class Done(Answer):
    """Says nothing but that it was done."""


def storable(value: object) -> bool:
    """Whether every text in it, however deep, can be written to the database."""
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    if isinstance(value, Mapping):
        return all(storable(each) for pair in value.items() for each in pair)
    return all(storable(each) for each in value) if isinstance(value, list | tuple) else True

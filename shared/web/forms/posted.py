"""What was posted beside the schema's own fields, and how to hand a whole form back without a database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.web.forms.described import Described, describe, sentence

if TYPE_CHECKING:
    from marshmallow import Schema
    from werkzeug.datastructures import MultiDict

RESERVED = frozenset({"csrf_token", "_once", "_find", "version"})
TYPED = {"text", "textarea", "lines", "date", "datetime", "email"}
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SECRET = re.compile(r"password|passphrase|secret|one_time_code|otp", re.IGNORECASE)


@dataclass(frozen=True)
class Hidden:
    """`once` makes a form sent twice count once; `version` is that of the record the person saw."""

    once: str | None
    version: int | None


@dataclass(frozen=True)
class PostedField:
    """A value to be given back. `typed` says that a person wrote it, so it is shown; the rest travels unseen."""

    name: str
    label: str
    value: str
    typed: bool = True


def hidden_fields(form: MultiDict[str, str]) -> Hidden:
    version = form.get("version", "")
    return Hidden(form.get("_once") or None, int(version) if version.isdecimal() else None)


def posted_fields(
    form: MultiDict[str, str], schema: Schema | type[Schema] | None = None
) -> list[PostedField]:
    """Every value of the form in its order, save the CSRF value (the page writes a fresh one) and secrets.

    With the schema the labels are its own; without, they are made from the names.
    """
    described = {name: item for item in (describe(schema) if schema else []) for name in item.posted_names}
    return [
        PostedField(
            name, label_of(name, described.get(name)), value, is_typed(name, value, described.get(name))
        )
        for name, value in form.items(multi=True)
        if name != "csrf_token" and not SECRET.search(name)
    ]


def label_of(name: str, item: Described | None) -> str:
    """A date's boxes are told apart: "Date of birth, month"."""
    if item is None:
        return sentence(re.sub(r"[-_]+", " ", name))
    return (
        item.label
        if name == item.name or item.widget == "find"
        else f"{item.label}, {name.removeprefix(item.name + '-')}"
    )


def is_typed(name: str, value: str, item: Described | None) -> bool:
    if not value or name.startswith("_") or name in RESERVED:
        return False
    if item is not None and item.widget == "find":
        return name == f"{item.name}-find"
    return item.widget in TYPED if item else not IDENTIFIER.fullmatch(value)

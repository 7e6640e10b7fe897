"""What was posted beside the schema's own fields, and how to hand a whole form back without a database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.web.forms.described import sentence

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

RESERVED = frozenset({"csrf_token", "_once", "version"})
SECRET = re.compile(r"password|passphrase|secret|one_time_code|otp", re.IGNORECASE)


@dataclass(frozen=True)
class Hidden:
    """`once` makes a form sent twice count once; `version` is that of the record the person saw."""

    once: str | None
    version: int | None


@dataclass(frozen=True)
class PostedField:
    """A value to be given back. A secret is never given back."""

    name: str
    label: str
    value: str


def hidden_fields(form: MultiDict[str, str]) -> Hidden:
    version = form.get("version", "")
    return Hidden(form.get("_once") or None, int(version) if version.isdecimal() else None)


def posted_fields(form: MultiDict[str, str]) -> list[PostedField]:
    """Every value of the form in its order, save the CSRF value (the page writes a fresh one) and secrets."""
    return [
        PostedField(name, sentence(re.sub(r"[-_]+", " ", name)), value)
        for name, value in form.items(multi=True)
        if name != "csrf_token" and not SECRET.search(name)
    ]

"""Routes whose addresses are made when a page first links to them, and what may stand in an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule, UnicodeConverter, ValidationError

from shared.web.schemas import storable

Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """werkzeug writes and compiles two small functions for each route as the route is made, a seventh of the time of
    a start; most are never called, since few of some 1,300 routes are linked to by name.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        def build(rule: LateRule, /, **values: Any) -> tuple[str, str]:
            made: Builder = Rule._compile_builder(rule, append_unknown).__get__(rule)  # noqa: SLF001
            setattr(rule, "_build_unknown" if append_unknown else "_build", made)
            return made(**values)

        return build


class StorableText(UnicodeConverter):
    """Nothing is called by what the database cannot keep: no such address, before anybody looks it up."""

    def to_python(self, value: str) -> str:
        if not storable(value):
            raise ValidationError
        return value

"""Endpoints that are no commands, described in the OpenAPI document like the others.

For what must not be remembered for a second sending: a session, a code shown once. Everything else is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from marshmallow import Schema

from shared.web.openapi import LateBlueprint

F = TypeVar("F", bound=Callable[..., Any])


def endpoint(
    api: LateBlueprint,
    path: str,
    *,
    takes: type[Schema] | None = None,
    gives: type[Schema],
    says: str,
    refuses: Mapping[int, str],
) -> Callable[[F], F]:
    """A POST: its view gets what `takes` loaded, and the path's parameters by name; it answers by itself.

    The view's docstring is its summary and, after an empty line, its description. `says` describes the answer,
    `refuses` each no by its status.
    """

    def declare(view: F) -> F:
        described = api.alt_response(200, schema=gives, description=says)(view)
        for status, text in refuses.items():
            described = api.alt_response(status, description=text)(described)
        if takes is not None:
            described = api.arguments(takes)(described)
        return cast("F", api.route(path, methods=["POST"])(described))

    return declare

"""JSON that comes to an endpoint which is no declared command."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import ValidationError

from shared.refusals import Invalid
from shared.web.schemas import Input


def loaded(schema: type[Input]) -> dict[str, Any]:
    """Raises Invalid; a body that is no JSON object at all is Werkzeug's business (400, 415)."""
    try:
        given: dict[str, Any] = schema().load(request.get_json())
    except ValidationError as error:
        raise Invalid(error.messages_dict) from error
    return given

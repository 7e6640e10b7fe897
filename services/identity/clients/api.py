"""Where other systems get their access tokens. No command: its answer must never be remembered for a second sending."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from marshmallow import fields, validate

from services.identity.clients.tokens import token_for
from services.identity.json_input import loaded
from shared.access.credentials import LIFETIME
from shared.web import guard
from shared.web.schemas import Input

api = Blueprint("clients", __name__)


class ClientInput(Input):
    client_id = fields.String(required=True, validate=validate.Length(min=1, max=80))
    client_secret = fields.String(required=True, validate=validate.Length(min=1, max=200))


@api.post("/api/clients/token")
def token() -> Any:
    """`{"client_id", "client_secret"}` → `{"access_token", "token_type", "expires_in"}`."""
    given = loaded(ClientInput)
    made = token_for(
        guard.runtime(), given["client_id"], given["client_secret"], request.remote_addr or "unknown"
    )
    seconds = int(LIFETIME.total_seconds())
    return jsonify(access_token=made, token_type="Bearer", expires_in=seconds)  # noqa: S106 - a kind, no secret

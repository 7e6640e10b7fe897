"""What the edge asks for each visitor, and the keys with which everybody verifies."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from services.identity import cookies
from services.identity.sessions.credentials import access_token, signing_keys
from shared.web import guard

api = Blueprint("credentials", __name__)


@api.get("/edge/credential")
def credential() -> Response:
    """204 with the access token in `Authorization`, or 401. Polls (`X-Visor-Poll: 1`) do not prolong the session."""
    secret = cookies.of(request, cookies.SESSION)
    poll = request.headers.get("X-Visor-Poll") == "1"
    device_key = cookies.of(request, cookies.DEVICE)
    token = access_token(guard.runtime(), secret, poll=poll, device_key=device_key) if secret else None
    if token is None:
        return Response(status=401)
    return Response(status=204, headers={"Authorization": f"Bearer {token}"})


@api.get("/api/keys")
def keys() -> Any:
    """The public keys as a JWKS; read again each time, so that a rotation is seen at once."""
    found = signing_keys(guard.runtime())
    found.reload()
    answer = jsonify(found.published)
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer

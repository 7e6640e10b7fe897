"""What a request says of where it comes from."""

from __future__ import annotations

from uuid import UUID

from flask import request

from services.identity import cookies
from services.identity.sign_in.certificates import fingerprint
from services.identity.terminals.locating import Origin


def origin() -> Origin:
    """The edge has already put the visitor's own address in place, where a trusted proxy told it."""
    return Origin(
        address=request.remote_addr or "0.0.0.0",  # noqa: S104 - an address no network holds, not one to listen on
        device_key=cookies.of(request, cookies.DEVICE),
        simulated=_simulated(cookies.of(request, cookies.PLACE)),
        certificate=fingerprint(request.headers.get("Client-Cert", "")),
        browser=cookies.of(request, cookies.BROWSER),
    )


def _simulated(cookie: str | None) -> tuple[UUID | None, UUID | None] | None:
    """The demonstration's "terminal.network"; a malformed one is none."""
    if cookie is None:
        return None
    terminal, _, network = cookie.partition(".")
    try:
        return (UUID(terminal) if terminal else None, UUID(network) if network else None)
    except ValueError:
        return None

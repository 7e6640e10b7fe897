"""The cookies that identity alone reads and sets. `__Host-` binds each to this host, over TLS (or localhost)."""

from __future__ import annotations

from flask import Request, Response

SESSION = "__Host-visor"
STEP = "__Host-visor-step"
DEVICE = "__Host-visor-device"
BROWSER = "__Host-visor-browser"
RECOVERY = "__Host-visor-recovery"
PROVIDER = "__Host-visor-provider"
PLACE = "__Host-visor-place"

YEAR = 365 * 24 * 3600


def give(
    response: Response, name: str, value: str, *, strict: bool = False, max_age: int | None = None
) -> None:
    """HttpOnly, Secure, for the whole site; without `max_age` it ends with the browser."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=True,
        httponly=True,
        samesite="Strict" if strict else "Lax",
    )


def take_back(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True)


def of(request: Request, name: str) -> str | None:
    return request.cookies.get(name) or None

"""What every answer tells the browser not to do."""

from __future__ import annotations

from flask import Response

# govuk-frontend's one inline script; a test hashes what is rendered.
_GOVUK_SCRIPT = "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {_GOVUK_SCRIPT}",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


_PAIRS = tuple(_HEADERS.items())


def secure(response: Response) -> Response:
    there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - iterating gives pairs
    response.headers.extend([pair for pair in _PAIRS if pair[0].lower() not in there])
    return response

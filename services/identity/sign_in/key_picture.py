"""The square picture (QR code) of a one-time code's key, for an app that reads pictures.

It stands in the page itself, so that the key has no address of its own to be logged, kept or asked for again.
"""

from __future__ import annotations

import io

import segno
from flask import Blueprint
from markupsafe import Markup

# Filters of a blueprint count for the whole application.
filters = Blueprint("key_picture", __name__)
_LONGEST = 500
ALT = "Square picture (QR code) of the key that is written beside it, for an authenticator app to read"


@filters.app_template_filter("key_picture")
def key_picture(address: str | None) -> Markup:
    """An `otpauth:` address as SVG, with what it is in words; nothing for any other text."""
    if not address or not address.startswith("otpauth://") or len(address) > _LONGEST:
        return Markup()
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn,
        kind="svg",
        scale=5,
        border=4,
        xmldecl=False,
        svgns=False,
        nl=False,
        light="#fff",
        svgclass="visor-key",
    )
    svg = drawn.getvalue().decode()
    return Markup('<div role="img" aria-label="{}">{}</div>').format(ALT, Markup(svg))  # noqa: S704 - drawn here

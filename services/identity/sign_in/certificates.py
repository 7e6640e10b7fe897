"""The client certificate of a terminal, as a proxy that verified it passes it on."""

from __future__ import annotations

import base64
import binascii
import hashlib
from urllib.parse import unquote

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def fingerprint(header: str) -> str | None:
    """SHA-256 over the certificate (hex), from the `Client-Cert` header: RFC 9440's `:base64:`, or nginx's escaped PEM.

    None where there is none, or what came is no certificate. The edge lets the header through from proxies of
    VISOR_TRUSTED_PROXIES alone.
    """
    text = unquote(header).strip()
    if text.startswith(":") and text.endswith(":"):
        text = text.strip(":")
    else:
        _, begun, rest = text.partition(_BEGIN)
        text, ended, _ = rest.partition(_END)
        if not begun or not ended:
            return None
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        return None
    return hashlib.sha256(der).hexdigest() if der else None

"""Opaque ids for browsers and devices: 32 random bytes there, a hash here."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """A plain hash is enough for what nobody could guess."""
    return hashlib.sha256(secret.encode()).digest()

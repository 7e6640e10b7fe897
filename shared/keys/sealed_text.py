"""AES-256-GCM with bound associated data: the one form in which anything encrypted is kept.

Bytes: format (1) · key id (16) · nonce (12) · ciphertext and tag. Associated data: the format, then owner, purpose
and key id, each with its length before it, so that a value moved to another nominal, field or key does not open.
"""

from __future__ import annotations

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.keys.errors import NotReadable

KEY_BYTES = 32
_FORMAT = b"\x01"
_NONCE = 12
_HEAD = 1 + 16
_SHORTEST = _HEAD + _NONCE + 16


def seal(cipher: AESGCM, owner: bytes, purpose: str, key_id: UUID, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    secret = cipher.encrypt(nonce, plain, _bound(owner, purpose, key_id))
    return _FORMAT + key_id.bytes + nonce + secret


def unseal(cipher: AESGCM, owner: bytes, purpose: str, key_id: UUID, sealed: bytes) -> bytes:
    """The plain bytes; raises NotReadable."""
    if len(sealed) < _SHORTEST or sealed[:_HEAD] != _FORMAT + key_id.bytes:
        raise NotReadable("not sealed with this key")
    nonce, secret = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    try:
        return cipher.decrypt(nonce, secret, _bound(owner, purpose, key_id))
    except InvalidTag as error:
        raise NotReadable("altered, or of another owner or purpose") from error


def _bound(owner: bytes, purpose: str, key_id: UUID) -> bytes:
    parts = (owner, purpose.encode(), key_id.bytes)
    return _FORMAT + b"".join(len(part).to_bytes(4, "big") + part for part in parts)

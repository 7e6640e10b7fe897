"""One nominal's own key, unwrapped: it encrypts that nominal's personal values, and nothing else."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.keys import sealed_text


@dataclass(frozen=True, eq=False)
class NominalKey:
    """Keep it no longer than one act: once its nominal is deleted it must be forgotten."""

    nominal_id: UUID
    key_id: UUID
    _cipher: AESGCM = field(repr=False)
    # Of the same secret, for keyed hashes alone: no key does two kinds of work.
    _hashing: bytes = field(repr=False)

    @classmethod
    def of(cls, nominal_id: UUID, key_id: UUID, secret: bytes) -> NominalKey:
        hashing = hmac.digest(secret, b"visor keyed hash", "sha256")
        return cls(nominal_id, key_id, AESGCM(secret), hashing)

    def encrypt(self, purpose: str, text: str) -> bytes:
        return self.wrap(purpose, text.encode())

    def decrypt(self, purpose: str, sealed: bytes) -> str:
        """Raises NotReadable where it was altered, or sealed for another nominal or purpose."""
        return self.unwrap(purpose, sealed).decode()

    def wrap(self, purpose: str, secret: bytes) -> bytes:
        """Bytes of any kind; above all the key of one of this nominal's files."""
        return sealed_text.seal(self._cipher, self.nominal_id.bytes, purpose, self.key_id, secret)

    def unwrap(self, purpose: str, sealed: bytes) -> bytes:
        """Raises NotReadable."""
        return sealed_text.unseal(self._cipher, self.nominal_id.bytes, purpose, self.key_id, sealed)

    def keyed_hash(self, purpose: str, text: str) -> bytes:
        """32 bytes, the same for the same purpose and text: to find what is equal without keeping it in clear."""
        return hmac.digest(self._hashing, b"\0".join((purpose.encode(), text.encode())), "sha256")

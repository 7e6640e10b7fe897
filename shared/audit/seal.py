"""A seal: what the chain was at one moment, signed (a compact JWS, ES256)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

_TYPE = "visor-audit-seal+1"
_ALGORITHMS = ["ES256"]
_NOBODY = UUID(int=0)


class SealForged(Exception):
    """Not signed with a seal key that we know, or not a seal of this service."""


@dataclass(frozen=True)
class Seal:
    """`first` to `last` are the numbers it adds (none where last is first - 1); hashes are in hex, `at` is ISO 8601.

    Every entry that comes before (`transaction`, `entry`) in the order of transaction number, then id, has its number
    in this seal or an earlier one. `cluster` is the database server's own identifier: transaction numbers mean
    nothing on another. `resumes` is the seal whose state this one goes on from: the one before, unless the database
    was restored from an older copy.
    """

    service: str
    sequence: int
    first: int
    last: int
    previous: str
    resumes: int
    chain: str
    marks: str
    transaction: int
    entry: str
    cluster: str
    at: str

    @property
    def position(self) -> tuple[int, UUID]:
        return self.transaction, UUID(self.entry)


def before_any(service: str, chain: bytes) -> Seal:
    """What the first seal goes on from; never signed, never kept."""
    nothing = sha256(b"").hexdigest()
    return Seal(service, 0, 1, 0, "", 0, chain.hex(), nothing, 0, str(_NOBODY), "", "")


def sign(seal: Seal, key: ECKey) -> str:
    header = {"alg": "ES256", "kid": key.kid, "typ": _TYPE}
    payload = json.dumps(asdict(seal), sort_keys=True, separators=(",", ":"))
    return jws.serialize_compact(header, payload, key, algorithms=_ALGORITHMS)


def read(token: str, service: str, keys: KeySet) -> Seal:
    """The seal of a token that verifies; raises SealForged."""
    try:
        signed = jws.deserialize_compact(token, keys, algorithms=_ALGORITHMS)
        seal = Seal(**json.loads(signed.payload or b""))
    except (JoseError, ValueError, TypeError) as error:
        raise SealForged(f"not signed with a known seal key ({type(error).__name__})") from error
    if signed.headers().get("typ") != _TYPE or seal.service != service:
        raise SealForged("not a seal of this service")
    return seal


def claimed_sequence(token: str) -> int:
    """The sequence that a token claims, before anything is verified; 0 where it makes no sense."""
    return max(0, _claim(token, "sequence"))


def claimed_first(token: str) -> int:
    """The first number that a token claims to seal, before anything is verified."""
    return _claim(token, "first")


def claims_a_restore(token: str) -> bool:
    """Whether a token claims, before anything is verified, to go on from another seal than the one before it."""
    return _claim(token, "resumes") != _claim(token, "sequence") - 1


def _claim(token: str, name: str) -> int:
    try:
        payload = token.split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return int(claims[name])
    except (IndexError, ValueError, TypeError, KeyError, binascii.Error):
        return 0


def seal_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()

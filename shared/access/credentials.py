"""The access token: what identity signs and every service verifies (ES256, two minutes)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from shared.access.principal import HeldUp, Principal, grants
from shared.clock import Clock
from shared.environment import LIVE, environment

LIFETIME = timedelta(minutes=2)
_ALGORITHMS = ["ES256"]


class CredentialRefused(Exception):
    """The access token is malformed, expired, of an issuer we do not trust, or not signed by its own issuer's key."""


def issue(principal: Principal, key: ECKey, clock: Clock) -> str:
    """An access token for this session; `key` is identity's current signing key."""
    now = clock.now()
    header = {"alg": "ES256", "kid": key.kid}
    claims = {
        "iss": principal.issuer,
        "env": environment(),
        "sub": f"{principal.issuer}:{principal.person_id}",
        "sid": str(principal.session_id),
        # With its fraction: a sign-in right after a revocation must count as later.
        "auth_time": principal.auth_time.timestamp(),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "agency": principal.agency,
        "kind": principal.agency_kind,
        "unit": principal.unit,
        "areas": list(principal.areas),
        "tokens": sorted([grant.name, grant.unit] for grant in principal.tokens),
        "roles": sorted([grant.name, grant.unit] for grant in principal.roles),
        "scope": principal.scope,
        "terminal": principal.terminal,
        "name": principal.name,
        "deputy": sorted(principal.deputy_for),
    }
    if principal.held_up is not None:
        claims["held_up"] = {"code": principal.held_up.code, "fills": dict(principal.held_up.fills)}
    return jwt.encode(header, claims, key, algorithms=_ALGORITHMS)


class Verifier:
    """Verifies access tokens with each issuer's published keys, and remembers those it has verified.

    `keys_of(issuer)` gives that issuer's public keys or raises LookupError; a key counts only for its own issuer's
    people. The cache is bounded, keyed by sha256, and never outlives the token.
    """

    def __init__(
        self,
        keys_of: Callable[[str], KeySet],
        clock: Clock,
        *,
        remember: int = 4096,
        agencies: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        """`agencies` are those that an issuer may speak for; one that is not named there may speak for any."""
        self._agencies = agencies or {}
        self._keys_of = keys_of
        self._clock = clock
        self._remember = remember
        self._known: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()
        self._lock = Lock()

    def principal(self, token: str) -> Principal:
        """The principal of a valid token; raises CredentialRefused."""
        digest = hashlib.sha256(token.encode()).digest()
        now = self._clock.now().timestamp()
        with self._lock:
            known = self._known.get(digest)
        if known is not None and known[0] > now:
            return known[1]
        principal, expires = self._verified(token, now)
        with self._lock:
            self._known[digest] = (expires, principal)
            while len(self._known) > self._remember:
                self._known.popitem(last=False)
        return principal

    def _verified(self, token: str, now: float) -> tuple[Principal, float]:
        try:
            issuer = _claimed_issuer(token)
            claims = jwt.decode(token, self._keys_of(issuer), algorithms=_ALGORITHMS).claims
            if claims["iss"] != issuer or claims["exp"] <= now or claims["iat"] > now + 5:
                raise CredentialRefused("expired")
            if claims.get("env", LIVE) != environment():
                raise CredentialRefused("of another environment")
            principal = _principal(claims)
            if principal.agency not in self._agencies.get(issuer, {principal.agency}):
                raise CredentialRefused("a person of another agency")
            return principal, float(claims["exp"])
        except (JoseError, LookupError, KeyError, TypeError, ValueError) as error:
            raise CredentialRefused(type(error).__name__) from error


def _claimed_issuer(token: str) -> str:
    """The issuer a token claims, only to choose the keys it must then verify with."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["iss"])


def _principal(claims: dict[str, Any]) -> Principal:
    namespace, _, person = claims["sub"].rpartition(":")
    if namespace != claims["iss"]:
        raise CredentialRefused("a person of another issuer")
    return Principal(
        person_id=UUID(person),
        issuer=claims["iss"],
        session_id=UUID(claims["sid"]),
        auth_time=datetime.fromtimestamp(claims["auth_time"], UTC),
        agency=claims["agency"],
        agency_kind=claims["kind"],
        unit=claims["unit"],
        areas=tuple(claims["areas"]),
        tokens=grants((name, unit) for name, unit in claims["tokens"]),
        roles=grants((name, unit) for name, unit in claims["roles"]),
        scope=claims["scope"],
        terminal=claims["terminal"],
        name=claims["name"],
        deputy_for=frozenset(claims["deputy"]),
        held_up=HeldUp(**claims["held_up"]) if claims.get("held_up") else None,
    )

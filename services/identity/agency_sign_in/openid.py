"""The OpenID Connect side: where to send somebody, and what their provider says when they are back.

Code flow with PKCE (RFC 9700, 2.1.1); the ID token is verified with the provider's published keys.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from services.identity.agency_sign_in.configured import OpenIdProvider

_KNOWN_SECONDS = 600.0
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY_SECONDS = 30
_METADATA: dict[str, tuple[float, Mapping[str, Any]]] = {}
_LOCK = Lock()


class ProviderAway(Exception):
    """The provider cannot be asked."""


class NotVouchedFor(Exception):
    """The provider, or whoever pretends to be it, does not say who this is; the text is for the log."""


@dataclass(frozen=True)
class Sent:
    """What we keep to recognise the answer: `state` with the browser, `nonce` and `verifier` here."""

    state: str
    nonce: str
    verifier: str


def address_for(provider: OpenIdProvider, callback: str, sent: Sent) -> str:
    """Where the browser goes. Raises ProviderAway."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.verifier.encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback,
        "scope": provider.scope,
        "state": sent.state,
        "nonce": sent.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    return f"{_metadata(provider)['authorization_endpoint']}?{urlencode(asked)}"


def username_from(provider: OpenIdProvider, callback: str, answer: Mapping[str, str], sent: Sent) -> str:
    """The user name that the provider vouches for; `answer` is what it gave the browser to bring.

    Raises ProviderAway or NotVouchedFor.
    """
    if "code" not in answer:
        raise NotVouchedFor(answer.get("error", "no code"))
    metadata = _metadata(provider)
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: the answer of another provider
        raise NotVouchedFor("iss")
    try:
        token = _token(provider, str(metadata["token_endpoint"]), callback, answer["code"], sent.verifier)
        keys = httpx.get(str(metadata["jwks_uri"]), timeout=provider.timeout).raise_for_status().json()
        claims = _claims(provider, token, KeySet.import_key_set(keys))
    except (httpx.HTTPError, OSError) as error:
        raise ProviderAway(provider.agency) from error
    except (JoseError, ValueError) as error:
        raise NotVouchedFor(type(error).__name__) from error
    if claims.get("nonce") != sent.nonce:
        raise NotVouchedFor("nonce")
    username = claims.get(provider.username_claim)
    if not isinstance(username, str) or not username.strip():
        raise NotVouchedFor(f"no {provider.username_claim}")
    return username


def _claims(provider: OpenIdProvider, token: str, keys: KeySet) -> Mapping[str, Any]:
    """OpenID Connect Core, 3.1.3.7: issuer, audience, authorised party, expiry."""
    read = jwt.decode(token, keys, algorithms=_ALGORITHMS)
    JWTClaimsRegistry(
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
    ).validate(read.claims)
    several = isinstance(read.claims["aud"], list) and len(read.claims["aud"]) > 1
    if (several or "azp" in read.claims) and read.claims.get("azp") != provider.client_id:
        raise ValueError("azp")
    return read.claims


def _token(provider: OpenIdProvider, address: str, callback: str, code: str, verifier: str) -> str:
    """The ID token that the code is worth. Raises NotVouchedFor, httpx.HTTPError or OSError."""
    secret = provider.client_secret_file.read_text(encoding="utf-8").strip()
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
    answer = httpx.post(
        address,
        data=given | {"code_verifier": verifier},
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        auth=httpx.BasicAuth(quote_plus(provider.client_id), quote_plus(secret)),
        timeout=provider.timeout,
    )
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        answer.raise_for_status()
    if answer.is_error:
        raise NotVouchedFor(str(answer.json().get("error", answer.status_code)))
    return str(answer.json().get("id_token", ""))


def _metadata(provider: OpenIdProvider) -> Mapping[str, Any]:
    """What the provider publishes of itself, asked for at most once in ten minutes. Raises ProviderAway."""
    with _LOCK:
        asked_at, known = _METADATA.get(provider.issuer, (-_KNOWN_SECONDS, {}))
        if time.monotonic() - asked_at < _KNOWN_SECONDS:
            return known
        address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            found: Mapping[str, Any] = httpx.get(address, timeout=provider.timeout).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderAway(provider.agency) from error
        if found.get("issuer") != provider.issuer:
            raise ProviderAway(provider.agency)
        _METADATA[provider.issuer] = (time.monotonic(), found)
        return found

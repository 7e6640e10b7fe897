"""The two ceremonies of WebAuthn: making a passkey, and letting one answer a challenge."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.identity.passkeys.models import Passkey
from services.identity.people.models import Person

NAME = "ViSOR"


class PasskeyRefused(Exception):
    """The browser's answer is malformed, for another challenge or site, or not signed by the passkey it names."""


@dataclass(frozen=True)
class Site:
    """The address of the site as browsers see it; a passkey is bound to its host."""

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or "localhost"


@dataclass(frozen=True)
class Made:
    credential_id: bytes
    public_key: bytes
    sign_count: int


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def options_to_make(site: Site, person: Person, challenge: bytes, has: Sequence[Passkey]) -> str:
    """JSON for the browser. A key that holds one of the person's passkeys already is not to hold another."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=person.id.bytes,
        user_name=person.username,
        user_display_name=person.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in has],
    )
    return webauthn.options_to_json(options)


def options_to_answer(site: Site, challenge: bytes, has: Sequence[Passkey]) -> str:
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in has],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def made(site: Site, challenge: bytes, answer: str) -> Made:
    """What the browser made; raises PasskeyRefused."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused(type(error).__name__) from error
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def answered_by(answer: str) -> bytes:
    """The id of the passkey that the answer claims; raises PasskeyRefused."""
    try:
        return webauthn.helpers.parse_authentication_credential_json(answer).raw_id
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused(type(error).__name__) from error


def sign_count_of(site: Site, challenge: bytes, answer: str, passkey: Passkey) -> int:
    """The passkey's new count, where the answer is its own; raises PasskeyRefused, also where the count went back."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=passkey.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused(type(error).__name__) from error
    return found.new_sign_count

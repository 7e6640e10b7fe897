"""Taking a passkey's answer, wherever a second factor is asked for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.passkeys.ceremonies import (
    PasskeyRefused,
    Site,
    answered_by,
    options_to_answer,
    sign_count_of,
)
from services.identity.passkeys.models import Passkey
from shared.runtime import Runtime
from shared.work import Work


def site_of(runtime: Runtime) -> Site:
    return Site(runtime.settings.origin)


def passkeys_of(session: Session, person_id: UUID, host: str | None = None) -> list[Passkey]:
    """In the order in which they were added; with `host`, those that this site may ask."""
    found = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    if host is not None:
        found = found.where(Passkey.host == host)
    return list(session.execute(found).scalars())


def challenge_options(work: Work, person_id: UUID, challenge: bytes) -> str:
    """JSON for the browser; empty where the person has no passkey for this site."""
    site = site_of(work.runtime)
    has = passkeys_of(work.session, person_id, site.host)
    return options_to_answer(site, challenge, has) if has else ""


def takes(work: Work, person_id: UUID, answer: str, challenge: bytes | None) -> bool:
    """Whether one of this person's passkeys answered; under its lock, so that its count only rises."""
    if challenge is None:
        return False
    try:
        claimed = Passkey.credential_id == answered_by(answer)
        own = select(Passkey).where(claimed, Passkey.person_id == person_id)
        passkey = work.session.execute(own.with_for_update()).scalar_one_or_none()
        if passkey is None:
            return False
        passkey.sign_count = sign_count_of(site_of(work.runtime), challenge, answer, passkey)
    except PasskeyRefused:
        return False
    passkey.used_at = work.system_now
    return True

"""From the sign-in page to the provider and back: at its end stands the same second step as after a password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy import delete, func, select

from services.identity.agency_sign_in.configured import OpenIdProvider, directories
from services.identity.agency_sign_in.models import ProviderRequest
from services.identity.agency_sign_in.openid import (
    NotVouchedFor,
    ProviderAway,
    Sent,
    address_for,
    username_from,
)
from services.identity.opaque_ids import hashed, new_secret
from services.identity.people.models import Person
from services.identity.sign_in import throttling
from services.identity.sign_in.models import Credential
from services.identity.sign_in.outcomes import StartAgain, located, nobody_at, refuse
from services.identity.sign_in.password_step import begin_step
from services.identity.terminals.copied_keys import copies_stopped
from services.identity.terminals.locating import Origin, Place
from shared.refusals import NotFound, Refusal
from shared.runtime import Runtime

log = structlog.get_logger(__name__)
ACTION = "sign_in.provider"
LASTS = timedelta(minutes=10)


def provider_of(runtime: Runtime, agency: str) -> OpenIdProvider:
    found = directories(runtime.settings.directories).openid.get(agency)
    if found is None:
        raise NotFound
    return found


def callback_of(runtime: Runtime, agency: str) -> str:
    """Where the provider sends the browser back; registered with it as it stands."""
    return f"{runtime.settings.origin}/identity/sign-in/with/{agency}/back"


def begin(runtime: Runtime, agency: str) -> tuple[str, str]:
    """Where to send the browser, and the state that it keeps. Raises NotFound, or Refusal R46."""
    provider = provider_of(runtime, agency)
    sent = Sent(new_secret(), secrets.token_urlsafe(32), secrets.token_urlsafe(64))
    try:
        address = address_for(provider, callback_of(runtime, agency), sent)
    except ProviderAway as error:
        raise Refusal("R46") from error
    with runtime.system_work(ACTION) as work:
        work.session.execute(delete(ProviderRequest).where(ProviderRequest.expires_at <= work.system_now))
        expires_at = work.system_now + LASTS
        state = hashed(sent.state)
        work.session.add(
            ProviderRequest(
                state_hash=state,
                agency=agency,
                nonce=sent.nonce,
                verifier=sent.verifier,
                expires_at=expires_at,
            )
        )
    return address, sent.state


def finish(runtime: Runtime, origin: Origin, agency: str, state: str, answer: Mapping[str, str]) -> str:
    """The opaque id of the step that follows. Raises StartAgain, or Refusal R33, R36 or R46, audited.

    Only an account of the provider's own agency counts: no agency vouches for another's people.
    """
    provider = provider_of(runtime, agency)
    sent = _taken(runtime, agency, state)
    with copies_stopped(runtime), runtime.work(nobody_at(None), ACTION) as work:
        place = located(work, origin)
    try:
        username = username_from(provider, callback_of(runtime, agency), answer, sent)
    except ProviderAway as error:
        raise refuse(runtime, ACTION, Refusal("R46"), place) from error
    except NotVouchedFor as problem:
        log.warning("provider_did_not_vouch", agency=agency, problem=str(problem))
        raise refuse(runtime, ACTION, Refusal("R36"), place) from problem
    return _next_step(runtime, agency, username, place)


def _taken(runtime: Runtime, agency: str, state: str) -> Sent:
    """A state is used once, whatever comes of it."""
    with runtime.system_work(ACTION) as work:
        row = work.session.execute(
            delete(ProviderRequest)
            .where(
                ProviderRequest.state_hash == hashed(state),
                ProviderRequest.agency == agency,
                ProviderRequest.expires_at > work.system_now,
            )
            .returning(ProviderRequest.nonce, ProviderRequest.verifier)
        ).first()
    if row is None:
        raise StartAgain
    return Sent(state, row.nonce, row.verifier)


def _next_step(runtime: Runtime, agency: str, username: str, place: Place) -> str:
    with runtime.work(nobody_at(place), ACTION) as work:
        counted = throttling.keys_of_sign_in(work.session, username, place, work.system_now)
        wait = throttling.minutes_to_wait(work.session, counted, work.system_now)
        person = work.session.execute(
            select(Person)
            .join(Credential, Credential.person_id == Person.id)
            .where(func.lower(Person.username) == username.strip().lower(), Person.agency == agency)
        ).scalar_one_or_none()
        if person is not None and not wait:
            return begin_step(work, person, ACTION)
    if wait:
        raise refuse(runtime, ACTION, Refusal("R33", minutes=wait), place, person.id if person else None)
    raise refuse(runtime, ACTION, Refusal("R36"), place)

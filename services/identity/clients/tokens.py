"""An access token for another system, against its secret."""

from __future__ import annotations

from sqlalchemy import select

from services.identity.clients.models import IntegrationClient
from services.identity.sessions.credentials import signing_keys
from services.identity.sign_in import passwords, throttling
from services.identity.sign_in.outcomes import nobody_at
from shared.access import credentials
from shared.access.principal import Principal, grants
from shared.ids import new_id
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.work import About, Work

ACTION = "clients.token"
NATIONAL = "national"


def token_for(runtime: Runtime, client_id: str, secret: str, address: str) -> str:
    """Raises Refusal R33 or R36; both are audited, and counted like a person's.

    The right secret counts also while others wait: nobody guesses 256 bits, and whoever tries shall keep no system out.
    """
    counted = throttling.keys(f"client {client_id}", f"address {address}")
    with runtime.work(nobody_at(None), ACTION) as work:
        found = _try(work, client_id, secret, counted)
    if isinstance(found, Refusal):
        raise found
    return credentials.issue(found, signing_keys(runtime).current, runtime.clocks.system)


def _try(work: Work, client_id: str, secret: str, counted: tuple[throttling.Key, ...]) -> Principal | Refusal:
    wait = throttling.minutes_to_wait(work.session, counted, work.system_now)
    client = work.session.execute(
        select(IntegrationClient).where(
            IntegrationClient.client_id == client_id, IntegrationClient.disabled_at.is_(None)
        )
    ).scalar_one_or_none()
    right = passwords.matches(client.secret_hash if client else None, secret)
    about = About("client", client.id if client else None)
    if client is None or not right:
        refusal = Refusal("R33", minutes=wait) if wait else Refusal("R36")
        if not wait:
            throttling.count_failure(work.session, counted, work.system_now)
        work.audit(ACTION, about, outcome="refused", refusal_code=refusal.code)
        return refusal
    work.audit(ACTION, about)
    return Principal(
        person_id=client.id,
        issuer=work.runtime.settings.issuer,
        session_id=new_id(),
        auth_time=work.system_now,
        agency="home-office",
        agency_kind="national",
        unit="home-office",
        tokens=grants((token, NATIONAL) for token in client.tokens),
        scope="integration",
        name=client.name,
    )

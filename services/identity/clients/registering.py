"""Making and ending the accounts of other systems: an operator's act, since no page may show such a secret."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.clients.models import IntegrationClient
from services.identity.sign_in import passwords
from shared.refusals import NotFound
from shared.runtime import Runtime

KINDS = ("integration.hmpps",)


def register(runtime: Runtime, client_id: str, name: str) -> str:
    """Make an account, or a new secret for one that exists; returns the secret, which is kept only as a hash."""
    secret = secrets.token_urlsafe(32)
    with runtime.system_work("clients.register") as work:
        client = _client(work.session, client_id)
        if client is None:
            client = IntegrationClient(
                client_id=client_id, name=name, created_at=work.system_now, secret_hash=""
            )
            work.session.add(client)
        client.name, client.tokens, client.disabled_at = name, list(KINDS), None
        client.secret_hash = passwords.hash_password(secret)
        work.session.flush()
        work.concerns(subject=("client", client.id))
        work.audit(work.action, work.about)
    return secret


def end(runtime: Runtime, client_id: str) -> None:
    """The account gets no further access token. Raises NotFound."""
    with runtime.system_work("clients.end") as work:
        client = _client(work.session, client_id)
        if client is None:
            raise NotFound
        client.disabled_at = work.system_now
        work.concerns(subject=("client", client.id))
        work.audit(work.action, work.about)


def _client(session: Session, client_id: str) -> IntegrationClient | None:
    found = select(IntegrationClient).where(IntegrationClient.client_id == client_id).with_for_update()
    return session.execute(found).scalar_one_or_none()

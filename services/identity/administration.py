"""What an operator does from the command line, where nobody can sign in yet or somebody must be shut out at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, select

from services.identity.accounts.rules import REASONS
from services.identity.accounts.states import disable
from services.identity.clients.models import IntegrationClient
from services.identity.directory import log
from services.identity.opaque_ids import new_secret
from services.identity.people.models import Person
from services.identity.sign_in import passwords
from shared.runtime import Runtime
from shared.work import About


class AdministrationError(Exception):
    """What was asked cannot be done; the message says why, for the operator."""


def list_people(
    runtime: Runtime, *, unit: str | None = None, limit: int = 50
) -> Sequence[Row[str, str, str, str]]:
    """User name, name, unit and state, by user name."""
    query = select(Person.username, Person.name, Person.unit, Person.state).order_by(Person.username)
    query = query.where(Person.unit == unit) if unit else query
    with runtime.system_work("users.list") as work:
        work.audit(work.action, About(facts={"unit": unit}), outcome="viewed")
        return work.session.execute(query.limit(limit)).all()


def disable_user(runtime: Runtime, username: str, reason: str = "suspended") -> None:
    """Shuts somebody out within seconds. Raises AdministrationError for an unknown user or reason."""
    if reason not in REASONS:
        raise AdministrationError(f"the reason is one of: {', '.join(REASONS)}")
    with runtime.system_work("users.disable") as work:
        found = select(Person).where(Person.username == username.strip().lower()).with_for_update()
        person = work.session.execute(found).scalar_one_or_none()
        if person is None:
            raise AdministrationError(f"nobody has the user name {username}")
        disable(work, person, reason)
        log.changed(work, people=[person.id])
        work.audit(work.action, About("person", person.id, facts={"reason": reason}))


def register_client(runtime: Runtime, client_id: str, name: str, tokens: Sequence[str]) -> str:
    """An account for another system, or a new secret for the one it has; returns the secret, seen this once."""
    secret = new_secret()
    with runtime.system_work("clients.register") as work:
        found = select(IntegrationClient).where(IntegrationClient.client_id == client_id)
        client = work.session.execute(found).scalar_one_or_none()
        if client is None:
            client = IntegrationClient(client_id=client_id, created_at=work.system_now)
            work.session.add(client)
        client.name, client.tokens, client.disabled_at = name, list(tokens), None
        client.secret_hash = passwords.hash_password(secret)
        work.session.flush()
        work.audit(work.action, About("client", client.id))
    return secret


def end_client(runtime: Runtime, client_id: str) -> None:
    """The account gets no further access token. Raises AdministrationError for an unknown one."""
    with runtime.system_work("clients.end") as work:
        found = select(IntegrationClient).where(IntegrationClient.client_id == client_id).with_for_update()
        client = work.session.execute(found).scalar_one_or_none()
        if client is None:
            raise AdministrationError(f"there is no client {client_id}")
        client.disabled_at = work.system_now
        work.audit(work.action, About("client", client.id))

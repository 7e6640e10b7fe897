"""What an operator does from the command line, where nobody can sign in yet or somebody must be shut out at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network

from sqlalchemy import Row, select

from services.identity.accounts.first_credentials import FirstCredentials, make
from services.identity.accounts.rules import REASONS
from services.identity.accounts.states import disable
from services.identity.clients.models import IntegrationClient
from services.identity.directory import log
from services.identity.documents.library import ensure_syops
from services.identity.estate import NATIONAL
from services.identity.estate.national import ensure_home
from services.identity.opaque_ids import new_secret
from services.identity.people.models import Person
from services.identity.sign_in import passwords
from services.identity.terminals.models import NetworkRange
from services.identity.tokens.models import TokenGrant
from services.identity.training.models import TrainingRecord
from services.identity.vetting.models import VettingRecord
from shared.runtime import Runtime
from shared.work import About, Work

HOME = "home-office"


class AdministrationError(Exception):
    """What was asked cannot be done; the message says why, for the operator."""


@dataclass(frozen=True)
class Administrator:
    """The first administrator's card, and what a sign-in will ask: vetting, training, and a registered network."""

    username: str
    name: str
    email: str
    telephone: str
    authority: str
    vetting_reference: str
    vetting_expires_on: date
    training_reference: str
    network: str


def list_people(
    runtime: Runtime, *, unit: str | None = None, limit: int = 50
) -> Sequence[Row[str, str, str, str]]:
    """User name, name, unit and state, by user name."""
    query = select(Person.username, Person.name, Person.unit, Person.state).order_by(Person.username)
    query = query.where(Person.unit == unit) if unit else query
    with runtime.system_work("users.list") as work:
        work.audit(work.action, About(facts={"unit": unit}), outcome="viewed")
        return work.session.execute(query.limit(limit)).all()


def first_administrator(runtime: Runtime, given: Administrator) -> FirstCredentials:
    """Makes the account that makes all others, once: with an administrator there already it raises.

    Also puts the estate and SyOPs in place, and registers the network from which the administrator signs in.
    """
    with runtime.system_work("users.first_administrator") as work:
        ensure_home(work)
        _only_once(work)
        ensure_syops(work)
        person = Person(
            username=given.username,
            name=given.name,
            job_title="Identity Manager administrator",
            email=given.email,
            telephone=given.telephone,
            agency=HOME,
            unit=HOME,
            state="created",
            created_at=work.system_now,
            authority=given.authority,
        )
        work.session.add(person)
        work.session.flush()
        work.session.add_all([*_cleared(work, person, given), _token(work, person, given.authority)])
        network = ip_network(given.network)
        work.session.add(NetworkRange(addresses=network, kind="lan", unit=HOME, building="Administration"))
        made = make(work, person)
        log.changed(work, people=[person.id])
        work.audit(work.action, About("person", person.id))
    return made


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


def _only_once(work: Work) -> None:
    held = select(TokenGrant.id).where(TokenGrant.token == "admin", TokenGrant.ended_at.is_(None))  # noqa: S105
    if work.session.execute(held.limit(1)).first() is not None:
        raise AdministrationError("there is an administrator already, who can make the other accounts")


def _cleared(work: Work, person: Person, given: Administrator) -> tuple[VettingRecord, TrainingRecord]:
    vetting = VettingRecord(
        person_id=person.id,
        kind="nppv3",
        reference=given.vetting_reference,
        vetting_force="As the authority says",
        cleared_on=work.today,
        expires_on=given.vetting_expires_on,
        recorded_by=person.id,
        recorded_at=work.system_now,
    )
    training = TrainingRecord(
        person_id=person.id,
        course="ViSOR end user",
        course_kind="user",
        approval_reference=given.training_reference,
        provider="As the authority says",
        trainer="As the authority says",
        delivered_on=work.today,
        passed=True,
    )
    return vetting, training


def _token(work: Work, person: Person, authority: str) -> TokenGrant:
    return TokenGrant(
        token="admin",  # noqa: S106 - the name of an access right
        person_id=person.id,
        unit=NATIONAL,
        valid_from=work.today,
        granted_by=person.id,
        granted_at=work.system_now,
        started_at=work.system_now,
        reason="The first administrator",
        authority=authority,
    )


def end_client(runtime: Runtime, client_id: str) -> None:
    """The account gets no further access token. Raises AdministrationError for an unknown one."""
    with runtime.system_work("clients.end") as work:
        found = select(IntegrationClient).where(IntegrationClient.client_id == client_id).with_for_update()
        client = work.session.execute(found).scalar_one_or_none()
        if client is None:
            raise AdministrationError(f"there is no client {client_id}")
        client.disabled_at = work.system_now
        work.audit(work.action, About("client", client.id))

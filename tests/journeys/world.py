"""The whole suite in one process, over databases of its own: what the journeys of the tests are lived in."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from flask import Flask
from joserfc.jwk import ECKey
from sqlalchemy import text

from deploy import assembly
from deploy.demonstration.acting import principal_of
from deploy.demonstration.load import mark_and_tell
from deploy.demonstration.staff import staff
from deploy.demonstration.users import Staff
from deploy.migrations import upgrade
from deploy.participants import participant
from services.identity import demonstration as identity_part
from shared.access import credentials
from shared.access.principal import Principal, grants
from shared.clock import SystemClock
from shared.ids import new_id
from shared.keys import SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.messaging.backstage import Backstage, Pace
from shared.reference.estate import agencies, estate_units
from shared.runtime import Runtime
from shared.settings import SERVICES, Settings
from shared.time import policy_clock

PATIENCE = 60.0  # seconds until a fact must have arrived
_QUICK = Pace(poll=0.05, tick=0.25)


def migrated(urls: Mapping[str, str]) -> None:
    for name, url in urls.items():
        upgrade(name, url)


def load_people(runtimes: Mapping[str, Runtime], people: Staff, units: set[str]) -> str:
    """The estate and the users of these units, as a demonstration loads them; returns everybody's password."""
    here = [user for user in people.users if user.unit in units]
    password: str = identity_part.load(runtimes["identity"], here, estate_units(), agencies())
    for name in ("records", "notifications"):
        mark_and_tell(runtimes[name], runtimes["identity"])
    return password


class _Bearer(httpx.Auth):
    """Sends an access token and, as every program must, asks for the next one before it lapses."""

    def __init__(self, who: Principal, key: ECKey) -> None:
        self._who, self._key = who, key
        self._token, self._good_until = "", 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if time.monotonic() > self._good_until:
            self._token = credentials.issue(self._who, self._key, SystemClock())
            self._good_until = time.monotonic() + credentials.LIFETIME.total_seconds() / 2
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class SignedIn(httpx.Client):
    """A browser, with the last answer to its signing in."""

    last: httpx.Response


@dataclass
class World:
    """The running suite. `client(username)` speaks to it over its WSGI edge with that user's access token."""

    settings: Settings
    runtimes: Mapping[str, Runtime]
    application: Any
    apps: Mapping[str, Flask]
    people: Staff
    password: str
    _sessions: dict[str, UUID] = field(default_factory=dict)

    def principal(self, username: str, **changes: Any) -> Principal:
        session_id = self._sessions.setdefault(username, new_id())
        signed_in = SystemClock().now() - timedelta(seconds=2)
        known = principal_of(self.people.by_username[username], self.settings.issuer, session_id, signed_in)
        return replace(known, **changes)

    def client(self, username: str, **changes: Any) -> httpx.Client:
        return self._client(self.principal(username, **changes))

    def sign_in(
        self, username: str, *, network: str = "lan", terminal: str = "approved", unit: str = ""
    ) -> SignedIn:
        """Password and code, at the person's own place of work or at `unit`; the browser's cookies and nothing else.

        The last answer stands in `client.last`; who was refused has no session.
        """
        transport = httpx.WSGITransport(app=self.application)
        # Secure cookies travel over https only, as in a browser anywhere but on localhost.
        client = SignedIn(transport=transport, base_url="https://localhost")
        place = {
            "unit": unit or self.people.by_username[username].unit,
            "network": network,
            "terminal": terminal,
        }
        client.post("/identity/api/demonstration/place", json=place).raise_for_status()
        code = client.post("/identity/api/demonstration/code", json={"username": username}).json()["code"]
        client.last = client.post(
            "/identity/api/sign-in", json={"username": username, "password": self.password}
        )
        if client.last.is_success:
            attested = client.last.json()["asks_attestation"]
            given = {"code": code} | ({"secure_office": True} if attested else {})
            client.last = client.post("/identity/api/sign-in/code", json=given)
        return client

    def integration(self) -> httpx.Client:
        """The prisons' own system."""
        changes: dict[str, Any] = {
            "scope": "integration",
            "tokens": grants([("integration.hmpps", "national")]),
        }
        return self._client(self.principal("grace.mensah", **changes))

    def _client(self, who: Principal) -> httpx.Client:
        key = SigningKeys(self.settings.keys_home, ACCESS_TOKENS).current
        transport = httpx.WSGITransport(app=self.application)
        return httpx.Client(transport=transport, base_url="http://localhost", auth=_Bearer(who, key))

    def eventually(self, check: Callable[[], Any], what: str = "it") -> Any:
        """What `check` gives once it is true; fails after PATIENCE seconds."""
        return eventually(check, what)

    def settled(self) -> None:
        """Wait until every outbox is empty, so that "nothing more came" can be said."""
        eventually(lambda: all_published(self.runtimes), "the outbox's emptying", patience=300)

    def move_policy_clock(self, days: float) -> None:
        """The policy clock of every service, forwards from today."""
        for runtime in self.runtimes.values():
            with runtime.system_work("test.clock") as work:
                policy_clock.move(work.session, runtime.service.tables.policy_clock, timedelta(days=days))
        time.sleep(0.6)  # every process re-reads its offset twice a second

    def sql(self, service: str, statement: str, **values: Any) -> list[Any]:
        with self.runtimes[service].database.reading.connect() as connection:
            return list(connection.execute(text(statement), values))

    def now(self) -> datetime:
        return self.runtimes["records"].clocks.policy.now()

    def today(self) -> date:
        return self.runtimes["records"].clocks.policy.today()


def eventually(
    check: Callable[[], Any], what: str, *, patience: float = PATIENCE, pause: float = 0.05
) -> Any:
    """What `check` gives once it is true, asked again after each pause; fails after so many seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(pause)
    raise AssertionError(f"{what} did not happen within {patience} s")


def all_published(runtimes: Mapping[str, Runtime]) -> bool:
    return not any(_unpublished(runtime) for runtime in runtimes.values())


def _unpublished(runtime: Runtime) -> int:
    with runtime.database.reading.connect() as connection:
        waiting = text("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        return int(connection.execute(waiting).scalar_one())


def all_done(runtimes: Mapping[str, Runtime]) -> bool:
    """Tasks first: what they tell comes after them."""
    return not any(_unfinished(runtime) for runtime in runtimes.values()) and all_published(runtimes)


def _unfinished(runtime: Runtime) -> int:
    with runtime.database.reading.connect() as connection:
        due = text("SELECT count(*) FROM task WHERE finished_at IS NULL AND due_at <= now()")
        return int(connection.execute(due).scalar_one())


def live_the_first_day(runtimes: Mapping[str, Runtime]) -> None:
    """What each service looks at once a day, and all that follows from it."""
    for runtime in runtimes.values():
        for tick in participant(runtime).ticks:
            tick()
    with spine(runtimes):
        # Long work, which asking too often would only hold up.
        eventually(lambda: all_done(runtimes), "the first day", patience=600, pause=1.0)


@contextmanager
def spine(runtimes: Mapping[str, Runtime], amqp_url: str | None = None) -> Iterator[None]:
    """Relays, handlers, tick and tasks of all three services; over the local transport where there is no broker."""
    behind = Backstage([participant(runtime) for runtime in runtimes.values()], amqp_url, pace=_QUICK)
    behind.start()
    try:
        yield
    finally:
        behind.stop()


def open_suite(settings: Settings) -> dict[str, Runtime]:
    return assembly.open_runtimes(settings, SERVICES)


def invented_staff(today: date) -> Staff:
    return staff(1, today)

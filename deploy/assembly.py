"""Puts a service together for one deployment: its declarations, database, keys and clocks."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
from flask import Blueprint, Flask
from joserfc.jwk import ECKey

from shared.access import credentials
from shared.access.credentials import Verifier
from shared.access.issuers import Fetch, Issuers
from shared.access.principal import Principal, system_principal
from shared.access.trusted import trusted_issuers
from shared.clock import SystemClock
from shared.database import ROLE, Database
from shared.keys import SigningKeys, open_keys
from shared.keys.signing_keys import ACCESS_TOKENS
from shared.marking import check_database, check_keys
from shared.messaging.ring import Ring
from shared.runtime import Runtime
from shared.service import Service
from shared.settings import SERVICES, Settings
from shared.time.policy_clock import DatabaseOffset, clocks_of
from shared.web.application import create_application


def service(name: str) -> Service:
    """A service with everything it declares."""
    importlib.import_module(f"services.{name}.capabilities")
    found: Service = importlib.import_module(f"services.{name}.service").service
    return found


def open_runtime(name: str, settings: Settings, *, pool_size: int = 6) -> Runtime:
    """One service, bound to its database and keys.

    Raises KeyProblem where a master key is missing, WrongEnvironment where something is of the other environment.
    """
    declared = service(name)
    database = Database(settings.database(name), pool_size=pool_size, role=ROLE)
    key_store = Database(settings.database("keys"), pool_size=2, role=ROLE)
    try:
        check_keys(settings.keys_home)
        with database.engine.connect() as connection:
            check_database(connection, declared.tables.environment, name)
        keys = open_keys(key_store.engine, settings.keys_home, name)
    except BaseException:
        database.dispose()
        key_store.dispose()
        raise
    offset = DatabaseOffset(database.reading, declared.tables.policy_clock)
    runtime = Runtime(declared, settings, database, clocks_of(offset), offset, keys)
    ring = Ring(conninfo(database))
    runtime.ring = ring.ring
    runtime.closings.append(ring.stop)
    runtime.pools += [database.dispose, key_store.dispose]
    return runtime


def conninfo(database: Database) -> str:
    """The address for psycopg itself: LISTEN and NOTIFY need no ORM."""
    url = database.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def open_runtimes(settings: Settings, names: Iterable[str] = SERVICES) -> dict[str, Runtime]:
    return {name: open_runtime(name, settings) for name in names}


def signing_key(settings: Settings) -> ECKey:
    """Identity's own; only a process that runs identity, or stands in for the suite itself, may open it."""
    return SigningKeys(settings.keys_home, ACCESS_TOKENS).current


def system_credential(settings: Settings, service_name: str) -> str:
    """An access token with which one service asks another, on a machine where both belong to one deployment."""
    who = system_principal(service_name)
    return credentials.issue(_of_issuer(who, settings.issuer), signing_key(settings), SystemClock())


def identity_url(settings: Settings) -> str:
    """Where identity answers; on one machine the web process's own port."""
    return os.environ.get("VISOR_IDENTITY_URL", f"http://127.0.0.1:{settings.port}")


def _of_issuer(who: Principal, issuer: str) -> Principal:
    return replace(who, issuer=issuer)


def verifier(settings: Settings) -> Verifier:
    """Trusts this deployment's own identity, and those of VISOR_ISSUERS for the people of their own agencies.

    Raises ValueError where VISOR_ISSUERS cannot be read, or names this deployment's own.
    """
    others = trusted_issuers(settings.issuers)
    if settings.issuer in others:
        raise ValueError(f"VISOR_ISSUERS: {settings.issuer} is this deployment's own")
    own = SigningKeys(settings.keys_home, ACCESS_TOKENS)

    def published() -> dict[str, object]:
        own.reload()
        return own.published

    sources: dict[str, Fetch] = {name: partial(_fetched, other.keys_url) for name, other in others.items()}
    issuers = Issuers({**sources, settings.issuer: published})
    agencies = {name: other.agencies for name, other in others.items()}
    return Verifier(issuers.keys_of, SystemClock(), agencies=agencies)


def _fetched(url: str) -> dict[str, object]:
    """Another issuer's published keys. Raises OSError where they cannot be had now."""
    try:
        answer = httpx.get(url, timeout=5)
        answer.raise_for_status()
        found: dict[str, object] = answer.json()
    except httpx.HTTPError as error:
        raise OSError("the issuer cannot be reached") from error
    return found


def application(runtime: Runtime, settings: Settings) -> Flask:
    """The WSGI application of one service."""
    name = runtime.service.name
    capabilities = importlib.import_module(f"services.{name}.capabilities")
    pages: Iterable[Blueprint] = getattr(capabilities, "PAGES", ())
    templates = sorted(Path(capabilities.__file__ or "").parent.glob("*/templates"))
    return create_application(runtime, verifier(settings), pages, templates)


__all__ = ["application", "open_runtime", "open_runtimes", "service", "system_credential", "verifier"]

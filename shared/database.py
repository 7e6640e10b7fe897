"""Engines and metadata: the same conventions for every service's own database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Engine, MetaData, PoolProxiedConnection, Uuid, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_IDLE_SECONDS = 1.0
# What this thread takes out of a pool just now is to stay in autocommit.
_taking = threading.local()

# What a Python annotation becomes in a table; every service's own declarative base takes this map.
COLUMN_TYPES: dict[Any, Any] = {
    UUID: Uuid(),
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB,
    list[str]: JSONB,
    list[Any]: JSONB,
}

# As whom every service works, whatever account it signs in with: it owns no table, so it can alter none, and of the
# audit's it may only read and add (deploy/database_roles.py).
ROLE = "visor_services"
# For whatever disk is not a turning one a page read through an index costs no more than the next page: at 200,000
# nominals the planner's own guess reads the whole table for a team's 5,000 (89 ms), through the index it takes 8.
PLANNING = "-c random_page_cost=1.1"
# A request that waits longer than this helps nobody; the numbers are milliseconds.
_LIMITS = "-c statement_timeout=20000 -c lock_timeout=8000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"


def new_metadata() -> MetaData:
    """Metadata of one service: constraints are named, so that migrations and refusals can speak of them."""
    return MetaData(naming_convention=NAMING)


class Database:
    """One service's own database: `engine` for units of work, `reading` (AUTOCOMMIT) for what needs no audit entry.

    `role` is taken on by each connection as it begins, which costs no round trip.
    """

    def __init__(self, url: str, *, pool_size: int = 10, role: str | None = None) -> None:
        self.url = url
        self._pool_size = pool_size
        settings = f"{_LIMITS} {PLANNING}"
        self._options = settings if role is None else f"{settings} -c role={role}"

    @cached_property
    def engine(self) -> Engine:
        return pinged_when_idle(create_engine(self.url, **self.engine_options))

    @property
    def engine_options(self) -> dict[str, Any]:
        """Also what Flask-SQLAlchemy is given at the web edge, so that both open the same kind of connection."""
        return {
            "pool_size": self._pool_size,
            "max_overflow": 10,
            # An error's text must not quote a name: statements' values never reach a log.
            "hide_parameters": True,
            "connect_args": {"options": self._options, "connect_timeout": 5},
        }

    @cached_property
    def reading(self) -> Engine:
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    def dispose(self) -> None:
        self.engine.dispose()


def pinged_when_idle(engine: Engine) -> Engine:
    """A pooled connection that nobody has used for a second is asked whether it lives before it is handed out.

    So a restarted server costs nobody a page, and a busy connection no round trip. Whoever takes one here begins a
    transaction with its first statement, but for `in_autocommit`.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used_at", time.monotonic()) > _IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError("the server closed this connection") from error
        if connection.autocommit and not getattr(_taking, "autocommit", False):
            connection.autocommit = False

    return engine


def in_autocommit(engine: Engine) -> PoolProxiedConnection:
    """A pooled connection of an engine that `pinged_when_idle`, each statement a transaction of its own.

    It goes back as it is, and most often comes from the last such use: to change it there and back costs a request a
    twentieth of its processor time.
    """
    _taking.autocommit = True
    try:
        taken = engine.raw_connection()
    finally:
        _taking.autocommit = False
    raw: Any = taken.driver_connection
    if not raw.autocommit:
        raw.autocommit = True
    return taken


def read_again_if_stale(read: Callable[[], T]) -> T:
    """Once more where the pool's connection had died meanwhile: that only says that the server was restarted."""
    try:
        return read()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return read()


def is_away(error: BaseException) -> bool:
    """Whether this error says that the database cannot be reached, rather than that it refused something."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError)
    return str(state).startswith(("08", "57P"))

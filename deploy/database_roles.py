"""Who may do what in the databases: an owner makes and alters the tables, the running services only work in them.

Both can be one account (VISOR_DATABASE_URL alone): then the services put the owner's rights down as they connect.
With VISOR_DATABASE_OWNER_URL the services' account never had them.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from shared.audit import guards
from shared.audit.tables import NAMES
from shared.database import ROLE
from shared.settings import SERVICES, Settings

_MAKE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
_MEMBER = "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, %s, 'SET')"
_FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


class RoleProblem(RuntimeError):
    """What the database's administrator has to do; the message says it."""


def make_role(connection: Connection) -> None:
    """Roles belong to the whole server: where there is one already, nothing happens."""
    connection.exec_driver_sql(_MAKE_ROLE)


def grant(connection: Connection, database: str) -> None:
    """What the services may do in one database, said anew after each migration, as the tables' owner."""
    everything = f"ALL TABLES IN SCHEMA public TO {ROLE}"
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON {everything}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
        f"REVOKE ALL ON alembic_version FROM {ROLE}",
        f"GRANT SELECT ON alembic_version TO {ROLE}",
    ]
    if database in SERVICES:
        statements += [f"REVOKE INSERT, UPDATE, DELETE ON environment FROM {ROLE}", *guards.grant_ddl(ROLE)]
    for statement in statements:
        connection.exec_driver_sql(statement)


def ensure_accounts(settings: Settings, server: psycopg.Connection) -> None:
    """The services' role, and the account that takes it on. `server` is the owner's. Raises RoleProblem."""
    login, password = _account(settings)
    try:
        server.execute(_MAKE_ROLE.encode())
        if login and not _exists(server, login):
            made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            server.execute(made.format(sql.Identifier(login), sql.Literal(password)))
        if login and server.execute(_MEMBER, [login, ROLE]).fetchone() is None:
            server.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(ROLE), sql.Identifier(login)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise RoleProblem(
            f"As an administrator of PostgreSQL run: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO {login};"
        ) from error


def check_audit_is_kept(settings: Settings) -> None:
    """Asks PostgreSQL itself, as the services will connect. Raises RoleProblem where they could change the audit."""
    for service in SERVICES:
        address = settings.database(service).replace("+psycopg", "")
        with psycopg.connect(address, options=f"-c role={ROLE}", connect_timeout=10) as connection:
            found = [*_too_much(connection), *(_the_owner(connection) if settings.owner_url else ())]
        if found:
            raise RoleProblem(f"The services could change the audit of {service}: {', '.join(found)}.")


def _too_much(connection: psycopg.Connection) -> Iterator[str]:
    for table in NAMES:
        for right in _FORBIDDEN:
            asked = connection.execute("SELECT has_table_privilege(%s, %s)", [table, right]).fetchone()
            if asked == (True,):
                yield f"{ROLE} has {right} on {table}"


def _the_owner(connection: psycopg.Connection) -> Iterator[str]:
    """With an account of their own, the services cannot go back to the owner's rights either."""
    asked = "SELECT session_user, pg_has_role(session_user, tableowner, 'MEMBER') FROM pg_tables WHERE tablename = %s"
    for login, is_owner in connection.execute(asked, [NAMES[0]]):
        if is_owner:
            yield f"{login} is the tables' owner, or as good as that"


def _exists(server: psycopg.Connection, login: str) -> bool:
    return server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login]).fetchone() is not None


def _account(settings: Settings) -> tuple[str, str]:
    """Name and password in VISOR_DATABASE_URL; the name may stand elsewhere (a service file), then it is empty."""
    parts = urlsplit(settings.database(""))
    return unquote(parts.username or ""), unquote(parts.password or "")

"""Which environment a database was made for: said when it is empty, and asked at each start (shared/marking.py)."""

from __future__ import annotations

import psycopg

from deploy.databases import plain
from shared.environment import LIVE, environment
from shared.marking import compare

_EMPTY = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"
_MARK = "INSERT INTO environment (id, name, marked_at) VALUES (1, %s, now())"


def is_bare(url: str) -> bool:
    """Whether nothing was ever put in place here."""
    with psycopg.connect(plain(url)) as connection:
        return connection.execute(_EMPTY).fetchone() == (True,)


def check_before(url: str, name: str) -> None:
    """Before anything is changed in a database that is there; raises WrongEnvironment."""
    with psycopg.connect(plain(url)) as connection:
        known = connection.execute("SELECT to_regclass('public.environment')").fetchone() != (None,)
        row = connection.execute("SELECT name FROM environment").fetchone() if known else None
    compare(str(row[0]) if row else LIVE, f"The {name} database")


def mark(url: str) -> None:
    """As the tables' owner, once; the services may only read it."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(_MARK, (environment(),))

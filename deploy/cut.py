"""One moment in all databases: a snapshot of each in which no fact is half-way between two of them.

Writers of outbox and inbox wait while the snapshots are taken, some milliseconds; the dumps read them at
leisure afterwards, while people work on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import psycopg

LOCK_TIMEOUT = "20s"
# What every change and every arrival of a fact writes to; the key store has neither.
SPINE = "LOCK TABLE outbox, inbox, task IN SHARE MODE"


@contextmanager
def one_moment(addresses: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Snapshot ids, by database, for `pg_dump --snapshot`; they hold as long as the `with`.

    Raises psycopg.errors.LockNotAvailable where a long transaction would not let go.
    """
    with ExitStack() as open_until_dumped:
        with ExitStack() as writers_wait:
            for name, address in addresses.items():
                if name != "keys":
                    holder = writers_wait.enter_context(psycopg.connect(address))
                    holder.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                    holder.execute(SPINE)
            found = {
                name: _snapshot(open_until_dumped.enter_context(psycopg.connect(address)))
                for name, address in addresses.items()
            }
        yield found


def _snapshot(connection: psycopg.Connection) -> str:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    if row is None:
        raise AssertionError("PostgreSQL named no snapshot")
    return str(row[0])

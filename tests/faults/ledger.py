"""Counting, with nothing but SQL: this file imports nothing of the suite.

Both databases keep `expected` (written with the change that promised it) and `traced` (written by whoever
did it).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

TABLES = """
    CREATE TABLE expected (what text NOT NULL, id uuid NOT NULL, part text NOT NULL);
    CREATE TABLE traced (what text NOT NULL, id uuid NOT NULL, part text NOT NULL);
    CREATE TABLE due (id uuid PRIMARY KEY, at timestamptz NOT NULL, fired boolean NOT NULL DEFAULT false);
"""
Entry = tuple[str, str, str]


@dataclass(frozen=True)
class Balance:
    """`lost`: promised and not done. `doubled`: done more than once. `unasked`: done and never promised.
    `forgotten`: acknowledged to the writer and not in the database.
    """

    expected: int
    lost: Counter[Entry]
    doubled: Counter[Entry]
    unasked: Counter[Entry]
    forgotten: int

    @property
    def even(self) -> bool:
        return not (self.lost or self.doubled or self.unasked or self.forgotten)


def balance(records: str, notifications: str, acknowledged: Path) -> Balance:
    promised = _entries(records, "SELECT what, id::text, part FROM expected")
    done = Counter[Entry]()
    for url in (records, notifications):
        done += _entries(url, "SELECT what, id::text, part FROM traced")
        done += _entries(url, "SELECT 'dead', message_id::text, '' FROM dead_letter")
    ids = {id_ for what, id_, _ in promised if what != "dead"}
    ids |= {str(row[0]) for row in _rows(records, "SELECT id::text FROM outbox")}
    lines = acknowledged.read_text().split() if acknowledged.exists() else []
    return Balance(
        expected=promised.total(),
        lost=promised - done,
        doubled=Counter({entry: count - 1 for entry, count in done.items() if count > 1}),
        unasked=Counter({entry: count for entry, count in done.items() if entry not in promised}),
        forgotten=len(set(lines) - ids),
    )


def at_rest(records: str, notifications: str) -> bool:
    """Whether nothing more is to come."""
    open_rows = """
        SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL)
            + (SELECT count(*) FROM task WHERE finished_at IS NULL)
            + (SELECT count(*) FROM inbox_retry WHERE body IS NOT NULL)
            + (SELECT count(*) FROM due WHERE NOT fired)
    """
    return all(_rows(url, open_rows)[0][0] == 0 for url in (records, notifications))


def failed_tasks(*urls: str) -> int:
    return sum(int(str(_rows(url, "SELECT count(*) FROM task WHERE state = 'failed'")[0][0])) for url in urls)


def _entries(url: str, query: str) -> Counter[Entry]:
    return Counter((str(what), str(id_), str(part)) for what, id_, part in _rows(url, query))


def _rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(query).fetchall()

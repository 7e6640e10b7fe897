"""The policy clock's offset: it moves only in a database marked as demonstration."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Lock

from sqlalchemy import Boolean, CheckConstraint, Column, Engine, Integer, Interval, MetaData, Table, select
from sqlalchemy.orm import Session

from shared.clock import Clock, Clocks, OffsetClock, SystemClock

_FRESH_SECONDS = 0.5


def policy_clock_table(metadata: MetaData) -> Table:
    """`policy_clock`: at most one row; the database itself refuses an offset where there is no demonstration."""
    return Table(
        "policy_clock",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("demonstration", Boolean, nullable=False),
        Column("offset", Interval, nullable=False),
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("demonstration or \"offset\" = interval '0'", name="moves_only_in_demonstration"),
    )


class DatabaseOffset:
    """Reads one service's offset, at most twice a second for each process."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine
        self._table = table
        self._lock = Lock()
        self._read_at = -_FRESH_SECONDS
        self._offset = timedelta()
        self._demonstration = False

    def __call__(self) -> timedelta:
        self._refresh()
        return self._offset

    @property
    def demonstration(self) -> bool:
        """Whether this database is marked as demonstration."""
        self._refresh()
        return self._demonstration

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() - self._read_at <= _FRESH_SECONDS:
                return
            with self._engine.connect() as connection:
                row = connection.execute(select(self._table.c.offset, self._table.c.demonstration)).first()
            self._offset = row.offset if row else timedelta()
            self._demonstration = bool(row and row.demonstration)
            self._read_at = time.monotonic()


def clocks_of(offset: DatabaseOffset) -> Clocks:
    """The two clocks of one service: policy moved by its database's offset, system never moved."""
    system: Clock = SystemClock()
    return Clocks(policy=OffsetClock(system, offset), system=system)


def move(session: Session, table: Table, offset: timedelta) -> None:
    """Set the offset of a demonstration database; in any other, PostgreSQL refuses."""
    session.execute(table.update().values(offset=offset))


def mark_as_demonstration(session: Session, table: Table) -> None:
    """Mark an empty database as demonstration, for good."""
    session.execute(table.insert().values(id=1, demonstration=True, offset=timedelta()))

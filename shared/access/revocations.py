"""Sessions and people that no longer count: in the service's own database, read with every request (bound: 5 s)."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import Column, DateTime, Engine, MetaData, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.access.principal import Principal
from shared.database import read_again_if_stale

# A row matters only as long as an access token issued before it can still be presented: two minutes. A day is ample.
KEEP = timedelta(days=1)
_FRESH_SECONDS = 0.5


def tables(metadata: MetaData) -> Table:
    """`revocation`: the subject is a session id or a person id; tokens issued before `revoked_at` are dead."""
    return Table(
        "revocation",
        metadata,
        Column("subject", Uuid(), primary_key=True),
        Column("revoked_at", DateTime(timezone=True), nullable=False, index=True),
    )


def revoke(session: Session, table: Table, subject: UUID, at: datetime) -> None:
    """End a session, or every session that a person opened before `at`; a later revocation wins."""
    row = insert(table).values(subject=subject, revoked_at=at)
    later = row.on_conflict_do_update(
        index_elements=["subject"],
        set_={"revoked_at": row.excluded.revoked_at},
        where=table.c.revoked_at < row.excluded.revoked_at,
    )
    session.execute(later)


def forget_old(session: Session, table: Table, now: datetime) -> None:
    """Rows no access token can be older than are of no use."""
    session.execute(delete(table).where(table.c.revoked_at < now - KEEP))


class Revocations:
    """What is revoked, re-read at most twice a second for each process."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine
        self._table = table
        self._lock = Lock()
        self._read_at = 0.0
        self._revoked: dict[UUID, datetime] = {}

    def hold(self, principal: Principal) -> bool:
        """Whether this principal's session, or all the person's sessions of that time, are revoked."""
        revoked = self._current()
        if principal.session_id in revoked:
            return True
        at = revoked.get(principal.person_id)
        return at is not None and principal.auth_time <= at

    def _current(self) -> dict[UUID, datetime]:
        with self._lock:
            if time.monotonic() - self._read_at > _FRESH_SECONDS:
                self._revoked = read_again_if_stale(self._read)
                self._read_at = time.monotonic()
            return self._revoked

    def _read(self) -> dict[UUID, datetime]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(self._table.c.subject, self._table.c.revoked_at)).all()
        return {row.subject: row.revoked_at for row in rows}

"""Doing what a task row asks for, under a lease, with its end in the same transaction as its effect."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.correlation import begin
from shared.ids import new_id
from shared.messaging.away import is_away
from shared.messaging.crash_points import crash_point
from shared.messaging.outbox import take_ring
from shared.messaging.participant import GiveUp, Participant, TaskKind
from shared.messaging.reasons import kind as described
from shared.messaging.reasons import reason

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
_LONGEST_PAUSE_SECONDS = 600


class LeaseLost(Exception):
    """This worker was held for dead; nothing it has not committed counts."""


@dataclass(frozen=True, slots=True)
class Claimed:
    id: UUID
    kind: TaskKind
    payload: dict[str, Any]
    lease: UUID


class TaskRunner:
    """One service's worker. Told the same id twice, or by two at once, it does the work once."""

    def __init__(
        self, participant: Participant, ring: Callable[[], None] = lambda: None, *, lease: timedelta = LEASE
    ) -> None:
        self._participant = participant
        self._tasks = participant.tables.task
        self._items = participant.tables.task_item
        self._ring = ring
        self._lease = lease

    def run(self, task_id: UUID) -> bool:
        """False when there was nothing to do: done already, not due, or in another worker's hands."""
        claimed = self._claim(task_id)
        if claimed is None:
            return False
        crash_point("task.claimed")
        begin(claimed.id)
        try:
            with self._kept_alive(claimed):
                self._work(claimed)
        except LeaseLost:
            log.warning("task_lease_lost", service=self._participant.name, task=str(task_id))
        except Exception as error:
            if is_away(error):
                raise
            self._failed(claimed, error)
        return True

    def _claim(self, task_id: UUID) -> Claimed | None:
        table, lease = self._tasks, new_id()
        free = (table.c.state == "waiting") & (table.c.due_at <= func.now())
        claim = update(table).where(table.c.id == task_id, free)
        values = {"state": "running", "lease": lease, "lease_until": func.now() + self._lease}
        with self._participant.session() as session:
            row = session.execute(claim.values(values).returning(table.c.name, table.c.payload)).one_or_none()
            session.commit()
        kind = self._participant.tasks.get(row.name) if row else None
        if row and kind is None:
            log.error("task_unknown", service=self._participant.name, name=row.name)
        return Claimed(task_id, kind, row.payload, lease) if row and kind else None

    def _work(self, claimed: Claimed) -> None:
        if claimed.kind.item is not None:
            while self._do_chunk(claimed):
                crash_point("task.items_done")
        while self._do_step(claimed):
            crash_point("task.items_done")
        with self._transaction() as session:
            result = claimed.kind.work(session, claimed.payload)
            crash_point("task.worked")
            self._mark(session, claimed, state="done", result=result, finished_at=func.now(), last_error=None)
            crash_point("task.marked")
        crash_point("task.committed")

    def _do_step(self, claimed: Claimed) -> bool:
        """One step of a bulk job that keeps its own rows, committed with the renewed lease."""
        if claimed.kind.step is None:
            return False
        with self._transaction() as session:
            more = claimed.kind.step(session, claimed.payload)
            crash_point("task.worked")
            self._mark(session, claimed, lease_until=func.now() + self._lease)
        return more

    def _do_chunk(self, claimed: Claimed) -> bool:
        """The next items in one transaction; should one fail, each in its own, so that one fails alone."""
        positions = self._next_items(claimed)
        try:
            self._do_items(claimed, positions)
        except LeaseLost:
            raise
        except Exception as error:
            if is_away(error):
                raise
            for row in positions:
                self._do_alone(claimed, row)
        return bool(positions)

    def _next_items(self, claimed: Claimed) -> Sequence[Row[Any, Any]]:
        items = self._items
        waiting = (items.c.task_id == claimed.id) & (items.c.state == "waiting")
        columns = select(items.c.position, items.c.payload).where(waiting)
        with self._participant.session() as session:
            return session.execute(columns.order_by(items.c.position).limit(claimed.kind.chunk)).all()

    def _do_items(self, claimed: Claimed, rows: Sequence[Row[Any, Any]]) -> None:
        if claimed.kind.item is None or not rows:
            return
        with self._transaction() as session:
            for row in rows:
                result = claimed.kind.item(session, claimed.payload, row.payload)
                self._end_item(session, claimed, row.position, state="done", result=result)
            self._mark(session, claimed, lease_until=func.now() + self._lease)

    def _do_alone(self, claimed: Claimed, row: Row[Any, Any]) -> None:
        try:
            self._do_items(claimed, [row])
        except LeaseLost:
            raise
        except Exception as error:
            if is_away(error):
                raise
            with self._transaction() as session:
                self._end_item(session, claimed, row.position, state="failed", error=reason(error))
                self._mark(session, claimed, lease_until=func.now() + self._lease)

    def _end_item(self, session: Session, claimed: Claimed, position: int, **values: Any) -> None:
        here = (self._items.c.task_id == claimed.id) & (self._items.c.position == position)
        session.execute(update(self._items).where(here).values(finished_at=func.now(), **values))

    def _mark(self, session: Session, claimed: Claimed, **values: Any) -> None:
        """Raises LeaseLost unless the lease is still ours: then the transaction that called must not be
        committed.
        """
        ours = (self._tasks.c.id == claimed.id) & (self._tasks.c.lease == claimed.lease)
        still = ours & (self._tasks.c.state == "running")
        marked = session.execute(update(self._tasks).where(still).values(values).returning(self._tasks.c.id))
        if marked.first() is None:
            raise LeaseLost

    def _failed(self, claimed: Claimed, error: Exception) -> None:
        table = self._tasks
        tried = table.c.attempts + 1
        with self._transaction() as session:
            here = select(tried).where(table.c.id == claimed.id)
            last = (
                isinstance(error, GiveUp) or session.execute(here).scalar_one() >= claimed.kind.max_attempts
            )
            values: dict[str, Any] = {"state": "waiting", "nudged_at": None, "due_at": _after(tried)}
            if last:
                values = {"state": "failed", "finished_at": func.now()}
            self._mark(session, claimed, attempts=tried, last_error=reason(error), lease=None, **values)
        what = "task_failed" if last else "task_will_be_tried_again"
        log.warning(what, service=self._participant.name, task=str(claimed.id), error=described(error))

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with self._participant.session() as session:
            yield session
            session.commit()
        if take_ring(session):
            self._ring()

    @contextmanager
    def _kept_alive(self, claimed: Claimed) -> Iterator[None]:
        """Renews the lease from another thread while the work lasts, so that a lease can be short."""
        done = threading.Event()
        keeper = threading.Thread(target=self._renew, args=(claimed, done), name="lease", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()

    def _renew(self, claimed: Claimed, done: threading.Event) -> None:
        while not done.wait(self._lease.total_seconds() / 3):
            try:
                with self._participant.session() as session:
                    self._mark(session, claimed, lease_until=func.now() + self._lease)
                    session.commit()
            except LeaseLost:
                return
            except SQLAlchemyError as error:
                log.warning("lease_not_renewed", task=str(claimed.id), error=described(error))


def _after(tries: ColumnElement[int]) -> Any:
    seconds = func.least(func.power(2, func.least(tries, 12)), _LONGEST_PAUSE_SECONDS)
    return func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)

"""Taking messages in, each once: inbox row, handlers and whatever these change in one transaction.

When `take` returns, every message it was given is either handled, known already, kept for
another try, or among the dead letters; all of that is committed, so the message may be acknowledged. While
the database is away it raises, and nothing is counted against any message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.correlation import begin
from shared.driver import execute
from shared.events.envelope import Event, MalformedEventError
from shared.events.registry import EventDataError
from shared.ids import derived_id
from shared.messaging import aside, versions
from shared.messaging.away import is_away
from shared.messaging.crash_points import crash_point
from shared.messaging.outbox import take_ring
from shared.messaging.participant import Later, Participant
from shared.messaging.reasons import kind, reason

log = structlog.get_logger(__name__)

# One statement with one value, whatever the batch's size.
_ENTER = """
    INSERT INTO inbox (message_id) SELECT unnest(string_to_array(%s, ',')::uuid[])
    ON CONFLICT DO NOTHING RETURNING message_id::text
"""
DIED_OVER_IT = "the process died over it {} times"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`again`: somebody had it before and did not acknowledge it. `hopeless`: the broker has given it up."""

    body: bytes
    again: bool = False
    hopeless: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that could be read, and whose data fit their schema; a handler reads them with
    `EventKind.load`.
    """

    message_id: UUID
    body: bytes
    event: Event


class Intake:
    """One service's way in, whatever brings the messages. Safe to use from several threads and processes at
    once.
    """

    def __init__(self, participant: Participant, ring: Callable[[], None] = lambda: None) -> None:
        self._participant = participant
        self._tables = participant.tables
        self._ring = ring

    def take(self, deliveries: Sequence[Delivery]) -> None:
        fresh: list[Parcel] = []
        for delivery in deliveries:
            parcel = self._read(delivery)
            if parcel and not self._participant.subscribed(parcel.event):
                self._all_at_once(fresh)
                fresh = []
                self._unheard(parcel)
            elif parcel and delivery.again:
                self._all_at_once(fresh)
                fresh = []
                self._suspect(parcel)
            elif parcel:
                fresh.append(parcel)
        self._all_at_once(fresh)

    def retry_due(self, limit: int = 50) -> int:
        """Another try of what was set aside and is due; returns how many were tried."""
        with self._participant.session() as session:
            due = aside.claim_due(session, self._tables, limit)
            session.commit()
        for row in due:
            parcel = self._read(Delivery(row.body))
            if parcel is None:
                continue
            if not self._participant.subscribed(parcel.event):
                self._unheard(parcel, counted=True)
            else:
                self._try_counted(parcel, row.attempts)
        return len(due)

    def _read(self, delivery: Delivery) -> Parcel | None:
        """None for what nobody can handle: that is buried."""
        message_id: UUID | None = None
        trouble = "the broker gave it up"
        try:
            event = Event.from_json(delivery.body)
            message_id = event.message_id
            subscriptions = self._participant.subscribed(event)
            if not delivery.hopeless:
                if subscriptions:
                    subscriptions[0].kind.load(event.data)
                return Parcel(message_id, delivery.body, event)
        except (MalformedEventError, EventDataError) as error:
            trouble = str(error)
        self._bury(message_id or derived_id(delivery.body), delivery.body, trouble)
        return None

    def _all_at_once(self, parcels: Sequence[Parcel]) -> None:
        """One transaction for all; should any fail, each has one of its own, so that one poison event stops
        nobody.
        """
        if not parcels:
            return
        try:
            self._transact(parcels)
        except Exception as error:
            if is_away(error):
                raise
            log.info("batch_failed", service=self._participant.name, size=len(parcels), error=kind(error))
            for parcel in parcels:
                self._singly(parcel)

    def _unheard(self, parcel: Parcel, *, counted: bool = False) -> None:
        """A kind, or a major of one, that this release does not listen to. Done with where its other major
        was taken; else kept for a while: perhaps another release shares our queue, and this was for it.
        """
        event = parcel.event
        with self._participant.session() as session:
            if self._known(session, parcel.message_id):
                aside.forget(session, self._tables, [parcel.message_id])
                session.commit()
                return
        unheard = Later(f"nobody here listens to {event.type} v{event.version}")
        self._set_aside(parcel, unheard, counted=counted)

    def _suspect(self, parcel: Parcel) -> None:
        """A redelivered message is tried alone, its attempt counted first: perhaps it is what killed the
        one before.
        """
        with self._participant.session() as session:
            if self._known(session, parcel.message_id):
                return
            attempts = aside.count_attempt(session, self._tables, parcel.message_id)
            session.commit()
        crash_point("consumer.attempt_counted")
        self._try_counted(parcel, attempts)

    def _try_counted(self, parcel: Parcel, attempts: int) -> None:
        if attempts > aside.MOST_ATTEMPTS:
            self._bury(parcel.message_id, parcel.body, DIED_OVER_IT.format(attempts - 1), attempts - 1)
        else:
            self._singly(parcel, counted=True)

    def _singly(self, parcel: Parcel, *, counted: bool = False) -> None:
        try:
            self._transact([parcel], after_trouble=True)
        except Exception as error:
            if is_away(error):
                raise
            self._set_aside(parcel, error, counted=counted)

    def _transact(self, parcels: Sequence[Parcel], *, after_trouble: bool = False) -> None:
        with self._participant.session() as session:
            new = self._enter(session, parcels)
            crash_point("consumer.inbox_written")
            for parcel in parcels:
                if str(parcel.message_id) in new:
                    new.remove(str(parcel.message_id))
                    self._handle(session, parcel.event)
            if after_trouble:
                aside.forget(session, self._tables, [parcel.message_id for parcel in parcels])
            crash_point("consumer.handled")
            session.commit()
        crash_point("consumer.committed")
        if take_ring(session):
            self._ring()

    @staticmethod
    def _enter(session: Session, parcels: Iterable[Parcel]) -> set[str]:
        """The ids, written out, that were not in the inbox before. In one order, so that two consumers never wait for
        each other.
        """
        ids = sorted({str(parcel.message_id) for parcel in parcels})
        return {row[0] for row in execute(session, _ENTER, [",".join(ids)])}

    def _handle(self, session: Session, event: Event) -> None:
        """Without a flush: what handlers add to the session goes to the database in bulk when the batch is
        committed.
        """
        begin(event.correlation_id)
        for subscription in self._participant.subscribed(event):
            if versions.is_wanted(session, self._tables, subscription, event):
                subscription.handle(session, event)

    def _known(self, session: Session, message_id: UUID) -> bool:
        inbox = self._tables.inbox
        found = session.execute(select(inbox.c.message_id).where(inbox.c.message_id == message_id))
        return found.first() is not None

    def _set_aside(self, parcel: Parcel, error: Exception, *, counted: bool) -> None:
        message_id, waits = parcel.message_id, isinstance(error, Later)
        with self._participant.session() as session:
            buried = aside.keep(
                session,
                self._tables,
                message_id,
                parcel.body,
                reason(error),
                waits=waits,
                counted=counted,
            )
            session.commit()
        what = "message_buried" if buried else "message_set_aside"
        log.warning(what, service=self._participant.name, message_id=str(message_id), error=kind(error))
        crash_point("consumer.buried" if buried else "consumer.set_aside")

    def _bury(self, message_id: UUID, body: bytes, trouble: str, attempts: int = 0) -> None:
        with self._participant.session() as session:
            aside.bury(session, self._tables, message_id, body, trouble, attempts=attempts)
            session.commit()
        log.warning("message_buried", service=self._participant.name, message_id=str(message_id))
        crash_point("consumer.buried")

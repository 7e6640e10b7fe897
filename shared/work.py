"""The unit of work: a change, its audit entry and its events, committed together or not at all.

This is the one place that commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, cast
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from shared import audit
from shared.access.principal import Principal
from shared.audit.entry import AuditEntry
from shared.clock import Clocks
from shared.correlation import correlation_id
from shared.driver import Apart, Fixed, FixedText, as_sqlalchemy_says, driver, execute, noted
from shared.events.envelope import Copy, Detail, Duty, Event
from shared.ids import new_id
from shared.messaging import outbox, tasks
from shared.messaging.crash_points import crash_point
from shared.policy import Policy
from shared.prepared import Statement
from shared.refusals import Contact, Stale

if TYPE_CHECKING:
    from shared.events.registry import EventKind
    from shared.runtime import Runtime

Outcome = Literal["done", "viewed", "refused", "failed"]
# Facts for whoever runs the suite, whatever the agency: directory, policy.
EVERY_AGENCY = "all"
# Stands for a vacant role, so that somebody can be told that nobody was there.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Concerned:
    """Somebody who must act or look, in what role, for which unit; NOBODY where the role is vacant."""

    person_id: UUID
    role: str
    unit: str
    agency: str


@dataclass
class About:
    """What the audit entry of this act says. `facts` never hold anything personal; `private` is encrypted."""

    subject_kind: str | None = None
    subject_id: UUID | None = None
    nominal_id: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    private: str | None = None


class Work:
    """What a command, query, handler or task is given: the session, who acts, when, and how to say what happened."""

    def __init__(self, runtime: Runtime, session: Session | None, principal: Principal, action: str) -> None:
        self.runtime = runtime
        self.own_session = session
        self.principal = principal
        self.action = action
        self.about = About()
        # What is written last, in one go with the COMMIT; None where the transaction is somebody else's.
        self.last: list[Statement] | None = None
        self.rings = False
        self.begin: Callable[[], Session] = _nothing_to_begin
        self.apart = Apart(runtime.database.engine)

    @property
    def session(self) -> Session:
        """A unit apart has none until it is asked for: then what it writes is one transaction from here to its end."""
        if self.own_session is None:
            self.own_session = self.begin()
        return self.own_session

    def first(self, statement: Fixed, values: Mapping[str, Any]) -> Any:
        """The first row of this SELECT, or None; in a unit apart without a transaction."""
        if self.own_session is None:
            return statement.first_apart(self.apart, values)
        return statement.first(self.own_session, values)

    def rows(self, statement: FixedText, values: Mapping[str, Any]) -> list[Any]:
        """Every row of this SELECT; in a unit apart without a transaction."""
        if self.own_session is None:
            return statement.all_apart(self.apart, values)
        return statement.all(self.own_session, values)

    @property
    def clocks(self) -> Clocks:
        return self.runtime.clocks

    @property
    def now(self) -> datetime:
        """The policy clock: deadlines, vetting, when something happened as policy counts it."""
        return self.clocks.policy.now()

    @property
    def today(self) -> date:
        return self.clocks.policy.today()

    @property
    def policy(self) -> Policy:
        """National policy as this service knows it: what is published, and every confirmed change."""
        return self.runtime.policy()

    @property
    def system_now(self) -> datetime:
        """The system clock: leases, sessions, signatures, audit."""
        return self.clocks.system.now()

    def concerns(
        self,
        *,
        nominal_id: UUID | None = None,
        subject: tuple[str, UUID] | None = None,
        private: str | None = None,
        **facts: Any,
    ) -> None:
        """Say what this act is about, for its audit entry; later calls add."""
        if nominal_id is not None:
            self.about.nominal_id = nominal_id
        if subject is not None:
            self.about.subject_kind, self.about.subject_id = subject
        if private is not None:
            self.about.private = private
        self.about.facts.update(facts)

    def audit(
        self, action: str, about: About, *, outcome: Outcome = "done", refusal_code: str | None = None
    ) -> None:
        """One more audit entry in this transaction: each item of a bulk act has its own."""
        entry = self._entry(action, about, outcome, refusal_code)
        self.at_last(audit.statement(self.runtime.service.tables.audit, entry))

    def audit_alike(
        self,
        action: str,
        subject_kind: str,
        about: Sequence[tuple[UUID | str, UUID | str]],
        facts: Mapping[str, Any],
    ) -> None:
        """An entry for each item of a large bulk act, given as (subject id, nominal id), all with the same facts."""
        if about:
            entry = self._entry(action, About(subject_kind, facts=dict(facts)), "done", None)
            audit.write_alike(self.session, self.runtime.service.tables.audit, entry, about)

    def _entry(self, action: str, about: About, outcome: Outcome, refusal_code: str | None) -> AuditEntry:
        runtime = self.runtime
        private = None
        if about.private is not None:
            private = runtime.encrypt(about.nominal_id, "audit", about.private)
        return AuditEntry(
            id=new_id(),
            at=self.system_now,
            service=runtime.service.name,
            actor=self.principal.person_id,
            session_id=self.principal.session_id,
            terminal=self.principal.terminal,
            action=action,
            outcome=outcome,
            refusal_code=refusal_code,
            subject_kind=about.subject_kind,
            subject_id=about.subject_id,
            nominal_id=about.nominal_id,
            facts=about.facts,
            private=private,
            correlation_id=correlation_id(),
        )

    def emit(
        self,
        kind: EventKind,
        data: Mapping[str, Any],
        *,
        aggregate: tuple[str, UUID],
        to: Iterable[Concerned] = (),
        agencies: Iterable[str] = (),
        detail: Detail = "full",
        cause: UUID | None = None,
    ) -> UUID:
        """Write a fact to the outbox, for the people it concerns (`to`) and for the agencies that keep a picture of it.

        `cause` makes the event's id, where the same cause may come twice. Returns the event's id. Raises
        EventDataError when the data does not fit the kind's schema: that is our bug, not the user's.
        """
        event = Event.of(
            kind,
            data,
            id=cause or new_id(),
            occurred_at=self.now,
            aggregate=aggregate,
            actor=self.principal.person_id,
            correlation_id=correlation_id(),
        )
        self.at_last(outbox.statement(event, _copies(to, agencies, detail)))
        if self.last is None:
            outbox.will_ring(self.session)
        self.rings = True
        return event.id

    def together(self) -> None:
        """From here to its end this unit is one transaction, also where it began without."""
        connection = driver(self.session)
        if connection.autocommit:  # else it is one already
            connection.autocommit = False

    def at_last(self, statement: Statement) -> None:
        """Write this at the end of the unit, in one round with its events, its audit entry and the COMMIT.

        Nothing in the unit may read what it writes. Where the transaction is somebody else's it is written at once.
        """
        if self.last is None:
            execute(self.session, *statement)
        else:
            self.last.append(statement)

    def enqueue(
        self, task: str, payload: Mapping[str, Any], *, due_at: datetime | None = None, key: str | None = None
    ) -> UUID:
        """Write a task row; the relay nudges a worker with its id after the commit. `key` keeps it from doubling."""
        tables = self.runtime.service.tables.messaging
        return tasks.write(self.session, tables, task, payload, due_at=due_at or self.system_now, key=key)

    def expect_version(
        self,
        seen: int,
        current: int,
        *,
        mine: Mapping[str, Any],
        theirs: Mapping[str, Any],
        by: Contact | None = None,
        at: datetime | None = None,
    ) -> None:
        """Raises Stale with both texts when somebody (`by`, `at`) saved since this person looked."""
        if seen != current:
            raise Stale(version=current, mine=mine, theirs=theirs, by=by, at=at)


def _copies(to: Iterable[Concerned], agencies: Iterable[str], detail: Detail) -> list[Copy]:
    """One copy for each agency, with that agency's people only: no agency learns of another's."""
    people: dict[str, list[Duty]] = {agency: [] for agency in agencies}
    for one in dict.fromkeys(to):
        people.setdefault(one.agency, []).append(Duty(one.person_id, one.role, one.unit))
    if not people:
        people[EVERY_AGENCY] = []
    return [Copy(agency, tuple(them), detail) for agency, them in people.items()]


@contextmanager
def unit_of_work(
    runtime: Runtime, principal: Principal, action: str, *, apart: Literal["", "reads", "writes"] = ""
) -> Iterator[Work]:
    """Everything done inside is committed at its end, and rings the relay; any exception undoes all of it.

    Apart, there is no session and no transaction until something asks for one. One that "reads" has each statement in
    its own transaction, until `together`; one that "writes" is a transaction from when its session is first asked for.
    """
    with ExitStack() as stack:
        work = Work(runtime, None, principal, action)
        stack.callback(work.apart.close)
        work.last = []
        work.begin = lambda: _begun(stack, runtime, alone=apart == "reads")
        if not apart:
            _ = work.session
        try:
            yield work
            _commit(work, work.last)
        except BaseException:
            if work.own_session is not None:
                work.own_session.rollback()
            raise
        rings = work.rings or (work.own_session is not None and outbox.take_ring(work.own_session))
    if rings:
        runtime.ring()


def _begun(stack: ExitStack, runtime: Runtime, *, alone: bool) -> Session:
    session = stack.enter_context(runtime.session())
    if alone:
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    return session


def _nothing_to_begin() -> Session:
    raise AssertionError("a unit inside somebody else's transaction is given its session")


def _commit(work: Work, last: Sequence[Statement]) -> None:
    """Events and audit entries go to the database in one round with the COMMIT.

    Whatever waits for the commit to write its rows is asked before, since it may tell of them.
    """
    session = work.own_session
    if session is None:
        if last:
            work.apart.execute_all(last)
        return
    session.dispatch.before_commit(session)
    if last:
        session.flush()
        if driver(session).autocommit and len(last) == 1:
            execute(session, *last[0])
        else:
            _commit_with(session, last)
    session.commit()


def _commit_with(session: Session, last: Sequence[Statement]) -> None:
    """Should one of the statements fail, PostgreSQL passes over the COMMIT. Raises SQLAlchemy's errors."""
    raw = driver(session)
    try:
        with raw.pipeline():
            for sql, values in last:
                noted(session, sql, values)
                raw.execute(cast("Any", sql), values)
            crash_point("writer.outbox_written")
            raw.commit()
    except psycopg.Error as error:
        raise as_sqlalchemy_says(session, raw, "COMMIT", error) from error

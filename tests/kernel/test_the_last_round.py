"""Events and audit entry go to the database together with the COMMIT: all of it holds, or none of it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from shared.access.principal import system_principal
from shared.database import Database
from shared.driver import Apart, Fixed, driver
from shared.ids import new_id
from shared.runtime import Runtime
from shared.work import About, Work, unit_of_work
from tests.kernel.notebook import NOTE_ADDED, Note

WHO = system_principal("notebook")
ANY = Fixed(select(func.count().label("n")).select_from(Note))
BACKEND = Fixed(select(func.pg_backend_pid().label("pid")))


def count(runtime: Runtime, table: str) -> int:
    with runtime.database.reading.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def add(work: Work) -> Note:
    note = Note(id=new_id(), text="kept", tag=str(new_id())[-12:])
    work.session.add(note)
    return note


def test_what_is_kept_for_the_end_is_committed_with_the_rest(runtime: Runtime) -> None:
    with runtime.work(WHO, "trial") as work:
        note = add(work)
        for _ in range(2):
            work.emit(NOTE_ADDED, {"note_id": note.id}, aggregate=("note", note.id))
        work.audit("trial", About())
        assert count(runtime, "outbox") == 0
    assert (count(runtime, "note"), count(runtime, "outbox"), count(runtime, "audit_entry")) == (1, 2, 1)
    with runtime.database.reading.connect() as connection:
        found = "SELECT (aggregate->>'version')::int, aggregate->>'id' FROM outbox ORDER BY sequence"
        assert [tuple(row) for row in connection.execute(text(found))] == [
            (1, str(note.id)),
            (2, str(note.id)),
        ]


def test_should_one_of_them_fail_nothing_is_committed(runtime: Runtime) -> None:
    cause = new_id()
    with pytest.raises(IntegrityError) as error, runtime.work(WHO, "trial") as work:  # noqa: PT012 - the end fails
        note = add(work)
        for _ in range(2):  # one event twice: the outbox has it once
            work.emit(NOTE_ADDED, {"note_id": note.id}, aggregate=("note", note.id), cause=cause)
        work.audit("trial", About())
    assert "pk_outbox" in str(error.value)
    assert [count(runtime, table) for table in ("note", "outbox", "audit_entry", "aggregate_version")] == [
        0
    ] * 4
    with runtime.work(WHO, "trial") as work:
        work.audit("afterwards", About())
    assert count(runtime, "audit_entry") == 1, "the connection is as good as before"


def test_a_lost_connection_is_told_as_sqlalchemy_tells_it(runtime: Runtime) -> None:
    with pytest.raises(DBAPIError) as error, runtime.work(WHO, "trial") as work:  # noqa: PT012 - the end fails
        add(work)
        work.session.flush()
        own = work.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with runtime.database.reading.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
        work.audit("trial", About())
    assert error.value.connection_invalidated
    assert count(runtime, "note") == 0


def test_a_query_apart_is_one_transaction_once_it_writes(runtime: Runtime) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work(runtime, WHO, "trial", apart="reads") as work:  # noqa: PT012
        work.session.execute(text("SELECT 1"))
        work.together()
        add(work)
        work.session.flush()
        _ = 1 / 0
    assert count(runtime, "note") == 0
    with unit_of_work(runtime, WHO, "trial", apart="reads") as work:
        work.together()
        add(work)
        work.audit("trial", About())
    assert (count(runtime, "note"), count(runtime, "audit_entry")) == (1, 1)
    with runtime.database.session() as session:
        assert driver(session).autocommit is False, "the pool gives it back as it was"


def test_a_query_apart_has_its_entry_when_it_ends(runtime: Runtime) -> None:
    with unit_of_work(runtime, WHO, "trial", apart="reads") as work:
        work.audit("trial", About(), outcome="viewed")
    assert count(runtime, "audit_entry") == 1


def test_a_command_apart_writes_all_or_nothing(runtime: Runtime) -> None:
    """Without a session: what goes to the database before one Sync is one transaction."""
    note, cause = new_id(), new_id()
    with unit_of_work(runtime, WHO, "trial", apart="writes") as work:
        for _ in range(2):
            work.emit(NOTE_ADDED, {"note_id": note}, aggregate=("note", note))
        work.audit("trial", About())
        assert work.own_session is None
    assert (count(runtime, "outbox"), count(runtime, "audit_entry")) == (2, 1)
    with pytest.raises(IntegrityError) as error, unit_of_work(runtime, WHO, "trial", apart="writes") as work:  # noqa: PT012
        for _ in range(2):
            work.emit(NOTE_ADDED, {"note_id": note}, aggregate=("note", note), cause=cause)
        work.audit("trial", About())
    assert "pk_outbox" in str(error.value)
    assert (count(runtime, "outbox"), count(runtime, "audit_entry")) == (2, 1)


def test_one_event_and_its_entry_are_one_statement(runtime: Runtime) -> None:
    heard: list[str] = []
    event.listen(runtime.database.engine, "before_cursor_execute", lambda *call: heard.append(call[2]))
    note, cause = new_id(), new_id()

    def tell() -> None:
        with unit_of_work(runtime, WHO, "trial", apart="writes") as work:
            work.emit(NOTE_ADDED, {"note_id": note}, aggregate=("note", note), cause=cause)
            work.audit("trial", About(facts={"percent": "100 %"}))

    tell()
    assert len(heard) == 1
    with pytest.raises(IntegrityError) as error:
        tell()
    assert "pk_outbox" in str(error.value)
    tables = ("outbox", "audit_entry", "aggregate_version")
    assert [count(runtime, table) for table in tables] == [1, 1, 1]
    with runtime.database.session() as session:
        versions = select(runtime.service.tables.messaging.aggregate_version.c.version)
        assert session.execute(versions).scalar_one() == 1, "the second was undone whole"


def test_what_was_prepared_is_prepared_again_when_the_connection_has_lost_it(runtime: Runtime) -> None:
    for _ in range(2):
        with unit_of_work(runtime, WHO, "trial", apart="reads") as work:
            assert work.first(ANY, {}).n == 0
        with runtime.database.engine.connect() as connection:
            connection.exec_driver_sql("DEALLOCATE ALL")


def test_a_command_apart_that_asks_for_a_session_is_one_transaction(runtime: Runtime) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work(runtime, WHO, "trial", apart="writes") as work:  # noqa: PT012
        work.first(ANY, {})
        note = add(work)
        work.emit(NOTE_ADDED, {"note_id": note.id}, aggregate=("note", note.id))
        work.session.flush()
        _ = 1 / 0
    assert (count(runtime, "note"), count(runtime, "outbox")) == (0, 0)
    with unit_of_work(runtime, WHO, "trial", apart="writes") as work:
        note = add(work)
        work.emit(NOTE_ADDED, {"note_id": note.id}, aggregate=("note", note.id))
        work.audit("trial", About())
        assert work.first(ANY, {}).n == 1, "within the transaction now, so that it sees its own rows"
    assert (count(runtime, "note"), count(runtime, "outbox"), count(runtime, "audit_entry")) == (1, 1, 1)


def test_a_connection_lost_apart_is_told_as_sqlalchemy_tells_it_and_the_next_one_is_whole(
    runtime: Runtime,
) -> None:
    with pytest.raises(DBAPIError) as error, unit_of_work(runtime, WHO, "trial", apart="reads") as work:  # noqa: PT012
        own = work.first(BACKEND, {}).pid
        with runtime.database.reading.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
        work.first(ANY, {})
    assert error.value.connection_invalidated
    with unit_of_work(runtime, WHO, "trial", apart="reads") as work:
        assert work.first(ANY, {}).n == 0
    with runtime.database.session() as session:
        assert driver(session).autocommit is False, "the pool gets it back as it was"


def test_whoever_counts_statements_hears_of_those_apart(runtime: Runtime) -> None:
    heard: list[str] = []
    event.listen(runtime.database.engine, "before_cursor_execute", lambda *call: heard.append(call[2]))
    with unit_of_work(runtime, WHO, "trial", apart="reads") as work:
        work.first(ANY, {})
        work.audit("trial", About(), outcome="viewed")
    assert [statement.split()[0] for statement in heard] == ["SELECT", "INSERT"]


def test_what_is_told_just_before_the_commit_is_told(runtime: Runtime) -> None:
    def late(_session: Session) -> None:
        if not told:
            told.append(work.emit(NOTE_ADDED, {"note_id": note.id}, aggregate=("note", note.id)))

    told: list[UUID] = []
    with runtime.work(WHO, "trial") as work:
        note = add(work)
        event.listen(work.session, "before_commit", late)
    assert count(runtime, "outbox") == 1


def test_a_connection_that_was_apart_holds_transactions_again(runtime: Runtime) -> None:
    """It goes back to the pool in autocommit: whoever has it next must not notice."""
    one = Database(runtime.database.url, pool_size=1)
    pids = set()
    for _ in range(3):
        apart = Apart(one.engine)
        pids.add(BACKEND.first_apart(apart, {}).pid)
        apart.close()
        with one.session() as session:
            pids.add(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
            session.add(Note(id=new_id(), text="not kept", tag=str(new_id())[-12:]))
            session.flush()
            session.rollback()
        with one.reading.connect() as reading:
            pids.add(reading.execute(text("SELECT pg_backend_pid()")).scalar_one())
    one.dispose()
    assert len(pids) == 1, "it was another connection, which proves nothing"
    assert count(runtime, "note") == 0

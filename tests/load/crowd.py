"""A crowd beside the caseload: users, standings, running deadlines and open items by the million, loaded with COPY."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

from shared.ids import derived_id

USERS, ITEMS, CLOCKS = 100_000, 5_000_000, 200_000
# Who has a list as long as anybody's will ever be.
LONGEST = 10_000
_KINDS = (
    ("upload_minutes", "Upload the minutes of the level 2 meeting", "PF-4.20", "mappa_administrator"),
    ("partnership_requested", "Answer the partnership request", "PF-4.25", "manager"),
    ("request_partnership", "Request partnership", "PF-5.13", "prison_administrator"),
    ("record_created", "A record you look after has been created", "PF-7/To do list.1", "partner"),
)
_ITEM = """
    COPY todo_item (id, person_id, cause, kind, title, clause, role, unit, nominal_id, due_on, late_from, raised_at,
        important, link, detail, subject_kind, state) FROM STDIN
"""
_PERSON = (
    "COPY directory_person (id, name, job_title, email, telephone, agency, unit, active, version) FROM STDIN"
)
_CLOCK = """
    COPY deadline (id, code, subject_kind, subject_id, nominal_id, unit, jurisdiction, period, state, started_at,
        known_at, due_on, due_at, late_from, days, pauses, steps, task, reached, next_at, counted_by) FROM STDIN
"""
_UNIT = "pdu-N55LEE"
# What COPY has to keep up and a building does as well afterwards, in a third of the time.
_LATER = (
    "ix_todo_item_nominal_id",
    "ix_todo_item_clock_id",
    "ix_todo_item_open",
    "ix_todo_item_queue",
    "ix_todo_item_alert",
)


@dataclass(frozen=True)
class Crowd:
    """Whom there is: user number `n` has the id `person(n)`."""

    users: int
    items: int
    clocks: int
    seconds: float

    @staticmethod
    def person(number: int) -> UUID:
        return UUID(int=(0xC0 << 120) | number)


def gather(connection: psycopg.Connection[tuple[object, ...]], users: int, items: int, clocks: int) -> Crowd:
    """Load them, once for each database; returns how long it took."""
    began = time.perf_counter()
    (here,) = next(
        connection.execute("SELECT count(*) FROM directory_person WHERE id = %s", [Crowd.person(0)])
    )
    if not here:
        now = datetime.now(UTC).replace(microsecond=0)
        _copy(connection, _PERSON, _people(users))
        _copy_items(connection, _items(users, items, now))
        _copy(connection, _CLOCK, _clocks(clocks, now))
        connection.execute("VACUUM ANALYZE todo_item")
        connection.execute("VACUUM ANALYZE deadline")
        connection.execute("VACUUM ANALYZE directory_person")
    return Crowd(users, items, clocks, time.perf_counter() - began)


def _copy(connection: psycopg.Connection[tuple[object, ...]], statement: str, lines: Iterable[str]) -> None:
    with connection.cursor().copy(statement) as copy:
        for line in lines:
            copy.write(line)


def _copy_items(connection: psycopg.Connection[tuple[object, ...]], lines: Iterable[str]) -> None:
    """Without the indexes that can be made afterwards; they are made again as they were."""
    made = "SELECT indexdef FROM pg_indexes WHERE tablename = 'todo_item' AND indexname = ANY(%s)"
    again = [str(row[0]) for row in connection.execute(made, [list(_LATER)])]
    for name in _LATER:
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    try:
        _copy(connection, _ITEM, lines)
    finally:
        connection.execute("SET maintenance_work_mem = '512MB'")
        for statement in again:
            connection.execute(statement)


def _people(users: int) -> Iterator[str]:
    for number in range(users):
        yield f"{Crowd.person(number)}\tUser {number}\t\t\t\tprobation-service\t{_UNIT}\tt\t1\n"


def _items(users: int, items: int, now: datetime) -> Iterator[str]:
    """The first user has the longest list; the others share the rest evenly."""
    longest = min(LONGEST, items)
    owners = (0 if number < longest else 1 + number % (users - 1) for number in range(items))
    for number, owner in enumerate(owners):
        kind, title, clause, role = _KINDS[number % len(_KINDS)]
        due = now + timedelta(days=number % 60 - 20)
        day, late = due.date().isoformat(), (due + timedelta(days=1)).isoformat()
        raised = (now - timedelta(minutes=number % 40_000)).isoformat()
        nominal = f"{(0xB0 << 120) | number % 200_000:032x}"
        yield (
            f"{(0xA0 << 120) | number:032x}\t{Crowd.person(owner)}\tcrowd:{number}\t{kind}\t{title}\t{clause}\t{role}\t"
            f"{_UNIT}\t{nominal}\t{day}\t{late}\t{raised}\t{'t' if number % 50 == 0 else 'f'}\t\tfull\t\topen\n"
        )


def _clocks(clocks: int, now: datetime) -> Iterator[str]:
    """Each has its next step in a month or later: the tick has nothing to do with them."""
    began, steps = (now - timedelta(days=2)).isoformat(), "[]"
    for number in range(clocks):
        due = now + timedelta(days=30 + number % 300)
        key = derived_id("crowd", str(number))
        yield (
            f"{key}\tD-11\tmeeting\t{key}\t{(0xB0 << 120) | number % 200_000:032x}\t{_UNIT}\tENG\t10 working days\t"
            f"running\t{began}\t{began}\t{due.date().isoformat()}\t{due.isoformat()}\t{due.isoformat()}\t{{}}\t[]\t"
            f"{steps}\t{{}}\t0\t{due.isoformat()}\t\n"
        )

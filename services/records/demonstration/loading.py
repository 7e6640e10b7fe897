"""Fills an empty register by COPY: one transaction, so that a load that was killed leaves nothing behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, cast
from uuid import UUID

import psycopg
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.records.archiving.models import ArchiveReview
from services.records.demonstration import photographs
from services.records.demonstration.invented import Entry, InventedNominal, User
from services.records.demonstration.rows import COLUMNS, Row, Rows, Words, nominal_id
from services.records.nominals.models import Nominal
from services.records.release_notices.models import ReleaseNoticeSwitch
from services.records.search.models import Forename, Surname
from services.records.search.spelling import deletions
from shared.keys.nominal_key import NominalKey
from shared.runtime import Runtime
from shared.time.calendars import add_calendar_days
from shared.work import Work

Progress = Callable[[str, int], object]
CHUNK = 5_000
_APART = 7  # days between the reviews of two archives
_TELLS = "prison-WSI"
# A bulk load may take its time: it is one person's own act, and nobody waits for its locks.
_PATIENT = ("SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0")


class NotEmptyError(RuntimeError):
    """The register holds records: no invented person may come among them."""


def load(
    runtime: Runtime,
    nominals: Iterable[InventedNominal],
    users: Mapping[str, User],
    person_id: Callable[[str], UUID],
    *,
    entries: Callable[[InventedNominal], Iterator[Entry]] = lambda _nominal: iter(()),
    progress: Progress = lambda _what, _number: None,
) -> int:
    """Load them all and return how many; `progress("nominals", so_far)` after each five thousand.

    `users` by username, `person_id` the id that identity has for one; `entries` the activity log of each nominal.
    Raises NotEmptyError where there is a nominal already. Tells nobody: nothing is emitted.
    """
    with runtime.system_work("demonstration.load") as work:
        for setting in _PATIENT:
            work.session.execute(text(setting))
        if work.session.execute(select(Nominal.id).limit(1)).first() is not None:
            raise NotEmptyError("the register holds records already")
        words = {table: Words(_known(work.session, table)) for table in (Surname, Forename)}
        rows = Rows(
            users, person_id, words[Surname], words[Forename], runtime.keys.of_owner(None), work.today
        )
        done = 0
        for chunk in _chunks(nominals):
            ids = [nominal_id(one.index) for one in chunk]
            runtime.keys.create_many(ids)
            _copy_chunk(work.session, rows, chunk, entries, runtime.keys.for_many(ids))
            if not done:
                photographs.add(work, rows, chunk)
            done += len(chunk)
            progress("nominals", done)
        for table, known in words.items():
            _copy_words(work.session, table, known)
        _begin_archives(work)
        _tell_release_dates(work, users, person_id)
        progress("dictionaries", len(words[Surname].ids) + len(words[Forename].ids))
        _analyse(work.session)
        work.concerns(nominals=done)
        work.audit(work.action, work.about)
    return done


def _chunks(nominals: Iterable[InventedNominal]) -> Iterator[list[InventedNominal]]:
    source = iter(nominals)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _copy_chunk(
    session: Session,
    rows: Rows,
    chunk: list[InventedNominal],
    entries: Callable[[InventedNominal], Iterator[Entry]],
    keys: Mapping[UUID, NominalKey],
) -> None:
    by_table: dict[type, list[Row]] = defaultdict(list)
    for one in chunk:
        for table, row in rows.of(one, entries(one), keys[nominal_id(one.index)]):
            by_table[table].append(row)
    for table, columns in COLUMNS.items():
        _copy(session, table.__tablename__, columns, by_table[table])  # type: ignore[attr-defined]


def _copy(session: Session, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    raw = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _known(session: Session, table: type[Surname | Forename]) -> dict[str, int]:
    rows = session.execute(select(table.value, table.id).order_by(table.id))
    return {row.value: row.id for row in rows}


def _copy_words(session: Session, table: type[Surname | Forename], words: Words) -> None:
    """After the names, in one go: its indexes are filled once, not word by word."""
    rows = ((id, word, deletions(word)) for id, word in words.new)
    name = table.__tablename__
    _copy(session, name, ("id", "value", "deletions"), rows)
    counting = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608 - our own
    session.execute(text(counting))


def _begin_archives(work: Work) -> None:
    """Each archive is looked through within the year; the first of them should have been."""
    owners = select(Nominal.owner_unit, Nominal.owner_agency).where(Nominal.status == "archived").distinct()
    rows = work.session.execute(owners.order_by(Nominal.owner_unit)).all()
    for number, row in enumerate(rows):
        due_on = add_calendar_days(work.today, number * _APART - 5)
        review = ArchiveReview(owner_unit=row.owner_unit, owner_agency=row.owner_agency, due_on=due_on)
        work.session.add(review)


def _tell_release_dates(work: Work, users: Mapping[str, User], person_id: Callable[[str], UUID]) -> None:
    """One prison has switched its notices on, all others not yet (PSI-6.2)."""
    leads = sorted(name for name, one in users.items() if (one.unit, one.post) == (_TELLS, "visor_lead"))
    for name in leads[:1]:
        said = {"said_by": person_id(name), "said_at": work.now}
        work.session.add(ReleaseNoticeSwitch(prison=_TELLS, from_day=work.today, on=True, **said))


def _analyse(session: Session) -> None:
    """Without it the planner takes two hundred thousand for a thousand until the night."""
    for table in (*COLUMNS, Surname, Forename):
        session.execute(text(f"ANALYZE {table.__tablename__}"))  # type: ignore[attr-defined]


__all__ = ["NotEmptyError", "load"]

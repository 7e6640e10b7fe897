"""Statements that every request executes, given straight to psycopg: SQLAlchemy's own way round them costs more CPU.

They run in the session's transaction. What goes wrong is raised as SQLAlchemy would raise it, so that nobody need know.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import JSON, Engine, PoolProxiedConnection, Select, Table, insert
from sqlalchemy.dialects.postgresql import psycopg as dialects
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared.database import in_autocommit
from shared.messaging.crash_points import crash_point
from shared.prepared import Prepared, Statement, Values, can_be_one

T = TypeVar("T")
_PREPARED = "visor.prepared"
_tuples: Any = namedtuple  # noqa: PYI024 - the names are known only when a statement is compiled
_dialect = dialects.PGDialect_psycopg()  # type: ignore[no-untyped-call]


def driver(session: Session) -> psycopg.Connection[Any]:
    """The psycopg connection that this session's transaction is on."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)


def execute(session: Session, sql: str, values: Values) -> psycopg.Cursor[Any]:
    """One statement, as psycopg writes it. Raises SQLAlchemy's errors."""
    raw = driver(session)
    try:
        noted(session, sql, values)
        return raw.execute(cast("Any", sql), values)
    except psycopg.Error as error:
        raise as_sqlalchemy_says(session, raw, sql, error) from error


def noted(session: Session, sql: str, values: Values) -> None:
    """Whoever listens to SQLAlchemy's statements, to count or to trace them, hears of this one too."""
    connection = session.connection()
    if connection._has_events or connection.engine._has_events:  # noqa: SLF001 - as SQLAlchemy itself asks
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, None, sql, values, None, False)


def as_sqlalchemy_says(
    session: Session, raw: psycopg.Connection[Any], sql: str, error: psycopg.Error
) -> BaseException:
    """The error in SQLAlchemy's wrapping; a lost connection is first noticed by its pool, which gives up the others."""
    if raw.closed:
        session.connection().exec_driver_sql("SELECT 1")
    return DBAPIError.instance(sql, None, error, psycopg.Error, dialect=_dialect)


class Apart:
    """A pooled connection with no session around it, taken when first used: each statement is a transaction of its own.

    For requests that read and then write one last thing. A session's own ways (state, flush, begin, commit) cost such a
    request more than its statements.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: PoolProxiedConnection | None = None

    def first(self, sql: str, values: Values) -> tuple[Any, ...] | None:
        """One statement, committed when it is done; its first row. Raises SQLAlchemy's errors."""
        return self._done(sql, lambda raw: self._prepared(raw, [(sql, values)]).first([values]))

    def all(self, sql: str, values: Values) -> tuple[list[str], list[tuple[Any, ...]]]:
        """One statement, committed when it is done: its columns' names and its rows. Raises SQLAlchemy's errors."""
        return self._done(sql, lambda raw: self._prepared(raw, [(sql, values)]).all([values]))

    def execute_all(self, statements: Sequence[Statement]) -> None:
        """All of them or none. Raises SQLAlchemy's errors."""
        together = self._sent if can_be_one(statements) else self._sent_in_turn
        self._done("COMMIT", lambda raw: together(raw, statements))

    def close(self) -> None:
        """Back into the pool."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def _done(self, sql: str, act: Callable[[psycopg.Connection[Any]], T]) -> T:
        try:
            return act(self._raw())
        except psycopg.Error as error:
            raise self._as_sqlalchemy_says(sql, error) from error

    def _raw(self) -> psycopg.Connection[Any]:
        if self._held is None:
            self._held = in_autocommit(self._engine)
        return cast("psycopg.Connection[Any]", self._held.driver_connection)

    def _sent(self, raw: psycopg.Connection[Any], statements: Sequence[Statement]) -> None:
        """As one statement, which is one transaction and one round."""
        prepared = self._prepared(raw, statements)
        if len(statements) > 1:
            crash_point("writer.outbox_written")
        prepared.first([values for _, values in statements])

    def _prepared(self, raw: psycopg.Connection[Any], statements: Sequence[Statement]) -> Prepared:
        sqls = tuple([sql for sql, _ in statements])
        kept: dict[tuple[str, ...], Prepared] = self._held.info.setdefault(_PREPARED, {})  # type: ignore[union-attr]
        prepared = kept.get(sqls)
        if prepared is None:
            prepared = kept[sqls] = Prepared(raw, sqls)
        self._heard(prepared.sql, statements)
        return prepared

    def _sent_in_turn(self, raw: psycopg.Connection[Any], statements: Sequence[Statement]) -> None:
        """What goes to the database before one Sync is one transaction, too."""
        with raw.pipeline():
            for sql, values in statements:
                self._heard(sql, values)
                raw.execute(cast("Any", sql), values)
            crash_point("writer.outbox_written")

    def _heard(self, sql: str, values: Any) -> None:
        if self._engine._has_events:  # noqa: SLF001 - as SQLAlchemy itself asks
            for listener in self._engine.dispatch.before_cursor_execute:
                listener(None, None, sql, values, None, False)

    def _as_sqlalchemy_says(self, sql: str, error: psycopg.Error) -> BaseException:
        """A lost connection is no one-off: the pool gives up the others, too."""
        held = self._held
        lost = held is not None and cast("psycopg.Connection[Any]", held.driver_connection).closed
        if held is not None and lost:
            self._held = None
            held.invalidate(error)
            self._engine.dispose()
        return DBAPIError.instance(
            sql, None, error, psycopg.Error, dialect=_dialect, connection_invalidated=bool(lost)
        )


def compiled(statement: Select[Any]) -> str:
    """As psycopg takes it, its values by their names (`bindparam`)."""
    return str(statement.compile(dialect=_dialect))


class Fixed:
    """A SELECT written with SQLAlchemy, compiled once. Its rows are named tuples; its values need no conversion."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement

    @cached_property
    def _compiled(self) -> tuple[str, Any]:
        names = [str(column.key) for column in self._statement.selected_columns]
        return compiled(self._statement), _tuples("Row", names)._make

    def first(self, session: Session, values: Mapping[str, Any]) -> Any:
        """The first row, or None; what the session holds back is written before, as for any other query."""
        session.flush()
        sql, row = self._compiled
        found = execute(session, sql, values).fetchone()
        return None if found is None else row(found)

    def first_apart(self, apart: Apart, values: Mapping[str, Any]) -> Any:
        """The first row, or None, with no session and no transaction."""
        sql, row = self._compiled
        found = apart.first(sql, values)
        return None if found is None else row(found)


class FixedText:
    """A SELECT written out for psycopg (`%(name)s`). Its rows are named tuples; its values need no conversion."""

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._row: Any = None

    def all(self, session: Session, values: Mapping[str, Any]) -> list[Any]:
        """Every row; what the session holds back is written before, as for any other query."""
        session.flush()
        cursor = execute(session, self._sql, values)
        return self._rows([column.name for column in cursor.description or ()], cursor.fetchall())

    def all_apart(self, apart: Apart, values: Mapping[str, Any]) -> list[Any]:
        """Every row, with no session and no transaction."""
        return self._rows(*apart.all(self._sql, values))

    def _rows(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        if self._row is None:
            self._row = _tuples("Row", names)._make
        return list(map(self._row, rows))


class FixedInsert:
    """The INSERT of one whole row into a table, compiled once, for `Work.at_last`.

    `through`: column → the database's own function that its value goes through.
    """

    def __init__(self, table: Any, through: Mapping[str, str] | None = None) -> None:
        self._table: Table = table
        self._through = through or {}
        self._json = frozenset(column.key for column in self._table.columns if isinstance(column.type, JSON))

    @cached_property
    def _sql(self) -> str:
        made = insert(self._table).compile(dialect=_dialect, column_keys=self._table.columns.keys())
        sql = str(made)
        for column, function in self._through.items():
            sql = re.sub(rf"%\({column}\)s(::\w+)?", rf"{function}(\g<0>)", sql)
        return sql

    def of(self, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The statement with the values of every column."""
        plain = {name: Jsonb(value) if name in self._json else value for name, value in values.items()}
        return self._sql, plain

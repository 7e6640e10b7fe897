"""Statements that every request executes, given straight to psycopg: SQLAlchemy's own way round them costs more CPU.

They run in the session's transaction. What goes wrong is raised as SQLAlchemy would raise it, so that nobody need know.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, cast

import psycopg
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import psycopg as dialects
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Values = Mapping[str, Any] | Sequence[Any]
_tuples: Any = namedtuple  # noqa: PYI024 - the names are known only when a statement is compiled
_dialect = dialects.PGDialect_psycopg()  # type: ignore[no-untyped-call]


def driver(session: Session) -> psycopg.Connection[Any]:
    """The psycopg connection that this session's transaction is on."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)


def execute(session: Session, sql: str, values: Values) -> psycopg.Cursor[Any]:
    """One statement, as psycopg writes it. Raises SQLAlchemy's errors."""
    raw = driver(session)
    try:
        return raw.execute(cast("Any", sql), values)
    except psycopg.Error as error:
        raise as_sqlalchemy_says(session, raw, sql, error) from error


def as_sqlalchemy_says(
    session: Session, raw: psycopg.Connection[Any], sql: str, error: psycopg.Error
) -> BaseException:
    """The error in SQLAlchemy's wrapping; a lost connection is first noticed by its pool, which gives up the others."""
    if raw.closed:
        session.connection().exec_driver_sql("SELECT 1")
    return DBAPIError.instance(sql, None, error, psycopg.Error, dialect=_dialect)


class Fixed:
    """A SELECT written with SQLAlchemy, compiled once. Its rows are named tuples; its values need no conversion."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement

    @cached_property
    def _compiled(self) -> tuple[str, Any]:
        names = [str(column.key) for column in self._statement.selected_columns]
        return str(self._statement.compile(dialect=_dialect)), _tuples("Row", names)._make

    def first(self, session: Session, values: Mapping[str, Any]) -> Any:
        """The first row, or None; what the session holds back is written before, as for any other query."""
        session.flush()
        sql, row = self._compiled
        found = execute(session, sql, values).fetchone()
        return None if found is None else row(found)

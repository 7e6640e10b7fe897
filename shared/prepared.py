"""Statements executed on libpq by their prepared form, for requests that come a thousand times a second.

psycopg's cursor parses, adapts and polls anew for each execution, which costs several times what libpq does for it
(docs/decisions/0060). Here that is done once for each connection; how values are adapted is still psycopg's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any, Self

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format

Values = Mapping[str, Any] | Sequence[Any]
Statement = tuple[str, Values]
_PLACE = re.compile(r"%(?:\((\w+)\)s|s|%)")
_names = count()


class Chained(str):
    """A statement that first writes one row and then, with what that returned (`{first}`), a second one."""

    __slots__ = ("before", "then")
    before: str
    then: str

    def __new__(cls, before: str, then: str) -> Self:
        made = super().__new__(cls, f"WITH first AS ({before}) {then.replace('{first}', 'first')}")
        made.before, made.then = before, then
        return made


def can_be_one(statements: Sequence[Statement]) -> bool:
    """Not where two of them may write the same row first: within one statement neither sees the other's."""
    return sum(isinstance(sql, Chained) for sql, _ in statements) <= 1


@cache
def as_one(sqls: tuple[str, ...]) -> tuple[str, list[tuple[int, Any]]]:
    """One statement with numbered places that does all of these, and whose value (statement, name) goes where."""
    places: dict[tuple[int, Any], int] = {}
    parts: list[str] = []

    def numbered(index: int, sql: str) -> str:
        unnamed = count()

        def place(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            key = (index, found[1] or next(unnamed))
            return f"${places.setdefault(key, len(places) + 1)}"

        return _PLACE.sub(place, sql)

    for index, sql in enumerate(sqls):
        then = sql
        if isinstance(sql, Chained):
            parts.append(f"before_{index} AS ({numbered(index, sql.before)})")
            then = sql.then.replace("{first}", f"before_{index}")
        parts.append(f"done_{index} AS ({numbered(index, then)})")
    *before, last = parts
    last = last.partition(" AS (")[2].removesuffix(")")
    return (f"WITH {', '.join(before)} {last}" if before else last), list(places)


class Prepared:
    """One statement on one connection, whose one user at a time the pool sees to."""

    def __init__(self, connection: psycopg.Connection[Any], sqls: tuple[str, ...]) -> None:
        self.sql, self._places = as_one(sqls)
        self._libpq = connection.pgconn
        self._in, self._out = Transformer.from_context(connection), Transformer.from_context(connection)
        self._formats = [PyFormat.AUTO] * len(self._places)
        # The types of the values are part of a prepared statement: a None has none, so that there may be several.
        self._by_types: dict[tuple[int, ...], bytes] = {}
        self._knows_rows = False

    def first(self, values: Sequence[Values]) -> tuple[Any, ...] | None:
        """Executes it; returns its first row, None where there is none. Raises psycopg's errors."""
        if not self._read(self._executed(values)):
            return None
        row: tuple[Any, ...] | None = self._out.load_row(0, tuple)
        return row

    def all(self, values: Sequence[Values]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Executes it; returns the names of its columns and every row. Raises psycopg's errors."""
        result = self._executed(values)
        names = [result.fname(number).decode() for number in range(result.nfields)]
        return names, self._out.load_rows(0, result.ntuples, tuple) if self._read(result) else []

    def _read(self, result: Any) -> bool:
        """Whether there are rows, which can be loaded from now on."""
        if result.status != ExecStatus.TUPLES_OK or not result.ntuples:
            return False
        self._out.set_pgresult(result, set_loaders=not self._knows_rows)
        self._knows_rows = True
        return True

    def _executed(self, values: Sequence[Values]) -> Any:
        given = [values[index][name] for index, name in self._places]
        sent = self._in.dump_sequence(given, self._formats)
        types = self._in.types or ()
        try:
            return self._execute(types, sent)
        except psycopg.errors.InvalidSqlStatementName:
            # psycopg deallocates whatever is prepared on a connection after a rollback of somebody else's.
            del self._by_types[types]
            return self._execute(types, sent)

    def _execute(self, types: tuple[int, ...], sent: Sequence[Any]) -> Any:
        name = self._by_types.get(types) or self._prepare(types)
        return self._checked(self._libpq.exec_prepared, name, sent, self._in.formats, Format.TEXT)

    def _prepare(self, types: tuple[int, ...]) -> bytes:
        name = f"visor_{next(_names)}".encode()
        self._checked(self._libpq.prepare, name, self.sql.encode(), types)
        self._by_types[types] = name
        return name

    def _checked(self, call: Any, *arguments: Any) -> Any:
        try:
            result = call(*arguments)
        except MemoryError:  # how psycopg's libpq says that there was no result, as without a connection
            result = None
        if self._libpq.status == ConnStatus.BAD:
            raise psycopg.OperationalError(self._libpq.get_error_message())
        if result is None or result.status not in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
            raise psycopg.errors.error_from_result(result)
        return result

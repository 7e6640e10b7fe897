"""Many rows of one table in one statement with one value: a batch of facts is some hundred items.

A VALUES list of three hundred rows with twenty columns has six thousand values, which SQLAlchemy, psycopg and
PostgreSQL each go through one by one; as JSON they are one, and PostgreSQL itself makes rows of the table of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from shared.driver import execute


class ManyRows:
    """The INSERT of these columns; for the rest the model's own plain defaults are written.

    `known_by`: a row that the table has already by these columns is left out.
    """

    def __init__(
        self,
        table: Any,
        columns: Iterable[str],
        *,
        known_by: Sequence[str] = (),
        returning: Sequence[str] = (),
    ) -> None:
        self._table: Table = table
        self._columns = tuple(columns)
        self._known_by = tuple(known_by)
        self._returning = tuple(returning)

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        others = [one for one in self._table.columns if one.name not in self._columns]
        return {
            one.name: cast("Any", one.default).arg
            for one in others
            if one.default is not None and one.default.is_scalar
        }

    @cached_property
    def _sql(self) -> str:
        names = ", ".join([*self._columns, *self._defaults])
        known = f"ON CONFLICT ({', '.join(self._known_by)}) DO NOTHING" if self._known_by else ""
        back = f"RETURNING {', '.join(self._returning)}" if self._returning else ""
        return f"""
            INSERT INTO {self._table.name} ({names})
            SELECT {names} FROM jsonb_populate_recordset(NULL::{self._table.name}, %s::jsonb)
            {known} {back}
        """  # noqa: S608 - names of the table's columns

    def write(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """What was new, as far as `returning` asks for it; in the session's transaction."""
        text = json.dumps([{**self._defaults, **row} for row in rows], default=_plain)
        found = execute(session, self._sql, [text])
        return found.fetchall() if self._returning else []


def _plain(value: object) -> str:
    """As PostgreSQL reads it from text."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"\\x{value.hex()}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not go into a row")

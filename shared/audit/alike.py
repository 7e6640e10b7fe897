"""Entries of a bulk act that differ in nothing but their ids: hashed and written by PostgreSQL in one statement.

The canonical bytes are made once, by `canonical`, with ids that stand nowhere else; each entry's own ids then take
their places. So what is hashed is written down in one place only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from shared.audit.canonical import FIELDS, canonical, microseconds, values_of
from shared.audit.entry import AuditEntry
from shared.audit.tables import AuditTables
from shared.ids import many_new_ids, new_id

OWN = ("id", "subject_id", "nominal_id")


def write_alike(
    session: Session, tables: AuditTables, entry: AuditEntry, about: Sequence[tuple[UUID | str, UUID | str]]
) -> None:
    """An entry like this one for each (subject id, nominal id), with an id of its own. Raises ValueError for private
    text.

    Each list of ids travels as one text: PostgreSQL takes it apart a hundred times faster than psycopg makes an array.
    """
    if entry.private is not None:
        raise ValueError("private text belongs to one nominal: such entries are not alike")
    values = dict(zip(FIELDS, values_of(entry), strict=True))
    values |= {"facts": Jsonb(values["facts"]), "origin_ids": list(entry.origin_ids)}
    values |= {f"piece{number}": piece for number, piece in enumerate(_pieces(entry))}
    values["ids"] = ",".join(many_new_ids(len(about)))
    values["subjects"] = ",".join([str(subject) for subject, _ in about])
    values["nominals"] = ",".join([str(nominal) for _, nominal in about])
    session.connection().exec_driver_sql(_insert_into(tables.entry.name), values)


def _pieces(entry: AuditEntry) -> list[bytes]:
    """The entry's canonical bytes without its own three ids: what stands before, between and behind them."""
    own = [new_id() for _ in OWN]
    marked = replace(entry, id=own[0], subject_id=own[1], nominal_id=own[2])
    id, at, *others = values_of(marked)
    whole, pieces = canonical(id, microseconds(at), *others), []
    for mark in own:
        piece, found, whole = whole.partition(mark.bytes)
        if not found:
            raise ValueError("an entry's ids do not stand where they should")
        pieces.append(piece)
    return [*pieces, whole]


@cache
def _insert_into(table: str) -> str:
    columns = ", ".join(FIELDS)
    lists = ", ".join(f"string_to_array(%({name})s, ',')::uuid[]" for name in ("ids", "subjects", "nominals"))
    own: dict[str, Any] = {"id": "own.id", "subject_id": "own.subject_id", "nominal_id": "own.nominal_id"}
    values = ", ".join(own.get(name, f"%({name})s") for name in FIELDS)
    return f"""
        INSERT INTO {table} ({columns}, hash)
        SELECT {values}, sha256(
            %(piece0)b || uuid_send(own.id) || %(piece1)b || uuid_send(own.subject_id)
                || %(piece2)b || uuid_send(own.nominal_id) || %(piece3)b
        )
        FROM unnest({lists}) AS own (id, subject_id, nominal_id)
    """  # noqa: S608 - made of constants

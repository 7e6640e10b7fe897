"""The tables of the read model, in records' and notifications' own databases.

`tables(metadata)` puts them into a service's metadata; statements are written against `DIRECTORY`, the module's own
copies. There are no foreign keys: a person may come a page before their unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)

from shared.database import new_metadata


@dataclass(frozen=True)
class DirectoryTables:
    """The same tables in one metadata."""

    person: Table
    grant: Table
    unit: Table
    state: Table


def tables(metadata: MetaData) -> DirectoryTables:
    return DirectoryTables(_person(metadata), _grant(metadata), _unit(metadata), _state(metadata))


def _person(metadata: MetaData) -> Table:
    table = Table(
        "directory_person",
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column("name", Text, nullable=False),
        Column("job_title", Text, nullable=False),
        Column("email", Text, nullable=False),
        Column("telephone", Text, nullable=False),
        Column("agency", Text, nullable=False),
        Column("unit", Text, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("version", BigInteger, nullable=False),
    )
    Index(None, table.c.unit)
    return table


def _grant(metadata: MetaData) -> Table:
    """Tokens and roles held now, whoever holds them; `kind` is token or role, their names never meet."""
    table = Table(
        "directory_grant",
        metadata,
        Column("person_id", Uuid(), primary_key=True),
        Column("name", Text, primary_key=True),
        Column("unit", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        CheckConstraint("kind in ('token', 'role')", name="kind"),
    )
    Index(None, table.c.unit, table.c.name)
    return table


def _unit(metadata: MetaData) -> Table:
    table = Table(
        "directory_unit",
        metadata,
        Column("code", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("parent", Text),
        Column("agency", Text, nullable=False),
        Column("jurisdiction", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
    )
    Index(None, table.c.parent)
    return table


def _state(metadata: MetaData) -> Table:
    """At most one row: how far identity's directory has been read, how far an event said that it goes, and when."""
    return Table(
        "directory_state",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("version", BigInteger, nullable=False),
        Column("wanted", BigInteger, nullable=False),
        Column("refreshed_at", DateTime(timezone=True)),
        CheckConstraint("id = 1", name="one_row"),
    )


DIRECTORY = tables(new_metadata())

"""The audit's tables, which every service has in its own database.

`audit_entry` is written by everybody's acts, `audit_number` and `audit_seal` by the sealer alone; none of them is
ever changed or emptied (`guards`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.audit.xid8 import Xid8

NAMES = ("audit_entry", "audit_number", "audit_seal")


@dataclass(frozen=True)
class AuditTables:
    """The same tables in one service's metadata."""

    entry: Table
    number: Table
    seal: Table


def tables(metadata: MetaData) -> AuditTables:
    """Put the audit's tables into a service's metadata; `guards.ddl()` belongs into the same migration."""
    return AuditTables(_entry(metadata), _number(metadata), _seal(metadata))


def _entry(metadata: MetaData) -> Table:
    table = Table(
        "audit_entry",
        metadata,
        Column("id", Uuid(), primary_key=True),
        _always("at", DateTime(timezone=True)),
        _always("service", String(40)),
        _always("actor", Uuid()),
        Column("session_id", Uuid()),
        Column("terminal", Text),
        _always("action", Text),
        _always("outcome", String(10)),
        Column("refusal_code", String(20)),
        Column("subject_kind", Text),
        Column("subject_id", Uuid()),
        Column("nominal_id", Uuid()),
        _always("origin_ids", ARRAY(Uuid()), server_default="{}"),
        _always("facts", JSONB(), server_default="{}"),
        Column("private", LargeBinary),
        Column("correlation_id", Uuid()),
        _always("hash", LargeBinary),
        _always("transaction_id", Xid8(), server_default=func.pg_current_xact_id()),
        CheckConstraint("outcome IN ('done', 'viewed', 'refused', 'failed')", name="outcome"),
        CheckConstraint("octet_length(hash) = 32", name="hash"),
    )
    # The sealer and the verification go by this one; the others are for "who saw this record" and "what did she do".
    Index("ix_audit_entry_transaction_id_id", table.c.transaction_id, table.c.id)
    of_a_nominal = text("nominal_id IS NOT NULL")
    Index("ix_audit_entry_nominal_id_at", table.c.nominal_id, table.c.at, postgresql_where=of_a_nominal)
    Index("ix_audit_entry_actor_at", table.c.actor, table.c.at)
    merged = text("origin_ids <> '{}'")
    Index("ix_audit_entry_origin_ids", table.c.origin_ids, postgresql_using="gin", postgresql_where=merged)
    return table


def _number(metadata: MetaData) -> Table:
    """Which entry has which number, as the sealer found it."""
    return Table(
        "audit_number",
        metadata,
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        _always("entry_id", Uuid(), unique=True),
        _always("entry_hash", LargeBinary),
    )


def _seal(metadata: MetaData) -> Table:
    """`token` is the signed seal, whole; the other columns only repeat what it says."""
    return Table(
        "audit_seal",
        metadata,
        Column("sequence", Integer, primary_key=True, autoincrement=False),
        _always("first_number", BigInteger),
        _always("last_number", BigInteger),
        _always("at", DateTime(timezone=True)),
        _always("token", Text),
    )


def _always(name: str, kind: Any, **more: Any) -> Column[Any]:
    return Column(name, kind, nullable=False, **more)
